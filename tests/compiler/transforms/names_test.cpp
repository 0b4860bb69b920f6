// Automatic names and trees of transformed modules (linen-semantics E.1); values are compared with Flax in tests/models.
#include <doctest/doctest.h>

#include "tests/support/compile_text.h"

namespace linenc::test {
namespace {

std::string tree_of(const std::string& body) {
  CompiledText text("linenc: 1\ninputs: {x: \"float32[5, 4]\"}\nmodel:\n  compact:\n" + body);
  const elaborate::Run run = text.symbolic_init();
  if (run.failed) return text.problems();
  std::string tree;
  for (const auto& leaf : run.variables) tree += leaf.key + " " + graph::to_string(leaf.tensor.fact()) + "\n";
  for (const auto& [name, tensor] : run.outputs) tree += "-> " + graph::to_string(tensor.fact());
  return tree;
}

}  // namespace

TEST_CASE("jit, remat and vmap have Linen's class names, nested ones too") {
  CHECK(tree_of("    - jit: {Dense: {features: 4, use_bias: false}}\n    - remat: {Dense: {features: 4, use_bias: false}}\n    - checkpoint: {Dense: "
                "{features: 4, use_bias: false}}\n    - vmap: {remat: {Dense: {features: 2, use_bias: false}}}\n      variable_axes: {params: "
                "none}\n      split_rngs: {params: false}\n") ==
        "params/JitDense_0/kernel float32[4, 4]\nparams/CheckpointDense_0/kernel float32[4, 4]\nparams/CheckpointDense_1/kernel float32[4, "
        "4]\nparams/VmapCheckpointDense_0/kernel float32[4, 2]\n-> float32[5, 2]");
}

TEST_CASE("fold_rngs keeps the tree and changes the class name") {
  CHECK(tree_of("    - fold_rngs: {Dense: {features: 2, use_bias: false}}\n") == "params/Fold_rngsDense_0/kernel float32[4, 2]\n-> float32[5, 2]");
}

TEST_CASE("vmap: variables are stacked along the axis of variable_axes, results along out_axes") {
  CHECK(tree_of("    - vmap: {Dense: {features: 2, use_bias: false}}\n      in_axes: none\n      out_axes: -1\n      axis_size: 3\n      "
                "variable_axes: {params: 1}\n      split_rngs: {params: true}\n") ==
        "params/VmapDense_0/kernel float32[4, 3, 2]\n-> float32[5, 2, 3]");
}

TEST_CASE("vmap: what is wrong is told at the option") {
  CHECK(tree_of("    - vmap: {Dense: {features: 2}}\n      in_axes: none\n").find("E0228") != std::string::npos);
  CHECK(tree_of("    - vmap: {Dense: {features: 2}}\n      in_axes: 7\n      variable_axes: {params: 0}\n      split_rngs: {params: true}\n")
            .find("out of range") != std::string::npos);
  CHECK(tree_of("    - vmap: {Dense: {features: 2}}\n      variable_axes: {params: none}\n      split_rngs: {params: true}\n").find("E0226") !=
        std::string::npos);
  const std::string unhanded = tree_of("    - vmap: {Dense: {features: 2}}\n      variable_axes: {params: 0}\n");
  CHECK(unhanded.find("E0213") != std::string::npos);
  CHECK(unhanded.find("which the transform around it does not hand on") != std::string::npos);
  CHECK(tree_of("    - remat_scan: {Dense: {features: 2}}\n").find("E0219") != std::string::npos);
}

TEST_CASE("statistics over a named axis: what is wrong is told at the layer's field") {
  const auto problems = [](const std::string& fields) {
    return tree_of("    - vmap: {LayerNorm: {" + fields + "}}\n      axis_name: batch\n      variable_axes: {params: none}\n" +
                   "      split_rngs: {params: false}\n");
  };
  CHECK(problems("axis_name: batch").find("-> float32[5, 4]") != std::string::npos);
  CHECK(problems("axis_name: bacth").find("no `vmap` around this layer has the axis name `bacth`; there is `batch`") != std::string::npos);
  CHECK(problems("axis_name: batch, axis_index_groups: [[0, 1], [2, 3, 4]]").find("groups of indices for axes over devices only") !=
        std::string::npos);
}

}  // namespace linenc::test
