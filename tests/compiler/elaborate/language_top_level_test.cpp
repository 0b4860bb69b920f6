// Sections 1 and 2 of the language: a file, its keys, its inputs.
#include "tests/compiler/elaborate/language.h"

namespace linenc::test {

TEST_CASE("the smallest file has no modules: the model holds the definition itself") {
  CHECK(tree_of("linenc: 1\ninputs: {x: \"float32[batch, 784]\"}\nmodel:\n  compact:\n    - Dense: {features: 128, use_bias: false}\n    - relu\n    "
                "- Dense: {features: 10, use_bias: false}\n") ==
        "params/Dense_0/kernel float32[784, 128]\nparams/Dense_1/kernel float32[128, 10]\n-> float32[batch, 10]");
}

TEST_CASE("the version is required and is the number 1") {
  CHECK(says(problems_of("inputs: {x: \"float32[2]\"}\nmodel: {compact: [relu]}\n"), "`linenc: 1`"));
  CHECK(says(problems_of("linenc: 2\ninputs: {x: \"float32[2]\"}\nmodel: {compact: [relu]}\n"), "E0116"));
}

TEST_CASE("a definition in place is called by the name of the file, or by its stem") {
  const std::string rest = "inputs: {a: \"float32[2]\", w: \"float32[2]\"}\nmodel: {args: [a, b], compact: [{return: a}]}\n";
  CHECK(says(problems_of("linenc: 1\n" + rest), "no argument of `model`"));
  CHECK(says(problems_of("linenc: 1\nname: Tagger\n" + rest), "no argument of `Tagger`"));
}

TEST_CASE("config holds constants of any shape; a later entry may refer to an earlier one, an earlier one to none later") {
  CHECK(tree_of("linenc: 1\nconfig:\n  width: 8\n  hidden: =4 * config.width\n  lm: {emb: =config.hidden // 2, layers: [1, 2]}\n  table: {26: 5, "
                "key: 7}\ninputs: {x: \"float32[batch, 64]\"}\n"
                "model:\n  compact:\n    - return: [\"x[:, :config.lm.emb]\", \"x[:, :config.table[26] + config.lm.layers[1]]\", \"x[:, "
                ":config.table['key']]\", \"x[:, :len(config)]\"]\n") ==
        "-> float32[batch, 16] float32[batch, 7] float32[batch, 7] float32[batch, 4]");
  CHECK(says(problems_of("linenc: 1\nconfig: {a: =config.b, b: 2}\ninputs: {x: \"float32[2]\"}\nmodel: {compact: [{return: x * config.a}]}\n"),
             "`config.b` is not known yet"));
}

TEST_CASE("an override keeps the type of what it replaces; none may become anything and anything none; functions and modules come by name") {
  const std::string yaml =
      "linenc: 1\nconfig: {a: 3, b: 1.5, c: text, d: false, e: none, l: [1, 2], f: =relu, m: =Other}\ninputs: {x: \"float32[batch, 3]\"}\nmodel:\n  "
      "compact:\n"
      "    - let: {act: config.f, block: config.m}\n    - act\n    - block\n    - return: [\"x[:, :0 if config.a is none else config.a]\", "
      "\"zeros(len(config.l))\", \"zeros(7 if config.e is none else 8)\"]\n"
      "modules: {Basic: {compact: [{Dense: {features: 9, use_bias: false}}]}, Other: {compact: [{Dense: {features: 8, use_bias: false}}]}}\n";
  CHECK(tree_of(yaml) == "params/Other_0/Dense_0/kernel float32[3, 8]\n-> float32[batch, 3] float32[2] float32[7]");
  CHECK(tree_of(yaml, {{"a", "5"}, {"l", "[1, 2, 3]"}, {"e", "foo"}, {"f", "gelu"}, {"m", "Basic"}}) ==
        "params/Basic_0/Dense_0/kernel float32[3, 9]\n-> float32[batch, 5] float32[3] float32[8]");
  CHECK(tree_of(yaml, {{"a", "none"}}) == "params/Other_0/Dense_0/kernel float32[3, 8]\n-> float32[batch, 0] float32[2] float32[7]");
  for (const auto& [key, value] : Overrides{{"a", "5.0"}, {"a", "x"}, {"d", "1"}, {"l", "4"}, {"f", "nope"}}) {
    CAPTURE(key);
    CHECK(says(problems_of(yaml, {{key, value}}), "error"));
  }
}

TEST_CASE("a function of the file is pure; its arguments default to x, and it may call itself") {
  const std::string head =
      "linenc: 1\ninputs: {x: \"float32[batch, 3]\"}\nfunctions:\n  twice: {body: [{let: {x: \"concatenate([x, x], axis=-1)\"}}]}\n  fact: {args: "
      "[n], body: [{return: \"1 if n <= 1 else n * fact(n - 1)\"}]}\n"
      "  wide: {args: [x, by = 3, plus = 1], body: [{if: by > 3, then: [{return: \"tile(x, (1, by))\"}]}, {return: \"tile(x, (1, by + plus))\"}]}\n";
  CHECK(tree_of(head + "model:\n  compact:\n    - twice\n    - wide: {by: 5}\n    - wide: [2, {plus: 2}]\n    - return: [x, \"zeros(fact(4))\"]\n") ==
        "-> float32[batch, 120] float32[24]");
  CHECK(says(problems_of(head + "  bad: {args: [x], body: [{Dense: {features: 3}}]}\nmodel: {compact: [bad]}\n"), "error"));
}

TEST_CASE("a function of key, shape and dtype is an initializer") {
  CHECK(tree_of("linenc: 1\ninputs: {x: \"float32[batch, 3]\"}\nfunctions:\n  half: {args: [key, shape, dtype], body: [{return: \"0.5 * "
                "random.normal(key, shape, dtype)\"}]}\nmodel:\n  compact:\n"
                "    - Dense: {features: 2, kernel_init: half, bias_init: half}\n    - param: p\n      init: half\n      shape: [3]\n      dtype: "
                "bfloat16\n") == "params/Dense_0/kernel float32[3, 2]\nparams/Dense_0/bias float32[2]\nparams/p bfloat16[3]\n-> float32[batch, 2]");
}

TEST_CASE("what a function with `compact` makes belongs to the module that runs it; calling it is a statement") {
  const std::string head =
      "linenc: 1\ninputs: {x: \"float32[batch, 3]\"}\nfunctions:\n  two: {args: [x, f = 4], compact: [{Dense: {features: =f, use_bias: false}}, "
      "relu, {Dense: {features: =f, use_bias: false}}]}\n";
  CHECK(tree_of(head + "model:\n  compact:\n    - two\n    - Dense: {features: 2, use_bias: false}\n    - two: [5]\n") ==
        "params/Dense_0/kernel float32[3, 4]\nparams/Dense_1/kernel float32[4, 4]\nparams/Dense_2/kernel float32[4, 2]\nparams/Dense_3/kernel "
        "float32[2, 5]\nparams/Dense_4/kernel float32[5, 5]\n-> float32[batch, 5]");
  CHECK(says(problems_of(head + "model: {compact: [{return: two(x)}]}\n"), "E0225"));
}

TEST_CASE("inputs are tensors, static values, and trees of them; an optional one that is not given is none") {
  CHECK(tree_of(
            "linenc: 1\ninputs:\n  batch: {img: \"float32[b, 3]\", pair: [\"float32[b, 2]\", \"int32[b]\"]}\n  train: false\n  width: =2 + 3\n  "
            "mask: \"bool[b, 3] | none\"\n  extra: {p: \"float32[b]?\", q: \"float32[b]?\"}\n"
            "model:\n  args: [batch, train, width, mask, extra]\n  compact:\n    - assert: mask is none and extra is none and not train\n    - let: "
            "{x: batch.img, \"p, q\": batch.pair}\n    - Dense: {features: =width, use_bias: false}\n    - return: {out: x, both: [p, q]}\n") ==
        "params/Dense_0/kernel float32[3, 5]\n-> float32[b, 5] float32[b, 2] int32[b]");
}

TEST_CASE("a definition takes its inputs by name, or by position where no name is its own") {
  CHECK(tree_of("linenc: 1\ninputs: {b: \"float32[2]\", a: \"float32[3]\"}\nmodel: {args: [a, b], compact: [{return: a}]}\n") == "-> float32[3]");
  CHECK(tree_of("linenc: 1\ninputs: {u: \"float32[2]\", v: \"float32[3]\"}\nmodel: {args: [a, b], compact: [{return: a}]}\n") == "-> float32[2]");
  CHECK(tree_of("linenc: 1\ninputs: {anything: \"float32[b, 3]\"}\nmodel: {Dense: {features: 2, use_bias: false}}\n") ==
        "params/kernel float32[3, 2]\n-> float32[b, 2]");
}

TEST_CASE("what only another method takes is left out, and `method` chooses the one that is run") {
  const std::string rest =
      "inputs: {x: \"float32[b, 3]\", z: \"float32[b, 2]\"}\nmodel:\n  setup: {enc: {Dense: {features: 2, use_bias: false}}, dec: {Dense: {features: "
      "3, use_bias: false}}}\n  call: [enc]\n  methods: {decode: {args: [z], call: [{dec: , in: z}]}}\n";
  CHECK(tree_of("linenc: 1\n" + rest) == "params/enc/kernel float32[3, 2]\n-> float32[b, 2]");
  CHECK(tree_of("linenc: 1\nmethod: decode\n" + rest) == "params/dec/kernel float32[2, 3]\n-> float32[b, 3]");
}

TEST_CASE("an unknown key of a file is an error that names the nearest") {
  CHECK(says(problems_of("linenc: 1\nimputs: {x: \"float32[2]\"}\nmodel: {compact: [relu]}\n"), "did you mean `inputs`"));
}

}  // namespace linenc::test
