// fuse_bias and fuse_activation: what they take over, what they leave, and that results stay.
#include <doctest/doctest.h>

#include "compiler/graph/print_graph.h"
#include "compiler/optimize/pipeline.h"
#include "tests/support/compile_text.h"

namespace linenc::test {
namespace {

std::string optimized(const std::string& body, const std::string& input) {
  CompiledText text("linenc: 1\ninputs: {x: \"" + input + "\"}\nmodel:\n  compact:\n" + body);
  elaborate::Run run = text.symbolic_init();
  REQUIRE_MESSAGE(!run.failed, text.problems());
  std::erase_if(run.graph->outputs, [](const graph::Port& port) { return port.role == graph::PortRole::Variable; });
  optimize::optimize(*run.graph, *run.dims);
  return graph::print(*run.graph);
}

bool has(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a product takes over its bias and its activation") {
  const std::string graph = optimized("    - Dense: {features: 3}\n    - relu\n", "float32[batch, 4]");
  CHECK(has(graph, "activation=relu"));
  CHECK_FALSE(has(graph, "kind=add"));
  CHECK_FALSE(has(graph, "kind=relu"));
}

TEST_CASE("a convolution takes over its bias and its activation") {
  const std::string graph = optimized("    - Conv: {features: 3, kernel_size: [3, 3]}\n    - silu\n", "float32[batch, 8, 8, 2]");
  CHECK(has(graph, "activation=silu"));
  CHECK_FALSE(has(graph, "kind=add"));
}

TEST_CASE("a sum that is used twice, or of half precision, stays as it is") {
  CHECK(has(optimized("    - Dense: {features: 4, use_bias: false}\n      out: y\n    - return: [y, y + ones((4,))]\n", "float32[batch, 4]"),
            "kind=add"));
  CHECK(has(optimized("    - Dense: {features: 4, dtype: bfloat16}\n", "float32[batch, 4]"), "kind=add"));
}

TEST_CASE("a residual of the full shape may be the bias of a product, not of a convolution") {
  CHECK_FALSE(has(optimized("    - Dense: {features: 4, use_bias: false}\n      out: y\n    - return: y + x\n", "float32[batch, 4]"), "kind=add"));
  CHECK(has(
      optimized("    - Conv: {features: 2, kernel_size: [3, 3], use_bias: false}\n      out: y\n    - return: y + x\n", "float32[batch, 8, 8, 2]"),
      "kind=add"));
}

TEST_CASE("the passes have names, and each tells what it changed") {
  CompiledText text("linenc: 1\ninputs: {x: \"float32[2, 4]\"}\nmodel:\n  compact: [{Dense: {features: 3}}, relu]\n");
  elaborate::Run run = text.symbolic_init();
  std::string names;
  optimize::PipelineOptions options;
  options.after = [&](std::string_view pass, const graph::Graph&) { names += std::string(pass) + " "; };
  optimize::optimize(*run.graph, *run.dims, options);
  CHECK(names == "fuse_bias fuse_activation remove_dead ");
}

}  // namespace linenc::test
