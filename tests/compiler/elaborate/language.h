#pragma once

// What tests of the language ask of a whole file.

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "compiler/modules/resolve.h"
#include "tests/support/compile_text.h"

namespace linenc::test {

using Overrides = std::vector<std::pair<std::string, std::string>>;

// "params/kernel float32[4, 3]" for each variable, then "-> " and the outputs; the diagnostics where the file does not stand.
inline std::string tree_of(const std::string& yaml, const Overrides& overrides = {}) {
  CompiledText text(yaml, overrides);
  if (text.failed()) return text.problems();
  const elaborate::Run run = text.symbolic_init();
  if (run.failed) return text.problems();
  std::string tree;
  for (const auto& leaf : run.variables) tree += leaf.key + " " + graph::to_string(leaf.tensor.fact()) + "\n";
  tree += "->";
  for (const auto& [name, tensor] : run.outputs) tree += " " + graph::to_string(tensor.fact());
  return tree;
}

// Errors and warnings of a run, `expect` with it; empty where there are none.
inline std::string problems_of(const std::string& yaml, const Overrides& overrides = {}) {
  CompiledText text(yaml, overrides);
  elaborate::RunRequest request;
  request.streams = {"params", "dropout"};
  request.check_expectations = true;
  if (!text.failed()) (void)text.run(request);
  return text.problems();
}

// What is told without running anything, of every body and branch.
inline std::string problems_at_rest(const std::string& yaml) {
  source::SourceSet sources;
  diagnostics::Diagnostics diagnostics;
  const auto tree = syntax::parse(sources.add("model.yaml", yaml), sources, diagnostics);
  if (tree->root != nullptr) modules::resolve(*tree, diagnostics);
  std::string lines;
  for (const auto& d : diagnostics.sorted()) lines += diagnostics::render_concise(d, sources) + "\n";
  return lines;
}

// A root with an input `x` of this type and these statements, each line indented as it stands under `compact:`.
inline std::string body(const std::string& statements, const std::string& type = "float32[batch, 4]") {
  std::string yaml = "linenc: 1\ninputs: {x: \"" + type + "\"}\nmodel:\n  compact:\n";
  std::string line;
  for (const char c : statements + "\n") {
    line += c;
    if (c == '\n') yaml += "    " + std::exchange(line, {});
  }
  return yaml;
}

// The head of a file with the input x; `model:` and `modules:` follow.
inline std::string with_x(const std::string& rest) { return "linenc: 1\ninputs: {x: \"float32[batch, 4]\"}\n" + rest; }

inline bool says(const std::string& problems, const std::string& text) { return problems.find(text) != std::string::npos; }

}  // namespace linenc::test
