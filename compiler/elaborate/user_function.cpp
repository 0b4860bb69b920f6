#include "compiler/elaborate/user_function.h"

#include "compiler/elaborate/definition_type.h"
#include "compiler/elaborate/statements.h"
#include "compiler/elaborate/unit.h"

namespace linenc::elaborate {

namespace {

class UserFunction final : public catalog::Function {
 public:
  UserFunction(const Unit& unit, const syntax::FunctionTree& source, std::vector<modules::Argument> arguments)
      : unit_(unit), source_(source), arguments_(std::move(arguments)) {}

  [[nodiscard]] std::string name() const override { return source_.name; }
  [[nodiscard]] bool is_statement() const override { return source_.compact; }
  [[nodiscard]] std::vector<std::string> parameters() const override {
    std::vector<std::string> names;
    for (const modules::Argument& argument : arguments_) {
      if (!argument.rest) names.push_back(argument.name);
    }
    return names;
  }
  [[nodiscard]] bool takes_any_keyword() const override { return !arguments_.empty() && arguments_.back().rest; }

  Value call(Context& context, const Arguments& arguments) const override {
    context.step();
    const Context::FunctionDepth depth(context, source_.name);
    Frame frame(unit_);
    if (source_.compact) {
      if (context.stack.empty()) context.fail(Code::NotPure, concat("`", source_.name, "` makes submodules, and no module is running"));
      frame.set_makes();
    }
    std::map<std::string, Dim> sizes;
    bind_arguments(context, frame, concat("`", source_.name, "`"), arguments_, arguments, sizes);
    return run_whole_body(context, frame, source_.body, source_.node->span);
  }

 private:
  const Unit& unit_;
  const syntax::FunctionTree& source_;
  std::vector<modules::Argument> arguments_;
};

}  // namespace

catalog::FunctionPtr make_user_function(Context& context, const Unit& unit, const syntax::FunctionTree& source) {
  return std::make_shared<UserFunction>(unit, source, modules::parse_arguments(unit.tree(), source.args, context.diagnostics()));
}

}  // namespace linenc::elaborate
