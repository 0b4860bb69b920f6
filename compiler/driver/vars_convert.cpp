// `linenc vars convert`: the same tree in another format.
// Tested by tests/compiler/driver/vars_test.cpp.
#include <memory>
#include <utility>

#include "compiler/diagnostics/concat.h"
#include "compiler/diagnostics/diagnostics.h"
#include "compiler/driver/read_arrays.h"
#include "compiler/driver/variable_files.h"
#include "compiler/driver/vars_command.h"

namespace linenc::driver {
namespace {

struct ConvertOptions {
  CommonOptions common;
  std::string checkpoint;
  std::string output;
  std::string format;
  std::string cast;
  bool force = false;
};

constexpr const char* kExamples = R"(linenc vars convert vars.bin -o vars.msgpack
linenc vars convert flax.msgpack -o vars.safetensors
linenc vars convert vars.bin -o half.bin --cast bfloat16
)";

// Numbers with a point become this dtype; others are kept, since steps and labels are no weights.
void cast_floats(runtime::Variables& variables, const std::string& dtype) {
  if (dtype.empty()) return;
  for (runtime::Leaf& leaf : variables.leaves) {
    if (is_float(leaf.array.dtype())) leaf.array = converted(leaf.array, *dtype_of(dtype));
  }
}

// What a format cannot keep is said, not left out in silence.
std::string notes_on(const runtime::Variables& variables, runtime::Format format) {
  std::string notes;
  const bool keeps_meta = format == runtime::Format::Safetensors || format == runtime::Format::Json;
  if (!keeps_meta && !variables.meta.empty()) notes += concat("note: ", format_name(format), " has no place for the metadata\n");
  const bool keeps_empty = format == runtime::Format::Msgpack || format == runtime::Format::Json;
  if (!keeps_empty && !variables.empty.empty()) {
    notes += concat("note: ", format_name(format), " has no place for what is empty: `", diagnostics::shown(variables.empty.front().key), "`\n");
  }
  for (const runtime::Leaf& leaf : variables.leaves) {
    if (format != runtime::Format::Npz || leaf.array.dtype() != DType::BFloat16) continue;
    return notes + concat("note: NumPy has no bfloat16: `", diagnostics::shown(leaf.key),
                          "` is stored as two-byte void, as ml_dtypes does; `.view(ml_dtypes.bfloat16)` reads it, or give `--cast float32`\n");
  }
  return notes;
}

CommandResult convert(const ConvertOptions& options) {
  require_path(options.checkpoint, "the checkpoint");
  require_path(options.output, "`-o FILE`");
  CommandResult result;
  result.files.writes("-o", options.output);
  result.files.reads(options.checkpoint, "-o");  // a checkpoint may be converted in its place, by `--force`
  const bool to_stdout = options.output == "-";
  const runtime::Format format = to_stdout && options.format.empty() ? runtime::Format::Safetensors : variable_format(options.output, options.format);
  runtime::Variables variables = read_checkpoint(options.checkpoint);
  cast_floats(variables, options.cast);
  if (!options.common.quiet) result.err = notes_on(variables, format);
  if (to_stdout) {
    auto bytes = runtime::serialize_variables(variables, format);
    if (!bytes) stop_on_write(bytes.error());
    result.out = std::move(*bytes);
    return result;
  }
  add_new_variables(result.files, variables, options.output, format, options.force);
  if (!options.common.quiet) result.out = concat(diagnostics::shown(options.output), ": ", totals_text(variables), "\n");
  return result;
}

}  // namespace

Command vars_convert_command() {
  return {"vars convert", "write a checkpoint in another format, without loss", "CKPT -o FILE [options]", kExamples,
          [](OptionTable& table) -> std::function<CommandResult()> {
            const auto options = std::make_shared<ConvertOptions>();
            add_checkpoint_path(table, options->checkpoint);
            table.option("-o,--output", options->output, "FILE", "where it goes; the suffix chooses the format; `-` is stdout");
            table.option("--format", options->format, "FMT", "bin, safetensors, json, msgpack or npz");
            table.choice("--cast", options->cast, {"float16", "bfloat16", "float32", "float64"}, "DTYPE",
                         "float leaves become this dtype: float16, bfloat16, float32 or float64");
            table.flag("--force", options->force, "replace a file that exists");
            add_common_options(table, options->common);
            return [options] { return convert(*options); };
          }};
}

}  // namespace linenc::driver
