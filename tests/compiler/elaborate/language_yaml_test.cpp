// Section 10 of the language: YAML itself, as far as a whole file shows it.
#include <algorithm>

#include "tests/compiler/elaborate/language.h"

namespace linenc::test {

TEST_CASE("what YAML has and the language has not is refused with a diagnostic of its own") {
  const std::string model = "model: {args: [], compact: [{return: 1}]}\n";
  CHECK(says(problems_of("linenc: 1\nlinenc: 1\n" + model), "E0102"));
  CHECK(says(problems_of("linenc: 1\n" + model + "---\na: 1\n"), "E0106"));
  CHECK(says(problems_of("linenc: 1\nmodel: {args: [], compact: [{return: !!int 1}]}\n"), "E0104"));
  CHECK(says(problems_of("linenc: 1\nconfig: {a: &a [*a]}\n" + model), "E0109"));
  CHECK(says(problems_of("linenc: 1\nconfig: {b: &b {a: 1}, c: {<<: *b}}\n" + model), "E0105"));
}

TEST_CASE("what is refused is told once: nothing follows from it") {
  const auto messages = [](const std::string& text) {
    const std::string told = problems_of(text);
    CAPTURE(told);
    return std::count(told.begin(), told.end(), '\n');
  };
  CHECK(messages("linenc: 1\nconfig: {b: &b {features: 4}}\ninputs: {x: \"float32[2, 3]\"}\nmodel: {compact: [{Dense: {<<: *b}}]}\n") == 1);
  CHECK(messages(body("- if: !training\n  then: [relu]\n- Dense: {features: !four}")) == 2);
  CHECK(messages(body("- let:\n    n: len('a #b')\n- return: x + n")) == 1);
  CHECK(messages(body("- out: y\n  relu:\n- return: y")) == 1);
  CHECK(messages(body("- param: w\n  shape: [2]\n- return: w")) == 1);
  CHECK(messages("linenc: 1\ninput: {x: \"float32[2, 3]\"}\nmodel: {Dense: {features: 3}}\n") == 1);
  CHECK(messages("linenc: 1\ninputs: [x]\nmodel: {Dense: {features: 3}}\n") == 1);
  CHECK(messages("linenc: 1\nconfig: [width]\ninputs: {x: \"float32[2, 3]\"}\nmodel: {Dense: {features: =config.width}}\n") == 1);
  CHECK(messages("linenc: 1\ninputs: {x: \"float32[2, 3]\"}\nmodules: [Net]\nmodel: {Net: {}}\n") == 1);
}

TEST_CASE("anchors and aliases stand for the same node everywhere") {
  CHECK(tree_of(with_x("model: {compact: [{Dense: &d {features: 2, use_bias: false}}, {Dense: *d}]}\n")) ==
        "params/Dense_0/kernel float32[4, 2]\nparams/Dense_1/kernel float32[2, 2]\n-> float32[batch, 2]");
}

TEST_CASE("scalars have the meaning of the core schema, not of YAML 1.1") {
  CHECK(problems_of("linenc: 1\nconfig: {a: yes, b: on, c: no, d: 010, e: 1:30, f: 0x1F, g: 1_000, h: .5, i: 1e3, j: ~, k: 0o17}\ninputs: {x: "
                    "\"float32[2]\"}\nmodel:\n  compact:\n"
                    "    - assert: \"[config.a, config.b, config.c, config.e] == ['yes', 'on', 'no', '1:30']\"\n    - assert: \"[config.d, config.f, "
                    "config.g, config.h, config.i, config.k] == [10, 31, 1000, 0.5, 1000.0, 15] and config.j is none\"\n") == "");
}

TEST_CASE("an expression that YAML would cut is recognised, and the quoted line is offered") {
  for (const char* line : {"- call: lambda v: v * 2", "- let: {a: x[0], b: 2}", "- return: *x", "- Sequential: {layers: [relu, =lambda v: v * 2]}"}) {
    CAPTURE(line);
    CHECK(says(problems_of(body(line)), "E0112"));
  }
}

TEST_CASE("after the offered quotes the file stands, and before them one place has one message") {
  for (const auto& [line, fixed] : std::vector<std::pair<std::string, std::string>>{
           {"- Conv: {features: 3, kernel_size: (2, 2)}", "- Conv: {features: 3, kernel_size: \"=(2, 2)\"}"},
           {"- max_pool: {window_shape: (2, 2)}", "- max_pool: {window_shape: \"=(2, 2)\"}"},
           {"- mean: {axis: (1, 2)}", "- mean: {axis: \"=(1, 2)\"}"},
           {"- Dense: {features: 3, kernel_init: variance_scaling(1.0, 'fan_in', 'normal')}",
            "- Dense: {features: 3, kernel_init: \"variance_scaling(1.0, 'fan_in', 'normal')\"}"}}) {
    CAPTURE(line);
    const std::string told = problems_of(body(line, "float32[batch, 6, 6, 2]"));
    CHECK(says(told, "E0112"));
    CHECK(std::count(told.begin(), told.end(), '\n') == 1);
    CHECK(problems_of(body(fixed, "float32[batch, 6, 6, 2]")) == "");
  }
}

TEST_CASE("block scalars hold expressions over several lines, and a comment ends a plain one") {
  CHECK(tree_of(body("- let:\n    y: >\n      x +\n      1\n- let:\n    z: |\n      (y +\n      1)\n- return: \"z[:, :2]\"  # cut")) ==
        "-> float32[batch, 2]");
}

TEST_CASE("the order of keys is kept") { CHECK(tree_of(body("- return: {b: \"x[:, :1]\", a: x}")) == "-> float32[batch, 1] float32[batch, 4]"); }

}  // namespace linenc::test
