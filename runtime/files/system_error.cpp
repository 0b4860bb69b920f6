// Messages about files.
#include "runtime/files/system_error.h"

#include <system_error>

namespace linenc::runtime {
namespace {

constexpr std::size_t kLongestShown = 300;

bool is_control(unsigned char byte) { return byte < 0x20 || byte == 0x7F; }

std::string escaped(std::string_view text) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string result;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (is_control(byte)) {
      result.append("\\x").push_back(kDigits[byte >> 4]);
      result.push_back(kDigits[byte & 15]);
    } else {
      result.push_back(c);
    }
  }
  return result;
}

}  // namespace

std::string shown(const std::filesystem::path& path) {
  std::string text = escaped(path.native());
  if (text.size() > kLongestShown) {
    text = text.substr(0, kLongestShown / 2) + "..." + text.substr(text.size() - kLongestShown / 2);
  }
  return "`" + text + "`";
}

RunError system_error(std::string_view what, const std::filesystem::path& path, int number, std::string_view call) {
  const std::string reason = std::error_code(number, std::generic_category()).message();
  std::string text = std::string(what) + " " + shown(path) + ": " + reason;
  if (!call.empty()) text.append(" (").append(call).append(")");
  return {RunError::Kind::System, std::move(text), ""};
}

RunError refusal(std::string_view what, const std::filesystem::path& path, std::string_view why) {
  return {RunError::Kind::System, std::string(what) + " " + shown(path) + ": " + std::string(why), ""};
}

}  // namespace linenc::runtime
