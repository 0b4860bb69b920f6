#pragma once

#include <optional>

#include "compiler/syntax/python_statement.h"
#include "compiler/syntax/statement_table.h"
#include "compiler/syntax/structure.h"
#include "compiler/syntax/tree.h"

namespace linenc::syntax {

// Reads bodies: which verb a statement has, and whether its options are known, present and of the right kind. A broken
// statement is kept and marked; what is no statement at all is left out. The nesting of bodies is bounded by that of YAML.
class StatementParser {
 public:
  explicit StatementParser(diagnostics::Diagnostics& diagnostics) : structure_(diagnostics) {}

  // `what` names the body in a message: "`then`".
  [[nodiscard]] Body body(const Node& node, std::string_view what);
  // The options of a transform in a definition or a literal; `extra` are the other keys that may stand there.
  void check_transform(const Node& map, std::string_view word, std::vector<std::string> extra);
  // An entry of `setup`: a literal, a parameter, a variable, a list, or a choice of these.
  void check_setup_entry(const Node& node);

 private:
  std::optional<Statement> statement(const Node& node);
  std::optional<Statement> bare(const Node& node);
  std::optional<Statement> meant_let(const Node& node);
  std::optional<Statement> let_of_assignment(const Node& at, const Span& place, std::string_view text);
  Statement let_of(const Node& at, const Span& place, std::string_view target, std::string_view value);
  Statement python(const Node& node, const Node& word, const Node* inside, const PythonForm& form);
  bool put_verb_first(std::vector<Entry>& entries);
  const StatementRow* row_of(Statement& statement);
  void replace_update(Statement& statement);
  bool check_subject(const Statement& statement, const StatementRow& row);
  [[nodiscard]] bool check_options(Statement& statement, const StatementRow* row);
  bool check_option_kinds(const Statement& statement);
  bool check_required(const Statement& statement, const std::vector<std::string>& required);
  bool check_param(const Statement& statement);
  void take_blocks(Statement& statement);
  bool is_names(const Node& node);

  Structure structure_;
};

}  // namespace linenc::syntax
