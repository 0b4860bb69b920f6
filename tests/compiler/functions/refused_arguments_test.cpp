// Arguments that cannot matter: accepted with what changes nothing, refused with a reason otherwise.
#include "compiler/catalog/refused_arguments.h"

#include <doctest/doctest.h>

#include "compiler/catalog/registry.h"
#include "tests/support/compile_text.h"

namespace linenc::test {

TEST_SUITE("compiler/functions") {
  std::string refusal(const std::string& expression) {
    CompiledText text("linenc: 1\ninputs: {x: \"float32[2, 6]\"}\nmodel:\n  compact:\n    - return: '" + expression + "'\n");
    if (!text.failed() && !text.symbolic_init().failed) return "";
    const std::string problems = text.problems();
    const std::size_t code = problems.find("error[");
    return problems.substr(code + 6, problems.find('\n', code) - code - 6);
  }

  TEST_CASE("what changes nothing is accepted") {
    for (const char* expression :
         {"zeros((2,), device=none)", "jnp.add(x, x, out=none, where=none)", "x.sum(out=none)", "jnp.array(x, copy=false, order=\"K\")",
          "x.astype(int8, copy=true)", "np.sin(np.arange(3), subok=true, casting=\"same_kind\", order=\"C\")", "np.zeros(3, \"float32\", \"C\")",
          "np.array([1, 2], copy=false, like=none)", "lax.exp(x, accuracy=none)", "random.normal(random.key(0), (2,), out_sharding=none)",
          "jnp.sort(x, kind=none)", "np.sort([2, 1], kind=\"stable\")", "jnp.unique(x, size=2, sorted=false)"}) {
      CAPTURE(expression);
      CHECK(refusal(expression) == "");
    }
  }

  TEST_CASE("what cannot be done is refused with the reason") {
    struct Row {
      std::string expression, message;
    };
    for (const Row& row : {
             Row{"zeros((2,), device=1)", "E0207]: `device` of `zeros` is refused: the program runs on one device"},
             Row{"jnp.add(x, x, where=x > 0)",
                 "E0207]: `where` of `add` is refused: elements that are left out would hold what was in memory: see `where(condition, x, y)`"},
             Row{"x.sum(out=x)", "E0207]: `out` of `sum` is refused: arrays are values, and nothing is written into another one"},
             Row{"jnp.array(x, order=\"F\")",
                 "E0207]: `order` of `array` is refused: arrays have one order in memory, row by row, and no other one changes a value"},
             Row{"np.add(1, 2, casting=\"unsafe\")", "E0207]: `casting` of `add` is refused: `dtype` decides how operands are converted"},
             Row{"lax.exp(x, accuracy=1)", "E0207]: `accuracy` of `exp` is refused: a function has one implementation here"},
             Row{"random.gumbel(random.key(0), (2,), mode=\"high\")",
                 "E0207]: `mode` of `gumbel` is refused: Gumbel noise is drawn in the mode \"low\""},
         }) {
      CAPTURE(row.expression);
      std::string message = refusal(row.expression);
      for (char& c : message) c = c == '\'' ? '"' : c;
      CHECK(message == row.message);
    }
  }

  TEST_CASE("an argument that is refused is one of the function, and its default is accepted") {
    for (const catalog::FunctionSpec* spec : catalog::functions()) {
      for (const catalog::Parameter& parameter : spec->parameters) {
        if (const auto* refusal = catalog::refusal_of(*spec, parameter.name)) {
          CAPTURE(spec->name);
          CAPTURE(parameter.name);
          CHECK_FALSE(parameter.default_text.empty());
          CHECK_FALSE(refusal->reason.empty());
        }
      }
    }
  }
}  // TEST_SUITE

}  // namespace linenc::test
