// Which positions of a model file hold literals, and which hold expressions.
#include "compiler/syntax/yaml_position.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "compiler/syntax/statement_table.h"

namespace linenc::syntax {

namespace {

enum class Place : std::uint8_t {
  File,
  Imports,      // name -> import
  Import,       // `file`, `config`
  Definitions,  // name -> module, method or function
  Definition,
  Fields,  // name -> `type = default`
  Field,   // its long form
  Setup,   // name -> entry
  SetupEntry,
  Cases,  // label -> body
  Body,
  Statement,
  Config,    // an entry of `config`
  Keywords,  // fields of a layer, keywords of a function, options of a transform
  Function,  // needs no mark; written as a call it has keywords
  Dataflow,
};

template <std::size_t n>
bool is_one_of(std::string_view key, const std::array<std::string_view, n>& keys) {
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

Place in_file(std::string_view key) {
  if (key == "config") return Place::Config;
  if (key == "import") return Place::Imports;
  if (key == "modules" || key == "functions") return Place::Definitions;
  return key == "model" ? Place::Definition : Place::Dataflow;
}

// What is no key of a definition is the type of a module literal, or an option of the transform that stands first.
Place in_definition(std::string_view key) {
  constexpr std::array<std::string_view, 3> bodies = {"compact", "call", "body"};
  constexpr std::array<std::string_view, 4> others = {"doc", "args", "returns", "extends"};
  if (is_one_of(key, bodies)) return Place::Body;
  if (is_one_of(key, others)) return Place::Dataflow;
  if (key == "fields") return Place::Fields;
  if (key == "setup") return Place::Setup;
  return key == "methods" ? Place::Definitions : Place::Keywords;
}

Place in_setup_entry(std::string_view key, bool first) {
  constexpr std::array<std::string_view, 5> verbs = {"for", "if", "match", "param", "variable"};
  constexpr std::array<std::string_view, 7> options = {"over", "init", "shape", "dtype", "args", "value", "collection"};
  constexpr std::array<std::string_view, 3> nested = {"then", "else", "do"};
  if (first ? is_one_of(key, verbs) : is_one_of(key, options)) return Place::Dataflow;
  if (!first && is_one_of(key, nested)) return Place::SetupEntry;
  return !first && key == "cases" ? Place::Setup : Place::Keywords;
}

Place in_statement(std::string_view word, std::string_view key, bool first) {
  constexpr std::array<std::string_view, 4> bodies = {"then", "else", "do", "branches"};
  constexpr std::array<std::string_view, 4> expressions = {"in", "out", "update", "name"};
  const StatementRow* row = statement_row(word);
  const bool transform = row != nullptr && row->verb == Verb::Transform;
  if (first) {
    const bool literal = row == nullptr || transform || row->verb == Verb::Template || row->verb == Verb::Instance;
    return literal ? Place::Keywords : Place::Dataflow;
  }
  if (row != nullptr && is_one_of(key, bodies)) return Place::Body;
  if (row != nullptr && key == "cases") return Place::Cases;
  return transform && !is_one_of(key, expressions) ? Place::Keywords : Place::Dataflow;
}

Place in_keywords(std::string_view key) {
  if (key == "with") return Place::Dataflow;
  return key.ends_with("_init") || key.ends_with("_fn") ? Place::Function : Place::Keywords;
}

Place in_map(Place place, const PathStep& step) {
  if (step.key == nullptr) return Place::Dataflow;
  const std::string_view key = step.key->text;
  const std::vector<Entry>& entries = step.collection->entries;
  const bool first = entries.empty() || entries.front().key == step.key;
  switch (place) {
    case Place::File: return in_file(key);
    case Place::Imports: return Place::Import;
    case Place::Import: return key == "config" ? Place::Config : Place::Dataflow;
    case Place::Definitions: return Place::Definition;
    case Place::Definition: return in_definition(key);
    case Place::Fields: return Place::Field;
    case Place::Field: return key == "default" ? Place::Keywords : Place::Dataflow;
    case Place::Setup: return Place::SetupEntry;
    case Place::SetupEntry: return in_setup_entry(key, first);
    case Place::Cases: return Place::Body;
    case Place::Body: return Place::Dataflow;
    case Place::Statement: return in_statement(first ? key : std::string_view(entries.front().key->text), key, first);
    case Place::Config: return Place::Config;
    case Place::Keywords: return in_keywords(key);
    case Place::Function: return Place::Keywords;
    case Place::Dataflow: return Place::Dataflow;
  }
  return Place::Dataflow;
}

Place in_collection(Place place, const PathStep& step) {
  if (step.collection->is_map()) return in_map(place, step);
  return place == Place::Body ? Place::Statement : place;
}

Place place_of(std::span<const PathStep> path) {
  Place place = Place::File;
  for (const PathStep& step : path) place = in_collection(place, step);
  return place;
}

}  // namespace

bool needs_mark(std::span<const PathStep> path) {
  const Place place = place_of(path);
  return place == Place::Config || place == Place::Keywords || place == Place::SetupEntry;
}

bool holds_expression(std::span<const PathStep> path) {
  constexpr std::array<std::string_view, 10> texts = {"param", "variable",   "sow",    "perturb", "make_rng",
                                                      "name",  "collection", "method", "message", "out"};
  Place place = Place::File;
  bool inside = false;
  for (const PathStep& step : path) {
    const bool entry = place == Place::Statement || place == Place::SetupEntry;
    if (entry && step.key != nullptr && is_one_of(step.key->text, texts)) return false;
    inside |= entry;
    place = in_collection(place, step);
  }
  const bool is_key = !path.empty() && path.back().collection->is_map() && path.back().key == nullptr;
  return inside && !is_key && place == Place::Dataflow;
}

bool takes_with(std::span<const PathStep> path) {
  return path.size() > 1 && path.back().collection->is_map() && place_of(path.first(path.size() - 1)) == Place::Keywords;
}

bool binds_names(std::span<const PathStep> path) {
  if (path.size() < 2) return false;
  const PathStep& owner = path[path.size() - 2];
  if (owner.collection->is_list()) return owner.key == nullptr && binds_names(path.first(path.size() - 1));
  return owner.key != nullptr && (owner.key->text == "let" || owner.key->text == "carry");
}

bool holds_body(std::span<const PathStep> path) { return place_of(path) == Place::Body; }

}  // namespace linenc::syntax
