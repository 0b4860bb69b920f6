#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace linenc::diagnostics {

// One code point of a text that may not be UTF-8.
struct CodePoint {
  char32_t value = 0;
  std::size_t size = 1;  // bytes; 1 for a byte that begins no code point
  bool valid = true;
};
[[nodiscard]] CodePoint code_point_at(std::string_view text, std::size_t at);
void append_utf8(std::string& out, char32_t point);

// How a code point is printed where the reader must see it and the terminal must not obey it: control, bidirectional
// and invisible characters as `\n`, `\x1B`, `\u202E`; everything else as it is.
void append_escaped(std::string& out, std::string_view text, const CodePoint& point, std::size_t at);

[[nodiscard]] std::string escaped(std::string_view text);

// How many columns of a terminal a code point takes: 2 of what is wide in East Asian scripts and of emoji, 0 of marks that combine
// with the one before (Unicode's EastAsianWidth and categories Mn, Me, in blocks).
[[nodiscard]] std::size_t display_width(char32_t point);

// The text with every byte that is not UTF-8 replaced by U+FFFD: what JSON can hold.
[[nodiscard]] std::string as_utf8(std::string_view text);

// At most `limit` bytes of the text, cut between two code points, with `...` where something is left out.
[[nodiscard]] std::string shortened(std::string_view text, std::size_t limit);

}  // namespace linenc::diagnostics
