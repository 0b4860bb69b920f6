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
           Row{"- let: {y: einsum(x, 'ij')}\n", "- let: {y: \"einsum(x, 'ij')\"}\n"},
           Row{"- let: {y: f('a', 'b'), z: 1}\n", "- let: {y: \"f('a', 'b')\", z: 1}\n"},
           Row{"- let: {z: 1, y: f(x, \"a\")}\n", "- let: {z: 1, y: 'f(x, \"a\")'}\n"},
           Row{"- let: {y: f(x, 'a #b')}\n", "- let: {y: \"f(x, 'a #b')\"}\n"},
           Row{"- let: {y: sum(x, [0, 1])}\n", "- let: {y: \"sum(x, [0, 1])\"}\n"},
           Row{"- let: {y: f(x, {'a': 1}), z: 1}\n", "- let: {y: \"f(x, {'a': 1})\", z: 1}\n"},
           Row{"- let: {y: x @ x.T # product}\n", "- let: {y: x @ x.T}  # product\n"},
           Row{"- let: {a, *rest: x.shape}\n", "- let: {\"a, *rest\": x.shape}\n"},
           Row{"args: [x, **rest]\n", "args: [x, \"**rest\"]\n"},
           Row{"- in: [x, *rest, y]\n", "- in: [x, \"*rest\", y]\n"},
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
           Row{"- let: {x[0]: x}\n", "- let: {\"x[0]\": x}\n"},
           Row{"inputs: {x: “float32[batch, 12]”}\n", "inputs: {x: \"float32[batch, 12]\"}\n"},
           Row{"- in: [x[0], x[1]]\n", "- in: [\"x[0]\", \"x[1]\"]\n"},
           Row{"- in: [x[0], y, f('a', x),\n  [z], x[1]]\n", "- in: [\"x[0]\", y, \"f('a', x)\",\n  [z], \"x[1]\"]\n"},
           Row{"- let: {a: x[0], b: y, c: int?}\n", "- let: {a: \"x[0]\", b: y, c: \"int?\"}\n"},
           Row{"- in: [f('a', 'b'), x[0]]\n", "- in: [\"f('a', 'b')\", \"x[0]\"]\n"},
           Row{"- return: dict(a=1) | {'b': 2} # b\n", "- return: \"dict(a=1) | {'b': 2}\" # b\n"},
           Row{"- return: f(x, \"b: c\")\n", "- return: 'f(x, \"b: c\")'\n"},
           Row{"- let: {n: len('a #b'), m: 1}\n", "- let: {n: \"len('a #b')\", m: 1}\n"},
           Row{"- act: =len('a #b') # c\n", "- act: \"=len('a #b')\" # c\n"},
           Row{"- return: - x\n", "- return: \"- x\"\n"},
           Row{"- return: ? x\n", "- return: \"? x\"\n"},
           Row{"- return: &x\n", "- return: \"&x\"\n"},
           Row{"- return: %x\n", "- return: \"%x\"\n"},
           Row{"- return: @x\n", "- return: \"@x\"\n"},
       }) {
    CAPTURE(row.text);
    const Read read(row.text);
    CHECK(mended(read, row.text) == row.fixed);
    CHECK(Read(row.fixed).problems().empty());
  }
}

// `head` begins a line of a file; the value behind it is offered as `fixed`.
void check_offer(const std::string& head, const std::string& value, const std::string& fixed) {
  const std::string text = head + value + (head.find('{') != std::string::npos ? "}\n" : "\n");
  CAPTURE(text);
  const Read read(text);
  REQUIRE(read.diagnostics.all().size() == 1);
  REQUIRE(read.diagnostics.all()[0].fixes.size() == 1);
  CHECK(read.diagnostics.all()[0].fixes[0].edits[0].text == fixed);
}

TEST_CASE("E0112: among literals the offered expression begins with `=`") {
  const std::string body = "modules:\n  A:\n    compact:\n      - ";
  check_offer(body + "Conv: {features: 3, kernel_size: ", "(1, 2)", "\"=(1, 2)\"");
  check_offer(body + "Conv:\n          kernel_size: ", "[1] * 2", "\"=[1] * 2\"");
  check_offer(body + "mean: {axis: ", "(1, 2)", "\"=(1, 2)\"");
  check_offer(body + "template: {c: {Conv: {kernel_size: ", "(1, 2)}}", "\"=(1, 2)\"");
  check_offer(body + "for: i\n        over: x\n        do:\n          - mean: {axis: ", "(1, 2)", "\"=(1, 2)\"");
  check_offer(body + "vmap: Dense\n        in_axes: ", "[1] * 2", "\"=[1] * 2\"");
  check_offer("config: {k: ", "(1, 2)", "\"=(1, 2)\"");
  check_offer("config: {k_init: ", "f(1, 2)", "\"=f(1, 2)\"");
  check_offer("import: {a: {file: a.yaml, config: {k: ", "(1, 2)}}", "\"=(1, 2)\"");
  check_offer("model: {Conv: {kernel_size: ", "(1, 2)}", "\"=(1, 2)\"");
  check_offer("modules: {A: {fields: {k: {type: any, default: ", "(1, 2)}}}", "\"=(1, 2)\"");
  check_offer("modules: {A: {setup: {n: ", "(1, 2)}}", "\"=(1, 2)\"");
  check_offer("modules: {A: {setup: {c: {Conv: {kernel_size: ", "(1, 2)}}}}", "\"=(1, 2)\"");
  check_offer(body + "split: [", "(1, 2)]", "\"=(1, 2)\"");
}

TEST_CASE("E0112: among literals what is no expression is offered as the text that it is") {
  for (const char* value : {"%d", "@d", "`d`", "? a", "&a"}) check_offer("config:\n  mark: ", value, concat('"', value, '"'));
  check_offer("config:\n  mark: ", "- a", "\"=- a\"");
}

TEST_CASE("E0112: a ` #` inside of an expression, in block style") {
  const std::string head = "model:\n  compact:\n    - let:\n        n: ";
  check_offer(head, "len('a #b')", "\"len('a #b')\"");
  check_offer(head, "len('a #b')  # 2", "\"len('a #b')\"");
  check_offer(head, "(x + 1 # one)", ")  # one");
  for (const char* value : {"x # it's (one)", "'a #b'", "f(x) # (one)", "'a' # it's"}) CHECK(Read(head + value + "\n").problems().empty());
  CHECK(Read("doc: it's a thing  # isn't it\nname: see (a # b)\n").problems().empty());
}

TEST_CASE("a mended expression is read as it was meant") {
  const Read read("model:\n  compact:\n    - let:\n        n: len('a #b') # two\n        m: 1\n");
  REQUIRE(read.root() != nullptr);
  const Node& let = *read.root()->find("model")->find("compact")->elements[0]->find("let");
  CHECK(let.find("n")->text == "len('a #b')");
  CHECK(let.find("m")->text == "1");
}

TEST_CASE("a list behind the key of a body is no expression") {
  CHECK(Read("model:\n  compact: - relu\n").problems() == "2:12 E0101: `- ` cannot stand here: a list begins on a line of its own");
}

TEST_CASE("E0112: where expressions stand without a mark, the offered one has none") {
  const std::string body = "modules:\n  A:\n    compact:\n      - ";
  for (const char* head : {"let: {y: ", "return: {y: ", "relu:\n        in: {x: ", "relu: {with: ", "Dense: {kernel_init: ",
                           "param: k\n        init: {a: ", "if: x\n        then:\n          - let: {y: "}) {
    check_offer(body + head, "f(1, 'a')", "\"f(1, 'a')\"");
  }
  check_offer("modules: {A: {fields: {k: ", "any = (1, 2)}}", "\"any = (1, 2)\"");
  check_offer("modules: {A: {setup: {k: {param: k, shape: ", "(1, 2)}}}", "\"(1, 2)\"");
  check_offer("inputs: {x: ", "float32[b, 4]", "\"float32[b, 4]\"");
  check_offer("config: {k: ", "=f(1, 2)", "\"=f(1, 2)\"");
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
  const Read read("let: {b, h: x.shape, y: mean(x, axis=1)}\nl: [relu, =lambda x: x * 2, f(a, b)]\nz: 1\n");
  CHECK(read.diagnostics.errors() == 4);
  REQUIRE(read.root() != nullptr);
  CHECK(print(*read.root()) == R"(map
  let:
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

TEST_CASE("what is mended among literals is read with its mark, and keeps its places") {
  const Read read("model: {Conv: {kernel_size: (3, k), features: 2}}\n");
  CHECK(read.diagnostics.errors() == 1);
  REQUIRE(read.root() != nullptr);
  const Node* size = read.root()->entries[0].value->entries[0].value->find("kernel_size");
  REQUIRE(size != nullptr);
  CHECK(size->text == "=(3, k)");
  CHECK(size->span_of(5, 6).begin == 32);
}

TEST_CASE("an entry without a value that nothing explains is told as such") {
  CHECK(Read("a: {b: 1, c}\n").problems() == "1:11 E0112: `c` has no value in this flow map");
  CHECK(Read("a: {b}\n").problems() == "1:5 E0112: `b` has no value in this flow map");
  CHECK(Read("Dense: {b, c: 1}\n").problems() == "1:9 E0112: `b` has no value in this flow map");
  CHECK(Read("Dense: {b[1, 2]}\n").problems() == "1:9 E0112: `b[1, 2]` has no value in this flow map");
}

// Of a statement with the first fix made; "?" before it where that is only possible.
std::string offered(const std::string& statement) {
  const std::string body = "config: {d: {features: 3}}\nmodel:\n  compact:\n    - ";
  const Read read(body + statement + "\n");
  REQUIRE(read.diagnostics.all().size() == 1);
  const auto& fixes = read.diagnostics.all()[0].fixes;
  if (fixes.empty()) return "";
  std::string out = body + statement;
  const auto& edit = fixes[0].edits[0];
  out.replace(edit.span.begin, edit.span.size(), edit.text);
  return (fixes[0].safe ? "" : "?") + out.substr(body.size());
}

TEST_CASE("what no quotes can mend is not offered as certain") {
  CHECK(offered("return: @x") == "?return: \"@x\"");
  CHECK(offered("stack: [[3, 3] [2, 2]]") == "?stack: [\"=[3, 3] [2, 2]\"]");
  CHECK(offered("Dense: {features: 512{}") == "?Dense: {features: \"512{}\"");
  CHECK(offered("Dense: {features: \"3\"%}") == "?Dense: {features: '\"3\"%'}");
  CHECK(offered("@nn.compact").empty());
}

TEST_CASE("a map that is spliced into fields is taken over by `with`") {
  CHECK(offered("Dense: {**config.d}") == "Dense: {with: config.d}");
  CHECK(offered("Dense: {use_bias: false, **config.d}") == "Dense: {use_bias: false, with: config.d}");
  CHECK(offered("Dense: {with: config.a, **config.d}") == "?Dense: {with: config.a, with: config.d}");
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
