// Every code of codes.def is explained, emitted and tested.

#include <doctest/doctest.h>

#include <map>

#include "tests/architecture/source_tree.h"

namespace linenc::test {
namespace {

struct CodeRow {
  std::string number, enumerator, slug;
};

std::vector<CodeRow> rows() {
  std::vector<CodeRow> found;
  std::istringstream lines(text_of(std::filesystem::path(LINENC_SOURCE_DIR) / "compiler/diagnostics/codes.def"));
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("LINENC_CODE(")) continue;
    std::string text;
    for (const char c : line.substr(12)) text += c == ',' || c == '"' || c == ')' ? ' ' : c;
    std::istringstream words(text);
    CodeRow row;
    words >> row.number >> row.enumerator >> row.slug;
    found.push_back(std::move(row));
  }
  return found;
}

// A code that no test provokes -> why.
const std::map<std::string, std::string>& untested() {
  static const std::map<std::string, std::string> reasons{};
  return reasons;
}

bool names(const std::vector<SourceFile>& files, const CodeRow& row) {
  return std::any_of(files.begin(), files.end(), [&](const SourceFile& file) {
    return file.has("Code::" + row.enumerator) || has_word(file.text, row.number) || has_word(file.text, row.slug);
  });
}

TEST_SUITE("architecture/codes") {
  TEST_CASE("every code has a page, and every page has a code") {
    std::vector<std::string> numbers;
    for (const CodeRow& row : rows()) {
      numbers.push_back("compiler/diagnostics/pages/" + row.number + ".md");
      const std::string page = text_of(std::filesystem::path(LINENC_SOURCE_DIR) / numbers.back());
      CHECK_MESSAGE(page.size() > 100, numbers.back() << " explains too little");
    }
    REQUIRE(numbers.size() > 50);
    for (const SourceFile& page : files_below("compiler/diagnostics/pages", {".md"})) {
      CHECK_MESSAGE(std::find(numbers.begin(), numbers.end(), page.path) != numbers.end(), page.path << " explains no code");
    }
  }

  TEST_CASE("numbers and slugs stand once") {
    std::map<std::string, int> seen;
    for (const CodeRow& row : rows()) {
      CHECK_MESSAGE(seen[row.number]++ == 0, row.number);
      CHECK_MESSAGE(seen[row.slug]++ == 0, row.slug);
    }
  }

  TEST_CASE("every code is emitted somewhere in compiler/") {
    std::vector<SourceFile> files;
    for (SourceFile& file : sources_below("compiler")) {
      if (!file.path.starts_with("compiler/diagnostics/code")) files.push_back(std::move(file));
    }
    for (const CodeRow& row : rows())
      CHECK_MESSAGE(some_file_has(files, "Code::" + row.enumerator), row.number << " " << row.slug << " is never emitted");
  }

  TEST_CASE("every code is in a test or an expected text") {
    std::vector<SourceFile> files;
    for (SourceFile& file : files_below("tests", {".cpp", ".h", ".txt", ".yaml", ".md", ".json"})) {
      if (!file.path.starts_with("tests/architecture/")) files.push_back(std::move(file));
    }
    for (const CodeRow& row : rows()) {
      const bool excused = untested().contains(row.number);
      CHECK_MESSAGE((excused || names(files, row)), row.number << " " << row.slug << " is in no test");
      CHECK_MESSAGE((!excused || !names(files, row)), row.number << " is tested: its excuse can go");
    }
  }

}  // TEST_SUITE

}  // namespace
}  // namespace linenc::test
