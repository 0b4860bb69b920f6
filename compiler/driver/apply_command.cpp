// `linenc apply`: runs a model on arrays.
// Tested by tests/compiler/driver/apply_test.cpp.
#include <memory>
#include <optional>

#include "compiler/driver/checkpoint_fit.h"
#include "compiler/driver/command.h"
#include "compiler/driver/compile.h"
#include "compiler/driver/execute.h"
#include "compiler/driver/input_arrays.h"
#include "compiler/driver/model_runs.h"
#include "compiler/driver/outputs.h"
#include "compiler/driver/read_arrays.h"
#include "compiler/driver/variable_files.h"

namespace linenc::driver {
namespace {

struct ApplyOptions {
  CommonOptions common;
  ModelOptions model;
  InputOptions inputs;
  std::string variables;
  std::vector<std::string> outputs;
  std::optional<std::string> seed;
  std::vector<std::string> rngs;
  std::string mutable_collections;
  std::string variables_out;
  std::int64_t threads = 0;
  bool full = false;
};

constexpr const char* kExamples = R"(linenc apply models/mlp.yaml vars.bin input.npy
linenc apply models/cnn.yaml vars.bin -i x=normal:7 --dim batch=2 -o logits.npy
linenc apply models/cnn.yaml vars.bin x.npy --set training=true --rng dropout=1 --mutable batch_stats --vars-out new.bin
)";

Seeds all_seeds(const ApplyOptions& options) {
  Seeds seeds = parse_seeds(options.rngs);
  if (options.seed) seeds.emplace("params", integer_value("--seed", *options.seed));
  return seeds;
}

catalog::Filter parse_mutable(const std::string& text) {
  if (text == "all" || text == "true") return {true, {}};
  catalog::Filter filter;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    if (end > begin) filter.names.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return filter;
}

void require_inputs(ModelFile& file, const ApplyOptions& options, const GivenInputs& given) {
  for (const elaborate::ModelInput& input : file.model->inputs(options.model.method)) {
    if (!input.taken || input.type.optional || given.arrays.contains(input.path)) continue;
    stop(Exit::CannotDo, concat("the input `", input.path, ": ", input.type.text, "` is missing: give a file, or `-i ", input.path, "=zeros`"));
  }
}

// The whole tree, with the leaves that the run made or changed.
runtime::Variables updated(const runtime::Variables& old, const Compiled& compiled, std::vector<runtime::Leaf> written) {
  runtime::Variables variables{{}, old.meta};
  for (const auto& [key, fact] : compiled.leaves) {
    const auto changed = std::find_if(written.begin(), written.end(), [&, &name = key](const runtime::Leaf& leaf) { return leaf.key == name; });
    if (changed != written.end()) {
      variables.leaves.push_back(std::move(*changed));
    } else if (const Array* kept = old.find(key)) {
      variables.leaves.push_back({key, *kept});
    }
  }
  return variables;
}

// Files are prepared first and appear last, all of them; what goes to stdout is in `out`.
void put_outputs(const ApplyOptions& options, const std::vector<runtime::Leaf>& results, const runtime::Variables& variables, CommandResult& result) {
  OutputFiles files;
  for (const std::string& text : options.outputs) {
    const OutputTarget target = output_target(text);
    const std::string bytes = output_bytes(chosen(results, target.name), target.path, options.inputs.casts);
    if (target.path == "-") {
      result.out += bytes;
    } else {
      files.add(target.path, bytes);
    }
  }
  if (!options.variables_out.empty()) {
    const auto bytes = runtime::serialize_variables(variables, variable_format(options.variables_out, ""));
    if (!bytes) stop_on_file(bytes.error());
    files.add(options.variables_out, *bytes);
  }
  if (options.outputs.empty()) result.out = printed(results, options.full);
  files.commit();
}

CommandResult apply(const ApplyOptions& options) {
  if (options.variables.empty()) stop(Exit::CannotDo, "the file of variables is missing: `linenc init` makes one");
  if (!options.variables_out.empty()) (void)variable_format(options.variables_out, "");
  const Seeds seeds = all_seeds(options);
  const std::map<std::string, std::int64_t> sizes = parse_sizes(options.model.dims);
  runtime::Threads threads(thread_count(options.threads));

  const auto file = open_model(options.model, options.common, sizes);
  const auto variables = runtime::read_variables(options.variables);
  if (!variables) stop_on_file(variables.error(), true);
  const GivenInputs given = read_inputs(*file, options.inputs, options.model.method, sizes, threads);
  stop_on_errors(*file, options.common);
  require_inputs(*file, options, given);

  elaborate::RunRequest request;
  request.initializing = false;
  request.method = options.model.method;
  request.mutable_collections = parse_mutable(options.mutable_collections);
  for (const auto& [name, size] : sizes) request.sizes.emplace(name, size);
  for (const auto& [stream, seed] : seeds) request.streams.push_back(stream);
  given.put_into(request);
  const StoredFacts stored = facts_of(*variables);
  check_fit(*file, request, stored, options.variables);
  stop_on_errors(*file, options.common);
  request.variables = &stored;
  const auto leaves = options.variables_out.empty() ? Wanted::Leaves::None : Wanted::Leaves::Written;
  const auto compiled = compile(*file, request, {.results = true, .variables = leaves});
  stop_on_errors(*file, options.common);
  check_sets(*file);

  ProgramOutputs outputs = execute(*compiled, {given.arrays, &*variables, seeds}, threads);
  CommandResult result;
  result.err = warnings_text(*file, options.common);
  put_outputs(options, outputs.results, updated(*variables, *compiled, std::move(outputs.variables)), result);
  return result;
}

}  // namespace

Command apply_command() {
  return {"apply", "run a model on arrays", "MODEL.yaml VARS [INPUT]... [options]", kExamples, [](OptionTable& table) -> std::function<CommandResult()> {
            const auto options = std::make_shared<ApplyOptions>();
            add_model_path(table, options->model);
            table.positional("variables", options->variables, "VARS", "the variables, as `linenc init` writes them");
            table.positional("inputs", options->inputs.positional, "INPUT", "arrays in the order of the model's inputs; `-` is stdin");
            add_input_options(table, options->inputs);
            table.repeated("-o,--output", options->outputs, "OUT", "where results go: FILE, NAME=FILE, or `-` (.npy .npz .safetensors .json)");
            table.flag("--full", options->full, "print every value");
            table.repeated("--rng", options->rngs, "STREAM=N", "a random stream, with its seed");
            table.option("--seed", options->seed, "N", "the seed of the stream `params`");
            add_variant_options(table, options->model);
            table.option("--mutable", options->mutable_collections, "A,B", "collections that the model may write, or `all`");
            table.option("--vars-out", options->variables_out, "FILE", "the variables with the updates");
            table.option("--threads", options->threads, "N", "how many threads (0: every core)");
            add_common_options(table, options->common);
            return [options] { return apply(*options); };
          }};
}

}  // namespace linenc::driver
