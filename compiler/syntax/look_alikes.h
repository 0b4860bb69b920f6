#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace linenc::syntax {

// A character that looks like one of ASCII, as word processors, web pages and other alphabets have it.
struct LookAlike {
  std::size_t size = 0;    // bytes
  std::string code;        // "U+2212"
  std::string_view meant;  // "-"
};
// Of the character that the text begins with; none where it is ASCII, or looks like nothing else.
[[nodiscard]] std::optional<LookAlike> look_alike(std::string_view text);

}  // namespace linenc::syntax
