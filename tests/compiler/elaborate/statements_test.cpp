// Bodies: choice, repetition, names, state, and what a mistake leaves behind.
#include <doctest/doctest.h>

#include "tests/compiler/elaborate/language.h"

namespace linenc::test {
namespace {

// The tree of a root with these statements.
std::string tree_of_body(const std::string& statements, const std::string& input = "float32[batch, 4]") {
  return test::tree_of(body(statements, input));
}

}  // namespace

TEST_CASE("a text where an initializer is wanted is a name, and more than a name is told its mark") {
  CHECK(tree_of_body("- param: w\n  init: \"'zeros_init'\"\n  shape: [2]\n- return: w") == "params/w float32[2]\n-> float32[2]");
  CHECK(tree_of_body("- param: w\n  init: \"'normal(0.1)'\"\n  shape: [2]")
            .find("this is str 'normal(0.1)'; an expression in `config` begins with `=`") != std::string::npos);
}

TEST_CASE("automatic names count per class, and explicit ones do not advance the counter") {
  CHECK(
      tree_of_body(
          "- Dense: {features: 2, use_bias: false}\n- Dense: {features: 3, use_bias: false}\n  name: foo\n- Dense: {features: 5, use_bias: false}") ==
      "params/Dense_0/kernel float32[4, 2]\nparams/foo/kernel float32[2, 3]\nparams/Dense_1/kernel float32[3, 5]\n-> float32[batch, 5]");
}

TEST_CASE("`for`, `if` and `match` choose while compiling; names bound inside stay bound") {
  CHECK(tree_of_body("- for: [i, f]\n  over: enumerate([2, 3])\n  do:\n    - Dense: {features: =f, use_bias: false}\n    - if: i == 0\n      then: "
                     "[relu]\n- let: {last: f}\n- match: last\n  cases:\n    3: [{let: {x: \"x[:, 0]\"}}]\n    else: [gelu]") ==
        "params/Dense_0/kernel float32[4, 2]\nparams/Dense_1/kernel float32[2, 3]\n-> float32[batch]");
}

TEST_CASE("`param`, `variable`, `set`, `sow` and `make_rng` make what Linen makes") {
  CHECK(tree_of_body(
            "- param: scale\n  init: ones\n  shape: (x.shape[-1],)\n- variable: mean\n  collection: stats\n  init: zeros((4,))\n- set: {mean: \"mean "
            "+ 1\"}\n- sow: seen\n  collection: log\n- make_rng: params\n  out: key\n- return: [x * scale, mean, \"random.normal(key, (2,))\"]") ==
        "params/scale float32[4]\nstats/mean float32[4]\nlog/seen/0 float32[batch, 4]\n-> float32[batch, 4] float32[4] float32[2]");
}

TEST_CASE("one mistake is one message: what failed is silent afterwards, the rest is still checked") {
  CompiledText text(body("- let: {a: nope, b: \"a + 1\"}\n- Dense: {features: 3}\n- return: [b, \"x @ zeros((5, 2))\"]"));
  CHECK(text.symbolic_init().failed);
  const std::string problems = text.problems();
  CHECK(problems.find("E0201") != std::string::npos);
  CHECK(problems.find("E0203") != std::string::npos);
  CHECK(std::count(problems.begin(), problems.end(), '\n') == 2);
}

TEST_CASE("`in` and `out` take names, lists and maps; `update` is both") {
  CHECK(tree_of_body("- split: [2, {axis: -1}]\n  out: [a, b]\n- relu:\n  update: a\n- let: {r: {a: a}}\n- Dense: {features: 3, use_bias: false}\n  "
                     "in: b\n  out: r.d\n- return: r") == "params/Dense_0/kernel float32[2, 3]\n-> float32[batch, 2] float32[batch, 3]");
}

TEST_CASE("`with` splices maps into fields, and what is written out wins") {
  CHECK(tree_of_body("- let: {f: \"dict(features=7, use_bias=false)\"}\n- Dense: {with: f, features: 3}") ==
        "params/Dense_0/kernel float32[4, 3]\n-> float32[batch, 3]");
}

TEST_CASE("perturb stores zeros at init and adds them") {
  CHECK(tree_of_body("- perturb: p") == "perturbations/p float32[batch, 4]\n-> float32[batch, 4]");
}

}  // namespace linenc::test
