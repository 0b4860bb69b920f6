// What is told of bodies and branches that do not run.
#include "compiler/modules/resolve.h"

#include <doctest/doctest.h>

#include "compiler/diagnostics/render_text.h"
#include "compiler/syntax/parser.h"

namespace linenc::modules {
namespace {

std::string problems_of(const std::string& text) {
  source::SourceSet sources;
  diagnostics::Diagnostics diagnostics;
  const auto tree = syntax::parse(sources.add("m.yaml", text), sources, diagnostics);
  resolve(*tree, diagnostics);
  std::string lines;
  for (const auto& d : diagnostics.sorted()) lines += diagnostics::render_concise(d, sources) + "\n";
  return lines;
}

}  // namespace

TEST_CASE("names and fields in a branch that is never taken are checked") {
  const std::string text = problems_of(
      "linenc: 1\ninputs: {x: \"float32[b, 4]\"}\nmodel:\n  compact:\n    - if: false\n      then:\n        - Dense: {featurs: 3}\n        - return: "
      "x + yy\n");
  CHECK(text.find("m.yaml:7:19: error[E0202]: `Dense` has no field `featurs`; did you mean `features`?") != std::string::npos);
  CHECK(text.find("m.yaml:8:23: error[E0201]: unknown name `yy`") != std::string::npos);
}

TEST_CASE("where a section of names could not be read, no name is told as unknown; other bodies are checked at rest") {
  const std::string body = "model: {compact: [{return: x + yy}]}\n";
  CHECK(problems_of("linenc: 1\nmodules: [yy]\n" + body).find("E0201") == std::string::npos);
  CHECK(problems_of("linenc: 1\nmodules: {A: {fields: [yy], compact: [{return: x + yy}]}}\n").find("E0201") == std::string::npos);
  CHECK(problems_of("linenc: 1\ninputs: [x]\n" + body).find("unknown name `yy`") != std::string::npos);
}

TEST_CASE("what a body binds anywhere counts as bound: let, for, out, param, lambda, comprehension") {
  CHECK(problems_of("linenc: 1\ninputs: {x: \"float32[b, 4]\"}\nmodel:\n  args: [x, other = none]\n  fields: {act: function = relu}\n  compact:\n    "
                    "- let: {\"a, *b\": x.shape}\n    - for: [i, [c, d]]\n      over: \"[[0, [1, 2]]]\"\n      do: [{let: {e: i + c + d}}]\n    - "
                    "split: [2]\n      out: [f, _]\n    - param: w\n      init: \"lambda key, shape: zeros(shape)\"\n      shape: \"[n for n in "
                    "b]\"\n    - return: [a, b, e, f, w, other, act(x), self.act]\n") == "");
}

TEST_CASE("W0203: a module that hides a built-in one is warned about") {
  CHECK(problems_of("linenc: 1\ninputs: {x: \"float32[b, 4]\"}\nmodel: {Dense: {}}\nmodules:\n  Dense: {compact: [relu]}\n").find("W0203") !=
        std::string::npos);
}

TEST_CASE("W0204: a setup entry that no body uses is warned about") {
  const std::string text = problems_of(
      "linenc: 1\ninputs: {x: \"float32[b, 4]\"}\nmodel: M\nmodules:\n  M:\n    setup: {a: {Dense: {features: 3}}, b: {Dense: {features: 3}}}\n    "
      "call: [a]\n");
  CHECK(text.find("m.yaml:6:40: warning[W0204]: no body uses the `setup` entry `b`") != std::string::npos);
  CHECK(text.find("`a`") == std::string::npos);
}

}  // namespace linenc::modules
