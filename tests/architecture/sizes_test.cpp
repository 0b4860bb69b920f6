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
    std::vector<std::string> places{std::string("../") + "shared"};
    for (const std::string folder : {"root", "home"}) places.push_back('/' + folder + '/');  // put together, so that this file is none that says them
    for (const SourceFile& file : everything({".cpp", ".h", ".def", ".py", ".md", ".yaml", ".json", ".txt", ".cmake", "run", "install"})) {
      for (const std::string& place : places) CHECK_MESSAGE(!file.has(place), file.path << " says " << place);
    }
  }

  TEST_CASE("the test that a source names is there") {
    const std::string mark = "Tested by ";
    int named = 0;
    for (const SourceFile& file : everything({".cpp", ".h"})) {
      if (file.path.starts_with("tests/")) continue;
      for (std::size_t at = file.text.find(mark); at != std::string::npos; at = file.text.find(mark, at + 1)) {
        const std::size_t begin = at + mark.size();
        std::string test = file.text.substr(begin, file.text.find_first_of(" ,;\n", begin) - begin);
        if (!test.starts_with("tests/")) continue;
        while (test.ends_with('.')) test.pop_back();
        CHECK_MESSAGE(std::filesystem::exists(std::filesystem::path(LINENC_SOURCE_DIR) / test), file.path << " names " << test);
        ++named;
      }
    }
    CHECK(named > 100);
  }

}  // TEST_SUITE

}  // namespace
}  // namespace linenc::test
