// Sections 6, 8 and 9 of the language: names of variables, sizes that stay symbolic, promises.
#include "tests/compiler/elaborate/language.h"

namespace linenc::test {

TEST_CASE("automatic names count per class and per parent, setup names are the keys, what is sown is a tuple") {
  CHECK(
      tree_of(with_x("model: {compact: [{Dense: {features: 4, use_bias: false}}, Inner, {Dense: {features: 4, use_bias: false}}, Inner]}\nmodules: "
                     "{Inner: {compact: [{Dense: {features: 4, use_bias: false}}, {sow: h, collection: log}]}}\n")) ==
      "params/Dense_0/kernel float32[4, 4]\nparams/Inner_0/Dense_0/kernel float32[4, 4]\nparams/Dense_1/kernel float32[4, "
      "4]\nparams/Inner_1/Dense_0/kernel float32[4, 4]\nlog/Inner_0/h/0 float32[batch, 4]\nlog/Inner_1/h/0 float32[batch, 4]\n-> float32[batch, 4]");
}

TEST_CASE("names that collide are errors: of two modules, of a parameter and a module") {
  CHECK(says(problems_of(body("- Dense: {features: 3}\n  name: a\n- Dense: {features: 3}\n  name: a")), "E0210"));
  CHECK(says(problems_of(body("- Dense: {features: 3}\n  name: Dense_0\n- Dense: {features: 3}")), "E0210"));
  CHECK(says(problems_of(body("- param: Dense_0\n  init: ones\n  shape: (4,)\n- Dense: {features: 3}")), "E0210"));
  CHECK(says(problems_of(body("- param: p\n  init: ones\n  shape: (4,)\n- param: p\n  init: ones\n  shape: (4,)")), "E0210"));
}

TEST_CASE("a dimension is a number, a name or arithmetic on these and on config; the dtype may be config's; `...` leads") {
  CHECK(tree_of("linenc: 1\nconfig: {n: 3, dtype: bfloat16}\ninputs: {a: \"float32[config.n, 2 * config.n]\", b: \"config.dtype[h, 2*h + 1]\", c: "
                "\"bool[h // 2, 4]\", d: \"int8[]\"}\nmodel: {args: [a, b, c, d], compact: [{return: [a, b, c, d]}]}\n") ==
        "-> float32[3, 6] bfloat16[h, 2*h + 1] bool[h//2, 4] int8[]");
}

TEST_CASE("a broken tensor type among the inputs is told as one, and an input without axes by its brackets") {
  const auto problems = [](const std::string& type) {
    return problems_of("linenc: 1\ninputs: {x: \"" + type + "\"}\nmodel: {Dense: {features: 3}}\n");
  };
  CHECK(says(problems("flaot32[b, 4]"), "`flaot32[b, 4]` is not a tensor type such as float32[batch, 10]; did you mean `float32`?"));
  CHECK(says(problems("f32[b, 4]"), "did you mean `float32`?"));
  CHECK(says(problems("jnp.int32[b, 4]"), "; write `int32`"));
  CHECK(says(problems("int[b, 4]"), "did you mean `int32`?"));
  CHECK(says(problems("float32[b, 4"), "`float32[b, 4` is not a tensor type"));
  CHECK(says(problems("float32"), "E0206"));
}

TEST_CASE("`expect: at` names dimensions and inputs of the file") {
  const std::string model =
      "linenc: 1\ninputs: {x: \"float32[b, 4]\", m: \"bool[b] | none\"}\nmodel: {args: [x, m = none], compact: [{Dense: {features: 2}}]}\n";
  CHECK(problems_of(model + "expect: {output: \"float32[b, 2]\", at: {b: 3, inputs: [[x], [x, m]]}}\n") == "");
  CHECK(says(problems_of(model + "expect: {output: \"float32[b, 2]\", at: {bb: 3}}\n"), "no input has the dimension `bb`"));
  CHECK(says(problems_of(model + "expect: {output: \"float32[b, 2]\", at: {inputs: [[x, mm]]}}\n"), "no input is called `mm` (they are `x`, `m`)"));
}

TEST_CASE("named dimensions stay symbolic through inference, and a definition is proved for every size of them") {
  CHECK(tree_of(body("- reshape: [\"=(x.shape[0] * 2, x.shape[1] // 2)\"]\n- concatenate:\n  in: [[x, \"x[:1]\"]]", "float32[batch, 2*h]")) ==
        "-> float32[2*batch + 1, h]");
}

TEST_CASE("two names may be two sizes") {
  CHECK(says(problems_of("linenc: 1\ninputs: {x: \"float32[b, n]\", y: \"float32[b, m]\"}\nmodel: {args: [x, y], compact: [{return: x + y}]}\n"),
             "E0203"));
}

TEST_CASE("a Python `if` or `range` on a size without a number is an error that names the fact") {
  CHECK(says(problems_of(body("- if: x.shape[0] == 2\n  then: [relu]")), "batch == 2"));
  CHECK(says(problems_of(body("- for: i\n  over: range(x.shape[0])\n  do: [relu]")), "batch"));
}

TEST_CASE("`assume` states a fact that a rule needs") {
  const std::string model = "model:\n  compact:\n    - reshape: [\"=(len(x), 2, x.shape[1] // 2)\"]\n";
  CHECK(says(problems_of("linenc: 1\ninputs: {x: \"float32[b, h]\"}\n" + model), "error"));
  CHECK(tree_of("linenc: 1\ninputs: {x: \"float32[b, h]\"}\nassume: [h % 2 == 0]\n" + model) == "-> float32[b, 2, h//2]");
}

TEST_CASE("`expect` is checked: the output, the variables; a name that no input has is a mistake") {
  const auto expecting = [](const std::string& promise) {
    return problems_of(with_x("model: {compact: [{Dense: {features: 3}}]}\nexpect:\n  " + promise + "\n"));
  };
  CHECK(expecting("output: float32[batch, 3]") == "");
  CHECK(expecting("output: float32[..., 3]") == "");
  CHECK(expecting("variables: {params: {Dense_0: {kernel: \"float32[4, 3]\"}}}") == "");
  CHECK(says(expecting("output: float32[batch, 4]"), "E03"));
  CHECK(says(expecting("output: float32[b, 3]"), "`b`"));
  CHECK(says(expecting("variables: {params: {Dense_0: {kernel: \"float32[4, 2]\"}}}"), "error"));
  CHECK(says(expecting("variables: {params: {Dense_1: {kernel: any}}}"), "error"));
}

}  // namespace linenc::test
