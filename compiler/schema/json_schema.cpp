// The schema of a whole file: its top-level keys and definitions.
// Tested by tests/compiler/schema/json_schema_test.cpp; the file under schemas/ by tests/architecture/schemas_test.cpp.
#include "compiler/schema/json_schema.h"

#include "compiler/schema/statement_schema.h"
#include "compiler/syntax/statement_table.h"

namespace linenc::schema {
namespace {

Json described(const char* description, Json schema) {
  Json result = {{"description", description}};
  result.update(schema);
  return result;
}

Json text() { return {{"type", {"string", "number", "boolean", "null"}}}; }
Json object_of(Json values) { return {{"type", "object"}, {"additionalProperties", std::move(values)}}; }

Json args() {
  return described("the arguments of the call: names, with defaults (`axis = 1`); as a map they carry contracts",
                   {{"type", {"array", "object", "null"}}});
}

Json method_properties() {
  return {{"doc", described("what it is", text())},
          {"args", args()},
          {"compact", described("a body that makes its submodules where it uses them", reference("body"))},
          {"call", described("a body that uses the submodules of `setup`", reference("body"))},
          {"returns", {{"description", "a contract of the result, checked whenever it is called"}}},
          {"transform", reference("transforms")}};
}

Json body_definition() {
  Json properties = method_properties();
  properties["fields"] = {{"description", "`name: type` or `name: type = default`"},
                          {"type", "object"},
                          {"additionalProperties", {{"anyOf", Json::array({{{"type", "string"}}, {{"type", "object"}, {"required", {"type"}}}})}}}};
  properties["setup"] =
      described("submodules, parameters and variables, made in order when the module is bound", object_of(reference("setup_entry")));
  properties["methods"] =
      described("further methods", object_of({{"type", "object"}, {"properties", method_properties()}, {"additionalProperties", false}}));
  properties["extends"] = {{"description", "the definition or layer that this one takes over"}, {"type", "string"}};
  return {{"type", "object"}, {"properties", properties}, {"additionalProperties", false}};
}

// A definition is a template, a transform of a literal, or a body.
Json definition() {
  Json literal_words = Json::array({{{"required", {"template"}}}});
  Json rules =
      Json::array({where_key("template", {{"properties", {{"template", reference("literal")}}}, {"propertyNames", keys_of({"template", "doc"})}})});
  for (const std::string& word : transform_words()) {
    std::vector<std::string> keys = syntax::transform_options(word);
    keys.insert(keys.end(), {word, "doc"});
    Json properties = transform_option_properties(word);
    properties[word] = reference("literal");
    rules.push_back(where_key(word, {{"properties", properties}, {"propertyNames", keys_of(keys)}}));
    literal_words.push_back({{"required", {word}}});
  }
  rules.push_back({{"if", {{"not", {{"anyOf", literal_words}}}}}, {"then", body_definition()}});
  return {{"description", "a module: its fields, and the body of its call"}, {"type", "object"}, {"minProperties", 1}, {"allOf", rules}};
}

Json function() {
  return {{"description", "a pure function; with `compact` one that may hold every statement"},
          {"type", "object"},
          {"properties", {{"doc", described("what it is", text())}, {"args", args()}, {"body", reference("body")}, {"compact", reference("body")}}},
          {"additionalProperties", false},
          {"anyOf", Json::array({{{"required", {"body"}}}, {{"required", {"compact"}}}})}};
}

Json import() {
  Json long_form = {{"type", "object"},
                    {"properties", {{"file", {{"type", "string"}}}, {"config", {{"type", "object"}}}}},
                    {"required", {"file"}},
                    {"additionalProperties", false}};
  return described("modules and functions of other files: `{alias: path.yaml}`",
                   object_of({{"anyOf", Json::array({{{"type", "string"}}, std::move(long_form)})}}));
}

Json model() {
  const Json definition = body_definition();
  Json body_keys = Json::array();
  for (const auto& [key, schema] : definition.at("properties").items()) body_keys.push_back({{"required", {key}}});
  return {{"description", "the root module: a module literal, or a definition written in place"},
          {"type", {"string", "object"}},
          {"if", {{"type", "object"}, {"anyOf", body_keys}}},
          {"then", definition},
          {"else", reference("literal")}};
}

Json expect() {
  const auto limit = [](const char* description) { return described(description, {{"type", {"integer", "number", "string"}}}); };
  return {{"description", "promises that `linenc check` verifies"},
          {"type", "object"},
          {"properties",
           {{"output", {{"description", "the type of the output, nested as it is"}}},
            {"params", limit("the number of parameters, or a limit: `<= 1M`")},
            {"flops", limit("the work of one call at the sizes of `at`: `<= 50M`")},
            {"peak_memory", limit("the memory of one call at the sizes of `at`: `<= 8 MiB`")},
            {"variables", described("any part of the variable tree", {{"type", "object"}})},
            {"at", described("sizes of named dimensions, and the optional inputs that are given", {{"type", "object"}})}}},
          {"additionalProperties", false}};
}

}  // namespace

Json model_schema(const StatementDocs& docs) {
  Json definitions = field_definitions();
  definitions["definition"] = definition();
  definitions.update(statement_definitions(docs));
  return {{"$schema", "https://json-schema.org/draft/2020-12/schema"},
          {"title", "linenc model file, version 1"},
          {"description", "A Flax Linen model in YAML."},
          {"type", "object"},
          {"required", {"linenc"}},
          {"properties",
           {{"linenc", described("the version of the language", {{"enum", {1, "1"}}})},
            {"name", described("the name of the model; that of the file where it is left out", text())},
            {"doc", described("what it is", text())},
            {"config", described("named constants, read as `config.NAME`; `--set NAME=VALUE` replaces them", {{"type", "object"}})},
            {"import", import()},
            {"functions", described("named pure functions", object_of(function()))},
            {"modules", described("named module definitions", object_of(reference("definition")))},
            {"inputs", described("the arguments of the model's call, in order: `dtype[dims]`, or a static value", {{"type", "object"}})},
            {"model", model()},
            {"method", described("the method to run; `call` where it is left out", {{"type", "string"}})},
            {"expect", expect()},
            {"assume", described("facts about named dimensions: `h % 2 == 0`", {{"type", "array"}})}}},
          {"additionalProperties", false},
          {"$defs", definitions}};
}

}  // namespace linenc::schema
