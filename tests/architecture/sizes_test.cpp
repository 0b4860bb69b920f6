// Files that a reader can take in, and text that says nothing of the machine it was written on.

#include <doctest/doctest.h>

#include "tests/architecture/source_tree.h"

namespace linenc::test {
namespace {

constexpr std::ptrdiff_t kLines = 800;

std::vector<SourceFile> everything(const std::vector<std::string>& suffixes) {
  std::vector<SourceFile> files;
  for (const char* folder : {"compiler", "runtime", "tests", "models", "schemas", "docs", ".ci"}) {
    for (SourceFile& file : files_below(folder, suffixes)) files.push_back(std::move(file));
  }
  for (const char* name : {"README.md", "Makefile", "CMakeLists.txt", "CMakePresets.json", ".clang-format", ".clang-tidy"}) {
    files.push_back({name, text_of(std::filesystem::path(LINENC_SOURCE_DIR) / name)});
  }
  return files;
}

TEST_SUITE("architecture/sizes") {

TEST_CASE("no source file has more than 800 lines") {
  for (const SourceFile& file : everything({".cpp", ".h", ".py"})) {
    const auto lines = std::count(file.text.begin(), file.text.end(), '\n');
    CHECK_MESSAGE(lines <= kLines, file.path << " has " << lines << " lines");
  }
}

TEST_CASE("every header has an include guard, and every file ends with a line break") {
  for (const SourceFile& file : everything({".cpp", ".h", ".py", ".md", ".yaml"})) {
    CHECK_MESSAGE((!file.path.ends_with(".h") || file.has("#pragma once")), file.path);
    // Models of tests may be broken on purpose.
    CHECK_MESSAGE((file.text.ends_with('\n') || file.path.starts_with("tests/")), file.path);
  }
}

TEST_CASE("no tabs and no blanks at the end of lines in sources") {
  for (const SourceFile& file : everything({".cpp", ".h"})) {
    if (file.path == "Makefile") continue;
    CHECK_MESSAGE(!file.has("\t"), file.path);
    // Expected texts of tests may end in blanks.
    CHECK_MESSAGE((!file.has(" \n") || file.path.starts_with("tests/")), file.path);
  }
}

TEST_CASE("no file names a place outside of the project") {
  const std::vector<std::string> words{"/root/", "/home/", "../shared/"};
  for (const SourceFile& file : everything({".cpp", ".h", ".def", ".py", ".md", ".yaml", ".json", ".txt", ".cmake", "run", "install"})) {
    if (file.path == "tests/architecture/sizes_test.cpp") continue;
    for (const std::string& word : words) CHECK_MESSAGE(!file.has(word), file.path << " says " << word);
  }
}

}  // TEST_SUITE

}  // namespace
}  // namespace linenc::test
