// `linenc vars digest`: the digest of a tree, the same for every format.
// Tested by tests/compiler/driver/vars_test.cpp.
#include <memory>

#include "compiler/driver/variable_files.h"
#include "compiler/driver/vars_command.h"

namespace linenc::driver {
namespace {

struct DigestOptions {
  CommonOptions common;
  std::string checkpoint;
};

constexpr const char* kExamples = R"(linenc vars digest vars.bin
linenc vars digest model.msgpack
)";

CommandResult digest(const DigestOptions& options) {
  require_path(options.checkpoint, "the checkpoint");
  TreeDigest tree;
  const runtime::Scan scan = scan_checkpoint(options.checkpoint, [&](const runtime::Leaf& leaf) { tree.add(leaf); });
  return {Exit::Done, digest_line(tree, scan.variables) + "\n"};
}

}  // namespace

Command vars_digest_command() {
  return {"vars digest", "one line: the SHA-256 of the tree, as `linenc init --digest` prints it", "CKPT [options]", kExamples,
          [](OptionTable& table) -> std::function<CommandResult()> {
            const auto options = std::make_shared<DigestOptions>();
            add_checkpoint_path(table, options->checkpoint);
            add_common_options(table, options->common);
            return [options] { return digest(*options); };
          }};
}

}  // namespace linenc::driver
