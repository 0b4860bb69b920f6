// `linenc init`: makes the variables of a model, exactly as Flax's init would.
// Tested by tests/compiler/driver/init_apply_test.cpp.
#include <memory>
#include <optional>

#include "compiler/driver/command.h"
#include "compiler/driver/compile.h"
#include "compiler/driver/execute.h"
#include "compiler/driver/init_sizes.h"
#include "compiler/driver/input_arrays.h"
#include "compiler/driver/model_runs.h"
#include "compiler/driver/variable_files.h"

namespace linenc::driver {
namespace {

struct InitOptions {
  CommonOptions common;
  ModelOptions model;
  InputOptions inputs;
  std::string output = "vars.bin";
  std::string format;
  std::optional<std::string> seed;
  std::vector<std::string> rngs;
  std::int64_t threads = 0;
  bool force = false;
  bool digest = false;
};

constexpr const char* kExamples = R"(linenc init models/mlp.yaml
linenc init models/cnn.yaml --seed 42 -o cnn.safetensors
linenc init models/cnn.yaml --set num_classes=100 --dim batch=8 -o cnn.json
)";

Seeds all_seeds(const InitOptions& options) {
  Seeds seeds = parse_seeds(options.rngs, options.seed);
  seeds.emplace("params", 0);
  return seeds;
}

runtime::Variables with_meta(std::vector<runtime::Leaf> leaves, const ModelFile& file, const Seeds& seeds) {
  runtime::Variables variables{std::move(leaves), {}};
  variables.meta.emplace_back("model", file.name());
  variables.meta.emplace_back("model_digest", "sha256:" + file.text_digest);
  for (const auto& [stream, seed] : seeds) variables.meta.emplace_back(stream == "params" ? "seed" : "seed." + stream, std::to_string(seed));
  return variables;
}

CommandResult init(const InitOptions& options) {
  CommandResult result;
  result.files.writes("-o", options.output);
  result.files.reads(options.model.path);
  result.files.reads(options.inputs);
  const bool to_stdout = options.output == "-";
  const runtime::Format format = to_stdout && options.format.empty() ? runtime::Format::Safetensors : variable_format(options.output, options.format);
  const Seeds seeds = all_seeds(options);
  const std::map<std::string, std::int64_t> sizes = parse_sizes(options.model.dims);
  runtime::Threads threads(thread_count(options.threads));

  const auto file = open_model(options.model, options.common, sizes);
  const GivenInputs given = read_inputs(*file, options.inputs, options.model.method, sizes, threads);
  stop_on_errors(*file, options.common);

  elaborate::RunRequest request;
  request.method = options.model.method;
  for (const auto& [name, size] : sizes) request.sizes.emplace(name, size);
  for (const auto& [stream, seed] : seeds) request.streams.push_back(stream);
  given.put_into(request);
  if (!complete_init_sizes(*file, request, given.sizes, options.common)) stop_on_errors(*file, options.common);
  const auto compiled = compile(*file, request, {.results = false, .variables = Wanted::Leaves::All});
  stop_on_errors(*file, options.common);
  check_sets(*file);
  result.files.reads(file->paths());

  const runtime::Variables variables = with_meta(execute(*compiled, {given.arrays, nullptr, seeds}, threads).variables, *file, seeds);
  result.err = warnings_text(*file, options.common);
  if (options.common.verbose) result.err += plan_facts(*compiled, threads);
  std::string line = options.digest ? digest_line(variables) + "\n" : concat(diagnostics::shown(options.output), ": ", describe(variables), "\n");
  if (to_stdout) {
    auto bytes = runtime::serialize_variables(variables, format);
    if (!bytes) stop(Exit::CannotDo, bytes.error().text);
    result.out = std::move(*bytes);
    if (options.digest) result.err += line;
    return result;
  }
  add_new_variables(result.files, variables, options.output, format, options.force);
  if (!options.common.quiet || options.digest) result.out = std::move(line);
  return result;
}

}  // namespace

Command init_command() {
  return {"init", "make the variables of a model", "MODEL.yaml [-o VARS] [options]", kExamples,
          [](OptionTable& table) -> std::function<CommandResult()> {
            const auto options = std::make_shared<InitOptions>();
            add_model_path(table, options->model);
            table.option("-o,--output", options->output, "VARS", "where the variables go; the suffix chooses the format (vars.bin)");
            table.option("--seed", options->seed, "N", "the seed of the stream `params` (0)");
            table.repeated("--rng", options->rngs, "STREAM=N", "a further random stream");
            add_variant_options(table, options->model);
            add_input_options(table, options->inputs);
            table.option("--format", options->format, "FMT", "bin, safetensors, json, msgpack or npz");
            table.flag("--force", options->force, "replace a file that exists");
            table.flag("--digest", options->digest, "print the digest of the tree");
            table.option("--threads", options->threads, "N", "how many threads (0: every core)");
            add_common_options(table, options->common);
            add_verbose_option(table, options->common, "print what was compiled, too");
            return [options] { return init(*options); };
          }};
}

}  // namespace linenc::driver
