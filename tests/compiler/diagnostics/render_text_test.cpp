#include "compiler/diagnostics/render_text.h"

#include <doctest/doctest.h>

namespace linenc::diagnostics {
namespace {

const char kDigits[] = R"(linenc: 1
model:
  compact:
    - Dense: {features: 32}
    - let: {sum: skip + tail}
)";

Span span_of(const source::SourceSet& sources, source::FileId file, std::string_view text) {
  const std::size_t at = sources.file(file).text().find(text);
  REQUIRE(at != std::string_view::npos);
  return {file, static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(at + text.size())};
}

std::string picture(const source::SourceSet& sources, const Diagnostics& diagnostics) {
  return "\n" + render_full(diagnostics.all().front(), sources, {});
}

TEST_CASE("marks inside of the problem stand under its line, one a row; notes have a picture of their own") {
  source::SourceSet sources;
  const auto file = sources.add("models/digits.yaml", kDigits);
  Diagnostics diagnostics;
  diagnostics.error(Code::ShapeMismatch, span_of(sources, file, "skip + tail"), "`skip + tail` cannot broadcast [batch, 64] with [batch, 32]")
      .mark(span_of(sources, file, "skip"), "float32[batch, 64]")
      .mark(span_of(sources, file, "tail"), "float32[batch, 32]")
      .note(span_of(sources, file, "features: 32"), "`tail` gets its last axis here")
      .fix(span_of(sources, file, "32"), "64", "write `features: 64`")
      .emit();
  CHECK(picture(sources, diagnostics) == R"(
error[E0203 shape-mismatch]: `skip + tail` cannot broadcast [batch, 64] with [batch, 32]
 --> models/digits.yaml:5:18
  |
5 |     - let: {sum: skip + tail}
  |                  ^^^^ float32[batch, 64]
  |                         ^^^^ float32[batch, 32]
note: `tail` gets its last axis here
 --> models/digits.yaml:4:15
  |
4 |     - Dense: {features: 32}
  |               ------------
fix: write `features: 64`
see: linenc explain E0203
)");
}

TEST_CASE("the numbers of all lines of a picture have one width") {
  source::SourceSet sources;
  std::string text;
  for (int i = 1; i <= 12; ++i) text += concat("line ", i, "\n");
  const auto file = sources.add("m.yaml", text);
  Diagnostics diagnostics;
  diagnostics.error(Code::DuplicateKey, span_of(sources, file, "line 12"), "twice").note(span_of(sources, file, "line 2"), "first").emit();
  CHECK(picture(sources, diagnostics) == R"(
error[E0102 duplicate-key]: twice
  --> m.yaml:12:1
   |
12 | line 12
   | ^^^^^^^
note: first
  --> m.yaml:2:1
   |
 2 | line 2
   | ------
see: linenc explain E0102
)");
}

TEST_CASE("a mark on another line is drawn in the same picture, in another file as a note") {
  source::SourceSet sources;
  const auto file = sources.add("a.yaml", "one\ntwo\nthree\nfour\n");
  const auto other = sources.add("b.yaml", "other\n");
  Diagnostics diagnostics;
  diagnostics.warning(Code::HidesBuiltin, span_of(sources, file, "four"), "hidden")
      .mark(span_of(sources, file, "one"), "here")
      .mark(span_of(sources, other, "other"), "and there")
      .module("block/Dense_0")
      .emit();
  CHECK(picture(sources, diagnostics) == R"(
warning[W0203 hides-builtin]: hidden
 --> a.yaml:4:1
  |
1 | one
  | ^^^ here
...
4 | four
  | ^^^^
module: `block/Dense_0`
note: and there
 --> b.yaml:1:1
  |
1 | other
  | -----
see: linenc explain W0203
)");
}

TEST_CASE("tabs, wide letters and control characters keep the marks in their column") {
  source::SourceSet sources;
  const auto file = sources.add("m.yaml", "\tnaïve \x1B[2J 日本 bad\r\n");
  Diagnostics diagnostics;
  diagnostics.error(Code::NotText, span_of(sources, file, "bad"), "bad").emit();
  CHECK(picture(sources, diagnostics) == R"(
error[E0103 not-text]: bad
 --> m.yaml:1:16
  |
1 |     naïve \x1B[2J 日本 bad
  |                        ^^^
see: linenc explain E0103
)");
}

TEST_CASE("a message cannot begin a line of the log or turn its text around") {
  source::SourceSet sources;
  const auto file = sources.add("::error::\nx", "a");
  Diagnostics diagnostics;
  diagnostics.error(Code::UnknownName, {file, 0, 1}, "`a\n::error::\u202E` is unknown").emit();
  const std::string text = picture(sources, diagnostics);
  CHECK(text.find("\n::") == std::string::npos);
  CHECK(text.find("`a\\n::error::\\u202E` is unknown") != std::string::npos);
  CHECK(render_concise(diagnostics.all().front(), sources) == "./::error::\\nx:1:1: error[E0201]: `a\\n::error::\\u202E` is unknown");
}

TEST_CASE("an empty span is one caret, also at the end of a line and of the file") {
  source::SourceSet sources;
  const auto file = sources.add("m.yaml", "ab\n");
  Diagnostics diagnostics;
  diagnostics.error(Code::YamlSyntax, {file, 2, 2}, "here").emit();
  diagnostics.error(Code::YamlSyntax, {file, 3, 3}, "there").emit();
  CHECK(render_full(diagnostics.all()[0], sources, {}).find("1 | ab\n  |   ^\n") != std::string::npos);
  CHECK(render_full(diagnostics.all()[1], sources, {}).find("2 |\n  | ^\n") != std::string::npos);
}

TEST_CASE("a long line is clipped around the mark") {
  source::SourceSet sources;
  const auto file = sources.add("m.yaml", std::string(500, 'a') + "bad" + std::string(500, 'c'));
  Diagnostics diagnostics;
  diagnostics.error(Code::UnknownName, span_of(sources, file, "bad"), "bad").emit();
  const std::string text = render_full(diagnostics.all().front(), sources, {});
  const std::size_t line = text.find("1 | ...");
  REQUIRE(line != std::string::npos);
  const std::size_t bad = text.find("bad", line) - line;
  const std::size_t row = text.find('\n', line) + 1;
  CHECK(text.find('^', row) - row == bad);
  CHECK(row - line < 130);
}

TEST_CASE("two marks far apart on one line get the line twice") {
  source::SourceSet sources;
  const auto file = sources.add("m.yaml", "left " + std::string(500, 'a') + " right");
  Diagnostics diagnostics;
  diagnostics.error(Code::ShapeMismatch, {file, 0, 511}, "far")
      .mark(span_of(sources, file, "left"), "one")
      .mark(span_of(sources, file, "right"), "two")
      .emit();
  const std::string text = render_full(diagnostics.all().front(), sources, {});
  CHECK(text.find("^^^^ one\n1 | ...") != std::string::npos);
  CHECK(text.find("^^^^^ two\n") != std::string::npos);
}

TEST_CASE("without a place there is no picture") {
  source::SourceSet sources;
  Diagnostics diagnostics;
  diagnostics.error(Code::CannotRead, {}, "cannot read `m.yaml`: no such file").emit();
  CHECK(picture(sources, diagnostics) == R"(
error[E0001 cannot-read]: cannot read `m.yaml`: no such file
see: linenc explain E0001
)");
  CHECK(render_concise(diagnostics.all().front(), sources) == "error[E0001]: cannot read `m.yaml`: no such file");
}

TEST_CASE("concise is one line: path, place, severity, code, message") {
  source::SourceSet sources;
  const auto file = sources.add("models/digits.yaml", kDigits);
  Diagnostics diagnostics;
  diagnostics.error(Code::ShapeMismatch, span_of(sources, file, "skip + tail"), "shapes differ").emit();
  CHECK(render_concise(diagnostics.all().front(), sources) == "models/digits.yaml:5:18: error[E0203]: shapes differ");
}

TEST_CASE("20 problems are shown, the 21st is counted") {
  source::SourceSet sources;
  const auto file = sources.add("m.yaml", std::string(30, 'a'));
  const auto shown_of = [&](std::uint32_t problems) {
    Diagnostics diagnostics;
    for (std::uint32_t i = 0; i < problems; ++i) diagnostics.error(Code::UnknownName, {file, i, i + 1}, "bad").emit();
    return render_full(diagnostics, sources, {});
  };
  CHECK(shown_of(20).find("... and") == std::string::npos);
  CHECK(shown_of(21).ends_with("\n... and 1 more problem, not shown (`linenc check --max-errors 0` shows all)\n"));
  CHECK(shown_of(25).ends_with("\n... and 5 more problems, not shown (`linenc check --max-errors 0` shows all)\n"));
}

TEST_CASE("the text of all problems has at most 16 KiB") {
  source::SourceSet sources;
  const auto file = sources.add("m.yaml", std::string(100, 'a'));
  Diagnostics diagnostics;
  for (std::uint32_t i = 0; i < 20; ++i) diagnostics.error(Code::UnknownName, {file, i, i + 1}, std::string(5000, 'b')).emit();
  const std::string text = render_full(diagnostics, sources, {});
  CHECK(text.size() <= 16u << 10);
  CHECK(text.find("more problems, not shown") != std::string::npos);
  CHECK(render_full(diagnostics, sources, {.max_errors = 0, .max_bytes = 500}).size() <= 500);
}

TEST_CASE("colour adds escapes and nothing else") {
  source::SourceSet sources;
  const auto file = sources.add("models/digits.yaml", kDigits);
  Diagnostics diagnostics;
  diagnostics.error(Code::ShapeMismatch, span_of(sources, file, "skip + tail"), "shapes differ")
      .note(span_of(sources, file, "features: 32"), "here")
      .fix({}, "", "mend it")
      .emit();
  const std::string plain = render_full(diagnostics, sources, {});
  std::string coloured = render_full(diagnostics, sources, {.colour = true});
  CHECK(coloured.find("\x1B[1;31merror[E0203 shape-mismatch]") != std::string::npos);
  for (std::size_t at = coloured.find('\x1B'); at != std::string::npos; at = coloured.find('\x1B'))
    coloured.erase(at, coloured.find('m', at) - at + 1);
  CHECK(coloured == plain);
}

}  // namespace
}  // namespace linenc::diagnostics
