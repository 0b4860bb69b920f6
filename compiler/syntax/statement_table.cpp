// The words of statements and transforms, with their options.
#include "compiler/syntax/statement_table.h"

#include <algorithm>
#include <map>

namespace linenc::syntax {
namespace {

using Names = std::vector<std::string>;
using Subject = StatementRow::Subject;

const std::map<std::string, Names, std::less<>>& transforms() {
  static const Names remat{"variables", "rngs", "methods", "concrete", "prevent_cse", "static_argnums", "policy"};
  static const std::map<std::string, Names, std::less<>> table{
      {"jit", {"variables", "rngs", "methods", "static_argnums", "static_argnames", "donate_argnums"}},
      {"remat", remat},
      {"checkpoint", remat},
      {"remat_scan", {"lengths", "policy", "variable_broadcast", "variable_carry", "variable_axes", "split_rngs"}},
      {"vmap", {"variable_axes", "split_rngs", "in_axes", "out_axes", "axis_size", "axis_name", "spmd_axis_name", "metadata_params", "methods"}},
      {"scan",
       {"variable_axes", "variable_broadcast", "variable_carry", "split_rngs", "in_axes", "out_axes", "length", "reverse", "unroll", "data_transform",
        "metadata_params", "methods", "check_constancy_invariants"}},
      {"map_variables", {"variables", "rngs", "methods", "mapped_collections", "trans_in_fn", "trans_out_fn", "init", "mutable"}},
      {"fold_rngs", {"variables", "rngs", "methods"}},
  };
  return table;
}

std::map<std::string, StatementRow, std::less<>> make_rows() {
  std::vector<StatementRow> rows{
      {"call", Verb::Call, Subject::Any, {"method", "in", "out", "name"}, {}},
      {"let", Verb::Let, Subject::MapOrMaps, {}, {}},
      {"template", Verb::Template, Subject::Map, {}, {}},
      {"instance", Verb::Instance, Subject::Map, {}, {}},
      {"param", Verb::Param, Subject::Name, {"init", "shape", "dtype", "args", "value", "out"}, {}},
      {"variable", Verb::Variable, Subject::Name, {"collection", "init", "out"}, {"collection"}},
      {"set", Verb::Set, Subject::Map, {}, {}},
      {"sow", Verb::Sow, Subject::Name, {"collection", "value", "reduce_fn", "init_fn"}, {}},
      {"perturb", Verb::Perturb, Subject::Name, {"collection", "in", "out"}, {}},
      {"make_rng", Verb::MakeRng, Subject::Name, {"out"}, {"out"}},
      {"if", Verb::If, Subject::Any, {"then", "else"}, {"then"}},
      {"match", Verb::Match, Subject::Any, {"cases"}, {"cases"}},
      {"for", Verb::For, Subject::Names, {"over", "do"}, {"over", "do"}},
      {"assert", Verb::Assert, Subject::Any, {"message"}, {}},
      {"return", Verb::Return, Subject::Any, {}, {}},
      {"cond", Verb::Cond, Subject::Any, {"in", "then", "else", "out", "variables", "rngs"}, {"then", "else"}},
      {"switch", Verb::Switch, Subject::Any, {"in", "branches", "out", "variables", "rngs"}, {"branches"}},
      {"while_loop", Verb::WhileLoop, Subject::Any, {"carry", "do", "carry_variables", "broadcast_variables", "split_rngs"}, {"do"}},
  };
  for (const auto& [word, options] : transforms()) {
    Names all{"in", "out", "name"};
    all.insert(all.end(), options.begin(), options.end());
    rows.push_back({word, Verb::Transform, Subject::Any, std::move(all), {}});
  }
  std::map<std::string, StatementRow, std::less<>> table;
  for (StatementRow& row : rows) table.emplace(row.word, std::move(row));
  return table;
}

const std::map<std::string, StatementRow, std::less<>>& rows() {
  static const std::map<std::string, StatementRow, std::less<>> all = make_rows();
  return all;
}

}  // namespace

const StatementRow* statement_row(std::string_view word) {
  const auto found = rows().find(word);
  return found == rows().end() ? nullptr : &found->second;
}

const std::vector<std::string>& statement_words() {
  static const std::vector<std::string> words = [] {
    std::vector<std::string> all;
    for (const auto& [word, row] : rows()) all.push_back(word);
    return all;
  }();
  return words;
}

const std::vector<std::string>& apply_options() {
  static const Names options{"in", "out", "name"};
  return options;
}

bool is_statement_word(std::string_view word) { return statement_row(word) != nullptr; }

bool is_transform_word(std::string_view word) { return transforms().contains(word); }

const std::vector<std::string>& transform_options(std::string_view word) {
  static const Names none;
  const auto found = transforms().find(word);
  return found == transforms().end() ? none : found->second;
}

}  // namespace linenc::syntax
