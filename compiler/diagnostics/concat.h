#pragma once

#include <string>
#include <string_view>

namespace linenc {

// Puts a message together: strings as they are, numbers in the C locale, and everything that has a
// `std::string to_string(const T&)` found by argument-dependent lookup.
namespace concat_detail {
inline void append(std::string& out, std::string_view text) { out += text; }
inline void append(std::string& out, const char* text) { out += text; }
inline void append(std::string& out, const std::string& text) { out += text; }
inline void append(std::string& out, char c) { out += c; }
inline void append(std::string& out, bool b) { out += b ? "true" : "false"; }
template <class T>
void append(std::string& out, const T& value) {
  using std::to_string;
  out += to_string(value);
}
}  // namespace concat_detail

template <class... Parts>
[[nodiscard]] std::string concat(const Parts&... parts) {
  std::string out;
  (concat_detail::append(out, parts), ...);
  return out;
}

}  // namespace linenc
