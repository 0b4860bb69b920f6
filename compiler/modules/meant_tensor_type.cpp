// Slips of a tensor type: brackets that are missing or others, no dimensions, no dtype.
#include "compiler/modules/meant_tensor_type.h"

#include <algorithm>
#include <cctype>

#include "compiler/modules/module.h"
#include "compiler/syntax/expression_parser.h"
#include "compiler/syntax/meant_text.h"

namespace linenc::modules {

using diagnostics::Code;
using diagnostics::Diagnostics;
using diagnostics::shown;

namespace {

// What a text is to be, and what it lacks in words.
struct Meant {
  std::string text, why;
};

Meant meant_brackets(std::string_view dtype, std::string_view rest) {
  const std::string_view open = rest.substr(0, 1), close = rest.substr(rest.size() - 1);
  const std::string head = concat(dtype, "[");
  if (open == "[" && rest.find(']') == std::string_view::npos) {
    const bool other = close == ")" || close == "}";
    return {concat(dtype, rest.substr(0, rest.size() - (other ? 1 : 0)), "]"),
            concat("expected `]` at the end", other ? concat(", found `", close, "`") : std::string())};
  }
  if ((open == "(" && close == ")") || (open == "{" && close == "}")) {
    return {concat(head, rest.substr(1, rest.size() - 2), "]"), concat("expected `[` after `", dtype, "`, found `", open, "`")};
  }
  if (close == "]" && rest.find('[') == std::string_view::npos) {
    const bool other = open == "(" || open == "{";
    return {concat(head, rest.substr(other ? 1 : 0)), concat("expected `[` after `", dtype, "`")};
  }
  return {};
}

Meant meant(std::string_view text) {
  const std::string_view dtype = leading_dtype(text);
  if (dtype.empty()) return text.starts_with("[") ? Meant{"", "a dtype is missing before `[`"} : Meant{};
  std::string_view rest = text.substr(dtype.size());
  rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
  if (rest.empty()) return {"", concat("it has no dimensions, and is written `", dtype, "[]` where there are no axes")};
  return meant_brackets(dtype, rest);
}

bool is_whole(const std::string& text) {
  if (!is_tensor_type(text)) return false;
  Node node;
  node.text = text;
  Diagnostics unheard;
  return syntax::parse_dimensions(node, text.find('[') + 1, text.rfind(']'), unheard) != nullptr;
}

}  // namespace

std::string_view leading_dtype(std::string_view text) {
  const std::string_view word = syntax::leading_name(text);
  if (dtype_of(word)) return word;
  for (std::size_t size = word.size(); size > 0; --size) {
    const std::string_view head = word.substr(0, size);
    if (std::isdigit(static_cast<unsigned char>(head.back())) != 0 && dtype_of(head)) return head;
  }
  return {};
}

bool report_meant_tensor_type(const Node& node, std::size_t begin, std::size_t end, Diagnostics& diagnostics) {
  while (begin < end && node.text[begin] == ' ') ++begin;
  while (end > begin && node.text[end - 1] == ' ') --end;
  const std::string_view text = std::string_view(node.text).substr(begin, end - begin);
  const Span place = node.span_of(begin, end);
  if (const auto quoted = syntax::in_curly_quotes(text)) {
    const std::string inner(*quoted);
    auto report = diagnostics.error(Code::WrongType, place, concat("`", shown(text), "` is not a tensor type: its quotes are none of YAML"));
    if (node.plain && is_whole(inner)) report.fix(place, syntax::in_quotes(inner), concat("write `", syntax::in_quotes(inner), "`"));
    report.emit();
    return true;
  }
  const Meant found = meant(text);
  if (found.why.empty()) return false;
  auto report = diagnostics.error(Code::WrongType, place, concat("`", shown(text), "` is not a tensor type: ", found.why));
  if (is_whole(found.text)) {
    const std::string written = node.plain && node.flow ? syntax::in_quotes(found.text) : found.text;
    report.fix(place, written, concat("write `", shown(written), "`"));
  }
  report.emit();
  return true;
}

}  // namespace linenc::modules
