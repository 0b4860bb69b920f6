#include <doctest/doctest.h>

#include "tests/compiler/syntax/read_text.h"

namespace linenc::syntax {
namespace {

using testing::Read;

const std::string kBody = "config:\n  b: 3\nmodel:\n  compact:\n    - ";

struct Row {
  std::string text, problem, fixed;  // `fixed` is empty where nothing is offered, and begins with `?` where it is only possible
};

void check_body(const Row& row) {
  CAPTURE(row.text);
  const Read read(kBody + row.text + "\n");
  REQUIRE(read.diagnostics.all().size() == 1);
  const auto& problem = read.diagnostics.all()[0];
  CHECK(problem.code == diagnostics::Code::YamlSyntax);
  CHECK(problem.message == row.problem);
  std::string fixed;
  if (!problem.fixes.empty()) {
    const auto& edit = problem.fixes[0].edits[0];
    fixed = kBody + row.text;
    fixed.replace(edit.span.begin, edit.span.size(), edit.text);
    if (problem.fixes[0].safe) CHECK(Read(fixed + "\n").problems().empty());
    fixed = (problem.fixes[0].safe ? "" : "?") + fixed.substr(kBody.size());
  }
  CHECK(fixed == row.fixed);
}

TEST_CASE("a comma that is missing in a flow map") {
  for (const Row& row : {
           Row{"Dense: {features: =3 use_bias: false}", "a `,` is missing before `use_bias`", "Dense: {features: =3, use_bias: false}"},
           Row{"Dense: {features: 3 use_bias: false}", "a `,` is missing before `use_bias`", "Dense: {features: 3, use_bias: false}"},
           Row{"Dense: {features: 3\n        use_bias: false}", "a `,` is missing before `use_bias`",
               "?Dense: {features: 3,\n        use_bias: false}"},
           Row{"Conv: {kernel_size: [3, 3] strides: [2, 2]}", "a `,` is missing before `strides`", "Conv: {kernel_size: [3, 3], strides: [2, 2]}"},
           Row{"Conv: {padding: 'SAME' features: 3}", "a `,` is missing before `features`", "Conv: {padding: 'SAME', features: 3}"},
           Row{"Dense: {features: 3\n      name: a", "expected `,` or `}` in this flow map, found `:`", ""},
           Row{"Dense: {features: 3\n  use_bias: false", "expected `,` or `}` in this flow map, found `:`", ""},
       }) {
    check_body(row);
  }
}

TEST_CASE("a colon that is missing, or the blank behind it") {
  for (const Row& row : {
           Row{"Conv: {features: 3, kernel_size [3, 3]}", "a `:` is missing after `kernel_size`", "Conv: {features: 3, kernel_size: [3, 3]}"},
           Row{"Dense: {features 3, use_bias: false}", "a `:` is missing after `features`", "Dense: {features: 3, use_bias: false}"},
           Row{"Dense: {use_bias false}", "a `:` is missing after `use_bias`", "Dense: {use_bias: false}"},
           Row{"Dense: {dtype bfloat16}", "a `:` is missing after `dtype`", "?Dense: {dtype: bfloat16}"},
           Row{"Dense: {features:3}", "a blank is missing behind `features:`", "Dense: {features: 3}"},
           Row{"Dense {features: 3, use_bias: false}", "a `:` is missing after `Dense`", "Dense: {features: 3, use_bias: false}"},
           Row{"Dense:{features: 3}", "a blank is missing behind `Dense:`", "Dense: {features: 3}"},
           Row{"Dense:\u00A0{features: 3}", "this is the character U+00A0, which is no blank of YAML", "Dense: {features: 3}"},
           Row{"relu:\n      in x\n      out: y", "a `:` is missing after `in`", "relu:\n      in: x\n      out: y"},
           Row{"relu:\n      name 3\n\n    - relu", "a `:` is missing after `name`", "relu:\n      name: 3\n\n    - relu"},
           Row{"for: i\n      over: x\n      do\n        - relu", "expected `:` after the key `do`",
               "for: i\n      over: x\n      do:\n        - relu"},
       }) {
    check_body(row);
  }
  // A blank line and the keys of a section further left do not hide the line.
  for (const char* between : {"", "\n", "# of it\n"}) {
    CHECK(Read(concat("config:\n  b: 3\n  a 5\n", between, "inputs: {x: 1}\n")).problems() == "3:3 E0101: a `:` is missing after `a`");
  }
}

TEST_CASE("`=` in a flow map") {
  const std::string problem = "`=` gives no value in a map: a `:` stands behind the key";
  for (const Row& row : {
           Row{"let: {x = x + 1}", problem, "let: {x: x + 1}"},
           Row{"let: {y = f(x, 1), z: x}", problem, "let: {y: \"f(x, 1)\", z: x}"},
           Row{"Dense: {features=3}", problem, "Dense: {features: 3}"},
           Row{"Conv: {padding='SAME'}", problem, "?Conv: {padding: 'SAME'}"},
           Row{"Dense: {features=config.b}", problem, "?Dense: {features: \"=config.b\"}"},
       }) {
    check_body(row);
  }
}

TEST_CASE("a bracket that is closed by one of the other kind") {
  for (const Row& row : {
           Row{"Conv: {features: 3, kernel_size: [3, 3}", "`[` is closed by `}`: expected `]`", "Conv: {features: 3, kernel_size: [3, 3]}"},
           Row{"Conv: {features: 3, kernel_size: [3, 3}}", "`[` is closed by `}`: expected `]`", "Conv: {features: 3, kernel_size: [3, 3]}"},
           Row{"return: [x, {a: x]]", "`{` is closed by `]`: expected `}`", "return: [x, {a: x}]"},
           Row{"Conv: {features: 3, str[ides: [1, 1]}", "`[` is closed by `}`: expected `]`", "?Conv: {features: 3, str[ides: [1, 1]]}"},
           Row{"return: [x, {a: x], y]", "`{` is closed by `]`: expected `}`", ""},
       }) {
    check_body(row);
  }
}

TEST_CASE("a line that stands at another place than those beside it") {
  for (const Row& row : {
           Row{"relu: {a: b}\n      - relu", "this line is indented by 6, the statements of `compact` (line 5) by 4", "?relu: {a: b}\n    - relu"},
           Row{"relu\n      - relu", "this line is indented by 6, the statements of `compact` (line 5) by 4", "?relu\n    - relu"},
           Row{"relu\n   - relu", "this line is indented by 3, the statements of `compact` (line 5) by 4", "?relu\n    - relu"},
           Row{"relu:\n     out: y", "this line is indented by 5, the keys beside `relu` (line 5) by 6", "?relu:\n      out: y"},
           Row{"relu: {a: b}\n    out: y", "this line is indented by 4, the keys beside `relu` (line 5) by 6", "?relu: {a: b}\n      out: y"},
           Row{"relu: {a: b}\n    relu:", "a statement begins with `- `", "relu: {a: b}\n    - relu:"},
           Row{"relu: {a: b}\n    relu:\n    out: y", "a statement begins with `- `", "?relu: {a: b}\n    - relu:\n    out: y"},
           Row{"relu: {a: b}\n    -relu", "a blank is missing behind `-`", "relu: {a: b}\n    - relu"},
       }) {
    check_body(row);
  }
  CHECK(Read("config:\n   a: 1\n  b: 2\n").problems() == "3:3 E0101: this line is indented by 2, the keys of `config` (line 2) by 3");
}

}  // namespace
}  // namespace linenc::syntax
