// The main of a target that does not fuzz: runs it over the files and folders that are given, one after the other.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <vector>

#include "tests/fuzz/require.h"

namespace fs = std::filesystem;

// Mutators ask libFuzzer for a change; nothing is changed here.
extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t*, std::size_t size, std::size_t) { return size; }

namespace {

std::vector<fs::path> files_of(const std::vector<std::string>& arguments) {
  std::vector<fs::path> files;
  for (const std::string& argument : arguments) {
    if (!fs::is_directory(argument)) {
      files.emplace_back(argument);
      continue;
    }
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(argument)) {
      if (entry.is_regular_file()) files.push_back(entry.path());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

int main(int count, char** arguments) {
  const std::vector<fs::path> files = files_of({arguments + 1, arguments + count});
  for (const fs::path& path : files) {
    std::cout << path.string() << std::endl;  // the last line tells where it ended
    std::ifstream file(path, std::ios::binary);
    if (!file) {
      std::cerr << "cannot be read\n";
      return 1;
    }
    // A copy of exactly its size, so that reading past its end is seen.
    const std::vector<char> text{std::istreambuf_iterator<char>(file), {}};
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
  }
  std::cout << files.size() << " files\n";
  return files.empty() ? 1 : 0;
}
