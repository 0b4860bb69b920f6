// `linenc apply`: runs a model on arrays.
// Tested by tests/compiler/driver/init_apply_test.cpp.
#include <algorithm>
#include <memory>
#include <utility>

#include "compiler/diagnostics/closest_name.h"
#include "compiler/driver/apply_outputs.h"
#include "compiler/driver/apply_plan.h"
#include "compiler/driver/checkpoint_fit.h"
#include "compiler/driver/command.h"
#include "compiler/driver/compare_outputs.h"
#include "compiler/driver/compile.h"
#include "compiler/driver/execute.h"
#include "compiler/driver/input_arrays.h"
#include "compiler/driver/model_runs.h"
#include "compiler/driver/plan_files.h"
#include "compiler/driver/read_arrays.h"
#include "compiler/driver/variable_files.h"

namespace linenc::driver {

using diagnostics::shown;

namespace {

constexpr const char* kExamples = R"(linenc apply models/mlp.yaml vars.bin input.npy
linenc apply models/cnn.yaml vars.bin -i x=normal:7 --dim batch=2 -o logits.npy
linenc apply models/cnn.yaml vars.bin x.npy --set training=true --rng dropout=1 --mutable batch_stats --vars-out new.bin
linenc apply models/mlp.yaml vars.bin input.npy --expect expected.npy --rtol 1e-4
linenc apply mlp.plan input.npy
)";

void require_inputs(ModelFile& file, const ApplyOptions& options, const GivenInputs& given) {
  for (const elaborate::ModelInput& input : file.model->inputs(options.model.method)) {
    if (!input.taken || input.type.optional || given.arrays.contains(input.path)) continue;
    stop_on_missing_input(input.path, input.type.text);
  }
}

// `--mutable` takes any name, as Flax does; one that the run knows nothing of is told, since it is a slip as a rule.
std::string unknown_collections(const catalog::Filter& filter, const elaborate::Run& run) {
  if (filter.all) return "";
  std::vector<std::string> known = {"intermediates"};
  for (const catalog::VariableLeaf& leaf : run.variables) {
    if (std::find(known.begin(), known.end(), collection_of(leaf.key)) == known.end()) known.emplace_back(collection_of(leaf.key));
  }
  std::string text;
  for (const std::string& name : filter.names) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    text += concat("warning: `--mutable ", shown(name), "`: the model has no such collection", diagnostics::did_you_mean(name, known), "\n");
  }
  return text;
}

// What one run works on.
struct Call {
  ModelFile& file;
  const elaborate::RunRequest& request;
  const GivenInputs& given;
  const runtime::Variables& variables;
  const Seeds& seeds;
  runtime::Threads& threads;
};

void capture_intermediates(elaborate::RunRequest& request) {
  if (!request.mutable_collections.matches("intermediates")) request.mutable_collections.names.emplace_back("intermediates");
  request.capture_intermediates = true;
  request.record_calls = true;  // for their order
}

// "`Dense_0` has 2 values that are not finite, the first at [0, 1]": of the first module in the order of execution whose result is not.
// The model runs a second time for that, with the result of every module. Empty where no module is to blame.
std::string first_module_not_finite(const Call& call) {
  elaborate::RunRequest request = call.request;
  capture_intermediates(request);
  const auto compiled = compile(call.file, request, {.results = false, .variables = Wanted::Leaves::Written});
  if (!compiled) return "";
  for (const runtime::Leaf& leaf : execute(*compiled, {call.given.arrays, &call.variables, call.seeds}, call.threads).variables) {
    const std::size_t end = leaf.key.rfind("/__call__/");
    if (!leaf.key.starts_with("intermediates/") || end == std::string::npos) continue;
    constexpr std::size_t kCollection = std::string_view("intermediates/").size();
    const std::string module = end < kCollection ? "the model" : leaf.key.substr(kCollection, end - kCollection);
    if (const auto line = not_finite(module, leaf.array)) return "the first module whose result is not finite: " + *line;
  }
  return "";
}

// What `--check-finite` asks; ends the command with exit 1 where a result is not finite, and says where that began: an input, a variable,
// or a module.
void check_finite(const Call& call, const std::vector<runtime::Leaf>& results) {
  std::vector<std::string> lines = not_finite(results);
  if (lines.empty()) return;
  for (const auto& [path, array] : call.given.arrays) {
    if (const auto line = not_finite(path, array)) lines.push_back("the input " + *line);
  }
  for (const std::string& line : not_finite(call.variables.leaves)) lines.push_back("the variable " + line);
  if (const std::string module = first_module_not_finite(call); !module.empty()) lines.push_back(module);
  stop_on_lines(lines);
}

CommandResult apply(const ApplyOptions& options) {
  CommandResult result;
  check_outputs(options, result.files);
  if (const auto plan = open_plan(options.model.path)) return apply_plan(options, *plan, std::move(result));
  if (options.variables.empty()) stop(Exit::CannotDo, "the file of variables is missing: `linenc init` makes one");
  const Seeds seeds = parse_seeds(options.rngs, options.seed);
  const std::map<std::string, std::int64_t> sizes = parse_sizes(options.model.dims);
  runtime::Threads threads(thread_count(options.threads));

  const auto file = open_model(options.model, options.common, sizes);
  runtime::Variables variables = read_checkpoint(options.variables);
  const std::vector<runtime::Leaf> expected = expected_outputs(options);
  const GivenInputs given = read_inputs(*file, options.inputs, options.model.method, sizes, threads);
  stop_on_errors(*file, options.common);
  require_inputs(*file, options, given);

  elaborate::RunRequest request = apply_request(options.model.method, options.mutable_collections, sizes, seeds, given);
  const bool writes_intermediates = request.mutable_collections.matches("intermediates");
  if (!options.intermediates.empty()) capture_intermediates(request);
  const StoredFacts stored = fitted_leaves(*file, request, variables, options.variables);
  stop_on_errors(*file, options.common);
  request.variables = &stored;
  const bool keep_written = !options.variables_out.empty() || !options.intermediates.empty();
  elaborate::Run run = file->model->run(request);
  const std::string slips = options.common.quiet ? "" : unknown_collections(request.mutable_collections, run);
  const auto compiled =
      compile(*file, std::move(run), request, {.results = true, .variables = keep_written ? Wanted::Leaves::Written : Wanted::Leaves::None});
  stop_on_errors(*file, options.common);
  check_sets(*file);
  result.files.reads(file->paths());

  const ProgramOutputs outputs = execute(*compiled, {given.arrays, &variables, seeds}, threads);
  if (options.check_finite) check_finite({*file, request, given, variables, seeds, threads}, outputs.results);
  result.err = warnings_text(*file, options.common) + slips;
  if (options.common.verbose) result.err += plan_facts(*compiled, threads);
  finish_apply(options, *compiled, outputs, variables, expected, writes_intermediates, result);
  return result;
}

}  // namespace

Command apply_command() {
  return {"apply", "run a model on arrays", "MODEL.yaml VARS [INPUT]... [options]\n       linenc apply FILE.plan [VARS] [INPUT]... [options]",
          kExamples, [](OptionTable& table) -> std::function<CommandResult()> {
            const auto options = std::make_shared<ApplyOptions>();
            add_model_path(table, options->model);
            table.positional("variables", options->variables, "VARS", "the variables, as `linenc init` writes them; none for a plan that holds them");
            table.positional("inputs", options->inputs.positional, "INPUT", "arrays in the order of the model's inputs; `-` is stdin");
            add_input_options(table, options->inputs);
            table.repeated("-o,--output", options->outputs, "OUT", "where results go: FILE, NAME=FILE, or `-` (.npy .npz .safetensors .json)");
            table.flag("--full", options->full, "print every value");
            table.repeated("--rng", options->rngs, "STREAM=N", "a random stream, with its seed");
            table.option("--seed", options->seed, "N", "the seed of the stream `params`");
            add_variant_options(table, options->model);
            table.option("--mutable", options->mutable_collections, "A,B", "collections that the model may write, or `all`");
            table.option("--vars-out", options->variables_out, "FILE", "the variables with the updates");
            table.option("--save-intermediates", options->intermediates, "FILE", "write what modules sow, and the result of every module");
            table.option("--expect", options->expect, "FILE", "compare the results with these arrays: exit 1 where they differ");
            table.option("--rtol", options->rtol, "R", "how far, relative to what is expected (1e-5)");
            table.option("--atol", options->atol, "A", "how far, in itself (1e-6)");
            table.flag("--check-finite", options->check_finite, "exit 1 where a result has a NaN or an infinity, with the module where that began");
            table.option("--threads", options->threads, "N", "how many threads (0: every core)");
            add_common_options(table, options->common);
            add_verbose_option(table, options->common, "print what was compiled, too");
            return [options] { return apply(*options); };
          }};
}

}  // namespace linenc::driver
