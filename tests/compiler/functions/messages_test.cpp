// What functions say where their arguments do not fit, and the sizes they give while names stand for numbers.
#include <doctest/doctest.h>

#include "tests/support/compile_text.h"

namespace linenc::test {

TEST_SUITE("compiler/functions") {
  std::string file(const std::string& expression) {
    return "linenc: 1\ninputs: {x: \"float32[batch, 6]\"}\nmodel:\n  compact:\n    - return: " + expression + "\n";
  }

  // "E0203: message" of the first diagnostic, or the facts of the outputs.
  std::string outcome(const std::string& expression) {
    CompiledText text(file(expression));
    std::string facts;
    if (!text.failed()) {
      const elaborate::Run run = text.symbolic_init();
      if (!run.failed) {
        for (const auto& [name, tensor] : run.outputs) facts += (facts.empty() ? "" : " ") + graph::to_string(tensor.fact());
      }
    }
    const std::string problems = text.problems();
    const std::size_t code = problems.find("error[");
    if (code == std::string::npos) return facts;
    return problems.substr(code + 6, 5) + problems.substr(problems.find("]: ") + 1, problems.find('\n', code) - problems.find("]: ") - 1);
  }

  TEST_CASE("arguments that do not fit are reported with the name of the function and of the argument") {
    struct Row {
      std::string expression, outcome;
    };
    for (const Row& row :
         {Row{"x.sum(axis=2)", "E0203: `axis` of `sum` holds 2, and the array has rank 2"},
          Row{"x.sum(axi=1)", "E0207: `sum` has no argument `axi`; did you mean `axis`?"}, Row{"softmax()", "E0207: `softmax` needs `x`"},
          Row{"zeros(3.5)", "E0206: `shape` of `zeros` wants an int, and this is float 3.5"},
          Row{"range(x.shape[0])", "E0211: `start` of `range` needs a number, and `batch` is not known yet"},
          Row{"range(x)", "E0208: `start` of `range` needs an int that is known while compiling, and this is a tensor float32[batch, 6]"},
          Row{"sqrt(-1.0)", "E0217: `sqrt(-1.0)` has no value"},
          Row{"exp([1, 2])", "E0206: `x` of `exp` wants an array or a number, and this is a list"},
          Row{"\"take(x, 1.5, axis=0)\"", "E0209: `take` needs integer indices, not float32"},
          Row{"\"rearrange(x, 'b (h d) -> b h d')\"", "E0207: the pattern 'b (h d) -> b h d' of `rearrange` leaves the sizes of `h` and `d` open"},
          Row{"\"split(x, 4, axis=1)\"", "E0203: `split` cannot split axis 1 of [batch, 6] into 4 equal parts"}}) {
      CAPTURE(row.expression);
      CHECK(outcome(row.expression) == row.outcome);
    }
  }

  TEST_CASE("what holds for some sizes only is E0216 and names the fact") {
    CHECK(outcome("\"split(x, 2)\"") == "E0216: `split` cannot split axis 0 of [batch, 6] into 2 equal parts unless batch % 2 == 0");
    CHECK(outcome("\"x.reshape(-1, 4)\"") == "E0216: `reshape` cannot reshape [batch, 6] to [-1, 4] unless (6*batch) % 4 == 0");
    CHECK(outcome("\"einsum('ij,jk->ik', x, x)\"") == "E0216: `einsum` has 6 and batch for the label `j` of 'ij,jk->ik' unless batch == 6");
  }

  TEST_CASE("an initializer takes names for its axes, and no mesh") {
    CHECK(outcome("\"with_partitioning(zeros_init(), (none, 'data'))(none, (2, 3), float32)\"") == "float32[2, 3]");
    CHECK(outcome("\"with_partitioning(zeros_init(), 'data')\"") ==
          "E0206: `names` of `with_partitioning` wants a list of axis names, and this is str 'data'");
    CHECK(outcome("\"with_partitioning(3, ('data',))\"") == "E0206: `fn` of `with_partitioning` wants a function, and this is int 3");
    CHECK(outcome("\"with_logical_partitioning(ones_init(), ('data',), mesh=1)\"") ==
          "E0226: `mesh` is refused: the program runs on one device, and a mesh changes no value");
  }

  TEST_CASE("sizes that are names go through functions as names") {
    CHECK(outcome("\"x.reshape(-1, 3)\"") == "float32[2*batch, 3]");
    CHECK(outcome("\"arange(2 * x.shape[0])\"") == "int32[2*batch]");
    CHECK(outcome("\"concatenate([x, ones((3, 6))])\"") == "float32[batch + 3, 6]");
    CHECK(outcome("\"tile(x, (2, 1))\"") == "float32[2*batch, 6]");
    CHECK(outcome("\"rearrange(x, 'b (h d) -> (b h) d', h=2)\"") == "float32[2*batch, 3]");
    CHECK(outcome("\"x[1:].mean(axis=0)\"") == "float32[6]");
    CHECK(outcome("\"max_pool(x[..., None], (2,), (2,))\"") == "float32[batch, 3, 1]");
    CHECK(outcome("\"maximum(x.shape[0], 4) * ones(())\"") == "float32[]");
  }

  TEST_CASE("a bare name is Python's on static numbers, a prefix asks for an array") {
    CHECK(outcome("\"[sqrt(2.0), jnp.sqrt(2.0), max(1, 2.5), floor(2.5), sum([1, 2])]\"") == "float32[] float32[] float32[] int32[] int32[]");
    CHECK(outcome("\"x.astype(bfloat16) * jnp.sqrt(2.0)\"") == "bfloat16[batch, 6]");
    CHECK(outcome("\"x.astype(bfloat16) * asarray(2.0, float32)\"") == "float32[batch, 6]");
  }

}  // TEST_SUITE

}  // namespace linenc::test
