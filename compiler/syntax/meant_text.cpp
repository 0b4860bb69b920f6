#include "compiler/syntax/meant_text.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "compiler/syntax/expression_parser.h"

namespace linenc::syntax {

namespace {

bool is_in_name(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

Node plain_scalar(std::string_view text) {
  Node node;
  node.text = std::string(text);
  return node;
}

// What can begin a value and cannot go on with an expression that stands before it.
bool begins_value(std::string_view text) {
  if (text.empty()) return false;
  if (text[0] == '=') return text.size() > 1 && text[1] != '=' && !is_blank(text[1]);
  if (text[0] == '-') return text.size() > 1 && is_digit(text[1]);
  const std::string_view name = leading_name(text);
  return name.empty() ? is_digit(text[0]) || std::string_view("'\"[{").find(text[0]) != std::string_view::npos : !is_operator_word(name);
}

}  // namespace

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front())) != 0) text.remove_prefix(1);
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back())) != 0) text.remove_suffix(1);
  return text;
}

std::optional<std::string_view> in_curly_quotes(std::string_view text) {
  for (const auto& [open, close] : {std::pair("\u201C", "\u201D"), std::pair("\u201E", "\u201C"), std::pair("\u2018", "\u2019")}) {
    const bool both = text.size() >= 6 && text.starts_with(open) && text.ends_with(close);
    if (both) return text.substr(3, text.size() - 6);
  }
  return std::nullopt;
}

std::string_view leading_name(std::string_view text) {
  if (text.empty() || is_digit(text[0])) return {};
  const auto end = std::find_if_not(text.begin(), text.end(), is_in_name);
  return text.substr(0, static_cast<std::size_t>(end - text.begin()));
}

bool is_operator_word(std::string_view name) {
  constexpr std::array<std::string_view, 9> words = {"and", "or", "not", "in", "is", "if", "else", "for", "lambda"};
  return std::find(words.begin(), words.end(), name) != words.end();
}

bool is_expression(std::string_view text) {
  diagnostics::Diagnostics unheard;
  return parse_expression(plain_scalar(text), 0, unheard) != nullptr;
}

bool is_marked_expression(std::string_view text) {
  if (text.starts_with('=')) text.remove_prefix(1);
  return is_expression(text);
}

bool is_target(std::string_view text) {
  diagnostics::Diagnostics unheard;
  return parse_target(plain_scalar(text), unheard) != nullptr;
}

std::optional<KeyAndValue> without_colon(std::string_view text) {
  const std::string_view name = leading_name(text);
  const std::size_t value = text.find_first_not_of(" \t", name.size());
  if (name.empty() || name == "not" || name == "lambda" || value == std::string_view::npos || value == name.size()) return std::nullopt;
  if (!begins_value(text.substr(value)) || !is_marked_expression(text.substr(value))) return std::nullopt;
  if (name == "for" && text.find(" in ") != std::string_view::npos) return std::nullopt;  // a loop of Python
  return KeyAndValue{name.size(), value};
}

std::optional<KeyAndValue> without_blank(std::string_view text) {
  const std::string_view name = leading_name(text);
  const std::size_t value = name.size() + 1;
  if (name.empty() || text.size() <= value || text[name.size()] != ':' || text[value] == '=') return std::nullopt;
  if (!begins_value(text.substr(value)) || !is_expression(text.substr(value))) return std::nullopt;
  return KeyAndValue{value, value};
}

std::optional<KeyAndValue> assignment(std::string_view text) {
  constexpr std::string_view names = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_., *()";
  const std::size_t equals = text.find_first_not_of(names);
  if (equals == std::string_view::npos || equals == 0 || text[equals] != '=' || text.substr(equals).starts_with("==")) return std::nullopt;
  const std::size_t target = text.find_last_not_of(' ', equals - 1);
  const std::size_t value = text.find_first_not_of(' ', equals + 1);
  if (target == std::string_view::npos || value == std::string_view::npos) return std::nullopt;
  const std::string_view left = text.substr(0, target + 1);
  if (std::count(left.begin(), left.end(), '(') != std::count(left.begin(), left.end(), ')')) return std::nullopt;  // f(a=1)
  return KeyAndValue{target + 1, value};
}

std::string in_quotes(std::string_view text) {
  if (text.find_first_of("\"\\") == std::string_view::npos) return concat('"', text, '"');
  std::string out = "'";
  for (const char c : text) {
    out += c;
    if (c == '\'') out += c;
  }
  return out + "'";
}

std::string in_flow(std::string_view text) {
  const bool cut = text.find_first_of(",[]{}?'\"") != std::string_view::npos || text.find(": ") != std::string_view::npos ||
                   text.find(" #") != std::string_view::npos || text.starts_with("- ");
  return cut || std::string_view("*&!%@`=").find(text.front()) != std::string_view::npos ? in_quotes(text) : std::string(text);
}

}  // namespace linenc::syntax
