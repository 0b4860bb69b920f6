#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "runtime/core/run_error.h"

namespace linenc::runtime {

// A path in backticks for a message: control bytes escaped, the middle of a very long one left out.
[[nodiscard]] std::string shown(const std::filesystem::path& path);

// "cannot write `path`: No space left on device (fsync)"; `call` may be empty.
[[nodiscard]] RunError system_error(std::string_view what, const std::filesystem::path& path, int number, std::string_view call);
// "cannot write `path`: it is a folder"
[[nodiscard]] RunError refusal(std::string_view what, const std::filesystem::path& path, std::string_view why);

}  // namespace linenc::runtime
