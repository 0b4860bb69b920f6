#include "compiler/syntax/yaml.h"

#include <doctest/doctest.h>

#include "tests/compiler/syntax/read_text.h"

namespace linenc::syntax {
namespace {

using testing::Read;

std::string tree_of(const std::string& text) {
  const Read read(text);
  return read.root() == nullptr ? read.problems() : "\n" + print(*read.root()) + read.problems();
}

std::string problems_of(const std::string& text, const YamlLimits& limits = {}) { return Read(text, limits).problems(); }

TEST_CASE("maps, lists and scalars come as written, in their order") {
  CHECK(tree_of("b: 1\na: [x, 'y', {c: d}]\n\"e\":\n  - f\n  -\n  - ~\n") == R"(
map
  b: 1
  a:
    list
      x
      "y"
      map
        c: d
  e:
    list
      f
      
      ~
)");
}

TEST_CASE("scalars of every style have YAML's value") {
  const Read read(
      "plain: one\n  two\n\n  three\nsingle: 'it''s\n  here'\ndouble: \"a\\u00e9\\n\\\n  b\\\"\"\n"
      "literal: |\n  one\n   two\n\n  three\nfolded: >-\n  one\n  two\n\n  three\nkept: |+\n  one\n\n");
  REQUIRE(read.problems().empty());
  CHECK(read.root()->find("plain")->text == "one two\nthree");
  CHECK(read.root()->find("single")->text == "it's here");
  CHECK(read.root()->find("double")->text == "a\u00e9\nb\"");
  CHECK(read.root()->find("literal")->text == "one\n two\n\nthree\n");
  CHECK(read.root()->find("folded")->text == "one two\nthree");
  CHECK(read.root()->find("kept")->text == "one\n\n");
}

TEST_CASE("a part of a scalar of any style has its exact place in the file") {
  struct Row {
    std::string name, text;
  };
  for (const Row& row :
       {Row{"plain", "k: a + WORD + b\n"}, Row{"plain over lines", "k: a +\n  WORD + b\n"}, Row{"single", "k: 'it''s WORD'\n"},
        Row{"single over lines", "k: 'it''s\n\n  so WORD'\n"}, Row{"double", "k: \"\\u00e9\\t WORD\"\n"},
        Row{"double over lines", "k: \"\\\n   x\n  WORD\"\n"}, Row{"literal", "k: |\n  a\n    b\n\n  WORD c\n"},
        Row{"folded", "k: >\n  a\n  b WORD\n   c\n"}, Row{"indented", "k: |2\n    a\n  WORD\n"}, Row{"after an anchor", "k: &a \"\\n WORD\"\n"},
        Row{"CR LF", "k: |\r\n  a\r\n  WORD\r\n"}, Row{"in flow", "k: {a: [b, 'c''d WORD']}\n"},
        Row{"after a byte order mark", "\xEF\xBB\xBFk: \"\\t WORD\"\n"}, Row{"after letters of two bytes", "é: 'é WORD'\n"}}) {
    CAPTURE(row.name);
    const Read read(row.text);
    REQUIRE(read.root() != nullptr);
    const Node* scalar = read.root()->entries[0].value;
    if (scalar->is_map()) scalar = scalar->entries[0].value->elements[1];
    const std::size_t at = scalar->text.find("WORD");
    REQUIRE(at != std::string::npos);
    const Span span = scalar->span_of(at, at + 4);
    CHECK(read.sources.text(span) == "WORD");
    CHECK(scalar->span.contains(span));
  }
}

TEST_CASE("spans hold quotes and brackets, and of a block collection first key to last value") {
  const std::string text = "a: 'x'\nb: [1, {c: 2}, ] # c\nd:\n  e: |\n    f\n\ng: \n";
  const Read read(text);
  REQUIRE(read.root() != nullptr);
  const auto text_of = [&](const Node* node) { return std::string(read.sources.text(node->span)); };
  CHECK(text_of(read.root()->find("a")) == "'x'");
  CHECK(text_of(read.root()->find("b")) == "[1, {c: 2}, ]");
  CHECK(text_of(read.root()->find("b")->elements[1]) == "{c: 2}");
  CHECK(text_of(read.root()->find("d")) == "e: |\n    f");
  CHECK(text_of(read.root()) == text.substr(0, text.size() - 2));
  // Nothing is written after `g:`, and the place for it is there.
  CHECK(read.root()->find("g")->is_null());
  CHECK(read.root()->find("g")->span == Span{0, static_cast<std::uint32_t>(text.size() - 2), static_cast<std::uint32_t>(text.size() - 2)});
}

TEST_CASE("an absent value is a null, a key named null is a key") {
  const Read read("a:\nnull: 3\nb: null # c\nc: ~\nd: 'null'\ne: {f: , g: null}\nh:\n-\n- null\nNull: x\n");
  REQUIRE(read.problems().empty());
  const Node& root = *read.root();
  CHECK(root.find("a")->text.empty());
  CHECK(root.find("null")->text == "3");
  CHECK(root.find("b")->text == "null");
  CHECK(root.find("b")->is_null());
  CHECK_FALSE(root.find("d")->is_null());
  CHECK(root.find("e")->find("f")->is_null());
  CHECK(root.find("e")->find("g")->text == "null");
  CHECK(root.find("h")->elements[0]->text.empty());
  CHECK(root.find("h")->elements[1]->text == "null");
  CHECK(root.find("Null")->text == "x");
}

TEST_CASE("an alias is the node that it names") {
  const Read read("a: &x {b: 1}\nc: *x\nd: [*x, &y 2, *y]\n");
  REQUIRE(read.problems().empty());
  CHECK(read.root()->find("c") == read.root()->find("a"));
  CHECK(read.root()->find("d")->elements[0] == read.root()->find("a"));
  CHECK(read.root()->find("d")->elements[2]->text == "2");
}

TEST_CASE("the core schema is that of YAML 1.2, and 1_000 is a number") {
  struct Row {
    std::string text;
    CoreKind kind;
    std::int64_t integer = 0;
    double number = 0;
  };
  for (const Row& row : {Row{"~", CoreKind::Null},
                         Row{"none", CoreKind::Null},
                         Row{"true", CoreKind::Bool},
                         Row{"yes", CoreKind::Str},
                         Row{"12", CoreKind::Int, 12},
                         Row{"-7", CoreKind::Int, -7},
                         Row{"010", CoreKind::Int, 10},
                         Row{"0x1F", CoreKind::Int, 31},
                         Row{"0o17", CoreKind::Int, 15},
                         Row{"1_000", CoreKind::Int, 1000},
                         Row{"1__0", CoreKind::Str},
                         Row{"_1", CoreKind::Str},
                         Row{"1.5", CoreKind::Float, 0, 1.5},
                         Row{".5", CoreKind::Float, 0, 0.5},
                         Row{"1.", CoreKind::Float, 0, 1.0},
                         Row{"1e-6", CoreKind::Float, 0, 1e-6},
                         Row{"-1E3", CoreKind::Float, 0, -1000.0},
                         Row{"1e", CoreKind::Str},
                         Row{"1:30", CoreKind::Str},
                         Row{"0x", CoreKind::Str},
                         Row{"", CoreKind::Null},
                         Row{"-", CoreKind::Str},
                         Row{".", CoreKind::Str},
                         Row{"inf", CoreKind::Str}}) {
    CAPTURE(row.text);
    Node node;
    node.text = row.text;
    const CoreValue value = core_value(node);
    CHECK(value.kind == row.kind);
    CHECK(value.integer == row.integer);
    CHECK(value.number == row.number);
  }
  Node node;
  node.text = "-.inf";
  CHECK(core_value(node).number == -std::numeric_limits<double>::infinity());
  node.text = "9223372036854775807";
  CHECK_FALSE(core_value(node).overflow);
  node.text = "9223372036854775808";
  CHECK(core_value(node).overflow);
  node.text = "1";
  node.plain = false;
  CHECK(core_value(node).kind == CoreKind::Str);
}

TEST_CASE("E0101: what is not YAML is told where reading stopped, and what was expected") {
  struct Row {
    std::string text, problems;
  };
  for (const Row& row : {
           Row{"a: {b: 1\nc: 2", "2:2 E0101: expected `,` or `}` in this flow map, found `:`"},
           Row{"a: [b, c", "1:9 E0101: expected `,` or `]` in this flow list, found the end of the file"},
           Row{"a: ]\n", "1:4 E0101: nothing is open that `]` could close"},
           Row{"a: b: c\n", "1:5 E0101: `: ` cannot stand here: a value with `: ` needs quotes"},
           Row{"a:\n\tb: 1\n", "2:1 E0101: a tab cannot indent: use spaces"},
           Row{"- a\nb: 1\n", "2:1 E0101: expected the end of the file, found `b`"},
           Row{"name: \"abc\nlayers: []\n", "1:7 E0101: this quote is never closed: expected `\"` before the end of the file"},
           Row{"name: 'abc\n", "1:7 E0101: this quote is never closed: expected `'` before the end of the file"},
           Row{"a: 1\nnot-a-key", "2:1 E0101: expected `:` after the key `not-a-key`"},
           Row{"a: 1\nb\nc: 2\n", "2:1 E0101: expected `:` after the key `b`"},
           Row{"a:\n  b\n    c: 2\n", "2:3 E0101: expected `:` after the key `b`"},
           Row{"a:\n- b 4  # four\n\n  # of it\n    c: 2\n", "2:3 E0101: a `:` is missing after `b`"},
           Row{"- b\n  c: 2\n", "1:3 E0101: expected `:` after the key `b`"},
           Row{"a: b\n  c: 2\n", "2:3 E0101: this key is indented by 2, and the key `a` above it by 0, which has a value already"},
           Row{": 1\n", "1:1 E0101: a key is missing here"},
           Row{"a: [b, , c]\n", "1:8 E0101: an element is missing here"},
           Row{"[a]: 1\n", "1:1 E0101: a key must be a scalar, and this is a list; quote it where it is meant as text"},
           Row{"{a: 1} x\n", "1:8 E0101: expected the end of the file, found `x`"},
           Row{"a:\n1\n", "2:1 E0101: expected `:` after the key `1`"},
           Row{"- c: 1\n  d:\n  1\n-\n", "3:3 E0101: the value of `d` must stand further to the right than its key"},
           Row{"a:\n  - b\n  c\n", "3:3 E0101: an element of this list begins with `- `"},
           Row{"a: \"\\q\"\n", "1:5 E0101: `\\q` is not an escape of a double-quoted text"},
           Row{"a: \"\\.\"\n", "1:5 E0101: `\\.` is not an escape of a double-quoted text"},
           Row{"config:\n  b: *later\n  a: &later 2\n", "2:6 E0101: this alias names no anchor before it"},
           Row{"a: &\n", "1:5 E0101: this is not YAML (anchor not found after &)"},
       }) {
    CAPTURE(row.text);
    CHECK(problems_of(row.text) == row.problems);
  }
}

TEST_CASE("E0102: a duplicate key shows both places, and the first value is kept") {
  const Read read("a: 1\n\"a\": {b: 2}\nc: 3\n");
  CHECK(read.pictures() == R"(
error[E0102 duplicate-key]: the key `a` stands twice in this map
 --> m.yaml:2:1
  |
2 | "a": {b: 2}
  | ^^^
note: it stands here first
 --> m.yaml:1:1
  |
1 | a: 1
  | -
see: linenc explain E0102
)");
  REQUIRE(read.root() != nullptr);
  CHECK(read.root()->find("a")->text == "1");
  CHECK(read.root()->entries.size() == 2);
}

TEST_CASE("E0103: bytes that are no text are named, with their offset") {
  struct Row {
    std::string text, problems;
  };
  for (const Row& row : {
           Row{std::string("a: x\0ny", 7), "1:5 E0103: byte 0x00 at offset 4 is a control character"},
           Row{"a: \x1B[2J", "1:4 E0103: byte 0x1B at offset 3 is a control character"},
           Row{"a: \x04", "1:4 E0103: byte 0x04 at offset 3 is a control character"},
           Row{"a: \xFF", "1:4 E0103: byte 0xFF at offset 3 is not UTF-8"},
           Row{"a: \xC0\x80", "1:4 E0103: byte 0xC0 at offset 3 is not UTF-8"},      // overlong
           Row{"a: \xED\xA0\x80", "1:4 E0103: byte 0xED at offset 3 is not UTF-8"},  // half of a surrogate pair
           Row{"a: \xF4\x90\x80\x80", "1:4 E0103: byte 0xF4 at offset 3 is not UTF-8"},
           Row{"a: é\xC3", "1:5 E0103: byte 0xC3 at offset 5 is not UTF-8"},  // cut off
           Row{"a: 1\rb: 2", "1:5 E0103: byte 0x0D at offset 4 is a control character"},
           Row{"a: \xEF\xBB\xBF", "1:4 E0103: the character U+FEFF at offset 3 is a control character"},
           Row{"a: \xC2\x85", "1:4 E0103: byte 0x85 at offset 3 is a control character"},
           Row{std::string("\xFF\xFE\x61\0", 4), "1:1 E0103: the file is UTF-16 or UTF-32, and a model file is UTF-8"},
           Row{"\x7F"
               "ELF",
               "1:1 E0103: byte 0x7F at offset 0 is a control character"},
       }) {
    CAPTURE(row.problems);
    CHECK(problems_of(row.text) == row.problems);
  }
}

TEST_CASE("E0104: tags are refused, wherever they stand") {
  CHECK(problems_of("a: !!int 3\n") == "1:4 E0104: the tag `!!int` is not part of the language");
  CHECK(problems_of("a: !!python/object/apply:os.system [ls]\n") ==
        "1:4 E0104: the tag `!!python/object/apply:os.system` is not part of the language");
  CHECK(problems_of("!!str a: 1\n") == "1:1 E0104: the tag `!!str` is not part of the language");
  CHECK(problems_of("a: &x !t [1]\n") == "1:7 E0104: the tag `!t` is not part of the language");
  CHECK(problems_of("a: ! x\n") == "1:4 E0104: the tag `!` is not part of the language");
  CHECK(problems_of("a: !<tag:x> {}\n") == "1:4 E0104: the tag `!<tag:x>` is not part of the language");
  CHECK(problems_of("a: '! x'\n").empty());
}

TEST_CASE("E0104: `!` before an expression is told as a slip for `not`, which the fix writes") {
  const std::string body = "model:\n  compact:\n    - ";
  for (const char* text : {"if: !training", "if: !(a or b)", "if: !x[0]", "let: {y: !training and a}", "relu:\n      in: [x, !y]"}) {
    CAPTURE(text);
    const Read read(body + text + "\n");
    REQUIRE(read.diagnostics.all().size() == 1);
    const auto& problem = read.diagnostics.all()[0];
    CHECK(problem.code == diagnostics::Code::Tag);
    REQUIRE(problem.fixes.size() == 1);
    CHECK(problem.fixes[0].edits[0].text == "not ");
    CHECK(read.sources.text(problem.fixes[0].edits[0].span) == "!");
  }
  for (const char* text : {"Dense: {use_bias: !yes}", "if: !!bool x", "return: !pair {a: x}", "!training", "relu:\n      out: !y"}) {
    CAPTURE(text);
    const Read read(body + text + "\n");
    REQUIRE(read.diagnostics.all().size() == 1);
    CHECK(read.diagnostics.all()[0].fixes.empty());
  }
}

TEST_CASE("a scalar that is nothing but a tag is broken: what it was to say is not known") {
  const Read read("a: !t\nb: !t 1\n");
  REQUIRE(read.root() != nullptr);
  CHECK(read.root()->find("a")->broken);
  CHECK_FALSE(read.root()->find("a")->is_null());
  CHECK(read.sources.text(read.root()->find("a")->span) == "!t");
  CHECK_FALSE(read.root()->find("b")->broken);
}

TEST_CASE("E0105: a merge key points at `with:` and is followed, so that nothing is missing") {
  const Read read("a: &x {b: 1}\nc: {<<: *x, d: 2}\n");
  CHECK(read.problems() == "2:5 E0105: merge keys are not part of the language");
  CHECK(read.diagnostics.all()[0].notes[0].message.find("`with:`") != std::string::npos);
  REQUIRE(read.root() != nullptr);
  CHECK(print(*read.root()->find("c")) == "map\n  d: 2\n  b: 1\n");
  const Read several("a: &x {b: 1, d: 3}\nc:\n  <<: [*x, {e: 4}]\n  d: 2\n");
  CHECK(print(*several.root()->find("c")) == "map\n  d: 2\n  b: 1\n  e: 4\n");
  CHECK(problems_of("'<<': 1\n").empty());
}

TEST_CASE("E0106: a second document") {
  CHECK(problems_of("a: 1\n---\nb: 2\n") == "2:1 E0106: a second document begins here, and a model file holds one");
  CHECK(problems_of("a: 1\n...\n---\nb: 2\n") == "3:1 E0106: a second document begins here, and a model file holds one");
  CHECK(problems_of("---\na: 1\n...\n# the end\n").empty());
  CHECK(problems_of("%YAML 1.2\n---\na: 1\n").empty());
}

TEST_CASE("E0107: 64 levels are read, 65 are not") {
  const auto nested = [](int levels) {
    std::string text;
    for (int i = 0; i < levels; ++i) text += "[";
    for (int i = 0; i < levels; ++i) text += "]";
    return text;
  };
  CHECK(problems_of(nested(64)).empty());
  CHECK(problems_of(nested(65)) == "1:65 E0107: nesting deeper than 64");
  const auto indented = [](int levels) {
    std::string text;
    for (int i = 0; i < levels; ++i) text += std::string(static_cast<std::size_t>(i), ' ') + "a:\n";
    return text;
  };
  CHECK(problems_of(indented(64)).empty());
  CHECK(problems_of(indented(65)) == "65:65 E0107: nesting deeper than 64");
  CHECK(problems_of("a: &x [[]]\nb: {c: *x}\n", {.depth = 4}).empty());
  CHECK(problems_of("a: &x [[]]\nb: {c: *x}\n", {.depth = 3}) == "2:8 E0107: with this alias the nesting is deeper than 3");
}

TEST_CASE("E0107: a thousand open brackets are the end, before YAML sees them") {
  // Closed right away, so that the reader's own limit is not what stops it.
  CHECK(problems_of("# " + std::string(5000, '[') + "\na: 1\n").empty());
  CHECK(problems_of("a: '" + std::string(1000, '[') + "'\n").empty());
  CHECK(problems_of("a: '" + std::string(1001, '[') + "'\n") == "1:1005 E0107: more than 1000 brackets are open here");
  CHECK(problems_of(std::string(1000000, '[')) == "1:1001 E0107: more than 1000 brackets are open here");
  CHECK(problems_of(std::string(1000, '{')).find("E0107") == std::string::npos);  // broken, but not by this limit
}

TEST_CASE("E0108: scalars, keys and nodes have a limit each, at N and N + 1") {
  const YamlLimits limits{.nodes = 7, .scalar_bytes = 8, .key_bytes = 4};
  CHECK(problems_of("abcd: '12345678'\n", limits).empty());
  CHECK(problems_of("abcd: '123456789'\n", limits) == "1:7 E0108: this scalar has 9 bytes, the limit is 8");
  CHECK(problems_of("abcde: 1\n", limits) == "1:1 E0108: this key has 5 bytes, the limit is 4");
  CHECK(problems_of("a: [1, 2, 3, 4]\n", limits).empty());
  CHECK(problems_of("a: [1, 2, 3, 4, 5]\n", limits).find("E0108: the file has more than 7 nodes") != std::string::npos);
}

TEST_CASE("E0109: aliases count as what they stand for, and may not stand inside of it") {
  const YamlLimits limits{.nodes = 12};
  CHECK(problems_of("a: &x [1, 2]\nb: *x\nc: 1\n", limits).empty());
  CHECK(problems_of("a: &x [1, 2]\nb: *x\nc: *x\nd: 1\n", limits) == "3:4 E0109: with this alias the file expands to more than 12 nodes");
  CHECK(problems_of("&a [*a]\n") == "1:5 E0109: `*a` stands inside of the node that it names");
  CHECK(problems_of("a: &a [&b {c: *a}]\n") == "1:15 E0109: `*a` stands inside of the node that it names");
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 40; ++i) {
    bomb += concat("a", i, ": &a", i, " [");
    for (int k = 0; k < 10; ++k) bomb += concat("*a", i - 1, ", ");
    bomb += "]\n";
  }
  CHECK(problems_of(bomb).find("E0109: with this alias the file expands to more than 200000 nodes") != std::string::npos);
}

TEST_CASE("E0111: a file without content") {
  for (const char* text : {"", "\n\n", "# nothing\n", "~\n", "null", "---\n", "...\n", "%%%%%%", "\xEF\xBB\xBF"}) {
    CAPTURE(text);
    CHECK(problems_of(text) == "1:1 E0111: the file holds no document");
  }
}

TEST_CASE("messages escape what the file says") {
  const std::string problems = problems_of("\"\\e[2J\\n::error::\": 1\n\"\\e[2J\\n::error::\": 2\n");
  CHECK(problems == "2:1 E0102: the key `\\x1B[2J\\n::error::` stands twice in this map");
}

}  // namespace
}  // namespace linenc::syntax
