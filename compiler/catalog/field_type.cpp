#include "compiler/catalog/field_type.h"

#include <array>
#include <utility>

#include "compiler/catalog/conform.h"
#include "compiler/catalog/context.h"
#include "compiler/catalog/initializer.h"
#include "compiler/catalog/registry.h"
#include "compiler/catalog/static_array.h"

namespace linenc::catalog {

std::optional<DType> dtype_from_text(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, DType>, 22> kCodes = {{
      {"b1", DType::Bool},       {"?", DType::Bool},         {"bool_", DType::Bool},     {"i1", DType::Int8},     {"i2", DType::Int16},
      {"i4", DType::Int32},      {"i8", DType::Int64},       {"int", DType::Int64},      {"int_", DType::Int64},  {"u1", DType::UInt8},
      {"u2", DType::UInt16},     {"u4", DType::UInt32},      {"u8", DType::UInt64},      {"uint", DType::UInt64}, {"f2", DType::Float16},
      {"half", DType::Float16},  {"f4", DType::Float32},     {"single", DType::Float32}, {"f8", DType::Float64},  {"double", DType::Float64},
      {"float", DType::Float64}, {"float_", DType::Float64},
  }};
  if (const auto dtype = dtype_of(text)) return dtype;
  for (const auto& [code, dtype] : kCodes) {
    if (code == text) return dtype;
  }
  return std::nullopt;
}

std::string to_string(const FieldType& type) {
  using Base = FieldType::Base;
  std::string text;
  switch (type.base) {
    case Base::Any: text = "any"; break;
    case Base::Int: text = "int"; break;
    case Base::Float: text = "float"; break;
    case Base::Bool: text = "bool"; break;
    case Base::Str: text = "str"; break;
    case Base::DType: text = "dtype"; break;
    case Base::Function: text = "function"; break;
    case Base::Initializer: text = "initializer"; break;
    case Base::Module: text = "module"; break;
    case Base::Instance: text = "instance"; break;
    case Base::Map: text = "map"; break;
    case Base::List: text = "list[" + (type.element ? to_string(*type.element) : std::string("any")) + "]"; break;
  }
  return type.optional ? text + "?" : text;
}

namespace {

using Base = FieldType::Base;

Value function_of(Context& context, const Value& value) {
  if (const std::string* name = value.text(); name != nullptr && context.lookup) {
    if (std::optional<Value> found = context.lookup(*name)) return *found;
  }
  return value;
}

// The instance of a template that stands in a field, made now: just before its owner.
Value make_instance(Context& context, const Value& value, Span span) {
  if (TemplatePtr found = value.module_template()) return context.construct(found, span.exists() ? span : found->place);
  if (const List* list = value.list()) {
    List made;
    for (const Value& item : *list) made.push_back(make_instance(context, item, span));
    return made;
  }
  return value;
}

std::optional<Value> fitted(Context& context, const Value& given, const FieldType& type, Span span, std::string_view what) {
  Value value = given;
  // A scalar of NumPy is a number where a number is wanted.
  if (type.base == Base::Int || type.base == Base::Float || type.base == Base::Bool) value = plain(given);
  switch (type.base) {
    case Base::Any: return value;
    case Base::Int: return value.integer() ? std::optional(value) : std::nullopt;
    case Base::Float:
      if (value.number()) return value;
      if (const Dim* integer = value.integer(); integer && integer->constant()) return Value(static_cast<double>(*integer->constant()));
      return std::nullopt;
    case Base::Bool: return value.boolean() ? std::optional(value) : std::nullopt;
    case Base::Str: return value.text() ? std::optional(value) : std::nullopt;
    case Base::Map: return value.map() ? std::optional(value) : std::nullopt;
    case Base::DType:
      if (value.dtype()) return value;
      if (value.text()) {
        if (const std::optional<DType> dtype = dtype_from_text(*value.text())) return Value(*dtype);
      }
      if (const FunctionPtr f = value.function()) {  // `bool`, `float` and `int` are Python's types, and dtypes here
        if (f->name() == "bool") return Value(DType::Bool);
        if (f->name() == "float") return Value(DType::Float32);
        if (f->name() == "int") return Value(DType::Int32);
      }
      return std::nullopt;
    case Base::Function: {
      value = function_of(context, value);
      if (value.function() || value.module_template() || value.instance()) return value;
      return std::nullopt;
    }
    case Base::Initializer: {
      value = function_of(context, value);
      if (!value.function()) return std::nullopt;
      return to_value(to_initializer(value));
    }
    case Base::Module:
      value = function_of(context, value);
      if (value.module_template() || value.instance() || value.function()) return value;
      return std::nullopt;
    case Base::Instance:
      if (value.module_template() || value.instance() || value.function() || value.list()) return make_instance(context, value, span);
      return std::nullopt;
    case Base::List: {
      const List* list = value.list();
      if (list == nullptr) return std::nullopt;
      if (!type.element) return value;
      List items;
      for (const Value& item : *list) items.push_back(conform(context, item, *type.element, span, what));
      return Value(std::move(items));
    }
  }
  return std::nullopt;
}

// The built-ins that a field of this type may name.
std::vector<std::string> names_for(Base base) {
  std::vector<std::string> names;
  for (const std::string& name : builtin_names()) {
    const std::optional<Value> value = builtin(name);
    if (!value || !value->function()) continue;
    if (value->function()->is_initializer_factory() == (base == Base::Initializer)) names.push_back(name);
  }
  return names;
}

std::string misfit(const Value& value, const FieldType& type, std::string_view what) {
  const bool function = type.base == Base::Function || type.base == Base::Initializer;
  const std::string* text = value.text();
  if (text != nullptr && type.base == Base::DType)
    return concat("`", diagnostics::shown(*text), "` is not a dtype",
                  text->starts_with("config.") ? concat("; write `=", diagnostics::shown(*text), "`") : diagnostics::did_you_mean_dtype(*text));
  // A text of `config` or `--set` is a name; anything longer is marked.
  const bool called = text != nullptr && function && text->find('(') != std::string::npos;
  if (text != nullptr && function && !called) {
    return concat("unknown ", to_string(FieldType::of(type.base)), " `", diagnostics::shown(*text), "`",
                  diagnostics::did_you_mean(*text, names_for(type.base)));
  }
  return concat(what, " wants ", to_string(type), ", and this is ", kind(value), called ? "; an expression in `config` begins with `=`" : "");
}

}  // namespace

Value conform_entry(Context& context, Value value, const FieldType& type, Span span, std::string_view what, Span entry) {
  if (value.is_poison() || (value.is_none() && (type.optional || type.base == Base::Any))) return value;
  if (std::optional<Value> result = fitted(context, value, type, span, what)) return *std::move(result);
  diagnostics::Report report = context.error(Code::WrongType, span, misfit(value, type, what));
  if (entry.exists()) report.note(entry, "`config` gives it here");
  Context::throw_reported(report.emit());
}

Value conform(Context& context, Value value, const FieldType& type, Span span, std::string_view what) {
  return conform_entry(context, std::move(value), type, span, what, Span{});
}

}  // namespace linenc::catalog
