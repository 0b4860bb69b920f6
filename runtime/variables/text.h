#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

#include "runtime/core/run_error.h"

namespace linenc::runtime {

// Pieces of a message, put together: text as it is, numbers in decimal.
template <class... Parts>
[[nodiscard]] std::string joined(const Parts&... parts) {
  std::string out;
  const auto add = [&out](const auto& part) {
    if constexpr (std::is_arithmetic_v<std::decay_t<decltype(part)>>) {
      out += std::to_string(part);
    } else {
      out += std::string_view(part);
    }
  };
  (add(parts), ...);
  return out;
}

// A file that is not what its format says.
template <class... Parts>
[[nodiscard]] RunError bad_file(const Parts&... parts) {
  return RunError{.kind = RunError::Kind::BadFile, .text = joined(parts...), .origin = {}};
}

// Text of a file between backticks, fit for a terminal and a log: control bytes and broken UTF-8 as \xNN, cut after 300
// bytes.
[[nodiscard]] std::string in_backticks(std::string_view text);

[[nodiscard]] bool is_utf8(std::string_view text);

// `text` as a JSON string, quotes included. Expects UTF-8.
void append_json_string(std::string& out, std::string_view text);

}  // namespace linenc::runtime
