// `linenc plan`: the flat execution plan of a model.
// Tested by tests/compiler/driver/check_test.cpp.
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>

#include "compiler/driver/apply_plan.h"
#include "compiler/driver/command.h"
#include "compiler/driver/compile.h"
#include "compiler/driver/input_arrays.h"
#include "compiler/driver/model_runs.h"
#include "compiler/graph/print_graph.h"
#include "compiler/syntax/print_tree.h"
#include "runtime/plan/print_plan.h"

namespace linenc::driver {
namespace {

struct PlanOptions {
  CommonOptions common;
  ModelOptions model;
  InputOptions inputs;
  std::vector<std::string> rngs;
  std::string mutable_collections;
  std::string program = "apply";
  std::string dump = "plan";  // the stage whose value is printed
  bool json = false;
  std::string format;
};

constexpr const char* kExamples = R"(linenc plan models/mlp.yaml --dim batch=8
linenc plan models/mlp.yaml --program init
linenc plan models/mlp.yaml --json
linenc plan models/mlp.yaml --dump graph
linenc plan mlp.plan
)";

std::string shown_plan(const Plan& plan, bool json) { return json ? to_json(plan).dump(2) + "\n" : print(plan); }

// The plan of a file is there already.
CommandResult plan_of_file(const PlanOptions& options, const PlanSource& source) {
  runtime::Threads threads(1);
  const PlanFile file = read_plan_file(source, threads);
  require_same_variant(options.model, file);
  const bool elsewhere = options.dump != "plan" || options.program == "init";
  if (elsewhere) stop(Exit::CannotDo, "a plan file holds the plans of `--program apply` and `--program prepare` alone: the model has the rest");
  const Plan empty;
  const Plan& shown = options.program == "apply" ? file.executable.plan : file.executable.prepare ? *file.executable.prepare : empty;
  return {Exit::Done, shown_plan(shown, wants_json(options.json, options.format))};
}

// What apply would be told by the same options.
void put_apply_options(const PlanOptions& options, ModelFile& file, elaborate::RunRequest& request) {
  if (!options.mutable_collections.empty()) request.mutable_collections = parse_mutable(options.mutable_collections);
  const std::vector<std::string> usual = std::exchange(request.streams, {});
  diagnostics::Diagnostics scratch;
  // A model that draws is shown with the stream that every other falls back to.
  if (options.rngs.empty() && file.scratch_model(scratch).run(request).failed) request.streams = usual;
  for (const auto& [stream, seed] : parse_seeds(options.rngs)) request.streams.push_back(stream);
}

CommandResult plan(const PlanOptions& options) {
  if (const auto source = open_plan(options.model.path)) return plan_of_file(options, *source);
  const bool json = wants_json(options.json, options.format);
  if (json && options.dump != "plan") stop(Exit::CannotDo, concat("`--dump ", options.dump, "` is text: JSON is written of the plan alone"));
  const std::map<std::string, std::int64_t> sizes = parse_sizes(options.model.dims);
  runtime::Threads threads(1);
  const auto file = open_model(options.model, options.common, sizes);
  const GivenInputs given = read_inputs(*file, options.inputs, options.model.method, sizes, threads);
  stop_on_errors(*file, options.common);

  ModelRuns runs(*file, options.model.method, given, sizes);
  StoredFacts leaves;
  const bool init = options.program == "init";
  elaborate::RunRequest request = init ? runs.init_request() : runs.apply_request(leaves);
  if (!init) put_apply_options(options, *file, request);
  stop_on_errors(*file, options.common);
  std::string stage;
  const auto observe = [&](std::string_view name, const graph::Graph& graph) {
    if (name == options.dump) stage = graph::print(graph);
  };
  const auto compiled = compile(*file, request, {.results = !init, .variables = init ? Wanted::Leaves::All : Wanted::Leaves::Written}, observe);
  stop_on_errors(*file, options.common);
  check_sets(*file);
  CommandResult result;
  result.err = warnings_text(*file, options.common);
  if (options.dump == "tree") stage = syntax::print(*file->tree);
  const Plan empty;
  const Plan& shown = options.program != "prepare" ? compiled->plan : compiled->prepare ? *compiled->prepare : empty;
  if (options.dump == "plan") stage = shown_plan(shown, json);
  result.out = std::move(stage);
  return result;
}

}  // namespace

Command plan_command() {
  return {"plan", "the flat execution plan: steps, operands, offsets, bytes, source lines",
          "MODEL.yaml [options]\n       linenc plan FILE.plan [options]", kExamples, [](OptionTable& table) -> std::function<CommandResult()> {
            const auto options = std::make_shared<PlanOptions>();
            add_model_path(table, options->model);
            table.choice("--program", options->program, {"apply", "init", "prepare"}, "NAME",
                         "apply, init, or prepare: what is computed from variables alone (apply)");
            table.choice("--dump", options->dump, {"tree", "graph", "optimized", "plan"}, "STAGE",
                         "print the value of an earlier stage: tree, graph, optimized (plan)");
            add_variant_options(table, options->model);
            table.repeated("--rng", options->rngs, "STREAM=N", "a random stream, as apply takes them");
            table.option("--mutable", options->mutable_collections, "A,B", "collections that the model may write, or `all`, as apply takes them");
            add_input_options(table, options->inputs);
            add_json_options(table, options->json, options->format);
            add_common_options(table, options->common);
            return [options] { return plan(*options); };
          }};
}

}  // namespace linenc::driver
