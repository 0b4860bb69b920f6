#pragma once

#include <nlohmann/json_fwd.hpp>

#include "compiler/diagnostics/diagnostics.h"
#include "compiler/source/source_set.h"

namespace linenc::diagnostics {

// One element of `diagnostics` in the report of cli.md section 4: code, slug, severity, message, path, range, module,
// marks, related, fixes. Lines and columns from 1, columns in code points, ends exclusive, bytes from 0. `file` is the path of a
// problem that belongs to no text; empty where there is none.
[[nodiscard]] nlohmann::ordered_json to_json(const Diagnostic& diagnostic, const source::SourceSet& sources, std::string_view file = "");

// {"format_version": "1.0", "tool": {...}, "summary": {...}, "diagnostics": [...]}; `files` is how many were looked at.
[[nodiscard]] nlohmann::ordered_json report_json(const std::vector<nlohmann::ordered_json>& diagnostics, std::size_t files, std::size_t errors,
                                                 std::size_t warnings);

}  // namespace linenc::diagnostics
