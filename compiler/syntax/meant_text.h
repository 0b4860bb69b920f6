#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace linenc::syntax {

// What a text was meant to be that lacks a sign, told from the text alone. Where it is not certain, the answer is none.

// The text without the white space around it.
[[nodiscard]] std::string_view trimmed(std::string_view text);
// What stands between the quotes of a word processor.
[[nodiscard]] std::optional<std::string_view> in_curly_quotes(std::string_view text);
// The name that a text begins with; empty without one.
[[nodiscard]] std::string_view leading_name(std::string_view text);
// `and`, `in`, `if` and the like, which can be no name.
[[nodiscard]] bool is_operator_word(std::string_view name);
[[nodiscard]] bool is_expression(std::string_view text);
// The same behind a mark `=`, if there is one.
[[nodiscard]] bool is_marked_expression(std::string_view text);
// Names with commas between, as `let` and `out` bind them.
[[nodiscard]] bool is_target(std::string_view text);

// A key and its value, by the bytes of the text between them.
struct KeyAndValue {
  std::size_t key_end = 0, value_begin = 0;
};
// `features 3`, `in x`: the `:` between is missing.
[[nodiscard]] std::optional<KeyAndValue> without_colon(std::string_view text);
// `features:3`: the blank behind the `:` is missing.
[[nodiscard]] std::optional<KeyAndValue> without_blank(std::string_view text);
// `y = x + 1`, `a, b = f(x)`: Python's assignment.
[[nodiscard]] std::optional<KeyAndValue> assignment(std::string_view text);

// The text as a quoted scalar: with `"` where that needs no escapes.
[[nodiscard]] std::string in_quotes(std::string_view text);
// As a value or key of a flow map: quoted where it needs that.
[[nodiscard]] std::string in_flow(std::string_view text);

}  // namespace linenc::syntax
