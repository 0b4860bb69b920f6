// `linenc plan`: the flat execution plan of a model.
// Tested by tests/compiler/driver/plan_test.cpp.
#include <memory>
#include <nlohmann/json.hpp>

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
  std::string program = "apply";
  std::string dump = "plan";   // the stage whose value is printed
  bool json = false;
  std::string format;
};

constexpr const char* kExamples = R"(linenc plan models/mlp.yaml --dim batch=8
linenc plan models/mlp.yaml --program init
linenc plan models/mlp.yaml --json
linenc plan models/mlp.yaml --dump graph
)";

CommandResult plan(const PlanOptions& options) {
  const bool json = wants_json(options.json, options.format);
  const std::map<std::string, std::int64_t> sizes = parse_sizes(options.model.dims);
  runtime::Threads threads(1);
  const auto file = open_model(options.model, options.common, sizes);
  const GivenInputs given = read_inputs(*file, options.inputs, options.model.method, sizes, threads);
  stop_on_errors(*file, options.common);

  ModelRuns runs(*file, options.model.method, given, sizes);
  StoredFacts leaves;
  const bool init = options.program == "init";
  const elaborate::RunRequest request = init ? runs.init_request() : runs.apply_request(leaves);
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
  if (options.dump == "plan") stage = json ? to_json(shown).dump(2) + "\n" : print(shown);
  result.out = std::move(stage);
  return result;
}

}  // namespace

Command plan_command() {
  return {"plan", "the flat execution plan: steps, operands, offsets, bytes, source lines", "MODEL.yaml [options]", kExamples,
          [](OptionTable& table) -> std::function<CommandResult()> {
            const auto options = std::make_shared<PlanOptions>();
            add_model_path(table, options->model);
            table.choice("--program", options->program, {"apply", "init", "prepare"}, "NAME", "apply, init, or prepare: what is computed from variables alone (apply)");
            table.choice("--dump", options->dump, {"tree", "graph", "optimized", "plan"}, "STAGE", "print the value of an earlier stage: tree, graph, optimized (plan)");
            add_variant_options(table, options->model);
            add_input_options(table, options->inputs);
            add_json_options(table, options->json, options->format);
            add_common_options(table, options->common);
            return [options] { return plan(*options); };
          }};
}

}  // namespace linenc::driver
