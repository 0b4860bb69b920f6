// The pipeline: model -> graph -> plan.
// Tested by tests/compiler/driver/init_apply_test.cpp.
#include "compiler/driver/compile.h"

#include <algorithm>
#include <set>
#include <stdexcept>

#include "compiler/driver/limits.h"
#include "compiler/graph/rewrite.h"
#include "compiler/lower/lower.h"
#include "compiler/optimize/pipeline.h"
#include "compiler/optimize/split_prepare.h"
#include "runtime/variables/variables.h"

namespace linenc::driver {

using diagnostics::shown;
using graph::Graph;

void report_unknown_size(ModelFile& file, const std::string& name, source::Span place) {
  file.diagnostics
      .error(diagnostics::Code::UnknownSize, place,
             concat("the dimension `", shown(name), "` has no size: give `--dim ", shown(name), "=N`, or an array that has it"))
      .emit();
}

namespace {

void keep_outputs(elaborate::Run& run, const Wanted& wanted) {
  const std::set<std::string> written(run.written.begin(), run.written.end());
  std::erase_if(run.graph->outputs, [&](const graph::Port& port) {
    if (port.role != graph::PortRole::Variable) return !wanted.results;
    if (wanted.variables == Wanted::Leaves::All) return false;
    return wanted.variables == Wanted::Leaves::None || !written.contains(port.name);
  });
}

// "intermediates/Dense_0/__call__/0" of "intermediates/Dense_0/__call__/0/mean"; empty for what is no result of a module.
std::string call_of(const std::string& key) {
  const std::size_t mark = key.find("__call__/");
  if (!key.starts_with("intermediates/") || mark == std::string::npos) return "";
  return key.substr(0, key.find('/', mark + std::string_view("__call__/").size()));
}

// The results of modules in the order in which their calls end.
void order_calls(elaborate::Run& run) {
  std::vector<const catalog::Context::CallRecord*> ended;
  for (const auto& call : run.calls) {
    if (call.method == "call") ended.push_back(&call);
  }
  std::sort(ended.begin(), ended.end(), [](const auto* a, const auto* b) { return a->ended < b->ended; });
  std::map<std::string, int> counts;
  std::map<std::string, std::size_t> order;
  for (const auto* call : ended) {
    const std::string owner = concat("intermediates/", call->path, call->path.empty() ? "" : "/", "__call__");
    order.emplace(concat(owner, "/", counts[owner]++), order.size() + 1);
  }
  const auto place = [&](const graph::Port& port) {
    const auto found = order.find(call_of(port.name));
    return found == order.end() ? 0 : found->second;
  };
  std::stable_sort(run.graph->outputs.begin(), run.graph->outputs.end(), [&](const auto& a, const auto& b) { return place(a) < place(b); });
}

// A caller need not hand over what nothing reads.
void drop_unused_inputs(Graph& graph) {
  const std::vector<std::uint32_t> uses = count_uses(graph);
  std::erase_if(graph.inputs, [&](const graph::Port& port) { return uses[index(port.value)] == 0; });
}

// Sizes that nobody named are found here, at the border where numbers are needed.
void require_known_sizes(const Graph& graph, ModelFile& file) {
  std::set<std::string> names;
  for (const graph::ValueInfo& value : graph.values) {
    for (const graph::Dim& dim : value.fact.shape) names.merge(dim.names());
  }
  for (const std::string& name : names) report_unknown_size(file, name, {});
}

PortRole role_of(const graph::Port& port) {
  switch (port.role) {
    case graph::PortRole::Argument: return PortRole::Argument;
    case graph::PortRole::Variable: return PortRole::Variable;
    case graph::PortRole::Stream: return PortRole::Stream;
    case graph::PortRole::Capture: return PortRole::Prepared;
  }
  return PortRole::Argument;
}

std::vector<PortRole> roles(const std::vector<graph::Port>& ports) {
  std::vector<PortRole> result;
  for (const graph::Port& port : ports) result.push_back(role_of(port));
  return result;
}

void assert_good(const Plan& plan) {
  const std::vector<std::string> problems = verify(plan);
  if (!problems.empty()) throw std::logic_error("the plan is broken: " + problems.front());
}

}  // namespace

ArrayFact array_fact(const graph::Fact& fact) {
  ArrayFact result{fact.dtype, {}};
  for (const graph::Dim& dim : fact.shape) result.shape.push_back(dim.constant().value_or(0));
  return result;
}

std::optional<Executable> compile(ModelFile& file, const elaborate::RunRequest& request, const Wanted& wanted, const StageObserver& observe) {
  return compile(file, file.model->run(request), request, wanted, observe);
}

std::optional<Executable> compile(ModelFile& file, elaborate::Run run, const elaborate::RunRequest& request, const Wanted& wanted,
                                  const StageObserver& observe) {
  if (run.failed) return std::nullopt;
  Executable compiled;
  for (const catalog::VariableLeaf& leaf : run.variables) compiled.leaves.emplace_back(leaf.key, array_fact(leaf.tensor.fact()));
  check_total(file, run);
  keep_outputs(run, wanted);
  if (request.capture_intermediates) order_calls(run);
  drop_dead(*run.graph);
  drop_unused_inputs(*run.graph);
  require_known_sizes(*run.graph, file);
  if (file.diagnostics.has_errors()) return std::nullopt;
  if (observe) observe("graph", *run.graph);
  optimize::optimize(*run.graph, *run.dims);
  check_steps(file, *run.graph);
  if (file.diagnostics.has_errors()) return std::nullopt;
  if (observe) observe("optimized", *run.graph);
  if (!request.initializing) {
    if (const std::unique_ptr<Graph> prepare = optimize::split_prepare(*run.graph)) {
      drop_dead(*run.graph);
      drop_unused_inputs(*run.graph);
      compiled.prepare = lower::lower(*prepare, *run.origins, file.sources);
      assert_good(*compiled.prepare);
    }
  }
  compiled.plan = lower::lower(*run.graph, *run.origins, file.sources);
  compiled.input_roles = roles(run.graph->inputs);
  compiled.output_roles = roles(run.graph->outputs);
  assert_good(compiled.plan);
  return compiled;
}

}  // namespace linenc::driver
