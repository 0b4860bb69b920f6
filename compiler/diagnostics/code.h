#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace linenc::diagnostics {

enum class Severity : std::uint8_t { Error, Warning };

enum class Code : std::uint16_t {
#define LINENC_CODE(number, enumerator, slug, severity) enumerator,
#include "compiler/diagnostics/codes.def"
#undef LINENC_CODE
};

// "E0203"
[[nodiscard]] std::string_view number(Code code);
// "shape-mismatch"
[[nodiscard]] std::string_view slug(Code code);
[[nodiscard]] Severity severity(Code code);
// By number, upper or lower case; none where there is no such code.
[[nodiscard]] std::optional<Code> code_of(std::string_view number);
[[nodiscard]] std::vector<Code> all_codes();
// The long page of a code (Markdown), compiled into the program from pages/E0203.md.
[[nodiscard]] std::string_view page(Code code);

}  // namespace linenc::diagnostics
