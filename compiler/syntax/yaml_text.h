#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/diagnostics/diagnostics.h"

namespace linenc::syntax {

// The raw bytes of a YAML file, looked at beside yaml-cpp: it gives where a node begins, and neither where it ends nor
// where a byte of its value stands. Used by yaml.cpp alone.

// Checks what yaml-cpp does not or would be slow to: UTF-8, control bytes, a byte order mark of another encoding, and
// brackets that nobody closes. False after a report.
[[nodiscard]] bool check_bytes(source::FileId file, std::string_view text, diagnostics::Diagnostics& diagnostics);

// From `at` over blanks, line breaks and comments.
[[nodiscard]] std::size_t skip_blank(std::string_view text, std::size_t at);
// From `at` over blanks of the same line.
[[nodiscard]] std::size_t skip_spaces(std::string_view text, std::size_t at);
// The end of the line that `at` is on, without its break.
[[nodiscard]] std::size_t line_end(std::string_view text, std::size_t at);
[[nodiscard]] std::size_t line_begin(std::string_view text, std::size_t at);
[[nodiscard]] std::size_t column_of(std::string_view text, std::size_t at);
[[nodiscard]] bool is_break(std::string_view text, std::size_t at);

// Where a scalar ends and where each byte of its value stands.
struct ScalarPlace {
  std::size_t end = 0;                 // one past the closing quote or the last byte of the value
  std::size_t first = 0;               // where the value begins
  std::vector<std::uint32_t> offsets;  // as in Node
};
// Lays `value`, as yaml-cpp read it, over the bytes from `begin` on; none where they do not fit.
[[nodiscard]] std::optional<ScalarPlace> place_scalar(std::string_view text, std::size_t begin, std::string_view value);

// The byte after the closing quote of the quoted scalar that begins at `begin`; none where it is never closed.
[[nodiscard]] std::optional<std::size_t> closing_quote(std::string_view text, std::size_t begin);

}  // namespace linenc::syntax
