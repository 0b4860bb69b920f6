// Tested by tests/runtime/core/key_names_test.cpp.
#include "runtime/core/key_names.h"

namespace linenc::runtime {
namespace {

bool is_code(std::string_view text) { return text == "2F" || text == "25"; }

}  // namespace

std::string escaped_name(std::string_view name) {
  std::string out;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name[i] == '/') {
      out += "%2F";
    } else if (name[i] == '%' && is_code(name.substr(i + 1, 2))) {
      out += "%25";
    } else {
      out += name[i];
    }
  }
  return out;
}

std::string unescaped_name(std::string_view part) {
  std::string out;
  for (std::size_t i = 0; i < part.size(); ++i) {
    const std::string_view code = part.substr(i, 3);
    if (code == "%2F" || (code == "%25" && is_code(part.substr(i + 3, 2)))) {
      out += code == "%2F" ? '/' : '%';
      i += 2;
    } else {
      out += part[i];
    }
  }
  return out;
}

std::string plain_key(std::string_view key) { return unescaped_name(key); }

}  // namespace linenc::runtime
