#pragma once

#include <string_view>

namespace linenc::plan_file {

// UTF-8 without control bytes: what a plan file may hold as a name, and a terminal may be shown.
[[nodiscard]] bool is_plain_text(std::string_view text);

}  // namespace linenc::plan_file
