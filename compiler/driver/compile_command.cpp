// `linenc compile`: the plan of a model as a file, with variables where they are given.
// Tested by tests/compiler/driver/compile_test.cpp.
#include <algorithm>
#include <limits>
#include <memory>
#include <set>
#include <stdexcept>
#include <utility>

#include "compiler/driver/apply_options.h"
#include "compiler/driver/checkpoint_fit.h"
#include "compiler/driver/command.h"
#include "compiler/driver/compile.h"
#include "compiler/driver/execute.h"
#include "compiler/driver/model_runs.h"
#include "compiler/driver/plan_files.h"
#include "compiler/driver/variable_files.h"
#include "compiler/elaborate/inputs.h"

namespace linenc::driver {

using diagnostics::shown;

namespace {

struct CompileOptions {
  CommonOptions common;
  ModelOptions model;
  InputOptions inputs;
  std::string variables;
  std::string output;
  std::optional<std::string> seed;
  std::vector<std::string> rngs;
  std::string mutable_collections;
  std::int64_t threads = 0;
};

constexpr const char* kExamples = R"(linenc compile models/mlp.yaml vars.bin --dim batch=32 -o mlp.plan
linenc compile models/mlp.yaml -i x=example.npy -o mlp.plan
linenc compile models/cnn.yaml vars.bin --dim batch=8 --set training=true --rng dropout=1 --mutable batch_stats -o train.plan
linenc apply mlp.plan input.npy
)";

// One compilation, from the options to the file.
class Compilation {
 public:
  Compilation(const CompileOptions& options, CommandFiles files)
      : options_(options),
        files_(std::move(files)),
        sizes_(parse_sizes(options.model.dims)),
        seeds_(parse_seeds(options.rngs, options.seed)),
        threads_(thread_count(options.threads)) {}

  CommandResult run() {
    file_ = open_model(options_.model, options_.common, sizes_);
    if (!options_.variables.empty()) variables_ = read_checkpoint(options_.variables);
    given_ = read_inputs(*file_, options_.inputs, options_.model.method, sizes_, threads_);
    stop_on_errors(*file_, options_.common);
    require_sizes();
    const elaborate::RunRequest request = fitted_request();
    const bool writes = !options_.mutable_collections.empty();
    elaborate::Run run = file_->model->run(request);
    stop_on_errors(*file_, options_.common);
    describe(request, run);
    auto compiled = compile(*file_, std::move(run), request, {.results = true, .variables = writes ? Wanted::Leaves::Written : Wanted::Leaves::None});
    stop_on_errors(*file_, options_.common);
    check_sets(*file_);
    files_.reads(file_->paths());
    plan_.executable = std::move(*compiled);
    if (variables_) {
      pack();
    } else {
      expect(request);
    }
    return written();
  }

 private:
  const CompileOptions& options_;
  CommandFiles files_;
  std::map<std::string, std::int64_t> sizes_;
  Seeds seeds_;
  runtime::Threads threads_;
  std::unique_ptr<ModelFile> file_;
  std::optional<runtime::Variables> variables_;
  GivenInputs given_;
  StoredFacts leaves_;  // of the checkpoint
  PlanFile plan_;

  // A plan has sizes: what a body does with those that are not known is of no interest.
  void require_sizes() {
    std::set<std::string> told;
    for (const elaborate::ModelInput& input : file_->model->inputs(options_.model.method)) {
      if (!input.taken || input.type.optional || given_.arrays.contains(input.path)) continue;
      for (const auto& dim : input.type.dims->children) {
        elaborate::for_each_size_name(*dim, [&](const syntax::Expr& name) {
          const bool is_given = sizes_.contains(name.text) || given_.sizes.contains(name.text);
          if (!is_given && told.insert(name.text).second) report_unknown_size(*file_, name.text, name.span);
        });
      }
    }
    stop_on_errors(*file_, options_.common);
  }

  elaborate::RunRequest fitted_request() {
    elaborate::RunRequest request = apply_request(options_.model.method, options_.mutable_collections, sizes_, seeds_, given_);
    // A model takes its inputs whether an example of them is there or not.
    for (const elaborate::ModelInput& input : file_->model->inputs(request.method)) {
      if (input.taken && !input.type.optional) request.present.push_back(input.path);
    }
    if (variables_) {
      leaves_ = fitted_leaves(*file_, request, *variables_, options_.variables);
    } else {
      elaborate::RunRequest init = request;
      init.initializing = true;
      init.streams.emplace_back("params");
      leaves_ = facts_of(file_->model->run(init));
    }
    stop_on_errors(*file_, options_.common);
    request.variables = &leaves_;
    return request;
  }

  // What the command line of apply needs to know.
  void describe(const elaborate::RunRequest& request, const elaborate::Run& run) {
    plan_.model = file_->name();
    plan_.model_digest = "sha256:" + file_->text_digest;
    plan_.method = options_.model.method;
    plan_.streams.assign(seeds_.begin(), seeds_.end());
    plan_.writes_variables = !options_.mutable_collections.empty();
    plan_.writes_intermediates = request.mutable_collections.matches("intermediates");
    for (const std::string& name : file_->model->static_inputs()) plan_.fixed.emplace_back(name, given_text(name));
    for (const auto& [name, size] : run.sizes) {
      if (size.constant()) plan_.sizes.emplace_back(name, *size.constant());
    }
    std::map<std::string, ArrayFact> facts;
    for (const graph::Port& port : run.graph->inputs) {
      if (port.role == graph::PortRole::Argument) facts.emplace(port.name, array_fact(run.graph->fact(port.value)));
    }
    for (const elaborate::ModelInput& input : file_->model->inputs(request.method)) {
      if (!input.taken) continue;
      const auto fact = facts.find(input.path);
      const bool any = !input.type.dtype && input.type.dtype_entry.empty();
      plan_.inputs.push_back({input.path, input.type.text, fact != facts.end() ? fact->second : ArrayFact{}, fact != facts.end(), any});
    }
  }

  [[nodiscard]] std::string given_text(const std::string& name) const {
    for (const std::string& text : options_.inputs.named) {
      if (text.starts_with(name + "=")) return text.substr(name.size() + 1);
    }
    return "";
  }

  void expect(const elaborate::RunRequest& request) {
    plan_.expected = expected_leaves(*file_, request);
    // Variables that exist in apply alone may be there.
    std::set<std::string_view> known;
    for (const ExpectedLeaf& leaf : plan_.expected) known.insert(leaf.key);
    for (const auto& [key, fact] : plan_.executable.leaves) {
      if (!known.contains(key)) plan_.expected.push_back({key, fact, false});
    }
  }

  // The first step that reads each input of the entry program.
  [[nodiscard]] std::vector<std::size_t> first_uses() const {
    const Program& entry = plan_.executable.entry();
    std::vector<std::size_t> first(entry.values.size(), std::numeric_limits<std::size_t>::max());
    for (std::size_t step = entry.steps.size(); step-- > 0;) {
      for (const std::uint32_t id : entry.steps[step].inputs) {
        const PlanValue& value = entry.values[id];
        first[value.view_of == kNoView ? id : value.view_of] = step;
      }
    }
    std::vector<std::size_t> uses;
    for (const Port& port : entry.inputs) uses.push_back(first[port.value]);
    return uses;
  }

  // Variables and what is prepared of them, in the order of their use; those that are only handed on come last.
  void pack() {
    plan_.packed = true;
    plan_.meta = variables_->meta;
    std::vector<runtime::Leaf> prepared = prepare(plan_.executable, *variables_, threads_);
    const Program& entry = plan_.executable.entry();
    const std::vector<std::size_t> uses = first_uses();
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < entry.inputs.size(); ++i) {
      const PortRole role = plan_.executable.input_roles[i];
      if (role == PortRole::Variable || role == PortRole::Prepared) order.push_back(i);
    }
    std::ranges::stable_sort(order, {}, [&](std::size_t i) { return uses[i]; });
    std::set<std::string_view> packed;
    for (const std::size_t i : order) {
      const std::string& key = entry.inputs[i].name;
      if (plan_.executable.input_roles[i] == PortRole::Prepared) {
        add_packed(PortRole::Prepared, *std::ranges::find(prepared, key, &runtime::Leaf::key));
      } else {
        add_packed(PortRole::Variable, *std::ranges::find(variables_->leaves, key, &runtime::Leaf::key));
        packed.insert(key);
      }
    }
    if (!plan_.writes_variables) return;
    for (runtime::Leaf& leaf : variables_->leaves) {
      if (!packed.contains(leaf.key)) add_packed(PortRole::Variable, leaf);
    }
  }

  void add_packed(PortRole role, runtime::Leaf& leaf) { plan_.arrays.push_back({role, leaf.key, std::move(leaf.array)}); }

  CommandResult written() {
    const std::vector<std::string> problems = verify(plan_);
    if (!problems.empty()) throw std::logic_error("the plan file is broken: " + problems.front());
    CommandResult result;
    result.err = warnings_text(*file_, options_.common);
    const std::uint64_t bytes = add_plan_file(files_, plan_, options_.output, threads_);
    result.files = std::move(files_);
    if (options_.common.quiet) return result;
    std::string sizes;
    for (const auto& [name, size] : plan_.sizes) sizes += concat(sizes.empty() ? " for " : ", ", name, "=", size);
    result.out = concat(shown(options_.output), ": ", counted(plan_.executable.entry().steps.size(), "step"), sizes, ", ", byte_text(bytes),
                        variables_ ? concat(" with ", counted(plan_.arrays.size(), "array")) : std::string(" without variables"), "\n");
    return result;
  }
};

CommandResult compile_file(const CompileOptions& options) {
  if (options.output.empty()) stop(Exit::CannotDo, "the name of the plan file is missing: give `-o FILE.plan`");
  if (options.output == "-") stop(Exit::CannotDo, "a plan is mapped from its file: give `-o FILE.plan`, and not the standard output");
  CommandFiles files;
  files.writes("-o", options.output);
  files.reads({options.model.path, options.variables});
  files.reads(options.inputs);
  return Compilation(options, std::move(files)).run();
}

}  // namespace

Command compile_command() {
  return {"compile", "the plan of a model as a file that apply runs", "MODEL.yaml [VARS] -o FILE.plan [options]", kExamples,
          [](OptionTable& table) -> std::function<CommandResult()> {
            const auto options = std::make_shared<CompileOptions>();
            add_model_path(table, options->model);
            table.positional("variables", options->variables, "VARS", "the variables to put into the file; without them apply wants some");
            table.option("-o,--output", options->output, "FILE", "where the plan goes");
            add_variant_options(table, options->model);
            add_input_options(table, options->inputs);
            table.repeated("--rng", options->rngs, "STREAM=N", "a random stream, with the seed that apply takes where none is given");
            table.option("--seed", options->seed, "N", "the seed of the stream `params`");
            table.option("--mutable", options->mutable_collections, "A,B", "collections that the model may write, or `all`");
            table.option("--threads", options->threads, "N", "how many threads (0: every core)");
            add_common_options(table, options->common);
            return [options] { return compile_file(*options); };
          }};
}

}  // namespace linenc::driver
