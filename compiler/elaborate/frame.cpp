#include "compiler/elaborate/frame.h"

#include <algorithm>
#include <string_view>

#include "compiler/catalog/registry.h"
#include "compiler/elaborate/definition_type.h"
#include "compiler/elaborate/evaluate.h"
#include "compiler/elaborate/unit.h"
#include "compiler/elaborate/unknown_name.h"

namespace linenc::elaborate {

namespace {

// A variable read: its newest value.
Value read(Context& context, const Value& value) {
  if (const std::shared_ptr<catalog::VariableRef> variable = value.variable()) {
    return context.get_variable(*variable->scope, variable->collection, variable->name);
  }
  return value;
}

// A method of the running module; calling it is a statement.
class OwnMethod final : public catalog::Function {
 public:
  OwnMethod(InstancePtr instance, std::string method) : instance_(std::move(instance)), method_(std::move(method)) {}
  [[nodiscard]] std::string name() const override { return method_; }
  Value call(Context& context, const Arguments& arguments) const override { return context.call_method(instance_, method_, arguments); }
  [[nodiscard]] bool is_statement() const override { return true; }
  [[nodiscard]] std::vector<std::string> parameters() const override { return instance_->type->arguments(method_); }

 private:
  InstancePtr instance_;
  std::string method_;
};

// The method that the running one replaces, run on the same module.
class SuperMethod final : public catalog::Function {
 public:
  SuperMethod(InstancePtr instance, const DefinitionType& type, std::shared_ptr<const modules::Method> method, std::string method_name)
      : instance_(std::move(instance)), type_(type), method_(std::move(method)), name_(std::move(method_name)) {}
  [[nodiscard]] std::string name() const override { return "super"; }
  Value call(Context& context, const Arguments& arguments) const override {
    if (method_) return type_.run_body(context, *instance_, *method_, arguments);
    return type_.base()->run(context, *instance_, name_, arguments);
  }
  [[nodiscard]] bool is_statement() const override { return true; }

 private:
  InstancePtr instance_;
  const DefinitionType& type_;
  std::shared_ptr<const modules::Method> method_;
  std::string name_;
};

// The definition that the instance is of, past its transforms.
const DefinitionType* definition_of(const InstancePtr& instance) {
  return instance ? dynamic_cast<const DefinitionType*>(&instance->type->untransformed()) : nullptr;
}

std::optional<Value> super_method(Context& context, const InstancePtr& instance, const modules::Method* method, Span place) {
  const DefinitionType* type = definition_of(instance);
  if (type == nullptr || method == nullptr) return std::nullopt;
  const bool base_has_it = type->base() && [&] {
    const std::vector<std::string> methods = type->base()->methods();
    return std::find(methods.begin(), methods.end(), method->name) != methods.end();
  }();
  if (!method->base && !base_has_it) {
    const syntax::Node* extends = type->definition().source->extends;
    context.fail(Code::UnknownName, place,
                 extends == nullptr ? std::string("there is no extended method: `super` needs `extends`")
                                    : concat("`", diagnostics::shown(extends->text), "` has no method `", method->name, "` for `super` to run"));
  }
  return Value(catalog::FunctionPtr(std::make_shared<SuperMethod>(instance, *type, method->base, method->name)));
}

Value is_initializing(Context& context, const Arguments&) { return context.initializing; }

std::string text_argument(Context& context, const Arguments& arguments, std::size_t i, const char* function) {
  if (i >= arguments.positional.size() || arguments.positional[i].value.text() == nullptr) {
    context.fail(Code::WrongArguments, concat("`", function, "` wants a text as its argument ", i + 1));
  }
  return *arguments.positional[i].value.text();
}

std::optional<Value> predicate(const InstancePtr& module, const std::string& name) {
  using catalog::NativeFunction;
  NativeFunction::Body body;
  if (name == "is_initializing") {
    body = is_initializing;
  } else if (name == "has_variable") {
    body = [module](Context& context, const Arguments& arguments) -> Value {
      return context.has_variable(*module->scope, text_argument(context, arguments, 0, "has_variable"),
                                  text_argument(context, arguments, 1, "has_variable"));
    };
  } else if (name == "is_mutable_collection") {
    body = [](Context& context, const Arguments& arguments) -> Value {
      return context.view->is_mutable(text_argument(context, arguments, 0, "is_mutable_collection"));
    };
  } else if (name == "has_rng") {
    body = [](Context& context, const Arguments& arguments) -> Value { return context.has_rng(text_argument(context, arguments, 0, "has_rng")); };
  } else {
    return std::nullopt;
  }
  return Value(catalog::FunctionPtr(std::make_shared<NativeFunction>(name, std::move(body))));
}

}  // namespace

const Value* Frame::binding(const std::string& name) const {
  if (const auto found = names_.find(name); found != names_.end()) return &found->second;
  return outer_ == nullptr ? nullptr : outer_->binding(name);
}

std::optional<Value> Frame::own(Context& context, const std::string& name, Span place) const {
  if (!module_) return std::nullopt;
  if (const Value* field = module_->field(name)) return *field;
  if (const Value* entry = module_->attribute(name)) return read(context, *entry);
  const DefinitionType* type = definition_of(module_);
  const modules::Definition* definition = type != nullptr ? &type->definition() : nullptr;
  if (definition == nullptr && method_ != nullptr) return std::nullopt;
  if (definition != nullptr && definition->setup_entry(name) != nullptr) {
    if (!module_->setup_done && !module_->type->is_transform()) {
      context.ensure_setup(module_);
      return own(context, name, place);
    }
    // Setup is running and the entry stands below, or it failed.
    if (context.diagnostics().has_errors()) return Value(Poison{});
    diagnostics::Report report =
        context.error(Code::UnknownName, place, concat("the `setup` entry `", name, "` is made further down: each entry sees those above it"));
    if (catalog::builtin(name)) report.help(concat("Linen's own is `nn.", name, "`"));
    Context::throw_reported(report.emit());
  }
  const std::vector<std::string> methods = module_->type->methods();
  if (std::find(methods.begin(), methods.end(), name) != methods.end() && name != "call") {
    return Value(catalog::FunctionPtr(std::make_shared<OwnMethod>(module_, name)));
  }
  return std::nullopt;
}

std::optional<Value> Frame::find(Context& context, const std::string& name, Span place) const {
  if (const Value* bound = binding(name)) return read(context, *bound);
  if (module_) {
    if (std::optional<Value> value = own(context, name, place)) return value;
    if (name == "self") {
      const Frame root(*unit_, module_, method_);
      return Value(std::make_shared<const catalog::Namespace>("self", [root](Context& ctx, const std::string& member, Span at) {
        if (std::optional<Value> value = root.own(ctx, member, at)) return *value;
        if (catalog::Instance& self = *root.module(); self.scope != nullptr) {
          if (std::optional<Value> value = self.type->attribute(ctx, self, member, at)) return *value;
        }
        if (member == "variables" && root.module()->scope != nullptr) return Value(catalog::records_below(*ctx.view, root.module()->scope->path));
        if (member == "call") return Value(catalog::FunctionPtr(std::make_shared<OwnMethod>(root.module(), "call")));
        if (std::optional<Value> value = predicate(root.module(), member)) return *value;
        fail_unknown_member(ctx, root, member, at);
      }));
    }
    if (name == "super") {
      if (std::optional<Value> value = super_method(context, module_, method_, place)) return value;
    }
    if (std::optional<Value> value = predicate(module_, name)) return value;
  }
  return unit_->find(context, name, place);
}

Value Frame::lookup(Context& context, const std::string& name, Span place) const {
  if (std::optional<Value> value = find(context, name, place)) return *value;
  fail_unknown_name(context, *this, name, place);
}

Frame Frame::snapshot() const {
  Frame copy(*this);
  for (const Frame* frame = outer_; frame != nullptr; frame = frame->outer_) {
    for (const auto& [name, value] : frame->names_) copy.names_.emplace(name, value);
  }
  copy.outer_ = nullptr;
  return copy;
}

std::vector<std::string> Frame::known_names() const {
  std::vector<std::string> names;
  for (const Frame* frame = this; frame != nullptr; frame = frame->outer_) {
    for (const auto& [name, value] : frame->names_) names.push_back(name);
  }
  if (module_) {
    for (const catalog::FieldInfo& field : module_->type->fields()) names.push_back(field.name);
    for (const auto& [name, value] : module_->attributes) names.push_back(name);
    for (const std::string& method : module_->type->methods()) {
      if (method != "call") names.push_back(method);
    }
  }
  for (std::string& name : unit_->known_names()) names.push_back(std::move(name));
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

}  // namespace linenc::elaborate
