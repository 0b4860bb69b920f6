#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "compiler/elaborate/elaborate.h"

namespace linenc::driver {

// One call of a module, the first of its path.
struct TableRow {
  std::string path;    // empty: the root
  std::string module;  // "Dense", "Encoder (encode)"
  std::string inputs, outputs;
  std::vector<std::pair<std::string, std::string>> variables;  // directly in the module: "params/kernel", "float32[4, 3]"
  graph::Dim parameters, bytes;                                // of these variables (parameters: of `params`)
  graph::Dim flops, macs;                                      // of the call, submodules included
};

struct Table {
  std::vector<TableRow> rows;  // in the order in which the calls begin
  graph::Dim parameters, bytes, flops, macs;
};

// The table of an apply run with recorded calls. Its shapes are shown as they are; for the numbers, names get the sizes given. The
// graph of the run has these sizes afterwards.
[[nodiscard]] Table tabulate(elaborate::Run& run, const std::map<std::string, graph::Dim>& sizes);

// Rows at most `depth` modules deep (0: the model itself), with the totals.
[[nodiscard]] std::string print(const Table& table, std::int64_t depth);
[[nodiscard]] nlohmann::ordered_json to_json(const Table& table, std::int64_t depth);

}  // namespace linenc::driver
