#pragma once

#include <string>
#include <utility>
#include <vector>

namespace linenc::schema {

// The pages under docs/reference, made from the catalog and from the pages of the diagnostics: (file name, Markdown). A test fails where the
// files in git are not these; `make golden` rewrites them.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> reference_pages();

}  // namespace linenc::schema
