#include "compiler/elaborate/definition_type.h"

#include <algorithm>

#include "compiler/catalog/registry.h"
#include "compiler/diagnostics/closest_name.h"
#include "compiler/elaborate/evaluate.h"
#include "compiler/elaborate/literal.h"
#include "compiler/elaborate/statements.h"
#include "compiler/elaborate/unit.h"

namespace linenc::elaborate {

DefinitionType::DefinitionType(const Unit& file, std::shared_ptr<const modules::Definition> definition, catalog::ModuleTypePtr base,
                               std::shared_ptr<const DefinitionType> extended)
    : unit_(&file), definition_(std::move(definition)), base_(std::move(base)), extended_(std::move(extended)) {
  if (base_) {
    for (const catalog::FieldInfo& field : base_->fields()) fields_.push_back(field);
    base_fields_ = fields_.size();
  }
  for (const modules::Field& field : definition_->fields) {
    const auto old = std::find_if(fields_.begin(), fields_.end(), [&](const catalog::FieldInfo& info) { return info.name == field.name; });
    const catalog::FieldInfo info{field.name, field.type, field.required(), "", ""};
    if (old != fields_.end()) {
      *old = info;
    } else {
      fields_.push_back(info);
    }
  }
}

const Unit& DefinitionType::unit_of(const syntax::Tree& tree) const {
  return &tree == &unit_->tree() || extended_ == nullptr ? *unit_ : extended_->unit_of(tree);
}

Span DefinitionType::default_place(std::size_t index) const {
  const modules::Field* field = definition_->field(fields_[index].name);
  if (field == nullptr) return {};
  return field->default_literal != nullptr ? field->default_literal->span : field->default_expr != nullptr ? field->default_expr->span : Span{};
}

Value DefinitionType::default_value(Context& context, std::size_t index, const std::vector<Value>& before) const {
  const modules::Field* field = definition_->field(fields_[index].name);
  if (field == nullptr) return base_->default_value(context, index, before);
  if (field->broken) return Poison{};
  Frame frame(unit_of(*field->tree));
  for (std::size_t i = 0; i < before.size(); ++i) frame.bind(fields_[i].name, before[i]);
  if (field->default_literal != nullptr) {
    FieldType type = field->type;
    if (type.base == FieldType::Base::Instance) type.base = FieldType::Base::Module;
    return literal(context, frame, *field->default_literal, type, concat("the default of `", field->name, "`"));
  }
  return evaluate(context, frame, *field->default_expr);
}

std::vector<std::string> DefinitionType::methods() const {
  std::vector<std::string> names;
  for (const auto& method : definition_->methods) names.push_back(method->name);
  if (base_) {
    for (const std::string& name : base_->methods()) {
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    }
  }
  return names;
}

bool DefinitionType::is_compact(const std::string& method) const {
  if (const auto found = definition_->method(method)) return found->compact;
  return base_ && base_->is_compact(method);
}

bool DefinitionType::has_transforms(const std::string& method) const {
  if (const auto found = definition_->method(method)) return !found->transforms.empty();
  return base_ && base_->has_transforms(method);
}

std::vector<std::string> DefinitionType::arguments(const std::string& method) const {
  std::vector<std::string> names;
  if (const auto found = definition_->method(method)) {
    for (const modules::Argument& argument : found->arguments) {
      if (!argument.rest) names.push_back(argument.name);
    }
  } else if (base_) {
    return base_->arguments(method);
  }
  return names;
}

void DefinitionType::run_setup(Context& context, catalog::Instance&) const {
  const InstancePtr self = context.stack.back().instance;
  Frame frame(unit_of(*definition_->setup_tree), self, nullptr);
  run_setup_entries(context, frame, self, *definition_->setup, *definition_->setup_tree);
}

const catalog::ModuleType* DefinitionType::extended() const {
  return extended_ != nullptr ? static_cast<const catalog::ModuleType*>(extended_.get()) : base_.get();
}

Value DefinitionType::run(Context& context, catalog::Instance& instance, const std::string& method, const Arguments& arguments) const {
  const std::shared_ptr<const modules::Method> found = definition_->method(method);
  if (!found) {
    const std::vector<std::string> known = methods();
    if (base_ && std::find(known.begin(), known.end(), method) != known.end()) return base_->run(context, instance, method, arguments);
    context.fail(Code::UnknownMethod,
                 concat("`", definition_->name, "` has no method `", diagnostics::shown(method), "`", diagnostics::did_you_mean(method, known)));
  }
  if (found->body == nullptr) {
    context.fail(Code::MissingKey, found->place, concat("`", definition_->name, "` has no body: `compact` or `call`"));
  }
  catalog::TransformSpec::Body body = [&](const Arguments& given) {
    const InstancePtr self = context.stack.back().instance;
    if (!found->transforms.empty()) context.ensure_setup(self);
    return run_body(context, instance, *found, given);
  };
  for (auto it = found->transforms.rbegin(); it != found->transforms.rend(); ++it) {
    const modules::TransformUse& use = *it;
    const catalog::TransformSpec* spec = catalog::find_transform(use.name == "checkpoint" ? "remat" : use.name);
    if (spec == nullptr) context.fail(Code::NotSupportedYet, use.place, concat("the transform `", use.name, "` is not built yet"));
    const Frame frame(unit_of(*found->tree));
    const std::vector<syntax::Entry> none;
    const catalog::TransformOptions options =
        transform_options(context, frame, use.name, use.options != nullptr ? use.options->entries : none, use.place);
    body = [&context, &instance, spec, options, inner = std::move(body)](const Arguments& given) {
      return spec->run(context, options, instance, inner, given);
    };
  }
  return body(arguments);
}

Value DefinitionType::run_body(Context& context, catalog::Instance& instance, const modules::Method& method, const Arguments& arguments) const {
  const InstancePtr self = context.stack.back().instance;
  Frame frame(unit_of(*method.body_tree), self, &method);
  std::map<std::string, Dim> sizes;
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    if (fields_[i].type.base == FieldType::Base::Int && instance.fields[i].integer() != nullptr)
      sizes.emplace(fields_[i].name, *instance.fields[i].integer());
  }
  bind_arguments(context, frame, concat("`", definition_->name, method.name == "call" ? "" : "." + method.name, "`"), method.arguments, arguments,
                 sizes);
  Value result = run_whole_body(context, frame, *method.body, method.place);
  if (method.returns != nullptr) {
    const std::string what = concat("the result of `", definition_->name, method.name == "call" ? "" : "." + method.name, "`");
    check_contract(context, Frame(unit_of(*method.tree)), result, *method.returns, *method.tree, sizes, what);
  }
  return result;
}

namespace {

std::string signature_text(const std::string& what, const std::vector<modules::Argument>& arguments) {
  std::string text = what + " takes (";
  for (const modules::Argument& argument : arguments) {
    if (&argument != &arguments.front()) text += ", ";
    text += (argument.rest ? "**" : "") + argument.name;
  }
  return text + ")";
}

Value argument_value(Context& context, Frame& frame, const modules::Argument& argument, Value value, std::map<std::string, Dim>& sizes, Span place) {
  if (argument.tensor) {
    const Frame outer(frame.unit());
    check_tensor(context, outer, value, *argument.tensor, sizes, concat("`", argument.name, "`"));
  } else if (argument.type && !(argument.default_expr != nullptr && value.is_none())) {
    return catalog::conform(context, std::move(value), *argument.type, place, concat("`", argument.name, "`"));
  }
  return value;
}

}  // namespace

void bind_arguments(Context& context, Frame& frame, const std::string& what, const std::vector<modules::Argument>& arguments, const Arguments& given,
                    std::map<std::string, Dim>& sizes) {
  const Span place = given.place.exists() ? given.place : context.place();
  const bool has_rest = !arguments.empty() && arguments.back().rest;
  const std::size_t named = arguments.size() - (has_rest ? 1 : 0);
  const auto wrong_at = [&](Span at, const std::string& why) {
    context.fail(Code::WrongArguments, at.exists() ? at : place, signature_text(what, arguments) + ", " + why);
  };
  const auto wrong = [&](const std::string& why) { wrong_at(place, why); };
  if (given.positional.size() > named) {
    const std::string hint = named == 0 && !has_rest ? ": write `in: []`" : "";
    wrong(concat(given.positional.size(), given.positional.size() == 1 ? " argument given" : " arguments given", hint));
  }
  std::vector<std::optional<Value>> values(named);
  for (std::size_t i = 0; i < given.positional.size(); ++i) values[i] = given.positional[i].value;
  Map rest;
  for (const auto& [name, item] : given.keywords) {
    std::size_t i = 0;
    while (i < named && arguments[i].name != name) ++i;
    if (i == named) {
      std::vector<std::string> known;
      for (const modules::Argument& argument : arguments) known.push_back(argument.name);
      if (!has_rest) wrong_at(item.key, concat("not `", diagnostics::shown(name), "`", diagnostics::did_you_mean(name, known)));
      rest.emplace_back(Value(name), item.value);
    } else if (values[i]) {
      wrong_at(item.key, concat("`", name, "` is given twice"));
    } else {
      values[i] = item.value;
    }
  }
  for (std::size_t i = 0; i < named; ++i) {
    const modules::Argument& argument = arguments[i];
    if (!values[i]) {
      if (argument.required) wrong(concat("`", argument.name, "` is missing"));
      values[i] = argument.default_expr != nullptr ? evaluate(context, frame, *argument.default_expr) : Value();
    }
    frame.bind(argument.name, argument_value(context, frame, argument, *values[i], sizes, place));
  }
  if (has_rest) frame.bind(arguments.back().name, std::move(rest));
}

}  // namespace linenc::elaborate
