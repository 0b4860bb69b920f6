// Section 5 of the language: the statements, and how names are looked up.
#include <span>

#include "tests/compiler/elaborate/language.h"

namespace linenc::test {

TEST_CASE("a misspelt statement gets the nearest statement") {
  for (const auto& [written, meant] : {std::pair{"make_rgn: params", "make_rng"},
                                       {"isntance: {a: Dense}", "instance"},
                                       {"retrun: x", "return"},
                                       {"temlate: {a: Dense}", "template"},
                                       {"varaible: v", "variable"},
                                       {"soww: h", "sow"}}) {
    CHECK_MESSAGE(says(problems_of(body(std::string("- ") + written)), std::string("did you mean `") + meant + "`?"), written);
  }
  CHECK(says(problems_of(body("- max_poool: {window_shape: [2]}")), "did you mean `max_pool`?"));
}

TEST_CASE("a function applies to `in`; a list gives further arguments, a map at its end keywords") {
  CHECK(tree_of(body("- split: [2, {axis: -1}]\n  out: [a, b]\n- concatenate: {axis: 0}\n  in: [[a, b]]\n- maximum:\n  in: [x, 0.5]\n- reshape: "
                     "[\"=(len(x), 2, 1)\"]")) == "-> float32[2*batch, 2, 1]");
}

TEST_CASE("`call` calls what an expression gives, with `method`, and `self` with one of this module's methods") {
  CHECK(tree_of(with_x("model: {M: }\nmodules: {M: {setup: {e: {Embed: {num_embeddings: 5, features: 4}}}, call: [{call: e, method: attend}, {call: "
                       "self, method: cut}, {call: \"lambda v: v[:, :2]\"}], methods: {cut: {call: [{return: \"x[:, 1:]\"}]}}}}\n")) ==
        "params/e/embedding float32[5, 4]\n-> float32[batch, 2]");
}

TEST_CASE("`let` binds one after another; commas unpack, a star takes the rest, `_` nothing, and entries of records are set") {
  CHECK(problems_of(body("- let: [{a: 1}, {a: a + 1}]\n- let: {\"b, d\": x.shape, \"(p, q), r\": \"[[1, 2], 3]\", \"first, *rest\": \"[1, 2, 3]\", "
                         "\"s, *m, z\": \"[1, 2, 3, 4]\", \"_, e\": \"[8, 9]\", out: {}, out.stem: 5, \"out[f's{a}']\": 6}\n"
                         "- assert: \"a == 2 and d == 4 and [p, q, r] == [1, 2, 3] and rest == [2, 3] and m == [2, 3] and e == 9 and out == {'stem': "
                         "5, 's2': 6}\"")) == "");
  CHECK(tree_of(body("- let: {\"u, v, w, z\": x.T}\n- return: u + z")) == "-> float32[batch]");
  CHECK(says(problems_of(body("- let: {\"a, b, c\": x.shape}")), "2 parts for 3 names"));
}

TEST_CASE("`template` makes nothing, `instance` makes without calling") {
  CHECK(tree_of(body("- template: {d: {Dense: {features: 4, use_bias: false}}}\n- d\n- d:\n  name: foo")) ==
        "params/Dense_0/kernel float32[4, 4]\nparams/foo/kernel float32[4, 4]\n-> float32[batch, 4]");
  CHECK(tree_of(
            body("- instance: {d: {Dense: {features: 4, use_bias: false}}, e: {Dense: {features: 4, use_bias: false}, name: foo}}\n- e\n- d\n- d")) ==
        "params/foo/kernel float32[4, 4]\nparams/Dense_0/kernel float32[4, 4]\n-> float32[batch, 4]");
}

TEST_CASE("`param`: shape and dtype, or arguments of the initializer, or a value that needs no key") {
  CHECK(tree_of(body(
            "- param: a\n  init: ones\n  shape: (x.shape[-1],)\n- param: b\n  init: normal(0.1)\n  shape: [4]\n  dtype: bfloat16\n  out: bb\n- "
            "param: c\n  init: \"lambda key, n, s: random.normal(key, (n,)) * s\"\n  args: [4, 0.5]\n"
            "- param: d\n  value: full((4,), 0.5)\n- param: e\n  init: \"lambda key: {'u': ones((4,)), 'v': zeros((2,))}\"\n- for: i\n  over: "
            "range(2)\n  do:\n    - param: \"p_{i}\"\n      init: ones\n      shape: ()\n      out: p\n- return: x * a + bb + c * d + e.u + p")) ==
        "params/a float32[4]\nparams/b bfloat16[4]\nparams/c float32[4]\nparams/d float32[4]\nparams/e/u float32[4]\nparams/e/v "
        "float32[2]\nparams/p_0 float32[]\nparams/p_1 float32[]\n-> float32[batch, 4]");
}

TEST_CASE("records that are parameters and variables come back from their leaves when the model is applied, and are written leaf by leaf") {
  const std::string yaml = body(
      "- param: p\n  init: \"lambda key: {'a': ones((4,)), 'b': {'c': zeros((4,))}}\"\n- variable: v\n  collection: state\n  init: \"{'n': zeros((), "
      "int32), 'm': zeros((4,))}\"\n"
      "- set: {v: \"{'m': v.m + 1, 'n': v.n + 2}\"}\n- return: [x * p.a + p.b.c + v.m, v.n, \"has_variable('params', 'p')\"]",
      "float32[1, 4]");
  Array x(DType::Float32, {1, 4});
  for (float& element : std::span(x.as<float>(), 4)) element = 3;
  CompiledText text(yaml);
  const Results made = text.init({{"x", x}}, {{"params", 0}});
  CHECK(made.variables.size() == 4);
  const Results applied = text.apply(made.variables, {{"x", x}}, {}, catalog::Filter{false, {"state"}});
  REQUIRE(applied.outputs.size() == 3);
  // By hand: init has set m to 1 and n to 2 already.
  CHECK(applied.outputs[0].array.as<float>()[0] == 5.0F);
  CHECK(applied.outputs[1].array.as<std::int32_t>()[0] == 4);
  CHECK(applied.outputs[2].array.as<bool>()[0]);
  CHECK(applied.variables.size() == 4);
}

TEST_CASE("`variable` is made where it is missing and may be made, `set` gives it a value of any shape, and reading gives the new value") {
  CHECK(tree_of(body("- variable: v\n  collection: state\n  init: zeros((4,))\n- set: {v: \"concatenate([v, v])\"}\n- return: v")) ==
        "state/v float32[8]\n-> float32[8]");
  CHECK(says(problems_of(body("- variable: v\n  collection: state\n- return: x + v")), "E0215"));
}

TEST_CASE("`sow` collects a tuple, or what reduce_fn makes; `perturb` adds zeros that are kept") {
  CHECK(tree_of(body("- sow: h\n  collection: log\n- sow: h\n  collection: log\n  value: x.sum()\n- sow: n\n  collection: log\n  value: x.sum()\n  "
                     "init_fn: \"lambda: 0.0\"\n  reduce_fn: \"lambda a, b: a + b\"\n- perturb: p\n  in: \"x[:, :2]\"\n  out: y\n- return: y")) ==
        "log/h/0 float32[batch, 4]\nlog/h/1 float32[]\nlog/n float32[]\nperturbations/p float32[batch, 2]\n-> float32[batch, 2]");
}

TEST_CASE("`if` and `match` choose while compiling; no case that fits and no `else` is an error; a return inside ends the body") {
  CHECK(
      tree_of(body("- match: \"'gap'\"\n  cases: {map: [{Dense: {features: 9}}], gap: [relu], else: [gelu]}\n- match: 7\n  cases: {1: [{Dense: "
                   "{features: 9}}], else: [tanh]}\n- match: true\n  cases: {true: [{return: \"x[:, :1]\"}], false: []}\n- Dense: {features: 3}")) ==
      "-> float32[batch, 1]");
  CHECK(says(problems_of(body("- match: 7\n  cases: {1: [relu], 2: [tanh]}")), "error"));
}

TEST_CASE("`for` unrolls: names, pairs, nested pairs; over lists, maps and texts") {
  CHECK(problems_of(body(
            "- let: {t: 0}\n- for: [i, [a, b]]\n  over: enumerate([[1, 2], [3, 4]])\n  do: [{let: {t: t + i * a * b}}]\n- for: k\n  over: \"{'a': 1, "
            "'bc': 2}\"\n  do: [{let: {t: t + len(k)}}]\n- for: c\n  over: \"'abc'\"\n  do: [{let: {t: t + len(c)}}]\n- assert: t == 18")) == "");
  CHECK(says(problems_of(body("- for: v\n  over: range(x.shape[0])\n  do: [relu]")), "error"));
}

TEST_CASE("`assert` is static, and `{expr}` in its message is replaced") {
  CHECK(says(problems_of(body("- assert: x.ndim == 3\n  message: \"rank is {x.ndim}\"")), "rank is 2"));
  CHECK(says(problems_of(body("- assert: x.sum() > 0")), "E0208"));
}

TEST_CASE("a static number that leaves the model becomes an int32, float32 or bool array; a text does not leave it") {
  CHECK(tree_of(body("- return: [1, 2.5, true, none, \"x.shape[1]\"]")) == "-> int32[] float32[] bool[] int32[]");
  CHECK(says(problems_of(body("- return: \"'a'\"")), "only arrays and numbers leave a model"));
}

TEST_CASE("`in` is one expression, a list of positional ones, a map of keywords, or both; `update` is `in` and `out`") {
  CHECK(tree_of(body("- MultiHeadDotProductAttention: {num_heads: 2, use_bias: false}\n  in: [x, {mask: none}]\n  out: y\n- let: {z: y}\n- relu:\n  "
                     "update: z\n- return: [y, z]",
                     "float32[1, 3, 4]"))
            .ends_with("-> float32[1, 3, 4] float32[1, 3, 4]"));
}

TEST_CASE("`out` is a name, a list nested as the result is, `_`, or an entry of a record") {
  CHECK(tree_of(body("- call: \"lambda v: [[v, 1], v[:, :1]]\"\n  out: [[a, _], b]\n- let: {r: {}}\n- relu:\n  in: a\n  out: r.stem\n- relu:\n  in: "
                     "b\n  out: \"r[f's{1}']\"\n- return: r")) == "-> float32[batch, 4] float32[batch, 1]");
}

TEST_CASE("`with` gives further entries of fields and keywords; what is written out wins, and of two maps the later") {
  CHECK(tree_of(body("- let: {f: \"dict(features=3, use_bias=false)\", g: \"dict(features=2)\"}\n- Dense: {with: f, features: 5}\n- Dense: "
                     "{features: 6, with: f}\n- Dense: {with: [f, g]}\n- softmax: {with: \"dict(axis=0)\"}")) ==
        "params/Dense_0/kernel float32[4, 5]\nparams/Dense_1/kernel float32[5, 6]\nparams/Dense_2/kernel float32[6, 2]\n-> float32[batch, 2]");
  CHECK(says(problems_of(body("- Dense: {with: 3, features: 2}")), "`with` wants maps"));
}

TEST_CASE("`{expr}` is replaced in names, and doubled braces are braces") {
  CHECK(tree_of(body("- let: {k: 3, c: \"'log'\"}\n- Dense: {features: 4, use_bias: false}\n  name: \"d{k + 1}\"\n- sow: \"h{k}\"\n  collection: "
                     "\"{c}\"\n- variable: \"v{k}\"\n  collection: \"{c}\"\n  init: 1.5\n  out: v")) ==
        "params/d4/kernel float32[4, 4]\nlog/h3/0 float32[batch, 4]\nlog/v3 float32[]\n-> float32[batch, 4]");
}

TEST_CASE("lists and records are values without identity") {
  CHECK(problems_of(
            body("- let: {hs: [], a: \"{'k': 1}\", b: a, b.k: 5}\n- for: i\n  over: range(3)\n  do: [{let: {hs: \"hs + [i]\"}}]\n- assert: \"hs == "
                 "[0, 1, 2] and hs[-1] == 2 and hs[:-1] == [0, 1] and a.k == 1 and b.k == 5 and (a | {'z': 2}) == {'k': 1, 'z': 2}\"")) == "");
}

TEST_CASE("the predicates are static, and a module's name counts as its variables do") {
  CHECK(problems_of(body("- assert: \"is_initializing() and is_mutable_collection('params') and not is_mutable_collection('intermediates') and "
                         "has_rng('dropout') and not has_rng('noise')\"\n"
                         "- assert: not has_variable('params', 'Dense_0')\n- Dense: {features: 3}\n- assert: has_variable('params', 'Dense_0')\n- "
                         "variable: v\n  collection: state\n  init: 1.0\n- assert: has_variable('state', 'v')")) == "");
}

TEST_CASE("a name is the body's, then a field, then an entry of setup, a method, the file's, an import, a built-in; `self.NAME` skips the body") {
  CHECK(problems_of(
            "linenc: 1\nconfig: {act: 1}\ninputs: {x: \"float32[2]\"}\nmodel: {M: {act: 2}}\nmodules: {M: {fields: {act: int, other: int = 5}, args: "
            "[x, other = 7], compact: [{let: {act: 3}}, {assert: \"[act, other, self.act, self.other, config.act] == [3, 7, 2, 5, 1]\"}]}}\n") == "");
}

TEST_CASE(
    "a bare built-in is flax.linen's, else jax.numpy's, jax.nn's, jax.lax's; a prefix chooses; a definition of the file hides it, and `nn.` gives "
    "Linen's") {
  const std::string yaml = with_x(
      "model: {compact: [{Dense: {width: 3}}, {nn.Dense: {features: 2, use_bias: false}}, jnp.tanh, jax.nn.silu]}\nmodules: {Dense: {fields: {width: "
      "int}, compact: [{nn.Dense: {features: =width, use_bias: false}}]}}\n");
  CHECK(says(problems_at_rest(yaml), "warning[W0203]"));
  CHECK(tree_of(yaml) == "params/Dense_0/Dense_0/kernel float32[4, 3]\nparams/Dense_1/kernel float32[3, 2]\n-> float32[batch, 2]");
}

TEST_CASE("names, verbs, options and syntax are checked in every branch; shapes where it runs") {
  CHECK(says(problems_at_rest(body("- if: false\n  then: [{nope: }]\n- relu")), "`nope`"));
  CHECK(problems_of(body("- if: false\n  then: [{let: {y: \"x @ ones((9, 9))\"}}]\n- relu")) == "");
  CHECK(says(problems_of(body("- Dense: {features: 3}\n  nam: foo")), "nam"));
}

TEST_CASE("of a submodule, fields and variables can be read, these once they are made") {
  CHECK(tree_of(body("- instance: {e: {Embed: {num_embeddings: 5, features: 4}}}\n- e:\n  in: zeros((2,), int32)\n  out: y\n- return: [x @ "
                     "e.variables.params.embedding.T, e.features]")) == "params/Embed_0/embedding float32[5, 4]\n-> float32[batch, 5] int32[]");
  CHECK(says(problems_of(body("- instance: {e: {Embed: {num_embeddings: 5, features: 4}}}\n- return: e.variables.params.embedding")), "error"));
}

TEST_CASE("an `attention_fn` is handed only the keywords that its arguments name") {
  CHECK(says(tree_of("linenc: 1\ninputs: {x: \"float32[b, 3, 8]\"}\nfunctions:\n  plain: {args: [query, key, value], body: [{return: "
                     "value}]}\nmodel: {compact: [{MultiHeadDotProductAttention: {num_heads: 2, attention_fn: plain}}]}\n"),
             "-> float32[b, 3, 8]"));
}

TEST_CASE("a module in an argument is called like a verb: an instance is one module, a template makes one at each call") {
  const std::string inner = "modules: {Inner: {args: [x, layer], compact: [layer, layer]}}\n";
  CHECK(tree_of(with_x("model: {compact: [{instance: {d: {Dense: {features: 4, use_bias: false}}}}, {Inner: , in: [x, d]}]}\n" + inner)) ==
        "params/Dense_0/kernel float32[4, 4]\n-> float32[batch, 4]");
  CHECK(tree_of(with_x("model: {compact: [{template: {d: {Dense: {features: 4, use_bias: false}}}}, {Inner: , in: [x, d]}]}\n" + inner)) ==
        "params/Inner_0/Dense_0/kernel float32[4, 4]\nparams/Inner_0/Dense_1/kernel float32[4, 4]\n-> float32[batch, 4]");
}

}  // namespace linenc::test
