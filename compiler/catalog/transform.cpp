#include "compiler/catalog/transform.h"

#include <algorithm>

namespace linenc::catalog {

const Value* TransformOptions::find(std::string_view name) const {
  for (const Option& option : options) {
    if (option.name == name) return &option.value;
  }
  return nullptr;
}

Span TransformOptions::place_of(std::string_view name) const {
  for (const Option& option : options) {
    if (option.name == name) return option.place;
  }
  return place;
}

namespace {

// A module type whose listed methods run under a lifted transform; everything else is the inner type's.
class TransformedType final : public ModuleType {
 public:
  TransformedType(ModuleTypePtr inner, const TransformSpec& spec, TransformOptions options)
      : inner_(std::move(inner)), spec_(spec), options_(std::move(options)), name_(spec.prefix + inner_->class_name()) {
    if (const Value* methods = options_.find("methods"); methods != nullptr && !methods->is_none()) {
      const List single = {*methods};
      for (const Value& method : methods->list() != nullptr ? *methods->list() : single) {
        if (method.text() != nullptr) methods_.push_back(*method.text() == "__call__" ? "call" : *method.text());
      }
    } else {
      methods_ = {"call"};
    }
  }

  [[nodiscard]] std::string class_name() const override { return name_; }
  [[nodiscard]] const std::vector<FieldInfo>& fields() const override { return inner_->fields(); }
  [[nodiscard]] Value default_value(Context& context, std::size_t field, const std::vector<Value>& before) const override {
    return inner_->default_value(context, field, before);
  }
  [[nodiscard]] std::vector<std::string> methods() const override { return inner_->methods(); }
  [[nodiscard]] bool is_compact(const std::string& method) const override { return inner_->is_compact(method); }
  [[nodiscard]] bool is_transform() const override { return true; }
  [[nodiscard]] const ModuleType& untransformed() const override { return inner_->untransformed(); }
  [[nodiscard]] std::vector<std::string> arguments(const std::string& method) const override { return inner_->arguments(method); }
  // `setup` runs inside of the transform, each time: what it makes is made there. Where its entries are looked at from outside it runs
  // there, too.
  [[nodiscard]] bool has_setup_inside() const override { return inner_->has_setup() || inner_->has_setup_inside(); }
  void run_setup(Context& context, Instance& instance) const override { inner_->run_setup(context, instance); }
  [[nodiscard]] std::vector<std::string> attributes() const override { return inner_->attributes(); }
  [[nodiscard]] std::optional<Value> attribute(Context& context, Instance& instance, const std::string& attribute_name, Span place) const override {
    return inner_->attribute(context, instance, attribute_name, place);
  }
  void check_fields(Context& context, const std::vector<Value>& values, Span place) const override { inner_->check_fields(context, values, place); }

  Value run(Context& context, Instance& instance, const std::string& method, const Arguments& arguments) const override {
    const auto body = [&](const Arguments& inner_arguments) {
      const SetupInside setup(*this, context, instance);
      return context.run_body(*inner_, instance, method, inner_arguments);
    };
    if (std::find(methods_.begin(), methods_.end(), method) == methods_.end()) return body(arguments);
    return spec_.run(context, options_, instance, body, spec_.positional_only ? positional(method, arguments) : arguments);
  }

 private:
  // While it lives, what `setup` makes is there: made inside of the transform, once where its methods call one another.
  class SetupInside {
   public:
    SetupInside(const TransformedType& type, Context& context, Instance& instance) : instance_(instance) {
      if (instance.setup_inside || !type.inner_->has_setup()) return;
      context.run_setup_anew(*type.inner_, context.stack.back().instance);
      instance.setup_inside = ran_ = true;
    }
    ~SetupInside() {
      if (ran_) instance_.setup_inside = false;
    }
    SetupInside(const SetupInside&) = delete;
    SetupInside& operator=(const SetupInside&) = delete;

   private:
    Instance& instance_;
    bool ran_ = false;
  };

  // Keywords in their places where all places before them are filled: such transforms lift positions only.
  [[nodiscard]] Arguments positional(const std::string& method, Arguments arguments) const {
    const std::vector<std::string> names = inner_->arguments(method);
    while (arguments.positional.size() < names.size()) {
      const auto found = std::find_if(arguments.keywords.begin(), arguments.keywords.end(),
                                      [&](const auto& k) { return k.first == names[arguments.positional.size()]; });
      if (found == arguments.keywords.end()) break;
      arguments.positional.push_back(found->second);
      arguments.keywords.erase(found);
    }
    return arguments;
  }

  ModuleTypePtr inner_;
  const TransformSpec& spec_;
  TransformOptions options_;
  std::string name_;
  std::vector<std::string> methods_;
};

}  // namespace

ModuleTypePtr transformed(ModuleTypePtr inner, const TransformSpec& spec, TransformOptions options) {
  return std::make_shared<TransformedType>(std::move(inner), spec, std::move(options));
}

}  // namespace linenc::catalog
