// scan: names, trees, shapes, and what is wrong; values are compared with Flax in tests/models (goldens/transforms).
#include <doctest/doctest.h>

#include "compiler/diagnostics/concat.h"
#include "compiler/graph/print_graph.h"
#include "tests/support/compile_text.h"

namespace linenc::test {
namespace {

const std::string kStacked = "      variable_axes: {params: 0}\n      split_rngs: {params: true}\n";
const std::string kShared = "      variable_broadcast: params\n      split_rngs: {params: false}\n";

// A model that scans `Step`, with these options and this body.
std::string file(const std::string& options, const std::string& arguments, const std::string& body) {
  return "linenc: 1\ninputs: {x: \"float32[batch, 4]\", t: \"float32[len, 4]\"}\nmodel:\n  args: [x, t]\n  compact:\n    - scan: {Step: {}}\n" +
         options + "      out: [x, ys]\n    - return: [x, ys]\nmodules:\n  Step:\n    args: [" + arguments + "]\n    compact:\n" + body;
}

std::string tree_of(const std::string& text) {
  CompiledText compiled(text);
  const elaborate::Run run = compiled.symbolic_init();
  if (run.failed) return compiled.problems();
  std::string tree;
  for (const auto& leaf : run.variables) tree += leaf.key + " " + graph::to_string(leaf.tensor.fact()) + "\n";
  for (const auto& [name, tensor] : run.outputs) tree += "-> " + graph::to_string(tensor.fact()) + "\n";
  return tree;
}

const std::string kDense = "      - Dense: {features: 4, use_bias: false}\n";

TEST_SUITE("compiler/transforms/scan") {
  TEST_CASE("stacked variables have the axis of the steps, shared ones have none; results are stacked") {
    CHECK(tree_of(file(kStacked + "      length: 3\n", "x", kDense + "      - return: [x, x.sum()]\n")) ==
          "params/ScanStep_0/Dense_0/kernel float32[3, 4, 4]\n-> float32[batch, 4]\n-> float32[3]\n");
    CHECK(tree_of(file(kShared + "      in: [x, t]\n      out_axes: -1\n", "x, t", kDense + "      - return: [x + t, x]\n")) ==
          "params/ScanStep_0/Dense_0/kernel float32[4, 4]\n-> float32[batch, 4]\n-> float32[batch, 4, len]\n");
  }

  TEST_CASE("the model is one loop, whatever the number of steps") {
    CompiledText compiled(file(kShared + "      in: [x, t]\n", "x, t", kDense + "      - return: [x + t, none]\n"));
    const elaborate::Run run = compiled.symbolic_init();
    REQUIRE(!run.failed);
    const std::string graph = graph::print(*run.graph);
    CHECK(graph.find("loop(") == graph.rfind("loop("));
    CHECK(graph.find("length=len carried=1 sliced=1") != std::string::npos);
  }

  TEST_CASE("what is wrong is told where it is written") {
    struct Row {
      std::string options, arguments, body, code, text;
    };
    const std::string pair = kDense + "      - return: [x, none]\n";
    for (const Row& row : {
             Row{kStacked, "x", pair, "E0228", "`scan` cannot tell how many steps it makes: `length` says it"},
             Row{kStacked + "      length: 2.5\n", "x", pair, "E0206", "`length` is a size, and this is float 2.5"},
             Row{kStacked + "      length: 3\n      in: [x, t, x]\n", "x, t, u", pair, "E0203",
                 "`scan` goes along axes of different sizes, 3 and len"},
             Row{kStacked + "      length: 2\n", "x", kDense, "E0206", "the body of `scan` gives [carry, result of the step]"},
             Row{kStacked + "      length: 2\n", "x", "      - return: \"[x[:, 1:], none]\"\n", "E0203",
                 "the carry of `scan` is float32[batch, 4] before a step and float32[batch, 3] after it"},
             Row{kStacked + "      length: 2\n", "x", "      - return: [x.astype(bfloat16), none]\n", "E0203", "bfloat16[batch, 4] after it"},
             Row{kStacked + "      length: 2\n", "x", "      - return: [[x, x], none]\n", "E0207",
                 "is array before a step and [array, array] after it"},
             Row{"      variable_broadcast: params\n      split_rngs: {params: true}\n      length: 2\n", "x", pair, "E0226",
                 "depends on the keys of `params`, which differ from step to step"},
             Row{"      variable_broadcast: s\n      length: 2\n", "x",
                 "      - variable: m\n        collection: s\n        init: x * 2\n      - return: [x, none]\n", "E0226", "depends on `carry 0`"},
             Row{"      variable_carry: s\n      length: 2\n", "x",
                 "      - variable: m\n        collection: s\n        init: zeros(())\n      - return: [x, none]\n", "E0226",
                 "`s/ScanStep_0/m` is carried by `scan`, so it must exist before the first step"},
             Row{"      variable_axes: {params: none}\n      length: 2\n", "x", pair, "E0206", "shared variables are named by `variable_broadcast`"},
             Row{"      variable_axes: {params: 0}\n      length: 2\n", "x", pair, "E0213", "which the transform around it does not hand on"},
             Row{"      split_rngs: {params: true}\n      length: 2\n", "x", pair, "E0215", "does not hand on the collection `params`"},
             Row{kStacked + "      in: [x, t]\n      in_axes: 2\n", "x, t", pair, "E0203", "the mapped axis 2 is out of range for 2 axes"},
             Row{kStacked + "      length: 2\n      out_axes: [0, 1]\n", "x", "      - return: [x, x]\n", "E0228", "the form of the results"},
             Row{kStacked + "      in: {x: x, z: t}\n", "x, y, z", pair, "E0207", "`z` is a keyword"},
         }) {
      const std::string problems = tree_of(file(row.options, row.arguments, row.body));
      CAPTURE(problems);
      CHECK(problems.find(row.code) != std::string::npos);
      CHECK(problems.find(row.text) != std::string::npos);
    }
  }
}

}  // namespace
}  // namespace linenc::test
