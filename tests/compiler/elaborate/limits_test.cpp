// What one evaluation may use up (L6 to L9): more is an error of the model, whatever memory and stack there are.
#include <doctest/doctest.h>

#include "tests/support/compile_text.h"

namespace linenc::test {
namespace {

std::string problems_of_body(const std::string& statements) {
  CompiledText text("linenc: 1\ninputs: {x: \"float32[batch, 8]\"}\nmodel:\n  compact:\n" + statements);
  if (!text.failed()) (void)text.symbolic_init();
  return text.problems();
}
std::string problems_of(const std::string& expression) { return problems_of_body("    - assert: '" + expression + "'\n"); }
// `a` after as many rounds of `a = step`.
std::string rounds(const std::string& first, const std::string& step, int count) {
  return problems_of_body("    - let: {a: '" + first + "'}\n    - for: i\n      over: range(" + std::to_string(count) + ")\n      do: [{let: {a: '" +
                          step + "'}}]\n");
}
bool is_limit(const std::string& problems) { return problems.find("E0218") != std::string::npos; }

}  // namespace

TEST_CASE("a text has at most 1,048,576 bytes") {
  CHECK(problems_of("len(\"a\" * 1048576) == 1048576") == "");
  CHECK(is_limit(problems_of("len(\"a\" * 1048576 + \"b\") == 0")));
  CHECK(problems_of("len(\"ab\".replace(\"a\", \"c\" * 1048575)) == 1048576") == "");
  CHECK(is_limit(problems_of("len(\"ab\".replace(\"a\", \"c\" * 1048576)) == 0")));
  CHECK(is_limit(problems_of("len((\"c\" * 1000000).join([\"a\", \"b\", \"c\"])) == 0")));
  CHECK(is_limit(problems_of("len(\"{0}{0}\".format(\"c\" * 1000000)) == 0")));
  CHECK(is_limit(rounds("\"a\"", "a + a", 60)));
}

TEST_CASE("a list has at most 1,048,576 items, those of its items included") {
  CHECK(problems_of("len([0] * 1048576) == 1048576") == "");
  CHECK(is_limit(problems_of("len([0] * 1048576 + [0]) == 0")));
  CHECK(is_limit(problems_of("len([[0] * 1024] * 1024) == 0")));
  CHECK(is_limit(rounds("[0]", "a + a", 60)));
  CHECK(is_limit(rounds("[0]", "[a, a]", 60)));
  CHECK(is_limit(rounds("{\"k\": 0}", "{\"k\": a, \"l\": a}", 60)));
}

TEST_CASE("lists stand at most 64 deep inside of each other") {
  CHECK(rounds("[0]", "[a]", 63) == "");
  CHECK(is_limit(rounds("[0]", "[a]", 64)));
}

TEST_CASE("functions that call themselves without an end are refused before the stack is") {
  CHECK(problems_of("(lambda f, n: f(f, n - 1) if n > 0 else 7)(lambda f, n: f(f, n - 1) if n > 0 else 7, 100) == 7") == "");
  CHECK(is_limit(problems_of("(lambda f: f(f))(lambda f: f(f)) == 0")));
  std::string sum = "f(f)";
  for (int i = 0; i < 400; ++i) sum += " + 1";
  CHECK(is_limit(problems_of("(lambda f: " + sum + ")(lambda f: " + sum + ") == 0")));
}

TEST_CASE("a run that failed a thousand times is over: loops repeat what has been said") {
  const std::string problems = problems_of_body(
      "    - for: i\n      over: range(1000)\n      do:\n        - for: j\n          over: range(1000)\n          do:\n            - for: k\n"
      "              over: range(1000)\n              do: [{ret: {y: 1}}]\n");
  CHECK(problems.find("E0201") != std::string::npos);
  CHECK(!is_limit(problems));  // the steps of the loops were never taken
}

TEST_CASE("a budget that is spent is one problem, wherever the statements of the run are") {
  const std::string problems = problems_of_body(
      "    - for: i\n      over: range(1000)\n      do:\n        - for: j\n          over: range(1000)\n          do:\n            - for: k\n"
      "              over: range(1000)\n              do: [{let: {y: 1}}]\n    - let: {z: 1}\n");
  CHECK(is_limit(problems));
  CHECK(problems.find("E0218") == problems.rfind("E0218"));
}

TEST_CASE("ranges end where 64 bits do") {
  CHECK(problems_of("range(9223372036854775806, 9223372036854775807) == [9223372036854775806]") == "");
  CHECK(problems_of("range(-9223372036854775807, 9223372036854775807, 9223372036854775807) == [-9223372036854775807, 0]") == "");
  CHECK(problems_of("range(5, 0, -2) == [5, 3, 1]") == "");
  CHECK(problems_of("len(range(1048576)) == 1048576") == "");
  CHECK(is_limit(problems_of("len(range(1048577)) == 0")));
}

TEST_CASE("tables of indices end at 1,048,576 entries, and their diagonals anywhere") {
  CHECK(problems_of("triu_indices(1, 0, 1048576)[0].shape[0] == 1048576") == "");
  CHECK(is_limit(problems_of("triu_indices(1, 0, 1048577)[0].shape[0] == 0")));
  CHECK(is_limit(problems_of("triu_indices(4294967296)[0].shape[0] == 0")));
  CHECK(problems_of("triu_indices(3, 9223372036854775807)[0].shape[0] == 0") == "");
  CHECK(problems_of("tril_indices(2, 9223372036854775807)[0].shape[0] == 4") == "");
}

TEST_CASE("names that no file of variables can hold are refused") {
  for (const char* name : {"..", ".", "\"a\\u0007b\""}) {
    CAPTURE(name);
    CHECK(problems_of_body("    - Dense: {features: 2}\n      name: " + std::string(name) + "\n").find("E0204") != std::string::npos);
  }
  CHECK(problems_of_body("    - Dense: {features: 2}\n      name: a/b\n") == "");
}

TEST_CASE("complex numbers and fans of empty axes are refused before there is a plan") {
  const auto problems = [](const std::string& input, const std::string& statement) {
    CompiledText text("linenc: 1\ninputs: {x: \"" + input + "\"}\nmodel: {compact: [" + statement + "]}\n");
    if (!text.failed()) (void)text.symbolic_init();
    return text.problems();
  };
  CHECK(problems("complex64[8]", "{return: x}").find("E0219") != std::string::npos);
  CHECK(problems("float32[8]", "{let: {x: x.astype(complex64)}}").find("E0219") != std::string::npos);
  CHECK(problems("float32[0, 3, m, m]", "{param: p, init: xavier_normal, shape: x.shape}").find("E0226") != std::string::npos);
}

}  // namespace linenc::test
