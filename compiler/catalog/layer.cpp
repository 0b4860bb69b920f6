// How a registered layer reads its fields and arguments and speaks of them. Tested by tests/compiler/layers/fields_test.cpp.
#include "compiler/catalog/layer.h"

#include <algorithm>

#include "compiler/catalog/narrow.h"
#include "compiler/catalog/registry.h"

namespace linenc::catalog {

// --- reading fields ------------------------------------------------------------------------------

namespace {

[[noreturn]] void wrong_kind(std::string_view wanted, const Value& value) {
  const std::string* text = value.text();
  const bool is_expression = text != nullptr && text->find_first_of("([*/+.") != std::string::npos;
  throw FieldProblem{Code::WrongType,
                     concat("wants ", wanted, ", and this is ", kind(value),
                            is_expression ? concat("; an expression begins with `=`: write `=", diagnostics::shown(*text), "`") : "")};
}

std::int64_t known_number(const Value& value, std::string_view wanted) {
  const Dim* size = value.integer();
  if (size == nullptr) wrong_kind(wanted, value);
  if (const auto constant = size->constant()) return *constant;
  throw FieldProblem{Code::UnknownSize, concat("is ", *size, ", and must be a number here")};
}

}  // namespace

void read_field(Context&, const Value& value, bool& out) {
  if (value.boolean() == nullptr) wrong_kind("a bool", value);
  out = *value.boolean();
}
void read_field(Context&, const Value& value, std::int64_t& out) { out = known_number(value, "an int"); }
void read_field(Context&, const Value& value, double& out) {
  out = value.number() ? *value.number() : static_cast<double>(known_number(value, "a float"));
}
void read_field(Context&, const Value& value, std::string& out) {
  if (value.text() == nullptr) wrong_kind("a str", value);
  out = *value.text();
}
void read_field(Context&, const Value& value, Dim& out) {
  if (value.integer() == nullptr) wrong_kind("an int", value);
  out = *value.integer();
}
void read_field(Context& context, const Value& value, Dims& out) {
  out.clear();
  if (value.integer() != nullptr) {
    out.push_back(*value.integer());
    return;
  }
  if (value.list() == nullptr) wrong_kind("an int or a list of ints", value);
  for (const Value& item : *value.list()) read_field(context, item, out.emplace_back());
}
void read_field(Context& context, const Value& value, std::vector<std::int64_t>& out) {
  out.clear();
  if (value.list() == nullptr) {
    out.push_back(known_number(value, "an int or a list of ints"));
    return;
  }
  for (const Value& item : *value.list()) read_field(context, item, out.emplace_back());
}
void read_field(Context&, const Value& value, DType& out) {
  if (value.dtype() == nullptr) wrong_kind("a dtype", value);
  out = narrowed(*value.dtype());
}
void read_field(Context&, const Value& value, Initializer& out) {
  if (value.function() == nullptr) wrong_kind("an initializer", value);
  out = to_initializer(value);
}
void read_field(Context&, const Value& value, Value& out) { out = value; }

FieldType field_type(const bool*) { return FieldType::of(FieldType::Base::Bool); }
FieldType field_type(const std::int64_t*) { return FieldType::of(FieldType::Base::Int); }
FieldType field_type(const double*) { return FieldType::of(FieldType::Base::Float); }
FieldType field_type(const std::string*) { return FieldType::of(FieldType::Base::Str); }
FieldType field_type(const Dim*) { return FieldType::of(FieldType::Base::Int); }
FieldType field_type(const Dims*) { return FieldType::of(FieldType::Base::Any); }
FieldType field_type(const std::vector<std::int64_t>*) { return FieldType::of(FieldType::Base::Any); }
FieldType field_type(const DType*) { return FieldType::of(FieldType::Base::DType); }
FieldType field_type(const Initializer*) { return FieldType::of(FieldType::Base::Initializer); }
FieldType field_type(const Value*) { return FieldType::of(FieldType::Base::Any); }

Value field_value(bool v) { return v; }
Value field_value(std::int64_t v) { return v; }
Value field_value(double v) { return v; }
Value field_value(const std::string& v) { return v; }
Value field_value(const Dim& v) { return v; }
// Linen's default `-1` stands for the list of one axis.
Value field_value(const Dims& v) { return v.size() == 1 ? Value(v[0]) : Value(v); }
Value field_value(const std::vector<std::int64_t>& v) {
  if (v.size() == 1) return v[0];
  return List(v.begin(), v.end());
}
Value field_value(DType v) { return v; }
Value field_value(const Initializer& v) { return v.make ? to_value(v) : Value(); }
Value field_value(const Value& v) { return v; }

// --- the layer at work ---------------------------------------------------------------------------

Tensor LayerCall::variable(const std::string& collection, const std::string& name, const std::function<Tensor()>& make) const {
  const std::function<Value()> make_value = [&make]() -> Value { return make(); };
  const Value value = context.variable(scope(), collection, name, &make_value, instance.place);
  return to_tensor(context, value, instance.place);
}

InstancePtr LayerCall::submodule(const std::string& type, std::vector<std::pair<std::string, Value>> fields, const std::string& name) const {
  auto made = std::make_shared<Template>(Template{layer(type), {}, name, instance.place});
  for (auto& [field, value] : fields) made->fields.push_back({std::move(field), std::move(value), instance.place});
  return context.construct(made, instance.place);
}

Value LayerCall::merge_param(const std::string& name, const Value& field, std::size_t argument) const {
  const Value& given = arguments.value(argument);
  if (field.is_none() && given.is_none()) {
    fail(concat("`", name, "` must be given, as a field of `", instance.type->class_name(), "` or in its call"));
  }
  if (!field.is_none() && !given.is_none()) {
    fail(concat("`", name, "` is given both as a field of `", instance.type->class_name(), "` and in its call; give it once"), name);
  }
  return field.is_none() ? given : field;
}

Tensor LayerCall::param(const std::string& name, const Initializer& init, const Dims& shape, DType dtype) const {
  const Span field = instance.field_place(name + "_init");
  if (field == instance.place) return context.param(scope(), name, init, shape, dtype, instance.place);
  Initializer placed = init;
  placed.make = [&](Context& running, Tensor key, const Dims& dims, DType type) {
    const graph::Site site{field, running.builder.site().what, {}};
    const graph::SiteGuard guard(running.builder, site);
    return init.make(running, key, dims, type);
  };
  return context.param(scope(), name, placed, shape, dtype, instance.place);
}

void LayerCall::fail(std::string message, const std::string& field, Code code) const {
  const Span place = field.empty() ? instance.place : instance.field_place(field);
  const Span call = context.place();
  // A field that is not written out, or none: the call is what is wrong, and the module may be made elsewhere.
  if (!(place == instance.place) || !call.exists() || call == place) context.fail(code, place, std::move(message));
  diagnostics::Report report = context.error(code, call, std::move(message));
  report.note(place, "the module is made here");
  Context::throw_reported(report.emit());
}

void LayerCall::warn(Code code, std::string message, const std::string& field) const {
  context.warn(code, field.empty() ? instance.place : instance.field_place(field), std::move(message));
}

// --- the registered type -------------------------------------------------------------------------

std::vector<std::string> LayerType::methods() const {
  std::vector<std::string> names;
  for (const Method& m : method_list) names.push_back(m.name);
  return names;
}

namespace {

const LayerType::Method* find_method_of(const LayerType& type, const std::string& name) {
  const auto found = std::find_if(type.method_list.begin(), type.method_list.end(), [&](const auto& m) { return m.name == name; });
  return found == type.method_list.end() ? nullptr : &*found;
}

// The values of this layer's fields: the instance may be of a type that extends or transforms it.
std::vector<Value> own_fields(const LayerType& type, const Instance& instance) {
  if (instance.type.get() == &type) return instance.fields;
  std::vector<Value> values;
  for (std::size_t i = 0; i < type.field_infos.size(); ++i) {
    const Value* value = instance.field(type.field_infos[i].name);
    values.push_back(value != nullptr ? *value : type.defaults[i]);
  }
  return values;
}

void check_bounds(const LayerType& type, const std::vector<Value>& values, const LayerCall& call) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    const Dim* size = values[i].integer();
    if (!type.bounds[i] || size == nullptr || !size->is_constant() || *size->constant() >= type.bounds[i]->least) continue;
    const std::string& name = type.field_infos[i].name;
    call.fail(concat("`", name, "` is ", *size, ", needs at least ", type.bounds[i]->least), name, Code::FieldOutOfRange);
  }
}

// Told where the dtype is written: what a layer hands on to layers inside of it is not told again.
void warn_of_narrowed(const LayerType& type, const std::vector<Value>& values, const LayerCall& call) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!values[i].dtype()) continue;
    const Span place = call.instance.field_place(type.field_infos[i].name);
    if (place != call.instance.place) narrow(call.context, *values[i].dtype(), place);
  }
}

}  // namespace

std::vector<std::string> LayerType::arguments(const std::string& method) const {
  std::vector<std::string> names;
  if (const Method* found = find_method_of(*this, method)) {
    for (const Parameter& p : found->parameters) names.push_back(p.name);
  }
  return names;
}

// Linen looks at field values when a layer runs, not when it is made; see run.
void LayerType::check_fields(Context&, const std::vector<Value>&, Span) const {}

Value LayerType::run(Context& context, Instance& instance, const std::string& method, const Arguments& call_arguments) const {
  const Method* found = find_method_of(*this, method);
  if (found == nullptr) {
    context.fail(Code::UnknownMethod, call_arguments.place,
                 concat("`", name, "` has no method `", diagnostics::shown(method), "`", diagnostics::did_you_mean(method, methods())));
  }
  return run(context, instance, *found, method == "call" ? name : concat(name, ".", method), call_arguments);
}

std::vector<std::string> LayerType::attributes() const {
  std::vector<std::string> names;
  for (const Method& made : attribute_list) names.push_back(made.name);
  return names;
}

std::optional<Value> LayerType::attribute(Context& context, Instance& instance, const std::string& attribute_name, Span place) const {
  const auto found = std::ranges::find(attribute_list, attribute_name, &Method::name);
  if (found == attribute_list.end()) return std::nullopt;
  const graph::ModuleGuard module(context.builder, instance.scope->origin);
  Arguments none;
  none.place = place;
  // Linen's `setup` runs once; here its names are taken anew in every call, also within one that has taken them.
  auto& taken = instance.scope->reservations;
  auto before = taken.extract(attribute_name);
  Value value = run(context, instance, *found, concat(name, ".", attribute_name), none);
  taken.erase(attribute_name);
  if (!before.empty()) taken.insert(std::move(before));
  return value;
}

Value LayerType::run(Context& context, Instance& instance, const Method& method, const std::string& spoken, const Arguments& call_arguments) const {
  LayerCall call(context, instance, catalog::bind(context, spoken, method.parameters, call_arguments));
  // What its ops cannot do is told of the layer: their operands are not the user's.
  const graph::Site site{context.place().exists() ? context.place() : instance.place, concat("`", name, "`"), {}};
  const graph::SiteGuard guard(context.builder, site);
  const std::vector<Value> values = own_fields(*this, instance);
  check_bounds(*this, values, call);
  warn_of_narrowed(*this, values, call);
  return method.run(values, call);
}

}  // namespace linenc::catalog
