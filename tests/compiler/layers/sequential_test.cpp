// Sequential: names as in linen-semantics B.5, results handed on.
#include <doctest/doctest.h>

#include "tests/support/compile_text.h"

namespace linenc::test {
namespace {

std::string tree_of(const std::string& model) {
  CompiledText text("linenc: 1\ninputs: {x: \"float32[2, 3]\"}\n" + model);
  const elaborate::Run run = text.symbolic_init();
  if (run.failed) return text.problems();
  std::string tree;
  for (const auto& leaf : run.variables) tree += leaf.key + "\n";
  for (const auto& [name, tensor] : run.outputs) tree += "-> " + graph::to_string(tensor.fact());
  return tree;
}

}  // namespace

TEST_CASE("Sequential at the root owns its layers by index; functions count") {
  CHECK(tree_of("model:\n  Sequential:\n    layers: [{Dense: {features: 4, use_bias: false}}, relu, {Dense: {features: 2, use_bias: false}}]\n") ==
        "params/layers_0/kernel\nparams/layers_2/kernel\n-> float32[2, 2]");
}

TEST_CASE("Sequential in a compact body leaves its layers beside itself") {
  CHECK(tree_of("model:\n  compact:\n    - Sequential: {layers: [{Dense: {features: 4, use_bias: false}}, tanh]}\n    - Dense: {features: 2, "
                "use_bias: false}\n") == "params/Dense_0/kernel\nparams/Dense_1/kernel\n-> float32[2, 2]");
}

TEST_CASE("Sequential.c1: an empty list is refused") { CHECK(tree_of("model: {Sequential: {layers: []}}\n").find("E0226") != std::string::npos); }

}  // namespace linenc::test
