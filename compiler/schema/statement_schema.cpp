// Statements, module literals and entries of `setup` as JSON Schema.
//
// A schema sees the keys of a map without their order, so what is a verb is told by its name: the words of the language, then
// layers and functions, then whatever is left. No word of the language is the option of another one.
#include "compiler/schema/statement_schema.h"

#include "compiler/catalog/registry.h"
#include "compiler/diagnostics/concat.h"
#include "compiler/syntax/statement_table.h"

namespace linenc::schema {
namespace {

using Names = std::vector<std::string>;
using Subject = syntax::StatementRow::Subject;

const Names kPlainWords{"let",      "template", "instance", "call", "param",  "variable", "set",  "sow",    "perturb",
                        "make_rng", "if",       "match",    "for",  "assert", "return",   "cond", "switch", "while_loop"};

Json described(const std::string& description, Json schema) {
  Json result = {{"description", description}};
  result.update(schema);
  return result;
}

Json has_some_of(const Names& keys) {
  Json any = Json::array();
  for (const std::string& key : keys) any.push_back({{"required", {key}}});
  return {{"anyOf", any}};
}

Json subject_schema(const syntax::StatementRow& row) {
  if (row.verb == syntax::Verb::Transform) return reference("literal");
  if (row.word == "template" || row.word == "instance")
    return {{"type", "object"}, {"minProperties", 1}, {"additionalProperties", reference("literal")}};
  switch (row.subject) {
    case Subject::Any: return Json::object();
    case Subject::Name: return {{"type", {"string", "number", "boolean"}}};
    case Subject::Map: return {{"type", "object"}};
    case Subject::MapOrMaps: return {{"type", {"object", "array"}}, {"items", {{"type", "object"}}}};
    case Subject::Names: return {{"type", {"string", "array"}}};
  }
  return Json::object();
}

// Options mean the same wherever they stand.
Json option_properties() {
  const Json text = {{"type", {"string", "number", "boolean"}}};
  const Json body = reference("body");
  return {
      {"in", {{"description", "what the verb reads: an expression, a list of positional arguments, or a map of keywords; `x` where it is left out"}}},
      {"out",
       {{"description", "what the result is bound to: a name, or names nested as the result is; `x` where it is left out"},
        {"type", {"string", "array"}}}},
      {"update", {{"description", "short for `in` and `out` of the same name"}}},
      {"name", described("fixes the name of the submodule; `{expr}` is replaced", text)},
      {"method", described("the method to call", text)},
      {"collection", described("the collection of the variable", text)},
      {"message", described("what is said where the check fails; `{expr}` is replaced", text)},
      {"init", {{"description", "an expression: the initial value, or the function that makes it"}}},
      {"shape", {{"description", "an expression: the shape of the parameter"}}},
      {"dtype", {{"description", "an expression: the dtype of the parameter, float32 where it is left out"}}},
      {"args", {{"description", "expressions handed to `init` after the key, in place of `shape` and `dtype`"}}},
      {"value", {{"description", "an expression: the value"}}},
      {"over", {{"description", "an expression: what is gone through"}}},
      {"then", described("the body where the condition holds", body)},
      {"else", described("the body where it does not", body)},
      {"do", described("the body that is repeated", body)},
      {"cases", {{"description", "a body for each value; `else` for every other"}, {"type", "object"}, {"additionalProperties", body}}},
      {"branches", {{"description", "the bodies to choose from"}, {"type", "array"}, {"items", body}}},
      {"carry", {{"description", "the names that the loop hands on, with their first values"}, {"type", "object"}}},
  };
}

// What may stand beside a verb, and what must.
Json rule_of(const syntax::StatementRow& row) {
  Names known{row.word};
  known.insert(known.end(), row.options.begin(), row.options.end());
  const auto has = [&](const char* name) { return std::find(known.begin(), known.end(), name) != known.end(); };
  if (has("in") && has("out")) known.emplace_back("update");
  Json rule = {{"properties", {{row.word, subject_schema(row)}}}, {"propertyNames", keys_of(known)}};
  if (!row.required.empty()) rule["required"] = row.required;
  if (row.verb == syntax::Verb::Transform) rule["properties"].update(transform_option_properties(row.word));
  return rule;
}

Names layer_names() {
  Names names;
  for (const auto& layer : catalog::layers()) names.push_back(layer->name);
  return names;
}

Names every_word() {
  Names words = kPlainWords;
  words.insert(words.end(), transform_words().begin(), transform_words().end());
  return words;
}

std::string transform_doc(const std::string& word) {
  const auto* transform = catalog::find_transform(word);
  return transform != nullptr ? transform->doc : concat("Linen's `", word, "`");
}

Json verb_properties(const StatementDocs& docs) {
  Json properties = Json::object();
  for (const std::string& word : kPlainWords) {
    const auto doc = docs.find(word);
    properties[word] = {{"description", doc == docs.end() ? word : doc->second}};
  }
  for (const std::string& word : transform_words()) properties[word] = {{"description", transform_doc(word)}};
  for (const auto& layer : catalog::layers()) properties[layer->name] = reference("layer_" + layer->name);
  for (const auto* function : catalog::functions()) {
    const auto* meant = catalog::find_function(function->name);
    if (meant == nullptr || properties.contains(function->name)) continue;
    properties[function->name] = {{"description", concat(signature(*meant), "\n\n", meant->doc)}};
  }
  return properties;
}

Json statement(const StatementDocs& docs) {
  Json properties = verb_properties(docs);
  properties.update(option_properties());
  Json rules = Json::array();
  for (const std::string& word : every_word()) rules.push_back(where_key(word, rule_of(*syntax::statement_row(word))));
  Names beside_layer = layer_names();
  for (const char* option : {"in", "out", "name", "update"}) beside_layer.emplace_back(option);
  rules.push_back({{"if", has_some_of(layer_names())}, {"then", {{"propertyNames", keys_of(beside_layer)}}}});
  // A verb with `in`, `out` and `name` at most.
  rules.push_back({{"if", {{"not", has_some_of(every_word())}}}, {"then", {{"maxProperties", 4}}}});
  return {{"description", "a name, or a map whose first key is its verb"},
          {"anyOf", Json::array({{{"type", "string"}}, {{"type", "object"}, {"minProperties", 1}, {"properties", properties}, {"allOf", rules}}})}};
}

Json literal() {
  Json properties = Json::object();
  for (const auto& layer : catalog::layers()) properties[layer->name] = reference("layer_" + layer->name);
  for (const std::string& word : transform_words()) properties[word] = described(transform_doc(word), reference("literal"));
  properties["name"] = {{"description", "fixes the name of the submodule"}, {"type", "string"}};
  Json rules = Json::array();
  for (const std::string& word : transform_words()) {
    Names known = syntax::transform_options(word);
    known.push_back(word);
    for (const char* option : {"name", "in", "out", "update"}) known.emplace_back(option);
    rules.push_back(where_key(word, {{"properties", transform_option_properties(word)}, {"propertyNames", keys_of(known)}}));
  }
  // Fields that hold lists or maps of modules, and expressions, take other kinds.
  return {{"description", "a module literal: `{Type: {fields}}`, a transform of one, a name, or `=expression`"},
          {"anyOf", Json::array({{{"type", {"string", "null", "array"}}}, {{"type", "object"}, {"properties", properties}, {"allOf", rules}}})}};
}

Json setup_entry() {
  const Json entry = reference("setup_entry");
  const auto form = [&](const char* word, const Names& options, const Names& required, const Json& properties) {
    Names keys{word};
    keys.insert(keys.end(), options.begin(), options.end());
    Json then = {{"propertyNames", keys_of(keys)}, {"properties", properties}};
    if (!required.empty()) then["required"] = required;
    return where_key(word, std::move(then));
  };
  const Json none = Json::object();
  Json map = {
      {"type", "object"},
      {"minProperties", 1},
      {"allOf", Json::array({form("for", {"over", "do"}, {"over", "do"}, {{"do", entry}}),
                             form("if", {"then", "else"}, {"then"}, {{"then", entry}, {"else", entry}}),
                             form("match", {"cases"}, {"cases"}, {{"cases", {{"type", "object"}, {"additionalProperties", entry}}}}),
                             form("param", {"shape", "dtype", "args", "value"}, {}, none),
                             form("variable", {"collection"}, {"collection"}, none),
                             {{"if", {{"not", has_some_of({"for", "if", "match", "param", "variable"})}}}, {"then", reference("literal")}}})}};
  return {
      {"description", "a module literal, a parameter, a variable, a list of these, a choice (`if`, `match`), a repetition (`for`), or `=expression`"},
      {"anyOf", Json::array({{{"type", {"string", "number", "boolean", "null"}}}, {{"type", "array"}, {"items", entry}}, std::move(map)})}};
}

Json transforms() {
  Json options = Json::object();
  for (const std::string& word : transform_words()) {
    options[word] = {{"description", transform_doc(word)},
                     {"type", "object"},
                     {"properties", transform_option_properties(word)},
                     {"propertyNames", keys_of(syntax::transform_options(word))}};
  }
  return {{"description", "transforms of the own body, the first outermost"},
          {"type", "array"},
          {"items",
           {{"anyOf", Json::array({keys_of(transform_words()),
                                   {{"type", "object"}, {"maxProperties", 1}, {"properties", options}, {"additionalProperties", false}}})}}}};
}

}  // namespace

const Names& transform_words() {
  static const Names words = [] {
    Names found;
    for (const char* word : {"jit", "remat", "checkpoint", "vmap", "scan", "map_variables", "remat_scan", "fold_rngs"}) {
      if (syntax::is_transform_word(word)) found.emplace_back(word);
    }
    return found;
  }();
  return words;
}

Json transform_option_properties(const std::string& word) {
  const auto* transform = catalog::find_transform(word);
  Json properties = Json::object();
  for (const std::string& option : syntax::transform_options(word)) {
    properties[option] = Json::object();
    if (transform == nullptr) continue;
    for (const auto& [name, doc] : transform->options) {
      if (name == option && !doc.empty()) properties[option] = {{"description", doc}};
    }
  }
  return properties;
}

Json where_key(const std::string& key, Json then) { return {{"if", {{"required", {key}}}}, {"then", std::move(then)}}; }

Json keys_of(Names keys) { return {{"enum", std::move(keys)}}; }

Json statement_definitions(const StatementDocs& docs) {
  Json definitions = {{"body", {{"description", "statements, run one after another"}, {"type", "array"}, {"items", reference("statement")}}},
                      {"statement", statement(docs)},
                      {"literal", literal()},
                      {"setup_entry", setup_entry()},
                      {"transforms", transforms()}};
  for (const auto& layer : catalog::layers()) definitions["layer_" + layer->name] = fields(*layer);
  return definitions;
}

}  // namespace linenc::schema
