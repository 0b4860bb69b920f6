#include "compiler/diagnostics/diagnostics.h"

#include <doctest/doctest.h>

#include <set>

namespace linenc::diagnostics {
namespace {

TEST_CASE("diagnostics are sorted by file, place and code") {
  Diagnostics diagnostics;
  diagnostics.error(Code::UnknownName, {1, 0, 1}, "fourth").emit();
  diagnostics.error(Code::UnknownName, {0, 5, 6}, "second").emit();
  diagnostics.error(Code::ShapeMismatch, {0, 5, 6}, "third").emit();
  diagnostics.warning(Code::HidesBuiltin, {0, 1, 2}, "first").emit();
  std::vector<std::string> messages;
  for (const Diagnostic& d : diagnostics.sorted()) messages.push_back(d.message);
  CHECK(messages == std::vector<std::string>{"first", "second", "third", "fourth"});
  CHECK(diagnostics.errors() == 3);
  CHECK(diagnostics.warnings() == 1);
  CHECK(diagnostics.has_errors());
}

TEST_CASE("the same problem is told once") {
  Diagnostics diagnostics;
  for (int i = 0; i < 3; ++i) diagnostics.error(Code::UnknownName, {0, 1, 2}, "`x` is unknown").emit();
  diagnostics.error(Code::UnknownName, {0, 2, 3}, "`x` is unknown").emit();
  CHECK(diagnostics.all().size() == 2);
  CHECK(diagnostics.errors() == 2);
}

TEST_CASE("a warning is no error") {
  Diagnostics diagnostics;
  diagnostics.warning(Code::UnusedSetupEntry, {}, "`a` is not used").emit();
  CHECK_FALSE(diagnostics.has_errors());
}

TEST_CASE("a report carries marks, notes and fixes") {
  Diagnostics diagnostics;
  const Reported reported = diagnostics.error(Code::ShapeMismatch, {0, 0, 9}, "shapes differ")
                                .mark({0, 0, 1}, "left")
                                .note({0, 4, 5}, "here")
                                .help("a rule")
                                .fix({0, 1, 2}, "64", "write `64`")
                                .module("block/Dense_0")
                                .emit();
  const Checked<int> failed = reported;
  CHECK_FALSE(static_cast<bool>(failed));
  const Diagnostic& d = diagnostics.all().front();
  REQUIRE(d.marks.size() == 1);
  REQUIRE(d.notes.size() == 2);
  CHECK_FALSE(d.notes[1].span.exists());
  REQUIRE(d.fixes.size() == 1);
  CHECK(d.fixes[0].edits[0].text == "64");
  CHECK(d.module == "block/Dense_0");
}

TEST_CASE("text of the user is escaped and cut at 300 bytes") {
  CHECK(shown("a\nb\x1B[2J") == "a\\nb\\x1B[2J");
  CHECK(shown("\u202Egnp.exe") == "\\u202Egnp.exe");
  CHECK(shown("\xFF") == "\\xFF");
  CHECK(shown("naïve") == "naïve");
  CHECK(shown(std::string(300, 'a')) == std::string(300, 'a'));
  CHECK(shown(std::string(301, 'a')) == std::string(297, 'a') + "...");
  // Cut between two code points: half a letter is no text.
  const std::string cut = shown(std::string(296, 'a') + std::string("éééé"));
  CHECK(cut == std::string(296, 'a') + "...");
}

TEST_CASE("every code has its number, a slug of its own and a page") {
  std::set<std::string> slugs;
  for (const Code code : all_codes()) {
    CAPTURE(number(code));
    CHECK(code_of(number(code)) == code);
    CHECK(slugs.insert(std::string(slug(code))).second);
    CHECK((severity(code) == Severity::Warning) == number(code).starts_with('W'));
    CHECK(page(code).starts_with(concat("# ", number(code), " ", slug(code), "\n")));
    CHECK(page(code).size() > 300);
  }
}

TEST_CASE("a code is found in upper and lower case, and nothing else is one") {
  CHECK(code_of("e0203") == Code::ShapeMismatch);
  CHECK(code_of("w0201") == Code::KernelTooLarge);
  CHECK_FALSE(code_of("E9999").has_value());
  CHECK_FALSE(code_of("").has_value());
}

}  // namespace
}  // namespace linenc::diagnostics
