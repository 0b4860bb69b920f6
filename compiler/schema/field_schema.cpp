// Fields of layers as JSON Schema. Readers of YAML disagree on numbers (`1_000`, `1e-6`) and on `none`, so each type takes the
// spellings that some of them leave as text.
#include "compiler/schema/field_schema.h"

#include "compiler/diagnostics/concat.h"

namespace linenc::schema {
namespace {

using Base = catalog::FieldType::Base;

Json either(Json first, Json second) { return {{"anyOf", Json::array({std::move(first), std::move(second)})}}; }
Json text_like(const char* pattern) { return {{"type", "string"}, {"pattern", pattern}}; }
Json described(const char* description, Json schema) {
  Json result = {{"description", description}};
  result.update(schema);
  return result;
}

std::string name_of(Base base) {
  switch (base) {
    case Base::Any: return "any";
    case Base::Int: return "int";
    case Base::Float: return "float";
    case Base::Bool: return "bool";
    case Base::Str: return "str";
    case Base::DType: return "dtype";
    case Base::Function: return "function";
    case Base::Initializer: return "initializer";
    case Base::Module: return "module";
    case Base::Instance: return "instance";
    case Base::Map: return "map";
    case Base::List: return "list";
  }
  return "any";
}

}  // namespace

Json field_definitions() {
  const Json name_or_call = {{"type", {"string", "object"}}, {"minProperties", 1}};
  return {
      {"int", described("a whole number, or `=expression`", either({{"type", "integer"}}, text_like("^(=|[+-]?[0-9][0-9_]*$)")))},
      {"float",
       described("a number, or `=expression`", either({{"type", "number"}}, text_like("^(=|[+-]?[.]?[0-9]|[+-]?[.]?(inf|nan|NaN|Inf|INF)$)")))},
      {"bool", described("`true`, `false`, or `=expression`", either({{"type", "boolean"}}, text_like("^(=|true$|false$|True$|False$)")))},
      {"str", described("text as it stands, or `=expression`", {{"type", {"string", "number", "boolean", "null"}}})},
      {"dtype", described("the name of a dtype, or `=expression`", {{"type", "string"}})},
      {"function", described("an expression that gives a function, or a call as a map", name_or_call)},
      {"initializer", described("an expression that gives an initializer, such as `normal(stddev=0.02)`, or a call as a map", name_or_call)},
      {"module", described("a module literal `{Type: {fields}}`, a name, or `=expression`", reference("literal"))},
      {"instance", described("a module literal, made when its owner is; or `=expression`", reference("literal"))},
      {"map", described("a map, or `=expression`", either({{"type", "object"}}, text_like("^=")))},
      {"none", described("none", {{"enum", {nullptr, "none", "null", "None"}}})},
  };
}

Json field_type(const catalog::FieldType& type) {
  Json schema = Json::object();  // any
  if (type.base == Base::List) {
    Json list = {{"type", "array"}};
    if (type.element != nullptr) list["items"] = field_type(*type.element);
    schema = either(std::move(list), text_like("^="));
  } else if (type.base != Base::Any) {
    schema = reference(name_of(type.base));
  }
  return type.optional && type.base != Base::Any ? either(std::move(schema), reference("none")) : schema;
}

Json fields(const catalog::LayerType& layer) {
  Json properties = Json::object();
  for (const catalog::FieldInfo& field : layer.field_infos) {
    Json one = {{"description", concat(field.doc, "\n\n", to_string(field.type), field.required ? ", required" : concat(" = ", field.default_text))}};
    one.update(field_type(field.type));
    properties[field.name] = std::move(one);
  }
  properties["with"] = {{"description", "an expression, or a list of expressions, that give further fields"}};
  return {{"description", layer.doc}, {"type", {"object", "null"}}, {"properties", properties}, {"additionalProperties", false}};
}

}  // namespace linenc::schema
