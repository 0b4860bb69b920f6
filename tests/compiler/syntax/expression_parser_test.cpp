#include "compiler/syntax/expression_parser.h"

#include <doctest/doctest.h>

#include <cmath>
#include <fstream>

#include "tests/compiler/syntax/read_text.h"

namespace linenc::syntax {
namespace {

using testing::Read;
using testing::Scalar;

std::string parsed(const std::string& text) {
  Scalar scalar(text);
  const ExprPtr expr = parse_expression(scalar.node, 0, scalar.diagnostics);
  CHECK((expr == nullptr) == scalar.diagnostics.has_errors());
  return expr == nullptr ? scalar.problems() : print(*expr);
}

std::string problem_of(const std::string& text) {
  Scalar scalar(text);
  CHECK(parse_expression(scalar.node, 0, scalar.diagnostics) == nullptr);
  return scalar.problems();
}

std::vector<std::string> lines_of(const std::string& name) {
  std::ifstream file(std::string(LINENC_SOURCE_DIR) + "/tests/compiler/syntax/" + name);
  REQUIRE(file.good());
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

// The table was written by Python's own parser: expression, tab, its tree with every operation in parentheses.
TEST_CASE("expressions group as Python groups them") {
  const auto lines = lines_of("expressions.txt");
  REQUIRE(lines.size() >= 400);
  for (const std::string& line : lines) {
    CAPTURE(line);
    const std::size_t tab = line.find('\t');
    CHECK(parsed(line.substr(0, tab)) == line.substr(tab + 1));
  }
}

TEST_CASE("what Python refuses, or the language leaves out, is E0110 inside of the text") {
  for (const std::string& line : lines_of("bad_expressions.txt")) {
    CAPTURE(line);
    Scalar scalar(line);
    CHECK(parse_expression(scalar.node, 0, scalar.diagnostics) == nullptr);
    REQUIRE(scalar.diagnostics.all().size() == 1);
    const auto& d = scalar.diagnostics.all().front();
    CHECK(d.code == diagnostics::Code::ExpressionSyntax);
    CHECK(d.span.end <= line.size());
  }
}

TEST_CASE("E0110: messages say what was expected, and where") {
  struct Row {
    std::string text, problem;
  };
  for (const Row& row : {
           Row{"mean(x", "1:7 E0110: expected `)` to close the arguments of `mean`, found the end"},
           Row{"x.mean(a b)", "1:10 E0110: expected `)` to close the arguments of `mean`, found `b`"},
           Row{"x[1", "1:4 E0110: expected `]` to close the index, found the end"},
           Row{"a +", "1:4 E0110: expected an expression after `a +`, found the end"},
           Row{"", "1:1 E0110: an expression is missing here"},
           Row{"a if b", "1:7 E0110: expected `else` and the other value of `if`, found the end"},
           Row{"x + (y := 3)", "1:8 E0110: `:=` is not part of the language: a `let` before this statement binds names"},
           Row{"y := 3", "1:3 E0110: `:=` is not part of the language: a `let` before this statement binds names"},
           Row{"a = b", "1:3 E0110: `=` does not compare: write `==`"},
           Row{"=a", "1:1 E0110: this position always holds an expression: write it without the mark `=`"},
           Row{"a && b", "1:3 E0110: `&&` is not an operator: write `and`"},
           Row{"f'{a!r}'", "1:5 E0110: the conversion `!r` is not part of the language"},
           Row{"f(1=2)", "1:4 E0110: expected a name before `=`: a keyword argument is `name=value`"},
           Row{"010", "1:1 E0110: `010` begins with a zero: write `10`, or `0o…` for an octal number"},
           Row{"(a for a in b)", "1:4 E0110: a comprehension is a list: write it as `[… for …]`"},
           Row{"{k: v for k, v in m}", "1:7 E0110: a comprehension is a list: write a map of them as `dict([(key, value) for …])`"},
           Row{"'abc", "1:1 E0110: this string is never closed: expected '"},
           Row{"x.class", "1:3 E0110: `class` is a word of Python's statements, which cannot stand in an expression"},
           Row{"9223372036854775808", "1:1 E0110: `9223372036854775808` does not fit into 64 bits"},
           Row{"x\x1B", "1:2 E0110: `\\x1B` cannot stand in an expression"},
       }) {
    CAPTURE(row.text);
    CHECK(problem_of(row.text) == row.problem);
  }
}

TEST_CASE("the mark `=` in a position that needs none is taken out by the fix") {
  Scalar scalar("=a");
  (void)parse_expression(scalar.node, 0, scalar.diagnostics);
  const auto& fix = scalar.diagnostics.all().front().fixes.front();
  CHECK(fix.edits[0].text.empty());
  CHECK(fix.edits[0].span == Span{0, 0, 1});
}

TEST_CASE("a plain scalar of flow style with an open bracket is told about it, one of block style is not") {
  Read read("- {a: f(x}\n- a: f(x\n- a: x)\n");
  for (const Node* element : read.root()->elements) CHECK(parse_expression(*element->find("a"), 0, read.diagnostics) == nullptr);
  REQUIRE(read.diagnostics.all().size() == 3);
  CHECK(read.diagnostics.all()[0].notes.front().message.find("flow style") != std::string::npos);
  CHECK(read.diagnostics.all()[1].notes.empty());
  CHECK(read.diagnostics.all()[2].notes.empty());
}

TEST_CASE("a quoted scalar that is no expression may be a text, which needs two pairs of quotes") {
  const auto offered = [](const std::string& text) {
    Read read("[" + text + "]\n");
    REQUIRE(parse_expression(*read.root()->elements[0], 0, read.diagnostics) == nullptr);
    const auto& fixes = read.diagnostics.all().front().fixes;
    return fixes.empty() ? std::string() : fixes[0].edits[0].text;
  };
  CHECK(offered("\"ij,kj->ik\"") == "\"'ij,kj->ik'\"");
  CHECK(offered("'b (h w) -> b h w'") == "\"'b (h w) -> b h w'\"");
  CHECK(offered("\"don't do\"") == "'\"don''t do\"'");
  CHECK(offered("a b").empty());           // plain: it has no quotes yet
  CHECK(offered("\"f(x, [1)\"").empty());  // a call: it is an expression
  CHECK(offered("\"x +\"").empty());       // it ends early
  for (const char* text : {"\"x; y\"", "\"3px\"", "\"mean x)\"", "\"x y\""}) CHECK(offered(text).empty());
  CHECK(offered("\"(y := 3)\"").empty());  // its mistake is known
}

TEST_CASE("a character that looks like one of ASCII is named, and replaced by the fix") {
  const auto replaced = [](const std::string& text) {
    Scalar scalar(text);
    CHECK(parse_expression(scalar.node, 0, scalar.diagnostics) == nullptr);
    const auto& problem = scalar.diagnostics.all().front();
    return concat(problem.message, " -> ", problem.fixes.front().edits[0].text);
  };
  CHECK(replaced("D\u0435nse") == "`\u0435` is the character U+0435, which looks like `e` -> e");
  CHECK(replaced("x \u2212 1") == "`\u2212` is the character U+2212, which looks like `-` -> -");
  CHECK(replaced("x\u00A0+ 1") == "this is the character U+00A0, which looks like a blank ->  ");
  CHECK(replaced("x \u2264 1") == "`\u2264` is the character U+2264, which looks like `<=` -> <=");
  CHECK(replaced("\u201Ca\u201D") == "`\u201C` is the character U+201C, which looks like `\"` -> \"");
  CHECK(replaced("f\uFF08x)") == "`\uFF08` is the character U+FF08, which looks like `(` -> (");
}

TEST_CASE("numbers are Python's, integers have 64 bits") {
  const auto number = [](const std::string& text) {
    Scalar scalar(text);
    ExprPtr expr = parse_expression(scalar.node, 0, scalar.diagnostics);
    REQUIRE(expr != nullptr);
    return expr;
  };
  CHECK(number("9223372036854775807")->integer == INT64_MAX);
  CHECK(number("-9223372036854775808")->integer == INT64_MIN);
  CHECK(number("0x7fff_ffff_ffff_ffff")->integer == INT64_MAX);
  CHECK(number("00")->integer == 0);
  CHECK(number("0.1")->number == 0.1);
  CHECK(std::isinf(number("1e400")->number));
  CHECK(number("1e-400")->number == 0);
  CHECK(number("1_000.5")->kind == ExprKind::Float);
  CHECK(number("inf")->kind == ExprKind::Name);
  CHECK(problem_of("-9223372036854775808 ** 2").find("does not fit") != std::string::npos);
  CHECK(problem_of("0x8000000000000000").find("does not fit") != std::string::npos);
  CHECK(problem_of("1" + std::string(5000, '0')).find("does not fit") != std::string::npos);
}

TEST_CASE("every node knows its place, in a scalar of any style") {
  struct Row {
    std::string text, whole, call, name;
  };
  for (const Row& row : {Row{"k: a + f(b.name)[0]\n", "a + f(b.name)[0]", "f(b.name)", "name"},
                         Row{"k: 'a + f(b.name)[0]'\n", "a + f(b.name)[0]", "f(b.name)", "name"},
                         Row{"k: \"a\\u0020+ f(b.name)[0]\"\n", "a\\u0020+ f(b.name)[0]", "f(b.name)", "name"},
                         Row{"k: |\n  a +\n  f(b.name)[0]\n", "a +\n  f(b.name)[0]", "f(b.name)", "name"},
                         Row{"k: >\n  a +\n  f(b.name)[0]\n", "a +\n  f(b.name)[0]", "f(b.name)", "name"},
                         Row{"k: a +\n  f(b.name)[0]\n", "a +\n  f(b.name)[0]", "f(b.name)", "name"}}) {
    CAPTURE(row.text);
    Read read(row.text);
    REQUIRE(read.root() != nullptr);
    const ExprPtr expr = parse_expression(*read.root()->find("k"), 0, read.diagnostics);
    REQUIRE(expr != nullptr);
    const Expr& call = *expr->children[1]->children[0];
    CHECK(read.sources.text(expr->span) == row.whole);
    CHECK(read.sources.text(call.span) == row.call);
    CHECK(read.sources.text(call.children[1]->name_span) == row.name);
  }
}

TEST_CASE("a value in parentheses has its own place, an operation begins with its first bracket") {
  Scalar scalar("(a) + (b * c)");
  const ExprPtr expr = parse_expression(scalar.node, 0, scalar.diagnostics);
  REQUIRE(expr != nullptr);
  CHECK(scalar.sources.text(expr->span) == "(a) + (b * c)");
  CHECK(scalar.sources.text(expr->children[0]->span) == "a");
  CHECK(scalar.sources.text(expr->children[1]->span) == "b * c");
}

TEST_CASE("arguments, keywords and splices of a call are told apart") {
  Scalar scalar("f(a, *b, axis=1, **c)");
  const ExprPtr call = parse_expression(scalar.node, 0, scalar.diagnostics);
  REQUIRE(call != nullptr);
  REQUIRE(call->arguments.size() == 4);
  using Form = CallArgument::Form;
  CHECK(call->arguments[0].form == Form::Positional);
  CHECK(call->arguments[1].form == Form::Splice);
  CHECK(call->arguments[2].form == Form::Keyword);
  CHECK(call->arguments[3].form == Form::MapSplice);
  CHECK(call->arguments[2].name == "axis");
  CHECK(scalar.sources.text(call->arguments[2].name_span) == "axis");
  CHECK(call->children.size() == 5);
}

TEST_CASE("the text behind a mark is parsed from the byte that is given") {
  Scalar scalar("=4 * width");
  const ExprPtr expr = parse_expression(scalar.node, 1, scalar.diagnostics);
  REQUIRE(expr != nullptr);
  CHECK(print(*expr) == "(4 * width)");
  CHECK(scalar.sources.text(expr->span) == "4 * width");
}

TEST_CASE("E0107: 64 levels of nesting are parsed, 65 are not") {
  const auto nested = [](std::size_t levels, char open, char close) { return std::string(levels, open) + "a" + std::string(levels, close); };
  // The expression itself is the first level.
  CHECK(parsed(nested(63, '(', ')')) == "a");
  CHECK(problem_of(nested(64, '(', ')')) == "1:65 E0107: the expression is nested deeper than 64");
  CHECK(parsed(nested(63, '[', ']')) == nested(63, '[', ']'));
  CHECK(problem_of(nested(64, '[', ']')).find("E0107") != std::string::npos);
  for (const std::string piece : {"-", "not ", "lambda: ", "f(", "x[", "2**", "{1: ", "a if b else ", "[*", "~", "f(*", "{**"}) {
    CAPTURE(piece);
    std::string text;
    for (int i = 0; i < 5000; ++i) text += piece;
    CHECK(problem_of(text + "a").find("E0107") != std::string::npos);
  }
}

TEST_CASE("E0107: a chain of 511 operations is a tree that can be walked, one of 512 is not") {
  const auto chain = [](int operations) {
    std::string text = "a";
    for (int i = 0; i < operations; ++i) text += " + a";
    return text;
  };
  Scalar scalar(chain(511));
  const ExprPtr expr = parse_expression(scalar.node, 0, scalar.diagnostics);
  REQUIRE(expr != nullptr);
  CHECK(expr->height == kExpressionHeight);
  CHECK(problem_of(chain(512)).find("E0107: the expression has more than 512 operations one inside of the other") != std::string::npos);
  std::string attributes = "a";
  for (int i = 0; i < 10000; ++i) attributes += ".b";
  CHECK(problem_of(attributes).find("E0107") != std::string::npos);
}

TEST_CASE("E0108: an expression has at most 64 KiB") {
  CHECK(parsed("'" + std::string(kExpressionBytes - 2, 'a') + "'").size() == kExpressionBytes);
  CHECK(problem_of("'" + std::string(kExpressionBytes - 1, 'a') + "'") == "1:1 E0108: this expression has 65537 bytes, the limit is 65536");
}

std::string target_of(const Target& target) {
  std::string out = target.starred ? "*" : "";
  switch (target.kind) {
    case Target::Kind::Name: return out + target.name;
    case Target::Kind::Ignore: return out + "_";
    case Target::Kind::Entry: return out + target.name + "[" + print(*target.key) + "]";
    case Target::Kind::Parts:
      out += "(";
      for (const Target& part : target.parts) out += target_of(part) + ",";
      return out + ")";
  }
  return out;
}

TEST_CASE("targets bind names, parts, the rest, nothing, or an entry of a record") {
  struct Row {
    std::string text, target;
  };
  for (const Row& row : {Row{"a", "a"}, Row{" a ", "a"}, Row{"a, *rest", "(a,*rest,)"}, Row{"(c, h), y", "((c,h,),y,)"}, Row{"_", "_"},
                         Row{"a,", "(a,)"}, Row{"out.stem", "out['stem']"}, Row{"out['a']", "out['a']"}, Row{"out[f's{i}']", "out[f('s' {i})]"},
                         Row{"*a, (b, *_)", "(*a,(b,*_,),)"}, Row{"[a, b]", "(a,b,)"}, Row{"(a)", "a"}}) {
    CAPTURE(row.text);
    Scalar scalar(row.text);
    const auto target = parse_target(scalar.node, scalar.diagnostics);
    REQUIRE(target != nullptr);
    CHECK(target_of(*target) == row.target);
  }
}

TEST_CASE("what cannot be bound is E0110") {
  struct Row {
    std::string text, problem;
  };
  for (const Row& row : {Row{"1", "1:1 E0110: expected a name, found `1`"}, Row{"", "1:1 E0110: a name is missing here"},
                         Row{"a b", "1:3 E0110: expected a name, or names with commas, found `b`"}, Row{"none", "1:1 E0110: `none` cannot be bound"},
                         Row{"*a", "1:1 E0110: a starred name takes the rest of several: write `first, *rest`"},
                         Row{"*a, *b", "1:1 E0110: only one of several names can be starred"},
                         Row{"a.b.c", "1:4 E0110: an entry of a record is one name deep: `out.stem` or `out['stem']`"},
                         Row{"a()", "1:2 E0110: an entry of a record is one name deep: `out.stem` or `out['stem']`"},
                         Row{"(a, b", "1:6 E0110: expected `)` to close the names, found the end"}}) {
    CAPTURE(row.text);
    Scalar scalar(row.text);
    CHECK(parse_target(scalar.node, scalar.diagnostics) == nullptr);
    CHECK(scalar.problems() == row.problem);
  }
  Scalar deep(std::string(100, '(') + "a");
  CHECK(parse_target(deep.node, deep.diagnostics) == nullptr);
  CHECK(deep.problems().find("E0107") != std::string::npos);
}

TEST_CASE("dimensions are expressions with commas between, `...` first") {
  const auto dims = [](const std::string& text) {
    Scalar scalar(text);
    const std::size_t begin = text.find('[') + 1;
    const ExprPtr expr = parse_dimensions(scalar.node, begin, text.rfind(']'), scalar.diagnostics);
    return expr == nullptr ? scalar.problems() : print(*expr);
  };
  CHECK(dims("float32[batch, 2 * len + 1, h // 2]") == "(batch, ((2 * len) + 1), (h // 2))");
  CHECK(dims("float32[...]") == "(...,)");
  CHECK(dims("float32[..., width]") == "(..., width)");
  CHECK(dims("float32[]") == "()");
  CHECK(dims("float32[a,]") == "(a,)");
  CHECK(dims("float32[config.sizes[0], b]") == "(config.sizes[0], b)");
  CHECK(dims("float32[a, ...]") == "1:12 E0110: `...` can only be the first dimension");
  CHECK(dims("float32[a b]") == "1:11 E0110: expected `,` between two dimensions, found `b`");
}

TEST_CASE("names interpolate, and a text without braces is a string") {
  const auto text = [](const std::string& name) {
    Scalar scalar(name);
    const ExprPtr expr = parse_interpolation(scalar.node, scalar.diagnostics);
    return expr == nullptr ? scalar.problems() : print(*expr);
  };
  CHECK(text("block") == "'block'");
  CHECK(text("block_{i}") == "f('block_' {i})");
  CHECK(text("{a}{b + 1}") == "f({a} {(b + 1)})");
  CHECK(text("{i:02d}") == "f({i:02d})");
  CHECK(text("a{{b}}") == "f('a{b}')");
  CHECK(text("it's \\n {i}") == "f('it\\'s \\\\n ' {i})");
  CHECK(text("") == "''");
  CHECK(text("a{") == "1:3 E0110: expected an expression after `{`; write `{{` for a brace in the text");
  CHECK(text("a}") == "1:2 E0110: `}` closes nothing: write `}}` for a brace in the text");
  CHECK(text("a{i") == "1:4 E0110: expected `}` to close `{`, found the end");
}

}  // namespace
}  // namespace linenc::syntax
