// `linenc vars info`: what a checkpoint is, and what its values are like.
// Tested by tests/compiler/driver/vars_test.cpp.
#include <memory>
#include <nlohmann/json.hpp>

#include "compiler/diagnostics/concat.h"
#include "compiler/diagnostics/diagnostics.h"
#include "compiler/driver/leaf_statistics.h"
#include "compiler/driver/variable_files.h"
#include "compiler/driver/vars_command.h"
#include "compiler/driver/vars_report.h"

namespace linenc::driver {
namespace {

using diagnostics::shown;

struct InfoOptions {
  CommonOptions common;
  std::string checkpoint;
  bool json = false;
  std::string format;
};

constexpr const char* kExamples = R"(linenc vars info vars.bin
linenc vars info model.safetensors --json
)";

std::string short_number(const std::optional<double>& value) { return value ? number_text(*value, 6) : "-"; }

std::string_view checksum_state(const runtime::Scan& scan) { return scan.has_checksum ? "right" : "none"; }

std::string collections_text(const runtime::Variables& variables) {
  std::vector<std::vector<std::string>> rows = {{"collection", "variables", "elements", "bytes"}};
  for (const CollectionTotal& total : collection_totals(variables)) {
    rows.push_back({total.name.empty() ? "(none)" : shown(total.name), grouped(total.variables), grouped(total.elements), byte_text(total.bytes)});
  }
  return columns(rows, 1);
}

std::string leaves_text(const runtime::Variables& variables, const std::vector<LeafStatistics>& statistics) {
  std::vector<std::vector<std::string>> rows = {{"variable", "type", "least", "largest", "mean", "NaN", "infinite"}};
  for (std::size_t i = 0; i < statistics.size(); ++i) {
    const LeafStatistics& values = statistics[i];
    rows.push_back({shown(variables.leaves[i].key), to_string(variables.leaves[i].array), short_number(values.least), short_number(values.largest),
                    short_number(values.mean), grouped(values.nan), grouped(values.infinite)});
  }
  return columns(rows, 2);
}

std::string info_text(const std::string& path, const runtime::Scan& scan, const std::vector<LeafStatistics>& statistics) {
  std::string text =
      concat(shown(path), ": ", format_name(scan.format), ", ", grouped(scan.file_bytes), " bytes, checksum ", checksum_state(scan), "\n");
  text += totals_text(scan.variables) + "\n";
  std::vector<std::vector<std::string>> rows;
  for (const auto& [key, value] : scan.variables.meta) rows.push_back({"  " + shown(key), shown(value)});
  if (!rows.empty()) text += "\nmetadata\n" + columns(rows, 2);
  if (statistics.empty()) return text;
  return text + "\n" + collections_text(scan.variables) + "\n" + leaves_text(scan.variables, statistics);
}

ReportJson info_json(const std::string& path, const runtime::Scan& scan, const std::vector<LeafStatistics>& statistics) {
  ReportJson report = report_head(path);
  report["format"] = format_name(scan.format);
  report["file_bytes"] = scan.file_bytes;
  report["checksum"] = checksum_state(scan);
  report["metadata"] = ReportJson::object();
  for (const auto& [key, value] : scan.variables.meta) report["metadata"][key] = value;
  report["leaves"] = ReportJson::array();
  const auto number = [](const std::optional<double>& value) { return value ? number_json(*value) : ReportJson(); };
  for (std::size_t i = 0; i < statistics.size(); ++i) {
    ReportJson leaf = leaf_json(scan.variables.leaves[i]);
    leaf["least"] = number(statistics[i].least);
    leaf["largest"] = number(statistics[i].largest);
    leaf["mean"] = number(statistics[i].mean);
    leaf["nan"] = statistics[i].nan;
    leaf["infinite"] = statistics[i].infinite;
    report["leaves"].push_back(std::move(leaf));
  }
  add_totals(report, scan.variables);
  return report;
}

CommandResult info(const InfoOptions& options) {
  require_path(options.checkpoint, "the checkpoint");
  std::vector<LeafStatistics> statistics;
  const runtime::Scan scan = scan_checkpoint(options.checkpoint, [&](const runtime::Leaf& leaf) { statistics.push_back(statistics_of(leaf)); });
  if (wants_json(options.json, options.format)) return {Exit::Done, info_json(options.checkpoint, scan, statistics).dump(2) + "\n"};
  return {Exit::Done, info_text(options.checkpoint, scan, statistics)};
}

}  // namespace

Command vars_info_command() {
  return {"vars info", "format, checksum, metadata and totals of a checkpoint, and what its values are like", "CKPT [options]", kExamples,
          [](OptionTable& table) -> std::function<CommandResult()> {
            const auto options = std::make_shared<InfoOptions>();
            add_checkpoint_path(table, options->checkpoint);
            add_json_options(table, options->json, options->format);
            add_common_options(table, options->common);
            return [options] { return info(*options); };
          }};
}

}  // namespace linenc::driver
