// Static arithmetic is Python's; each row was evaluated by Python 3.11.
#include <doctest/doctest.h>

#include "tests/support/compile_text.h"

namespace linenc::test {
namespace {

std::string problems_of(const std::string& expression) {
  CompiledText text("linenc: 1\ninputs: {x: \"float32[batch, 8]\"}\nmodel:\n  compact:\n    - assert: '" + expression + "'\n");
  if (!text.failed()) (void)text.symbolic_init();
  return text.problems();
}

}  // namespace

TEST_CASE("numbers follow Python: floor division, modulo, powers, shifts, mixed types") {
  for (const char* row : {"7 // -2 == -4",
                          "-7 % 3 == 2",
                          "7 % -3 == -2",
                          "-9223372036854775808 % -8 == 0",
                          "-9223372036854775808 % 7 == 6",
                          "2 ** 10 == 1024",
                          "2 ** -1 == 0.5",
                          "7 / 2 == 3.5",
                          "1 << 5 == 32",
                          "-9 >> 1 == -5",
                          "6 & 3 == 2",
                          "6 | 3 == 7",
                          "6 ^ 3 == 5",
                          "~5 == -6",
                          "-7.5 // 2 == -4.0",
                          "-7.5 % 2 == 0.5",
                          "0.1 + 0.2 != 0.3",
                          "true + 1 == 2",
                          "10 // 3 * 3 + 10 % 3 == 10",
                          "-2 ** 2 == -4",
                          "2 ** 3 ** 2 == 512",
                          "1_000 + 1 == 1001",
                          "1e3 == 1000",
                          "sqrt(16) == 4.0",
                          "floor(2.7) == 2",
                          "prod([2, 3, 4]) == 24",
                          "round(2.5) == 2"}) {
    CAPTURE(row);
    CHECK(problems_of(row) == "");
  }
}

TEST_CASE("lists, texts and maps follow Python: joins, repeats, slices, membership, order") {
  for (const char* row :
       {"[1, 2] + [3] == (1, 2, 3)", "[0] * 3 == [0, 0, 0]", "\"ab\" * 2 == \"abab\"", "[1, 2, 3][::-1] == [3, 2, 1]", "[1, 2, 3][-1] == 3",
        "2 in [1, 2]", "3 not in [1, 2]", "\"b\" in \"abc\"", "[1, 2] < [1, 3]", "dict(a=1) | {\"b\": 2} == {\"a\": 1, \"b\": 2}",
        "[i * i for i in range(4) if i % 2 == 1] == [1, 9]", "len({\"a\": 1}) == 1", "f\"{3:03d}-{0.5:.2f}\" == \"003-0.50\"",
        "f\"{3:>{2 + 2}}|\" == \"   3|\"", "(lambda a, b=2: a + b)(1) == 3", "1 < 2 < 3", "none is none", "[*range(2), 5] == [0, 1, 5]"}) {
    CAPTURE(row);
    CHECK(problems_of(row) == "");
  }
}

TEST_CASE("sizes stay symbolic: what holds for every batch is true, what does not is told") {
  CHECK(problems_of("x.shape[0] * 2 // 2 == x.shape[0]") == "");
  CHECK(problems_of("x.shape[0] + 1 > x.shape[0]") == "");
  CHECK(problems_of("x.shape[0] % 2 == 0").find("E0216") != std::string::npos);
}

TEST_CASE("lists of sizes differ where two of their elements surely do, whatever is not known of the others") {
  for (const char* row : {"x.shape != [4, 9]", "not x.shape == (4, 9)", "[x.shape, [1]] != [[4, 8], [2]]", "x.shape in [[4, 8], x.shape]",
                          "x.shape not in [[4, 9], [8]]"}) {
    CAPTURE(row);
    CHECK(problems_of(row) == "");
  }
  for (const char* row : {"x.shape == [4, 8]", "x.shape != [4, 8]", "x.shape in [[4, 9], [4, 8]]"}) {
    CAPTURE(row);
    CHECK(problems_of(row).find("E0216") != std::string::npos);
  }
}

TEST_CASE("E0217: overflow, division by zero and indices out of range are errors of the model") {
  for (const char* row : {"9223372036854775807 + 1 == 0", "1 // 0 == 0", "1 % 0 == 0", "1.0 / 0 == 0", "[1][3] == 0", "9 ** 99 == 0",
                          "{\"a\": 1}[\"b\"] == 0", "1 << 70 == 0"}) {
    CAPTURE(row);
    CHECK(problems_of(row).find("E0217") != std::string::npos);
  }
}

TEST_CASE("E0206: operators refuse what Python refuses") {
  for (const char* row : {"[1] + 1 == 0", "\"a\" + 1 == 0", "none + 1 == 0", "1 is 1"}) {
    CAPTURE(row);
    CHECK(problems_of(row).find("E0206") != std::string::npos);
  }
}

}  // namespace linenc::test
