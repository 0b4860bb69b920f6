#include <doctest/doctest.h>

#include "tests/compiler/syntax/read_text.h"

namespace linenc::syntax {
namespace {

using testing::Read;

// The text with the first fix of every E0112 made.
std::string mended(const Read& read, const std::string& text) {
  std::string out = text;
  const auto all = read.diagnostics.sorted();
  for (std::size_t i = all.size(); i-- > 0;) {
    REQUIRE(all[i].code == diagnostics::Code::NeedsQuotes);
    REQUIRE(all[i].fixes.size() == 1);
    const auto& edit = all[i].fixes[0].edits[0];
    out.replace(edit.span.begin, edit.span.size(), edit.text);
  }
  return out;
}

TEST_CASE("E0112: the line is offered with the quotes it needs, and then reads without a problem") {
  struct Row {
    std::string text, fixed;
  };
  for (const Row& row : {
           Row{"- let: {b, h: x.shape}\n", "- let: {\"b, h\": x.shape}\n"},
           Row{"- let: {_, h, w, _: x.shape}\n", "- let: {\"_, h, w, _\": x.shape}\n"},
           Row{"- let: {b, h, w, c: x.shape, y: x}\n", "- let: {\"b, h, w, c\": x.shape, y: x}\n"},
           Row{"- let: {y: mean(x, axis=1)}\n", "- let: {y: \"mean(x, axis=1)\"}\n"},
           Row{"- let: {y: f(a, g(b, c)), z: 1}\n", "- let: {y: \"f(a, g(b, c))\", z: 1}\n"},
           Row{"- let: {y: (a, b)}\n", "- let: {y: \"(a, b)\"}\n"},
           Row{"- in: [x, f(a, b)]\n", "- in: [x, \"f(a, b)\"]\n"},
           Row{"- in: [f('a', 'b')]\n", "- in: [\"f('a', 'b')\"]\n"},
           Row{"- in: [f(x[1], 2), y]\n", "- in: [\"f(x[1], 2)\", y]\n"},
           Row{"- let: {width: x.shape[-1] // 2}\n", "- let: {width: \"x.shape[-1] // 2\"}\n"},
           Row{"- let: {last: x[\"a\"]}\n", "- let: {last: 'x[\"a\"]'}\n"},
           Row{"fields: {dim: int?}\n", "fields: {dim: \"int?\"}\n"},
           Row{"fields: {sizes: list[int] = [1, 2], b: int}\n", "fields: {sizes: \"list[int] = [1, 2]\", b: int}\n"},
           Row{"inputs: {x: float32[batch, 4]}\n", "inputs: {x: \"float32[batch, 4]\"}\n"},
           Row{"map: [relu, =lambda x: x * 2]\n", "map: [relu, \"=lambda x: x * 2\"]\n"},
           Row{"act: =lambda x: x * 2 # twice\n", "act: \"=lambda x: x * 2\" # twice\n"},
           Row{"- return: [len(x)] + [1] * n\n", "- return: \"[len(x)] + [1] * n\"\n"},
           Row{"- return: {'a': 1} | b\n", "- return: \"{'a': 1} | b\"\n"},
           Row{"- return: 'a' + b\n", "- return: \"'a' + b\"\n"},
           Row{"- return: *x\n", "- return: \"*x\"\n"},
           Row{"- return: %x\n", "- return: \"%x\"\n"},
           Row{"- return: @x\n", "- return: \"@x\"\n"},
       }) {
    CAPTURE(row.text);
    const Read read(row.text);
    CHECK(mended(read, row.text) == row.fixed);
    CHECK(Read(row.fixed).problems().empty());
  }
}

TEST_CASE("E0112: the picture shows the whole expression and the mended line") {
  CHECK(Read("modules:\n  A:\n    compact:\n      - let: {width: x.shape[-1] // 2}\n").pictures() == R"(
error[E0112 needs-quotes]: `[` ends `x.shape` in flow style: an expression with brackets needs quotes
 --> m.yaml:4:22
  |
4 |       - let: {width: x.shape[-1] // 2}
  |                      ^^^^^^^^^^^^^^^^
fix: write `- let: {width: "x.shape[-1] // 2"}`
see: linenc explain E0112
)");
}

TEST_CASE("reading goes on behind a split expression, with its parts together again") {
  const Read read("a: {b, h: x.shape, y: mean(x, axis=1)}\nl: [relu, =lambda x: x * 2, f(a, b)]\nz: 1\n");
  CHECK(read.diagnostics.errors() == 4);
  REQUIRE(read.root() != nullptr);
  CHECK(print(*read.root()) == R"(map
  a:
    map
      b, h: x.shape
      y: mean(x, axis=1)
  l:
    list
      relu
      =lambda x: x * 2
      f(a, b)
  z: 1
)");
}

TEST_CASE("an entry without a value that nothing explains is told as such") {
  CHECK(Read("a: {b: 1, c}\n").problems() == "1:11 E0112: `c` has no value in this flow map");
  CHECK(Read("a: {b}\n").problems() == "1:5 E0112: `b` has no value in this flow map");
}

TEST_CASE("what is only odd is left alone") {
  for (const char* text :
       {"a: [b: 1, c]\n", "a: {b: , c: 1}\n", "a: [':(', \"[x\"]\n", "a: x[:, 0]\n", "a: f(b, c)\n", "a: {b: (c)}\n", "a: [=b, =c * 2]\n"}) {
    CAPTURE(text);
    CHECK(Read(text).problems().empty());
  }
}

}  // namespace
}  // namespace linenc::syntax
