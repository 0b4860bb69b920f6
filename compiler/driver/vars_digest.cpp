// `linenc vars digest`: the digest of a tree, the same for every format.
// Tested by tests/compiler/driver/vars_test.cpp.
#include <memory>
#include <nlohmann/json.hpp>

#include "compiler/driver/variable_files.h"
#include "compiler/driver/vars_command.h"
#include "compiler/driver/vars_report.h"

namespace linenc::driver {
namespace {

struct DigestOptions {
  CommonOptions common;
  std::string checkpoint;
  bool json = false;
  std::string format;
};

constexpr const char* kExamples = R"(linenc vars digest vars.bin
linenc vars digest model.msgpack --json
)";

CommandResult digest(const DigestOptions& options) {
  require_path(options.checkpoint, "the checkpoint");
  TreeDigest tree;
  const runtime::Scan scan = scan_checkpoint(options.checkpoint, [&](const runtime::Leaf& leaf) { tree.add(leaf); });
  if (!wants_json(options.json, options.format)) return {Exit::Done, digest_line(tree, scan.variables) + "\n"};
  ReportJson report = report_head(options.checkpoint);
  report["digest"] = "sha256:" + tree.hex();
  report["random"] = kRandom;
  add_totals(report, scan.variables);
  return {Exit::Done, report.dump(2) + "\n"};
}

}  // namespace

Command vars_digest_command() {
  return {"vars digest", "one line: the SHA-256 of the tree, as `linenc init --digest` prints it", "CKPT [options]", kExamples,
          [](OptionTable& table) -> std::function<CommandResult()> {
            const auto options = std::make_shared<DigestOptions>();
            add_checkpoint_path(table, options->checkpoint);
            add_json_options(table, options->json, options->format);
            add_common_options(table, options->common);
            return [options] { return digest(*options); };
          }};
}

}  // namespace linenc::driver
