// `linenc vars list`: the leaves of a checkpoint.
// Tested by tests/compiler/driver/vars_test.cpp.
#include <memory>
#include <nlohmann/json.hpp>

#include "compiler/diagnostics/concat.h"
#include "compiler/diagnostics/diagnostics.h"
#include "compiler/driver/vars_command.h"
#include "compiler/driver/vars_report.h"

namespace linenc::driver {
namespace {

struct ListOptions {
  CommonOptions common;
  std::string checkpoint;
  bool json = false;
  std::string format;
};

constexpr const char* kExamples = R"(linenc vars list vars.bin
linenc vars list model.msgpack --json
)";

std::string list_text(const runtime::Scan& scan, bool quiet) {
  std::vector<std::vector<std::string>> rows;
  for (const runtime::Leaf& leaf : scan.variables.leaves) {
    rows.push_back({diagnostics::shown(leaf.key), to_string(leaf.array), concat(grouped(leaf.array.bytes()), " B")});
  }
  return columns(rows, 2) + (quiet ? "" : totals_text(scan.variables) + "\n");
}

CommandResult list(const ListOptions& options) {
  require_path(options.checkpoint, "the checkpoint");
  const runtime::Scan scan = scan_checkpoint(options.checkpoint, nullptr);
  if (!wants_json(options.json, options.format)) return {Exit::Done, list_text(scan, options.common.quiet)};
  ReportJson report = report_head(options.checkpoint);
  report["leaves"] = ReportJson::array();
  for (const runtime::Leaf& leaf : scan.variables.leaves) report["leaves"].push_back(leaf_json(leaf));
  add_totals(report, scan.variables);
  return {Exit::Done, report.dump(2) + "\n"};
}

}  // namespace

Command vars_list_command() {
  return {"vars list", "the variables of a checkpoint, with dtype, shape and bytes", "CKPT [options]", kExamples,
          [](OptionTable& table) -> std::function<CommandResult()> {
            const auto options = std::make_shared<ListOptions>();
            add_checkpoint_path(table, options->checkpoint);
            add_json_options(table, options->json, options->format);
            add_common_options(table, options->common);
            return [options] { return list(*options); };
          }};
}

}  // namespace linenc::driver
