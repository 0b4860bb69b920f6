// The words of the model language as text and as JSON, made from the registry.
// Tested by tests/compiler/driver/check_test.cpp.
#include "compiler/driver/vocabulary.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "compiler/catalog/refused_arguments.h"
#include "compiler/catalog/registry.h"
#include "compiler/diagnostics/concat.h"
#include "compiler/syntax/statement_table.h"

namespace linenc::driver {
namespace {

using Json = nlohmann::ordered_json;
using catalog::Parameter;

struct StatementDoc {
  std::string_view word, form, doc;
};

// The words of language.md sections 5 and 7 that are no transform of a module.
constexpr std::array<StatementDoc, 18> kStatements = {{
    {"assert", "assert: EXPR", "a check while compiling; `{expr}` in the message is replaced"},
    {"call", "call: EXPR", "calls what an expression gives"},
    {"cond", "cond: EXPR", "chooses between two bodies while running (not built yet: E0219)"},
    {"for", "for: NAME", "repeats a body for each item, unrolled while compiling"},
    {"if", "if: EXPR", "a choice while compiling"},
    {"instance", "instance: {NAME: {Type: {fields}}}", "makes a submodule without calling it"},
    {"let", "let: {NAME: EXPR}", "binds names, one after another"},
    {"make_rng", "make_rng: STREAM", "a key of a random stream"},
    {"match", "match: EXPR", "a choice by value while compiling"},
    {"param", "param: NAME", "a parameter of the module"},
    {"perturb", "perturb: NAME", "a variable of zeros that is added, to see a gradient"},
    {"return", "return: EXPR", "ends the body with a result"},
    {"set", "set: {NAME: EXPR}", "gives a variable a new value"},
    {"sow", "sow: NAME", "keeps a value in a collection"},
    {"switch", "switch: EXPR", "chooses one of several bodies while running (not built yet: E0219)"},
    {"template", "template: {NAME: {Type: {fields}}}", "binds a module with some of its fields; nothing is made"},
    {"variable", "variable: NAME", "a variable of a collection"},
    {"while_loop", "while_loop: EXPR", "repeats a body while running (not built yet: E0219)"},
}};

std::string joined(const std::vector<std::string>& texts, std::string_view separator = ", ") {
  std::string text;
  for (const std::string& one : texts) text += concat(text.empty() ? "" : separator, one);
  return text;
}

std::string parameters_text(const std::vector<Parameter>& parameters) {
  std::vector<std::string> texts;
  bool keyword_only = false;
  for (const Parameter& parameter : parameters) {
    if (parameter.kind == Parameter::Kind::Rest) {
      texts.push_back("*" + parameter.name);
      keyword_only = true;
      continue;
    }
    if (parameter.kind == Parameter::Kind::KeywordOnly && !std::exchange(keyword_only, true)) texts.emplace_back("*");
    texts.push_back(parameter.default_text.empty() ? parameter.name : concat(parameter.name, "=", parameter.default_text));
  }
  return joined(texts);
}

std::string field_text(const catalog::FieldInfo& field) {
  return concat(field.name, ": ", to_string(field.type), field.required ? "" : concat(" = ", field.default_text));
}

Word word_of(const catalog::LayerType& layer) {
  std::vector<std::string> fields;
  Word word{"layer", layer.name, "", layer.doc, ""};
  if (!layer.field_infos.empty()) word.details += "fields:\n";
  for (const catalog::FieldInfo& field : layer.field_infos) {
    fields.push_back(field_text(field));
    word.details += concat("  ", field_text(field), "\n", field.doc.empty() ? "" : concat("      ", field.doc, "\n"));
  }
  word.signature = concat(layer.name, "(", joined(fields), ")");
  word.details += "methods:\n";
  for (const auto& method : layer.method_list) word.details += concat("  ", method.name, "(", parameters_text(method.parameters), ")\n");
  for (const auto& made : layer.attribute_list) word.details += concat("  ", made.name, " (read from an instance)\n");
  return word;
}

Word word_of(const catalog::FunctionSpec& function) {
  Word word{"function", function.name, signature(function), function.doc, ""};
  if (!function.libraries.empty())
    word.details = concat("in: ", joined(function.libraries), function.prefix_only ? " (with its prefix alone)" : "", "\n");
  if (function.method) word.details += concat("also as a method of arrays: x.", function.name, "(...)\n");
  return word;
}

Word word_of(const catalog::InitializerSpec& initializer) {
  return {"initializer", initializer.name, concat(initializer.name, "(", parameters_text(initializer.parameters), ")"), initializer.doc, ""};
}

Word word_of(const catalog::TransformSpec& transform) {
  Word word{"transform", transform.name, concat(transform.name, ": MODULE"), transform.doc, ""};
  if (!transform.options.empty()) word.details = "options:\n";
  for (const auto& [name, doc] : transform.options) word.details += concat("  ", name, doc.empty() ? "" : concat("\n      ", doc), "\n");
  return word;
}

Word word_of(const StatementDoc& statement) {
  Word word{"statement", std::string(statement.word), std::string(statement.form), std::string(statement.doc), ""};
  const syntax::StatementRow* row = syntax::statement_row(statement.word);
  if (row != nullptr && !row->options.empty()) word.details = concat("options: ", joined(row->options), "\n");
  return word;
}

std::vector<Word> make_vocabulary() {
  std::vector<Word> words;
  for (const auto& layer : catalog::layers()) words.push_back(word_of(*layer));
  for (const auto* function : catalog::functions()) words.push_back(word_of(*function));
  for (const auto* initializer : catalog::initializers()) words.push_back(word_of(*initializer));
  for (const auto* transform : catalog::transforms()) words.push_back(word_of(*transform));
  for (const StatementDoc& statement : kStatements) words.push_back(word_of(statement));
  return words;
}

std::string page_of(const Word& word) {
  return concat(word.name, " (", word.kind, ")\n\n  ", word.signature, "\n\n", word.doc, "\n", word.details.empty() ? "" : "\n", word.details);
}

}  // namespace

const std::vector<Word>& vocabulary() {
  static const std::vector<Word> words = make_vocabulary();
  return words;
}

std::string explain_word(std::string_view name) {
  std::string text;
  const auto add = [&](const Word& word) { text += (text.empty() ? "" : "\n") + page_of(word); };
  for (const Word& word : vocabulary()) {
    if (word.name == name) add(word);
  }
  const std::size_t dot = name.rfind('.');
  if (!text.empty() || dot == std::string_view::npos) return text;
  if (const auto* function = catalog::find_function(name.substr(0, dot), name.substr(dot + 1))) add(word_of(*function));
  return text;
}

std::string catalog_text() {
  std::string text;
  std::string_view kind;
  for (const Word& word : vocabulary()) {
    if (word.kind != kind) text += concat(text.empty() ? "" : "\n", word.kind, "s\n");
    kind = word.kind;
    text += concat("  ", word.signature, "\n      ", word.doc, "\n");
  }
  return text;
}

namespace {

std::string kind_text(Parameter::Kind kind) {
  switch (kind) {
    case Parameter::Kind::Normal: return "";
    case Parameter::Kind::PositionalOnly: return "positional_only";
    case Parameter::Kind::Rest: return "rest";
    case Parameter::Kind::KeywordOnly:
    case Parameter::Kind::KeywordRest: return "keyword_only";
  }
  return "";
}

Json parameters_json(const std::vector<Parameter>& parameters) {
  Json all = Json::array();
  for (const Parameter& parameter : parameters) {
    Json one = {{"name", parameter.name}};
    if (!parameter.default_text.empty() && parameter.kind != Parameter::Kind::Rest) one["default"] = parameter.default_text;
    if (const std::string kind = kind_text(parameter.kind); !kind.empty()) one["kind"] = kind;
    all.push_back(std::move(one));
  }
  return all;
}

Json layer_json(const catalog::LayerType& layer) {
  Json fields = Json::array();
  for (const catalog::FieldInfo& field : layer.field_infos) {
    Json one = {{"name", field.name}, {"type", to_string(field.type)}, {"required", field.required}};
    if (!field.required) one["default"] = field.default_text;
    one["doc"] = field.doc;
    fields.push_back(std::move(one));
  }
  Json methods = Json::array();
  for (const auto& method : layer.method_list) methods.push_back({{"name", method.name}, {"arguments", parameters_json(method.parameters)}});
  return {{"name", layer.name}, {"doc", layer.doc}, {"fields", fields}, {"methods", methods}};
}

// With the reasons of those that cannot matter.
Json parameters_json(const catalog::FunctionSpec& function) {
  Json all = parameters_json(function.parameters);
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (const auto* refusal = catalog::refusal_of(function, function.parameters[i].name)) all[i]["refused"] = refusal->reason;
  }
  return all;
}

Json function_json(const catalog::FunctionSpec& function) {
  return {{"name", function.name},        {"libraries", function.libraries},         {"signature", signature(function)},
          {"doc", function.doc},          {"parameters", parameters_json(function)}, {"array_method", function.method},
          {"bare", !function.prefix_only}};
}

Json transform_json(const catalog::TransformSpec& transform) {
  Json options = Json::array();
  for (const auto& [name, doc] : transform.options) options.push_back({{"name", name}, {"doc", doc}});
  return {{"name", transform.name}, {"prefix", transform.prefix}, {"doc", transform.doc}, {"options", options}};
}

Json statement_json(const StatementDoc& statement) {
  const syntax::StatementRow* row = syntax::statement_row(statement.word);
  return {{"name", statement.word},
          {"form", statement.form},
          {"doc", statement.doc},
          {"options", row != nullptr ? row->options : std::vector<std::string>()}};
}

}  // namespace

Json catalog_json() {
  Json document = {{"format_version", "1.0"}};
  for (const char* kind : {"layers", "functions", "initializers", "transforms", "statements"}) document[kind] = Json::array();
  for (const auto& layer : catalog::layers()) document["layers"].push_back(layer_json(*layer));
  for (const auto* function : catalog::functions()) document["functions"].push_back(function_json(*function));
  for (const auto* initializer : catalog::initializers()) {
    document["initializers"].push_back(
        {{"name", initializer->name}, {"doc", initializer->doc}, {"parameters", parameters_json(initializer->parameters)}});
  }
  for (const auto* transform : catalog::transforms()) document["transforms"].push_back(transform_json(*transform));
  for (const StatementDoc& statement : kStatements) document["statements"].push_back(statement_json(statement));
  return document;
}

}  // namespace linenc::driver
