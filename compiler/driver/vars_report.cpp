// What the JSON documents of `linenc vars` have in common.
// Tested by tests/compiler/driver/vars_test.cpp.
#include "compiler/driver/vars_report.h"

#include <cmath>

#include "compiler/driver/variable_files.h"

namespace linenc::driver {

ReportJson report_head(const std::string& path) { return {{"format_version", "1.0"}, {"path", path}}; }

ReportJson leaf_json(const runtime::Leaf& leaf) {
  return {{"key", leaf.key},
          {"dtype", std::string(name(leaf.array.dtype()))},
          {"shape", leaf.array.shape()},
          {"elements", leaf.array.size()},
          {"bytes", leaf.array.bytes()}};
}

void add_totals(ReportJson& report, const runtime::Variables& variables) {
  std::uint64_t elements = 0;
  std::uint64_t bytes = 0;
  report["collections"] = ReportJson::array();
  for (const CollectionTotal& total : collection_totals(variables)) {
    elements += total.elements;
    bytes += total.bytes;
    report["collections"].push_back({{"name", total.name}, {"variables", total.variables}, {"elements", total.elements}, {"bytes", total.bytes}});
  }
  report["totals"] = {{"variables", variables.leaves.size()}, {"elements", elements}, {"parameters", parameter_count(variables)}, {"bytes", bytes}};
}

ReportJson number_json(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "Infinity" : "-Infinity";
  return value;
}

}  // namespace linenc::driver
