// `np.` in a body: arrays that are known while compiling, beside sizes, loops and tensors (language.md section 3).
#include <doctest/doctest.h>

#include "tests/support/compile_text.h"

namespace linenc::test {
namespace {

std::string file(const std::string& statements) {
  return "linenc: 1\ninputs: {x: \"float32[batch, 4]\", h: \"bfloat16[4]\"}\nmodel:\n  args: [x, h]\n  compact:\n" + statements;
}

std::string problems_of(const std::string& expression) {
  CompiledText text(file("    - assert: \"" + expression + "\"\n"));
  if (!text.failed()) (void)text.symbolic_init();
  return text.problems();
}

// The fact of what an expression gives.
std::string fact_of(const std::string& expression) {
  CompiledText text(file("    - return: \"" + expression + "\"\n"));
  if (text.failed()) return text.problems();
  const elaborate::Run run = text.symbolic_init();
  return run.failed ? text.problems() : graph::to_string(run.outputs.at(0).second.fact());
}

}  // namespace

TEST_CASE("static arrays are looped over, unpacked, searched and asked for their truth") {
  for (const char* row : {"[int(i) for i in np.arange(3)] == [0, 1, 2]",
                          "[a.sum() for a in np.arange(4).reshape(2, 2)] == [1, 5]",
                          "len(np.zeros((3, 2))) == 3",
                          "3 in np.arange(4)",
                          "9 not in np.arange(4)",
                          "sum(np.arange(4)) == 6",
                          "max(np.array([1, 5, 2])) == 5",
                          "[i * 2 for i in range(np.int64(2))] == [0, 2]",
                          "[7, 8, 9][np.argmax([0, 3, 1])] == 8",
                          "np.prod((2, 3)) == 6",
                          "bool(np.all(np.arange(3) >= 0))",
                          "list(zip(np.arange(2), [5, 6]))[1] == [1, 6]",
                          "[0] * np.int64(2) == [0, 0]",
                          "f'{np.int64(3)}-{np.float64(0.5):.2f}' == '3-0.50'",
                          "np.arange(3).shape == (3,)",
                          "np.arange(6).reshape(2, 3).T.shape == (3, 2)",
                          "np.zeros(3).dtype == 'float64'",
                          "np.ones(2, int).dtype == 'int64'",
                          "np.pi > 3.14",
                          "np.finfo(np.float32).max > 1e38"}) {
    CAPTURE(row);
    CHECK(problems_of(row) == "");
  }
}

TEST_CASE("sizes without a number are multiplied and added, and nothing else of NumPy takes them") {
  CHECK(problems_of("np.prod(x.shape) == 4 * x.shape[0]") == "");
  CHECK(problems_of("np.arange(x.shape[0]).size > 0").find("E0211") != std::string::npos);
}

TEST_CASE("a static array that meets a tensor is a strong constant of 32 bits") {
  CHECK(fact_of("x + np.arange(4)") == "float32[batch, 4]");
  CHECK(fact_of("h * np.float64(2)") == "float32[4]");
  CHECK(fact_of("h * 2.0") == "bfloat16[4]");
  CHECK(fact_of("h + np.arange(4)") == "bfloat16[4]");
  CHECK(fact_of("np.arange(4)") == "int32[4]");
  CHECK(fact_of("np.linspace(0, 1, 3)") == "float32[3]");
  CHECK(fact_of("asarray(np.sin(np.arange(3)), bfloat16)") == "bfloat16[3]");
  CHECK(fact_of("jnp.sin(np.arange(3))") == "float32[3]");
  CHECK(fact_of("x[:, np.array([2, 0])]") == "float32[batch, 2]");
  CHECK(fact_of("x[:, np.arange(4) % 2 == 0]") == "float32[batch, 2]");
  CHECK(fact_of("x.at[:, ::2].set(np.ones(2))") == "float32[batch, 4]");
  CHECK(fact_of("x.reshape(-1, np.int64(2))") == "float32[2*batch, 2]");
}

TEST_CASE("a slice of a static array by a size without a number is a slice of its constant") {
  CompiledText text(
      "linenc: 1\ninputs: {x: \"float32[n, 4]\"}\nassume: [n <= 9]\nmodel:\n  compact:\n    - return: \"x + np.zeros((9, 4))[:x.shape[0]]\"\n");
  const elaborate::Run run = text.symbolic_init();
  REQUIRE_MESSAGE(!run.failed, text.problems());
  CHECK(graph::to_string(run.outputs.at(0).second.fact()) == "float32[n, 4]");
}

TEST_CASE("a table stays one constant however large it is") {
  CompiledText text(file("    - return: \"x.sum() + np.sin(np.arange(100000)).reshape(100, 1000)\"\n"));
  const elaborate::Run run = text.symbolic_init();
  REQUIRE_FALSE(run.failed);
  CHECK(run.graph->nodes.size() < 10);
}

TEST_CASE("E0208: NumPy works while compiling and takes no tensors") {
  const std::string problems = problems_of("np.sin(x) == 0");
  CHECK(problems.find("`np.` works while compiling, and this is a tensor float32[batch, 4]") != std::string::npos);
}

TEST_CASE("mistakes with static arrays are told") {
  CHECK(problems_of("np.arange(3) + np.arange(4) == 0").find("E0203") != std::string::npos);
  CHECK(problems_of("np.arange(3)[5] == 0").find("the index 5 is out of range: the axis has 3 elements") != std::string::npos);
  CHECK(problems_of("np.arange(3) == 0").find("is said by `np.any` or `np.all`") != std::string::npos);
  CHECK(problems_of("np.arange(6).reshape(4, 2).size == 6").find("E0203") != std::string::npos);
  CHECK(problems_of("np.array([2]) ** np.array([-1]) == 0").find("no integers to negative integers") != std::string::npos);
  CHECK(problems_of("np.int8(1) + 300 == 0").find("does not fit into int8") != std::string::npos);
  CHECK(problems_of("np.zeros(3).at[0].set(1) == 0").find("make it a tensor first") != std::string::npos);
  CHECK(problems_of("np.linspac(0, 1) == 0").find("did you mean `linspace`") != std::string::npos);
}

TEST_CASE("E0218: the elements of static arrays count against the steps of evaluation") {
  CHECK(problems_of("np.zeros((100000, 100000)).size == 0").find("E0218") != std::string::npos);
  CHECK(problems_of("[np.zeros(1000000).size for i in range(1000)] == 0").find("E0218") != std::string::npos);
}

}  // namespace linenc::test
