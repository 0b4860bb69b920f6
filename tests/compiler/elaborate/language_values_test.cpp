// Section 3 of the language: what literals mean, what is static, and what a name gives.
#include "tests/compiler/elaborate/language.h"

namespace linenc::test {
namespace {

std::string field(const std::string& type, const std::string& literal, const std::string& test) {
  return with_x("model: {M: {v: " + literal + "}}\nmodules:\n  M:\n    fields: {v: \"" + type + "\"}\n    compact:\n      - assert: \"" + test +
                "\"\n");
}

}  // namespace

TEST_CASE("what a literal means is decided by the declared type, never by its spelling") {
  const std::vector<std::vector<std::string>> rows{{"int", "1_000", "v == 1000 and isinstance(v, int)"},
                                                   {"float", "1", "isinstance(v, float)"},
                                                   {"float", "inf", "v > 1e308"},
                                                   {"float", "nan", "v != v"},
                                                   {"bool", "true", "v"},
                                                   {"str", "yes", "v == 'yes'"},
                                                   {"str", "010", "v == '010'"},
                                                   {"str", "1:30", "v == '1:30'"},
                                                   {"str", "'5'", "v == '5'"},
                                                   {"str", "==x", "v == '=x'"},
                                                   {"dtype", "bfloat16", "v == bfloat16"},
                                                   {"list[int]", "[1, 2]", "v == [1, 2]"},
                                                   {"list[float]", "[1, 2.5]", "isinstance(v[0], float)"},
                                                   {"map", "{a: 1}", "v.a == 1"},
                                                   {"any", "1_000", "v == 1000"},
                                                   {"any", "yes", "v == 'yes'"},
                                                   {"any", "0x10", "v == 16"},
                                                   {"any", "~", "v is none"},
                                                   {"any", "{26: 5}", "v[26] == 5"},
                                                   {"int?", "none", "v is none"},
                                                   {"int | none", "null", "v is none"},
                                                   {"int", "=1 + 1", "v == 2"},
                                                   {"list[int]", "'=[1] * 3'", "v == [1, 1, 1]"},
                                                   {"str?", "~", "v is none"},
                                                   {"float", "-2", "v == -2.0"}};
  for (const auto& row : rows) {
    CAPTURE(row[0]);
    CAPTURE(row[1]);
    CHECK(problems_of(field(row[0], row[1], row[2])) == "");
  }
}

TEST_CASE("a text that misses its quotes inside an expression is told so") {
  const std::string problems = problems_of(body("- Dense: {features: 3, kernel_init: \"variance_scaling(0.1, fan_in, 'uniform')\"}"));
  CHECK(says(problems, "unknown name `fan_in`"));
  CHECK(!says(problems, "did you mean"));
}

TEST_CASE("a literal that its type does not hold is refused") {
  for (const auto& [type, literal] : Overrides{{"int", "1.0"},
                                               {"int", "true"},
                                               {"int", "'3'"},
                                               {"int", "none"},
                                               {"float", "text"},
                                               {"bool", "1"},
                                               {"bool", "yes"},
                                               {"dtype", "float31"},
                                               {"list[int]", "3"},
                                               {"list[int]", "[1, 2.5]"},
                                               {"map", "[1]"},
                                               {"int?", "2.5"}}) {
    CAPTURE(type);
    CAPTURE(literal);
    CHECK(says(problems_of(field(type, literal, "true")), "E0206"));
  }
}

TEST_CASE("a function or initializer needs no mark: a name, a call, a call as a map, a lambda") {
  for (const char* act : {"relu", "nn.gelu", "jax.nn.silu", "\"relu\"", "\"=partial(gelu, approximate=false)\"", "\"lambda v: v * 2\""}) {
    CAPTURE(act);
    const std::string yaml = with_x("model: {M: {act: " + std::string(act) + "}}\nmodules: {M: {fields: {act: function}, compact: [act]}}\n");
    CHECK(problems_of(yaml) == "");
  }
  for (const char* init : {"zeros", "zeros_init", "zeros_init()", "normal(stddev=0.02)", "{normal: {stddev: 0.02}}", "lecun_normal()",
                           "nn.initializers.he_normal()", "\"lambda key, shape, dtype: ones(shape, dtype)\""}) {
    CAPTURE(init);
    CHECK(tree_of(body("- Dense: {features: 3, use_bias: false, kernel_init: " + std::string(init) + "}")) ==
          "params/Dense_0/kernel float32[4, 3]\n-> float32[batch, 3]");
  }
}

TEST_CASE("a text from config is looked up as a name where a function is wanted") {
  CHECK(tree_of("linenc: 1\nconfig: {init: ones_init, act: gelu}\ninputs: {x: \"float32[b, 4]\"}\nmodel: {M: {k: =config.init, act: "
                "=config.act}}\nmodules: {M: {fields: {k: initializer, act: function}, compact: [{Dense: {features: 2, use_bias: false, kernel_init: "
                "=k}}, act]}}\n") == "params/Dense_0/kernel float32[4, 2]\n-> float32[b, 2]");
}

TEST_CASE("dataflow positions hold expressions with no mark, and lists and maps of them") {
  CHECK(tree_of(body("- relu:\n  in: \"x[:, :2]\"\n- return: [x, {out: x, n: \"x.shape[1]\"}]")) == "-> float32[batch, 2] float32[batch, 2] int32[]");
  CHECK(says(problems_of(body("- relu:\n  in: =x")), "without the mark"));
  CHECK(tree_of(body("- einsum:\n  in: [\"'bi,bj->bij'\", x, x]")) == "-> float32[batch, 4, 4]");
}

TEST_CASE("`if`, `for`, `and`, `or`, `not` and chained comparisons need static values, and say what serves for tensors") {
  for (const char* expression :
       {"1 if x.sum() > 0 else 2", "x.sum() > 0 and true", "x.sum() > 0 or true", "not x", "0 < x.sum() < 1", "[r for r in x]"}) {
    CAPTURE(expression);
    const std::string problems = problems_of(body("- return: \"" + std::string(expression) + "\""));
    CHECK(says(problems, "E0208"));
  }
  CHECK(says(problems_of(body("- if: x.sum() > 0\n  then: [relu]")), "see `where`, `scan`, `cond`"));
}

TEST_CASE("the shape, rank, dtype and length of a tensor are static") {
  CHECK(problems_of(body("- assert: x.ndim == 2 and x.shape[1] == 4 and x.dtype == float32 and len(x) == x.shape[0] and x.size == 4 * len(x)")) ==
        "");
}

TEST_CASE("modules are values") {
  CHECK(tree_of("linenc: 1\nconfig: {deep: true}\ninputs: {x: \"float32[b, 4]\"}\nmodel:\n  compact:\n    - let: {block: A if config.deep else B}\n  "
                "  - block: {n: 3}\n"
                "modules: {A: {fields: {n: int}, compact: [{Dense: {features: =n, use_bias: false}}]}, B: {fields: {n: int}, compact: [relu]}}\n") ==
        "params/A_0/Dense_0/kernel float32[4, 3]\n-> float32[b, 3]");
}

TEST_CASE("given static numbers alone, the functions of Python's math are Python's; with a prefix or a tensor they are JAX's") {
  CHECK(problems_of(body("- assert: \"[sqrt(16), floor(2.7), ceil(2.1), prod([2, 3]), square(3), power(2, 3), maximum(2, 3), minimum(2.5, 3), max(1, "
                         "2, 3), abs(-3), sum([1, 2, 3]), round(2.5)] == [4.0, 2, 3, 6, 9, 8, 3, 2.5, 3, 3, 6, 2]\"\n"
                         "- assert: \"isinstance(floor(2.5), int) and isinstance(sqrt(4), float) and all([1, 2]) and any([0, 1])\"")) == "");
  CHECK(tree_of(body("- return: [jnp.sqrt(3.0), arange(4), \"sum([x, x])\", sqrt(x), \"max(x, axis=1)\"]")) ==
        "-> float32[] int32[4] float32[batch, 4] float32[batch, 4] float32[batch]");
}

TEST_CASE("a dtype called is a cast") {
  CHECK(tree_of(body("- return: [float32(3), bfloat16(x), int32(2.7), jnp.float16(x)]")) ==
        "-> float32[] bfloat16[batch, 4] int32[] float16[batch, 4]");
}

TEST_CASE("static values have Python's methods, and nothing else of Python is reachable") {
  CHECK(problems_of(body("- assert: \"dict(a=1).get('b', 5) == 5 and dict(a=1, b=2).values() == [1, 2] and dict(a=1).items() == [['a', 1]] and "
                         "dict(a=1).keys() == ['a'] and [1, 2, 1].count(1) == 2 and [1, 2].index(2) == 1\"\n"
                         "- assert: \"'a,b'.split(',') == ['a', 'b'] and '-'.join(['a', 'b']) == 'a-b' and 'abc'.startswith('ab') and "
                         "'abc'.endswith('c') and 'Ab'.lower() == 'ab' and 'Ab'.upper() == 'AB' and 'aXb'.replace('X', '-') == 'a-b' and ' a "
                         "'.strip() == 'a' and 'x{}y'.format(3) == 'x3y'\"")) == "");
  for (const char* expression : {"x.__class__", "open('f')", "print(x)", "__import__('os')", "x.item()", "x := 3", "{1, 2}", "{a: 1 for a in [1]}",
                                 "[a for a in [1] for b in [2]]", "(yield x)", "1j"}) {
    CAPTURE(expression);
    CHECK(says(problems_of(body("- return: \"" + std::string(expression) + "\"")), "error"));
  }
}

TEST_CASE("Python's loops and conversions work on static values") {
  CHECK(problems_of(body("- assert: \"len([1, 2]) == 2 and list(range(3)) == [0, 1, 2] and enumerate([5]) == [[0, 5]] and zip([1], [2]) == [[1, 2]] "
                         "and reversed([1, 2]) == [2, 1] and sorted([3, 1]) == [1, 3]\"\n"
                         "- assert: \"int('12') == 12 and float(3) == 3.0 and bool(0) == false and str(2.5) == '2.5' and tuple([1]) == (1,) and "
                         "list(map(lambda v: v * 2, [1])) == [2] and list(filter(lambda v: v > 1, [1, 2])) == [2]\"\n"
                         "- assert: \"isinstance(x, 'tensor') and isinstance(3, int) and isinstance(2.5, (int, float)) and not isinstance(true, int) "
                         "and isinstance('a', str) and isinstance([1], list) and isinstance(dict(a=1), dict)\"")) == "");
}

TEST_CASE("`partial` binds arguments of a function, or fields of a module") {
  CHECK(tree_of(body("- let: {f: \"partial(softmax, axis=0)\", d: \"partial(Dense, features=3, use_bias=false)\"}\n- f\n- d")) ==
        "params/Dense_0/kernel float32[4, 3]\n-> float32[batch, 3]");
}

TEST_CASE("reshape and transpose take the dimensions singly or as one list") {
  CHECK(tree_of(body("- return: [\"x.reshape(-1, 2)\", \"x.reshape((4, -1))\", \"x.transpose(1, 0)\", \"transpose(x, (1, 0))\", x.T]")) ==
        "-> float32[2*batch, 2] float32[4, batch] float32[4, batch] float32[4, batch] float32[4, batch]");
}

TEST_CASE("`vmap` maps a pure function") {
  CHECK(tree_of(body("- return: [\"vmap(lambda r: r.sum())(x)\", \"vmap(lambda a, b: a + b, in_axes=(0, none))(x, x[0])\", \"vmap(lambda c: c * 2, "
                     "in_axes=1, out_axes=1)(x)\"]",
                     "float32[3, 4]")) == "-> float32[3] float32[3, 4] float32[3, 4]");
}

}  // namespace linenc::test
