// `linenc vars get`: leaves of a checkpoint, printed or written.
// Tested by tests/compiler/driver/vars_test.cpp.
#include <memory>
#include <utility>

#include "compiler/diagnostics/closest_name.h"
#include "compiler/diagnostics/concat.h"
#include "compiler/diagnostics/diagnostics.h"
#include "compiler/driver/outputs.h"
#include "compiler/driver/variable_files.h"
#include "compiler/driver/vars_command.h"

namespace linenc::driver {
namespace {

using diagnostics::shown;
using runtime::Leaf;

struct GetOptions {
  CommonOptions common;
  std::string checkpoint;
  std::string key;
  std::string output;
  std::string cast;
  bool full = false;
};

constexpr const char* kExamples = R"(linenc vars get vars.bin params/Dense_0/kernel
linenc vars get vars.bin params/Dense_0/kernel -o kernel.npy
linenc vars get vars.bin params/Dense_0 -o dense.npz
)";

// The leaf of this key, or all leaves of the tree of this name.
std::vector<Leaf> leaves_under(runtime::Variables variables, const GetOptions& options) {
  std::vector<Leaf> found;
  std::vector<std::string> keys;
  for (Leaf& leaf : variables.leaves) {
    keys.push_back(leaf.key);
    if (leaf.key == options.key || leaf.key.starts_with(options.key + "/")) found.push_back(std::move(leaf));
  }
  if (found.empty()) {
    stop(Exit::CannotDo, concat("`", shown(options.checkpoint), "` has no variable `", shown(options.key), "`",
                                diagnostics::did_you_mean(options.key, keys), " (`linenc vars list` shows all)"));
  }
  return found;
}

CommandResult get(const GetOptions& options) {
  require_path(options.checkpoint, "the checkpoint");
  require_path(options.key, "the key of a variable");
  CommandResult result;
  result.files.writes("-o", options.output);
  result.files.reads(options.checkpoint);
  std::vector<Leaf> leaves = leaves_under(read_checkpoint(options.checkpoint), options);
  std::vector<std::string> casts;
  if (!options.cast.empty()) {
    for (Leaf& leaf : leaves) leaf.array = converted(leaf.array, *dtype_of(options.cast));
    casts.push_back(options.cast);
  }
  if (options.output.empty()) {
    result.out = printed(leaves, options.full);
    return result;
  }
  const bool to_npy = options.output == "-" || runtime::format_of_suffix(options.output) == runtime::Format::Npy;
  if (to_npy && leaves.size() > 1) {
    stop(Exit::CannotDo, concat("`", diagnostics::shown(options.output), "` holds one array, and `", diagnostics::shown(options.key), "` has ",
                                counted(leaves.size(), "variable"), ": write an .npz, or name one of them"));
  }
  std::string bytes = output_bytes(std::move(leaves), options.output, casts);
  if (options.output == "-") {
    result.out = std::move(bytes);
  } else {
    result.files.add(options.output, bytes);
  }
  return result;
}

}  // namespace

Command vars_get_command() {
  return {"vars get", "print a variable as NumPy does, or write it", "CKPT KEY [-o FILE] [options]", kExamples,
          [](OptionTable& table) -> std::function<CommandResult()> {
            const auto options = std::make_shared<GetOptions>();
            add_checkpoint_path(table, options->checkpoint);
            table.positional("key", options->key, "KEY", "collection/module/name; a name further up means all that is under it");
            table.option("-o,--output", options->output, "FILE", "where it goes: .npy, .npz, .safetensors or .json; `-` is npy on stdout");
            table.choice(
                "--cast", options->cast,
                {"bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float16", "bfloat16", "float32", "float64"},
                "DTYPE", "convert to this dtype, even where values change");
            table.flag("--full", options->full, "print every value");
            add_common_options(table, options->common);
            return [options] { return get(*options); };
          }};
}

}  // namespace linenc::driver
