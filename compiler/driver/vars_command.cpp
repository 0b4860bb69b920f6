// `linenc vars`: its verbs, and what they share.
// Tested by tests/compiler/driver/vars_test.cpp.
#include "compiler/driver/vars_command.h"

#include <algorithm>
#include <utility>

#include "compiler/diagnostics/concat.h"
#include "compiler/diagnostics/diagnostics.h"
#include "compiler/driver/limits.h"
#include "compiler/driver/read_arrays.h"
#include "compiler/driver/variable_files.h"

namespace linenc::driver {

using runtime::Format;

void add_checkpoint_path(OptionTable& table, std::string& path) {
  table.positional("checkpoint", path, "CKPT", "a checkpoint of any format; `-` is stdin");
}

void require_path(const std::string& path, std::string_view what) {
  if (path.empty()) stop(Exit::CannotDo, concat(what, " is missing"));
}

runtime::Scan scan_checkpoint(const std::string& path, const std::function<void(const runtime::Leaf&)>& each) {
  auto scan = runtime::scan_variables(path, each, file_limits());
  if (!scan) stop_on_file(scan.error(), true);
  return std::move(*scan);
}

std::string totals_text(const runtime::Variables& variables) {
  std::uint64_t elements = 0;
  std::uint64_t bytes = 0;
  std::string parts;
  for (const CollectionTotal& total : collection_totals(variables)) {
    elements += total.elements;
    bytes += total.bytes;
    if (!total.name.empty()) parts += concat(parts.empty() ? "" : ", ", diagnostics::shown(total.name), " ", byte_text(total.bytes));
  }
  return concat(counted(variables.leaves.size(), "variable"), ", ", counted(elements, "element"), ", ", byte_text(bytes),
                parts.empty() ? "" : concat(" (", parts, ")"));
}

std::string columns(const std::vector<std::vector<std::string>>& rows, std::size_t left) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string text;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string blanks(widths[i] - row[i].size(), ' ');
      line += concat(i == 0 ? "" : "  ", i < left ? row[i] + blanks : blanks + row[i]);
    }
    line.resize(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

std::string_view format_name(Format format) {
  switch (format) {
    case Format::Safetensors: return "safetensors";
    case Format::Json: return "json";
    case Format::Msgpack: return "msgpack";
    case Format::Npz: return "npz";
    case Format::Npy: return "npy";
  }
  return "";
}

namespace {

constexpr const char* kExamples = R"(linenc vars list vars.bin
linenc vars info vars.bin
linenc vars diff old.bin new.msgpack --rtol 1e-5
linenc vars convert vars.bin -o vars.msgpack
linenc vars get vars.bin params/Dense_0/kernel -o kernel.npy
linenc vars digest vars.bin
)";

}  // namespace

Command vars_command() {
  return {"vars",
          "look at checkpoints, compare them, change their format without loss",
          "VERB [arguments]",
          kExamples,
          nullptr,
          {vars_list_command(), vars_info_command(), vars_diff_command(), vars_convert_command(), vars_get_command(), vars_digest_command()}};
}

}  // namespace linenc::driver
