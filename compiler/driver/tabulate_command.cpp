// `linenc tabulate`: the module tree of a model, with shapes and costs.
// Tested by tests/compiler/driver/check_test.cpp.
#include <limits>
#include <memory>
#include <nlohmann/json.hpp>

#include "compiler/driver/command.h"
#include "compiler/driver/input_arrays.h"
#include "compiler/driver/model_runs.h"
#include "compiler/driver/tabulate.h"

namespace linenc::driver {
namespace {

struct TabulateOptions {
  CommonOptions common;
  ModelOptions model;
  InputOptions inputs;
  std::int64_t depth = std::numeric_limits<std::int64_t>::max();
  bool json = false;
  std::string format;
};

constexpr const char* kExamples = R"(linenc tabulate models/cnn.yaml
linenc tabulate models/cnn.yaml --dim batch=32 --depth 1
linenc tabulate models/cnn.yaml --json
)";

CommandResult tabulate_model(const TabulateOptions& options) {
  if (options.depth < 0) stop(Exit::CannotDo, "`--depth` starts at 0, which is the model itself");
  const bool json = wants_json(options.json, options.format);
  const std::map<std::string, std::int64_t> given_sizes = parse_sizes(options.model.dims);
  runtime::Threads threads(1);
  const auto file = open_model(options.model, options.common, given_sizes);
  const GivenInputs given = read_inputs(*file, options.inputs, options.model.method, given_sizes, threads);
  stop_on_errors(*file, options.common);

  ModelRuns runs(*file, options.model.method, given, given_sizes);
  elaborate::Run run = runs.apply_run(true);
  stop_on_errors(*file, options.common);
  check_sets(*file);
  const Table table = tabulate(run, runs.sizes_for_numbers());
  CommandResult result;
  result.err = warnings_text(*file, options.common);
  if (json) {
    nlohmann::ordered_json document = to_json(table, options.depth);
    result.out = document.dump(2) + "\n";
  } else {
    result.out = print(table, options.depth) + runs.sizes_text();
  }
  return result;
}

}  // namespace

Command tabulate_command() {
  return {"tabulate", "the module tree with shapes, parameters, FLOPs and bytes", "MODEL.yaml [options]", kExamples,
          [](OptionTable& table) -> std::function<CommandResult()> {
            const auto options = std::make_shared<TabulateOptions>();
            add_model_path(table, options->model);
            table.option("--depth", options->depth, "N", "rows at most so many modules deep");
            add_variant_options(table, options->model);
            add_input_options(table, options->inputs);
            add_json_options(table, options->json, options->format);
            add_common_options(table, options->common);
            return [options] { return tabulate_model(*options); };
          }};
}

}  // namespace linenc::driver
