// Arithmetic on variables alone leaves the call; merge_regions shares equal jitted modules.
#include "compiler/optimize/split_prepare.h"

#include <doctest/doctest.h>

#include "compiler/graph/print_graph.h"
#include "compiler/graph/rewrite.h"
#include "compiler/graph/verify.h"
#include "compiler/optimize/pipeline.h"
#include "tests/support/compile_text.h"

namespace linenc::test {
namespace {

elaborate::Run apply_run(CompiledText& text, const std::vector<std::pair<std::string, graph::Fact>>& variables) {
  elaborate::RunRequest request;
  request.initializing = false;
  request.variables = &variables;
  elaborate::Run run = text.run(request);
  REQUIRE_MESSAGE(!run.failed, text.problems());
  std::erase_if(run.graph->outputs, [](const graph::Port& port) { return port.role == graph::PortRole::Variable; });
  return run;
}

std::vector<std::pair<std::string, graph::Fact>> leaves_of(CompiledText& text) {
  std::vector<std::pair<std::string, graph::Fact>> leaves;
  for (const auto& leaf : text.symbolic_init().variables) leaves.emplace_back(leaf.key, leaf.tensor.fact());
  return leaves;
}

}  // namespace

TEST_CASE("the scale of a normalisation in evaluation is computed once, when the variables are bound") {
  CompiledText text("linenc: 1\ninputs: {x: \"float32[4, 3]\"}\nmodel: {BatchNorm: {use_running_average: true}}\n");
  const auto leaves = leaves_of(text);
  elaborate::Run run = apply_run(text, leaves);
  const auto prepare = optimize::split_prepare(*run.graph);
  REQUIRE(prepare != nullptr);
  graph::drop_dead(*run.graph);
  CHECK(graph::verify(*prepare, *run.dims).empty());
  CHECK(graph::verify(*run.graph, *run.dims).empty());
  CHECK(graph::print(*prepare).find("rsqrt") != std::string::npos);
  CHECK(graph::print(*run.graph).find("rsqrt") == std::string::npos);
}

TEST_CASE("nothing moves where every variable meets the input at once, and a reshape stays") {
  CompiledText text("linenc: 1\ninputs: {x: \"float32[4, 3]\"}\nmodel: {Dense: {features: 2}}\n");
  const auto leaves = leaves_of(text);
  elaborate::Run run = apply_run(text, leaves);
  CHECK(optimize::split_prepare(*run.graph) == nullptr);
}

TEST_CASE("merge_regions: two jitted modules of one signature are one program, another signature is another") {
  CompiledText text(
      "linenc: 1\ninputs: {x: \"float32[4, 3]\"}\nmodel:\n  compact:\n    - jit: {Dense: {features: 3}}\n    - jit: {Dense: {features: 3}}\n    - "
      "jit: {Dense: {features: 2}}\n");
  const auto leaves = leaves_of(text);
  elaborate::Run run = apply_run(text, leaves);
  CHECK(run.graph->regions.size() == 3);
  optimize::optimize(*run.graph, *run.dims);
  CHECK(run.graph->regions.size() == 2);
}

}  // namespace linenc::test
