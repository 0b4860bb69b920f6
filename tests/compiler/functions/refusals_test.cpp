// What JAX refuses is refused, expression by expression: tests/flax/goldens/refused.json (made by tests/flax/make_refusal_goldens.py).
#include <set>

#include "tests/support/golden_cases.h"

namespace linenc::test {

TEST_SUITE("compiler/functions") {
  // One statement for each expression, so that a run reports all that it refuses.
  std::string statements(const Json& inputs, const Json& expressions) {
    Json names = Json::array();
    for (const auto& [name, type] : inputs.items()) names.push_back(name);
    std::string text = "linenc: 1\ninputs: " + inputs.dump() + "\nmodel:\n  args: " + names.dump() + "\n  compact:\n";
    for (const Json& expression : expressions) text += "    - let: {_: " + expression.dump() + "}\n";
    return text + "    - return: f_s\n";
  }

  // The lines that an error other than an internal one points at.
  std::set<std::size_t> lines_of(const std::string& problems) {
    std::set<std::size_t> lines;
    std::istringstream all(problems);
    for (std::string problem; std::getline(all, problem);) {
      const std::string file = "model.yaml:";
      if (problem.compare(0, file.size(), file) == 0 && problem.find(": error[") != std::string::npos)
        lines.insert(std::stoul(problem.substr(file.size())));
    }
    return lines;
  }

  TEST_CASE("what JAX refuses is refused") {
    const Json refused = Json::parse(read_text(goldens_folder() + "refused.json"));
    for (const auto& [family, expressions] : refused["families"].items()) {
      if (expressions.empty()) continue;
      CompiledText text(statements(refused["inputs"], expressions));
      if (!text.failed()) (void)text.symbolic_init();
      const std::set<std::size_t> lines = lines_of(text.problems());
      for (std::size_t i = 0; i < expressions.size(); ++i) {
        const std::string expression = expressions[i];
        CAPTURE(expression);
        CHECK(lines.count(i + 6) == 1);
      }
    }
  }
}

}  // namespace linenc::test
