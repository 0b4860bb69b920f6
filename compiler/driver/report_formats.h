#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/driver/check_file.h"

namespace linenc::driver {

// How a report of problems is written.
enum class ReportFormat : std::uint8_t { Full, Concise, Json, Jsonl, Github, Gitlab, Sarif, Junit };
[[nodiscard]] std::optional<ReportFormat> report_format_of(std::string_view name);
[[nodiscard]] const std::vector<std::string>& report_format_names();
// Whether programs read it, so that it owns stdout.
[[nodiscard]] bool is_for_machines(ReportFormat format);

// Everything that was found, in the order of the files and of the places in them.
struct Report {
  const std::vector<CheckedFile>& files;
};

// The whole document; `style` is for the formats that people read.
[[nodiscard]] std::string written(const Report& report, ReportFormat format, const diagnostics::TextStyle& style);

}  // namespace linenc::driver
