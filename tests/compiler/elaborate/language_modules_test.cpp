// Section 4 of the language: fields, arguments, bodies, setup, module literals.
#include "tests/compiler/elaborate/language.h"

namespace linenc::test {

TEST_CASE("a default may refer to earlier fields, and the long form holds a literal") {
  CHECK(tree_of(
            with_x("model: {M: {features: 3}}\nmodules:\n  M:\n    fields: {features: int, hidden: int = 4 * features, act: function = relu, norm: "
                   "{type: module, default: {LayerNorm: {use_bias: false}}}, flag: \"bool? = none\"}\n"
                   "    compact:\n      - Dense: {features: =hidden, use_bias: false}\n      - norm\n      - act\n      - assert: flag is none\n")) ==
        "params/Dense_0/kernel float32[4, 12]\nparams/LayerNorm_0/scale float32[12]\n-> float32[batch, 12]");
}

TEST_CASE("a field without a default is required; unknown ones are errors that suggest the nearest") {
  CHECK(says(problems_of(with_x("model: {M: {}}\nmodules: {M: {fields: {features: int}, compact: [relu]}}\n")), "features"));
  CHECK(says(problems_of(with_x("model: {M: {featurs: 3}}\nmodules: {M: {fields: {features: int}, compact: [relu]}}\n")), "did you mean `features`"));
}

TEST_CASE("no field is called what Linen's modules have already") {
  for (const char* name : {"parent", "name", "scope", "variables", "path", "setup", "init", "apply", "bind"}) {
    CAPTURE(name);
    CHECK(says(problems_of(with_x("model: {M: }\nmodules: {M: {fields: {" + std::string(name) + ": int = 1}, compact: [relu]}}\n")),
               "cannot be called"));
  }
}

TEST_CASE("a contract of an argument is checked at every call: rank, sizes, dtype; a name is one size, or the value of an int field") {
  const std::string inner =
      "modules:\n  Inner:\n    fields: {width: int}\n    args: {x: \"float32[b, width]\", mask: \"bool[b, w2]?\", train: bool = false}\n    returns: "
      "float32[b, width]\n    compact: [relu]\n";
  CHECK(problems_of(with_x("model: {compact: [{Inner: {width: 4}}, {Inner: {width: 4}, in: [x, x > 0, true]}]}\n" + inner)) == "");
  CHECK(says(problems_of(with_x("model: {compact: [{Inner: {width: 5}}]}\n" + inner)), "its contract is float32[b, width]"));
  CHECK(says(problems_of(with_x("model: {compact: [{Inner: {width: 4}, in: x > 0}]}\n" + inner)), "its contract is float32[b, width]"));
  CHECK(says(problems_of(with_x("model: {compact: [{Inner: {width: 4}, in: [x, \"(x > 0)[:1]\"]}]}\n" + inner)), "its contract is bool[b, w2]"));
}

TEST_CASE("`returns` is a promise, of one tensor or of a tree") {
  CHECK(says(problems_of(with_x("model: {compact: [Inner]}\nmodules: {Inner: {returns: \"float32[b, 5]\", compact: [relu]}}\n")), "float32[b, 5]"));
  CHECK(problems_of(with_x("model: {compact: [{Inner: , out: [a, r]}, {return: a + r.s}]}\nmodules: {Inner: {returns: [\"float32[b, 4]\", {s: "
                           "\"float32[4]\"}], compact: [{return: [x, {s: \"x.sum(0)\"}]}]}}\n")) == "");
}

TEST_CASE("a last argument `**rest` takes the keywords that are left, as a map, and hands them on") {
  CHECK(tree_of(with_x("model: {compact: [{Inner: , in: [x, {scale: 2, a: 3, b: 1}]}]}\nmodules:\n  Inner: {args: [x, scale = 3, \"**rest\"], "
                       "compact: [{assert: \"rest == {'a': 3, 'b': 1} and scale == 2\"}, {Leaf: , in: [x, {with: rest}]}]}\n"
                       "  Leaf: {args: [x, a, b], compact: [{Dense: {features: =a + b, use_bias: false}}]}\n")) ==
        "params/Inner_0/Leaf_0/Dense_0/kernel float32[4, 4]\n-> float32[batch, 4]");
}

TEST_CASE("a statement reads x and writes x, and a body returns x; without an argument x the `in`s are named") {
  CHECK(tree_of(with_x("model: {compact: [{Inner: , in: [x, \"x[:, :2]\"]}]}\nmodules: {Inner: {args: [a, c], compact: [{Dense: {features: 2, "
                       "use_bias: false}, in: a}, {Dense: {features: 2, use_bias: false}, in: c, out: y}, {let: {x: x + y}}]}}\n")) ==
        "params/Inner_0/Dense_0/kernel float32[4, 2]\nparams/Inner_0/Dense_1/kernel float32[2, 2]\n-> float32[batch, 2]");
  CHECK(says(problems_of(with_x("model: {compact: [Inner]}\nmodules: {Inner: {args: [a], compact: [{Dense: {features: 2}}]}}\n")), "`x`"));
}

TEST_CASE("names bound inside `then`, `cases` and `do` stay bound; a branch that is not taken binds nothing") {
  CHECK(problems_of(body("- if: true\n  then: [{let: {a: 2}}]\n- for: i\n  over: range(3)\n  do: [{let: {c: i}}]\n- match: a\n  cases: {2: [{let: "
                         "{d: 5}}], else: []}\n- assert: a == 2 and c == 2 and i == 2 and d == 5")) == "");
  CHECK(says(problems_of(body("- if: false\n  then: [{let: {a: 2}}]\n- return: x * a")), "`a`"));
}

TEST_CASE("`extends` takes over a definition and replaces fields, defaults, the setup as a whole, and methods") {
  const std::string base =
      "modules:\n  A: {fields: {features: int = 3, act: function = relu}, setup: {d: {Dense: {features: =features, use_bias: false}}, e: {Dense: "
      "{features: 2}}}, call: [d, act]}\n";
  CHECK(tree_of(with_x("model: B\n" + base + "  B: {extends: A, fields: {features: int = 5, act: = tanh}}\n")) ==
        "params/d/kernel float32[4, 5]\n-> float32[batch, 5]");
  CHECK(tree_of(with_x("model: B\n" + base + "  B: {extends: A, setup: {d: {Dense: {features: 7, use_bias: false}}}}\n")) ==
        "params/d/kernel float32[4, 7]\n-> float32[batch, 7]");
}

TEST_CASE("`super` runs the method that is replaced, with the keywords given") {
  CHECK(tree_of(with_x("model: B\nmodules:\n  A: {setup: {d: {Dense: {features: 3, use_bias: false}}}, call: [d], methods: {wide: {args: [x, k = 2], "
                       "call: [{tile: [\"=(1, k)\"]}]}}}\n"
                       "  B: {extends: A, call: [super, {wide: {k: 5}}], methods: {wide: {args: [x, k = 2], call: [{super: {k: =k}}, {return: \"x[:, "
                       "1:]\"}]}}}\n")) == "params/d/kernel float32[4, 3]\n-> float32[batch, 14]");
}

TEST_CASE("a layer of Linen can be extended: defaults keep their types, and its call is `super`") {
  CHECK(tree_of(with_x("model: {compact: [{Wide: {features: 3}}, {Bare: {features: 2}}]}\nmodules:\n  Wide: {extends: Dense, fields: {times: int = "
                       "2}, args: [inputs], call: [{super: , in: inputs}, {return: \"tile(x, (1, times))\"}]}\n"
                       "  Bare: {extends: Dense, fields: {use_bias: = false}}\n")) ==
        "params/Wide_0/kernel float32[4, 3]\nparams/Wide_0/bias float32[3]\nparams/Bare_0/kernel float32[6, 2]\n-> float32[batch, 2]");
}

TEST_CASE("a definition that is only a template is a variant: automatic names keep the class's own name") {
  CHECK(tree_of(with_x("model: {compact: [Big, {Small: {bias: true}}]}\nmodules:\n  Net: {fields: {f: int, bias: bool = false}, compact: [{Dense: "
                       "{features: =f, use_bias: =bias}}]}\n  Big: {template: {Net: {f: 7}}}\n  Small: {template: {Net: {f: 2}}}\n")) ==
        "params/Net_0/Dense_0/kernel float32[4, 7]\nparams/Net_1/Dense_0/kernel float32[7, 2]\nparams/Net_1/Dense_0/bias float32[2]\n-> "
        "float32[batch, 2]");
}

TEST_CASE("a literal is `{Type: {…}}`, `{Type: }` or `Type`; `name` beside it fixes the name") {
  CHECK(tree_of(body("- LayerNorm: {use_bias: false}\n- LayerNorm:\n- LayerNorm\n- Dense: {features: 2, use_bias: false}\n  name: last")) ==
        "params/LayerNorm_0/scale float32[4]\nparams/LayerNorm_1/scale float32[4]\nparams/LayerNorm_1/bias float32[4]\nparams/LayerNorm_2/scale "
        "float32[4]\nparams/LayerNorm_2/bias float32[4]\nparams/last/kernel float32[4, 2]\n-> float32[batch, 2]");
}

TEST_CASE("in a field of type module a literal is a template: each call makes a new submodule from its fields and more") {
  CHECK(tree_of(with_x("model: {M: {conv: {Dense: {use_bias: false}}}}\nmodules: {M: {fields: {conv: module}, compact: [{conv: {features: 3}}, "
                       "{conv: {features: 2, use_bias: true}, name: last}]}}\n")) ==
        "params/Dense_0/kernel float32[4, 3]\nparams/last/kernel float32[3, 2]\nparams/last/bias float32[2]\n-> float32[batch, 2]");
}

TEST_CASE("in a field of type instance it is made when its owner is, just before it, and is one module however often it runs") {
  const std::string m = "modules: {M: {fields: {sub: instance}, compact: [sub, relu, sub]}}\n";
  CHECK(tree_of(with_x("model: {compact: [{M: {sub: {Dense: {features: 4, use_bias: false}}}}]}\n" + m)) ==
        "params/Dense_0/kernel float32[4, 4]\n-> float32[batch, 4]");
  CHECK(tree_of(with_x("model: {M: {sub: {Dense: {features: 4, use_bias: false}}}}\n" + m)) ==
        "params/sub/kernel float32[4, 4]\n-> float32[batch, 4]");
  CHECK(
      tree_of(with_x("model: {Sequential: {layers: [{Dense: {features: 4, use_bias: false}}, relu, {Dense: {features: 2, use_bias: false}}]}}\n")) ==
      "params/layers_0/kernel float32[4, 4]\nparams/layers_2/kernel float32[4, 2]\n-> float32[batch, 2]");
}

TEST_CASE("`setup` makes its entries in order, each sees those above it, and lists append their place") {
  CHECK(tree_of(with_x(
            "model: {M: {n: 2}}\nmodules:\n  M:\n    fields: {n: int}\n    setup:\n      w: =3\n      layers: {for: f, over: \"[w, 4]\", do: {Dense: "
            "{features: =f, use_bias: false}}}\n      pair: [{Dense: {features: 2, use_bias: false}}, {Dense: {features: \"=layers[1].features\", "
            "use_bias: false}}]\n"
            "      scale: {param: ones_init(), shape: \"(1,)\"}\n      count: {variable: \"zeros((), int32)\", collection: state}\n      choice: "
            "{if: n > 1, then: {Dense: {features: 5, use_bias: false}}, else: {LayerNorm: }}\n      nothing: {if: n > 9, then: {LayerNorm: }}\n"
            "      pick: {match: n, cases: {1: {LayerNorm: }, 2: {Dense: {features: 6, use_bias: false}}}}\n    call:\n      - for: l\n        over: "
            "layers\n        do: [l, relu]\n      - call: pair[0]\n      - call: pair[1]\n      - choice\n      - pick\n      - assert: nothing is "
            "none\n      - return: x * scale + count\n")) ==
        "params/scale float32[1]\nparams/layers_0/kernel float32[4, 3]\nparams/layers_1/kernel float32[3, 4]\nparams/pair_0/kernel float32[4, "
        "2]\nparams/pair_1/kernel float32[2, 4]\nparams/choice/kernel float32[4, 5]\nparams/pick/kernel float32[5, 6]\nstate/count int32[]\n-> "
        "float32[batch, 6]");
}

TEST_CASE("an entry of `setup` that no body uses is warned about") {
  CHECK(says(
      problems_at_rest(with_x("model: {M: {}}\nmodules: {M: {setup: {d: {Dense: {features: 3}}, unused: {Dense: {features: 3}}}, call: [d]}}\n")),
      "warning"));
}

TEST_CASE("`setup` stands with `compact` as in Linen; `compact` and `call` exclude each other; layers are made in compact bodies") {
  CHECK(tree_of(with_x("model: {M: {}}\nmodules: {M: {setup: {d: {Dense: {features: 3, use_bias: false}}}, compact: [d, {Dense: {features: 2, "
                       "use_bias: false}}]}}\n")) == "params/d/kernel float32[4, 3]\nparams/Dense_0/kernel float32[3, 2]\n-> float32[batch, 2]");
  CHECK(says(problems_of(with_x("model: {M: {}}\nmodules: {M: {compact: [relu], call: [relu]}}\n")), "error"));
  CHECK(says(problems_of(with_x("model: {M: {}}\nmodules: {M: {call: [{Dense: {features: 4}}]}}\n")), "error"));
}

}  // namespace linenc::test
