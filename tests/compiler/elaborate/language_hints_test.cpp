// What the diagnostics say to do, for what users write at first.
#include "tests/compiler/elaborate/language.h"

namespace linenc::test {

namespace {

// The diagnostics of a symbolic init, as they are drawn.
std::string picture_of(const std::string& yaml) {
  source::SourceSet sources;
  diagnostics::Diagnostics diagnostics;
  std::shared_ptr<const syntax::Tree> tree = syntax::parse(sources.add("model.yaml", yaml), sources, diagnostics);
  if (tree->root != nullptr) {
    elaborate::Model model(std::move(tree), {}, diagnostics);
    elaborate::RunRequest request;
    request.streams = {"params"};
    (void)model.run(request);
  }
  return diagnostics::render_full(diagnostics, sources, {});
}

}  // namespace

TEST_CASE("a text that parses as an expression gets the note that it begins with `=`") {
  for (const char* line : {"- Dense: {features: \"4 * 2\"}", "- Dense: {features: 4 * x.ndim}", "- Dense: {features: \"len([1])\"}"}) {
    CAPTURE(line);
    CHECK(says(picture_of(body(line)), "`: an expression begins with `=` here"));
  }
  CHECK(says(picture_of(body("- Dense: {features: width}")), "write `=width` where the value of that name is meant"));
}

TEST_CASE("a text of `config` that names nothing is told with its place and the nearest name") {
  const std::string fields = "modules:\n  A:\n    fields: {act: function = gelu, dt: dtype = float32}\n    compact: [act]\n";
  const auto picture = [&](const std::string& config, const std::string& use) {
    return picture_of(with_x("config: {" + config + "}\n" + fields + "model: {A: {" + use + "}}\n"));
  };
  const std::string act = picture("act: geluu", "act: =config.act");
  CHECK(says(act, "unknown function `geluu`; did you mean `gelu`?"));
  CHECK(says(act, "note: `config` gives it here\n --> model.yaml:3:15"));
  CHECK(says(picture("a: {b: bfloat61}", "dt: =config.a.b"), "`bfloat61` is not a dtype; did you mean `bfloat16`?"));
  CHECK(says(picture("a: {b: bfloat61}", "dt: =config.a.b"), "note: `config` gives it here"));
  CHECK(says(problems_of(body("- Dense: {features: 2, dtype: jnp.float32}")), "`jnp.float32` is not a dtype; write `float32`"));
  CHECK(says(problems_of(body("- Dense: {features: 2, dtype: jnp.floot32}")), "`jnp.floot32` is not a dtype; did you mean `float32`?"));
}

TEST_CASE("a slip of a tensor type among the inputs is told where it stands, alone, and mended where that is certain") {
  struct Row {
    std::string type, problem, fix;
  };
  for (const Row& row : {
           Row{"float32batch, 4]", "`float32batch, 4]` is not a tensor type: expected `[` after `float32`", "write `float32[batch, 4]`"},
           Row{"\"float32[b, 4\"", "`float32[b, 4` is not a tensor type: expected `]` at the end", "write `float32[b, 4]`"},
           Row{"\"int32[b)\"", "`int32[b)` is not a tensor type: expected `]` at the end, found `)`", "write `int32[b]`"},
           Row{"float32(b, 4)", "is not a tensor type: expected `[` after `float32`, found `(`", "write `float32[b, 4]`"},
           Row{"“float32[b, 4]”", "is not a tensor type: its quotes are none of YAML", "write `\"float32[b, 4]\"`"},
           Row{"float32", "`float32` is not a tensor type: it has no dimensions", ""},
           Row{"float32 b", "`float32 b` is not a tensor type", ""},
           Row{"\"[b, 4]\"", "`[b, 4]` is not a tensor type: a dtype is missing before `[`", ""},
           Row{"[b, 4]", "the input `x` lacks its dtype", "write `\"float32[b, 4]\"`"},
           Row{"", "the input `x` lacks its dtype", ""},
       }) {
    CAPTURE(row.type);
    const std::string problems = problems_of("linenc: 1\ninputs:\n  x: " + row.type + "\nmodel: {Dense: {features: 3}}\n");
    CHECK(says(problems, row.problem));
    CHECK(std::count(problems.begin(), problems.end(), '\n') == 1);
    CHECK(says(picture_of("linenc: 1\ninputs:\n  x: " + row.type + "\nmodel: {Dense: {features: 3}}\n"), row.fix));
  }
  const std::string text = "linenc: 1\ninputs: {x: \"float32[b, 4]\", mode: MODE}\nmodel: {args: [x, mode], compact: [{assert: mode is not none}]}\n";
  for (const char* mode : {"train", "'[CLS]'", "none", "[3, 4]", "[a, b]"}) {
    CAPTURE(mode);
    CHECK(problems_of(std::string(text).replace(text.find("MODE"), 4, mode)).find("E0206") == std::string::npos);
  }
}

TEST_CASE("a near name is offered for a misspelt field, but where it stands beside it already") {
  CHECK(says(picture_of(body("- Dense: {feature: 3}")), "fix: write `features`"));
  CHECK(!says(picture_of(body("- Dense: {features: 3, features_: 4}")), "fix:"));
}

TEST_CASE("a key that a map lacks is told with those that it has") {
  CHECK(says(problems_of(with_x("config: {m: {hard_swish: 1, silu: 2}}\nmodel:\n  compact:\n    - let: {q: \"config.m['hardswish']\"}\n")),
             "this map has no key 'hardswish'; did you mean `hard_swish`? (it has `hard_swish`, `silu`)"));
}

TEST_CASE("what Flax writes as Python statements is offered as statements of the language") {
  const auto picture = [](const std::string& line) { return picture_of(body(line)); };
  CHECK(says(picture("- Dense(6)"), "write `- Dense: {features: 6}`"));
  CHECK(says(picture("- nn.Dense(6, use_bias=false)"), "write `- Dense: {features: 6, use_bias: false}`"));
  CHECK(says(picture("- let: {n: 2}\n- Dense(n)"), "write `- Dense: {features: =n}`"));
  CHECK(says(picture("- let: {y: Dense(x.ndim)}"), "write `- Dense: {features: …}`"));
  CHECK(says(picture("- x = relu(x)"), "write `- let: {x: relu(x)}`"));
  CHECK(says(picture("- b, c = x.shape"), "write `- let: {\"b, c\": x.shape}`"));
  CHECK(!says(picture("- y = mean(x, 0)\n- return: y"), "unknown name"));
}

TEST_CASE("a dimension of a contract is no name in a body, and the note says how it is read") {
  const auto picture = [&](const std::string& contract) {
    return picture_of(with_x("modules:\n  A:\n    args: {x: \"" + contract + "\"}\n    compact: [{Dense: {features: =c}}]\nmodel: {A: }\n"));
  };
  CHECK(says(picture("float32[n, c]"), "`c` is a dimension of an argument: a body reads it from the tensor, as x.shape[1]"));
  CHECK(says(picture("float32[..., c]"), "as x.shape[-1]"));
}

}  // namespace linenc::test
