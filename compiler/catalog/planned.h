#pragma once

#include <string_view>

namespace linenc::catalog {

// Names of the vocabulary that are not built yet (layers, functions, transforms): what uses one gets E0219, not "unknown name". `library` is a
// prefix such as "np" or "linalg", empty for a bare name.
[[nodiscard]] bool is_planned(std::string_view library, std::string_view name);

}  // namespace linenc::catalog
