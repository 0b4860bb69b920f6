// Statements as Python writes them. Tested by tests/language/5_statements.
#include "compiler/syntax/python_statement.h"

#include <algorithm>

#include "compiler/diagnostics/diagnostics.h"
#include "compiler/syntax/meant_text.h"
#include "compiler/syntax/structure.h"

namespace linenc::syntax {

using diagnostics::shown;

namespace {

// `f(a=1)` has an open bracket before its `=`.
bool is_balanced(std::string_view text) { return std::ranges::count(text, '(') == std::ranges::count(text, ')'); }

// `x[0] = 1`: arrays are not changed, a changed one is bound.
std::optional<Assignment> index_assignment(std::string_view text) {
  const std::size_t open = text.find('['), close = text.find(']');
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) return std::nullopt;
  const std::string_view name = text.substr(0, open), index = text.substr(open + 1, close - open - 1), rest = trimmed(text.substr(close + 1));
  const bool is_entry = index.find_first_of("'\"") != std::string_view::npos;  // of a record, which `let` sets
  if (!is_identifier(name) || is_entry || !rest.starts_with("=") || rest.starts_with("==")) return std::nullopt;
  return Assignment{std::string(name), concat(name, ".at[", index, "].set(", trimmed(rest.substr(1)), ")")};
}

}  // namespace

std::optional<PythonForm> python_form(std::string_view text) {
  text = trimmed(text);
  if (text.ends_with(':')) text = trimmed(text.substr(0, text.size() - 1));
  const std::size_t blank = text.find(' ');
  const std::string_view word = text.substr(0, blank);
  const std::string_view rest = blank == std::string_view::npos ? std::string_view() : trimmed(text.substr(blank));
  if (word == "else" || word == "elif") {
    return PythonForm{word == "else" ? "`{if: …, then: […], else: […]}`" : "`{if: …, then: […], else: [{if: …, then: […]}]}`", ""};
  }
  if (rest.empty()) return std::nullopt;
  if (word == "if") return PythonForm{concat("`{if: ", shown(rest), ", then: […]}`"), ""};
  if (word == "while") return PythonForm{concat("`{while_loop: ", shown(rest), ", carry: {…}, do: […]}`"), ""};
  const std::size_t in = rest.find(" in ");
  if (word != "for" || in == std::string_view::npos) return std::nullopt;
  const std::string_view names = rest.substr(0, in);
  const bool several = names.find(',') != std::string_view::npos;
  const std::string form =
      concat("`{for: ", several ? "[" : "", shown(names), several ? "]" : "", ", over: ", shown(trimmed(rest.substr(in + 4))), ", do: […]}`");
  return PythonForm{form, std::string(trimmed(names))};
}

std::optional<Assignment> python_assignment(std::string_view text) {
  constexpr std::string_view names = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_., *()";
  if (auto indexed = index_assignment(text)) return indexed;
  std::size_t equals = text.find('=');
  if (equals == std::string_view::npos || equals == 0 || text.substr(equals).starts_with("==")) return std::nullopt;
  const std::string_view value = trimmed(text.substr(equals + 1));
  const char op = std::string_view("+-*/@").find(text[equals - 1]) == std::string_view::npos ? '=' : text[equals - 1];
  const std::string_view target = trimmed(text.substr(0, op == '=' ? equals : equals - 1));
  if (target.empty() || value.empty() || target.find_first_not_of(names) != std::string_view::npos || !is_balanced(target)) return std::nullopt;
  if (op != '=' && target.back() == op) return std::nullopt;  // `**=`, `//=`
  if (op == '=') return Assignment{std::string(target), std::string(value)};
  const bool is_long = value.find(' ') != std::string_view::npos;
  return Assignment{std::string(target), concat(target, " ", std::string(1, op), is_long ? " (" : " ", value, is_long ? ")" : "")};
}

}  // namespace linenc::syntax
