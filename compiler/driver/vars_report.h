#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "compiler/driver/command.h"
#include "runtime/variables/variables.h"

namespace linenc::driver {

// The JSON documents of `linenc vars` (schemas/vars.schema.json).
using ReportJson = nlohmann::ordered_json;

// {"format_version": "1.0", "path": ...}
[[nodiscard]] ReportJson report_head(const std::string& path);
// {"key", "dtype", "shape", "elements", "bytes"}
[[nodiscard]] ReportJson leaf_json(const runtime::Leaf& leaf);
// "collections" and "totals"
void add_totals(ReportJson& report, const runtime::Variables& variables);
// A number; "NaN", "Infinity" and "-Infinity" as texts.
[[nodiscard]] ReportJson number_json(double value);

}  // namespace linenc::driver
