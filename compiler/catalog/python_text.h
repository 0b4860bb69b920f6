#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "compiler/catalog/context.h"

namespace linenc::catalog {

// Python's str(value) and repr(value) of static values: True, None, 1e-05, (1, 'a'), {'k': 1.0}. A list is a tuple, as the fields of
// Linen's modules keep it. Messages use `display` and `repr`, which spell values as the language does.
[[nodiscard]] std::string python_str(const Value& value);
[[nodiscard]] std::string python_repr(const Value& value);
// E0211 where a size without a number is in the value: its text would be another for each size.
void need_known_sizes(Context& context, const Value& value, Span place);

// Texts are counted and divided in characters, which are code points of UTF-8: a byte and those that continue it.
[[nodiscard]] constexpr bool continues_character(char byte) { return (static_cast<unsigned char>(byte) & 0xC0u) == 0x80u; }
[[nodiscard]] std::size_t character_count(std::string_view text);
// The characters, each as its bytes; parts of `text`.
[[nodiscard]] std::vector<std::string_view> characters(std::string_view text);

}  // namespace linenc::catalog
