#pragma once

#include <string_view>

namespace linenc::diagnostics {

// The text of pages/NUMBER.md; empty where there is none. Defined in a file that embed_pages.cmake writes.
[[nodiscard]] std::string_view embedded_page(std::string_view number);

}  // namespace linenc::diagnostics
