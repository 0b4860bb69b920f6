#pragma once

// The files of this repository as text, for tests about the code itself.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace linenc::test {

struct SourceFile {
  std::string path;  // from the root: "compiler/graph/dim.cpp"
  std::string text;

  [[nodiscard]] std::string folder() const { return path.substr(0, path.rfind('/')); }
  [[nodiscard]] bool has(std::string_view words) const { return text.find(words) != std::string::npos; }
};

inline bool ends_with_one_of(const std::string& path, const std::vector<std::string>& suffixes) {
  return std::any_of(suffixes.begin(), suffixes.end(), [&](const std::string& suffix) { return path.ends_with(suffix); });
}

inline std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// Every file below a folder of the repository that ends in one of the suffixes, sorted by path.
inline std::vector<SourceFile> files_below(const std::string& folder, const std::vector<std::string>& suffixes) {
  const std::filesystem::path root = LINENC_SOURCE_DIR;
  std::vector<SourceFile> files;
  if (!std::filesystem::exists(root / folder)) return files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root / folder)) {
    const std::string path = entry.path().lexically_relative(root).generic_string();
    if (entry.is_regular_file() && ends_with_one_of(path, suffixes)) files.push_back({path, text_of(entry.path())});
  }
  std::sort(files.begin(), files.end(), [](const SourceFile& a, const SourceFile& b) { return a.path < b.path; });
  return files;
}

inline std::vector<SourceFile> sources_below(const std::string& folder) { return files_below(folder, {".cpp", ".h", ".def"}); }

inline bool some_file_has(const std::vector<SourceFile>& files, const std::string& words) {
  return std::any_of(files.begin(), files.end(), [&](const SourceFile& file) { return file.has(words); });
}

// True where the text has the word with no letter, digit or underscore next to it.
inline bool has_word(const std::string& text, const std::string& word) {
  const auto is_part = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; };
  for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    if ((at == 0 || !is_part(text[at - 1])) && (end == text.size() || !is_part(text[end]))) return true;
  }
  return false;
}

}  // namespace linenc::test
