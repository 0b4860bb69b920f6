// Which files under the folders given are models.
// Tested by tests/compiler/driver/check_test.cpp.
#include "compiler/driver/find_models.h"

#include <algorithm>
#include <filesystem>
#include <set>

#include "compiler/diagnostics/diagnostics.h"
#include "compiler/driver/command.h"
#include "compiler/driver/limits.h"
#include "compiler/source/source_set.h"
#include "runtime/files/write_file.h"

namespace linenc::driver {

namespace fs = std::filesystem;
using diagnostics::shown;

bool looks_like_model(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  while (!text.empty()) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    while (line.starts_with('{') || line.starts_with('"') || line.starts_with('\'')) line.remove_prefix(1);
    if (!line.starts_with("linenc")) continue;
    line.remove_prefix(6);
    if (line.starts_with('"') || line.starts_with('\'')) line.remove_prefix(1);
    line.remove_prefix(std::min(line.size(), line.find_first_not_of(kSpace)));
    if (line.starts_with(':')) return true;
  }
  return false;
}

namespace {

class Walk {
 public:
  explicit Walk(std::vector<std::string>& files) : files_(files) {}

  void add(const std::string& path) {
    std::error_code error;
    const fs::file_status status = fs::status(path, error);
    if (path != "-" && fs::is_directory(status)) return walk(path);
    put(path);
  }

 private:
  std::vector<std::string>& files_;
  std::set<std::string> seen_;

  void put(const std::string& path) {
    if (seen_.insert(fs::path(path).lexically_normal().string()).second) files_.push_back(path);
  }

  void walk(const fs::path& folder) {
    std::error_code error;
    std::vector<fs::directory_entry> entries;
    for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) entries.push_back(*at);
    if (error) return put(folder.string());  // it is reported when it is checked, beside the others
    std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.path().filename() < b.path().filename(); });
    for (const fs::directory_entry& entry : entries) visit(entry);
  }

  void visit(const fs::directory_entry& entry) {
    std::error_code error;
    if (entry.path().filename().string().starts_with('.')) return;
    if (entry.is_directory(error)) {
      if (!entry.is_symlink(error)) walk(entry.path());
      return;
    }
    const std::string suffix = entry.path().extension().string();
    if ((suffix != ".yaml" && suffix != ".yml") || !entry.is_regular_file(error)) return;
    // What cannot be read is reported when it is checked.
    const auto text = runtime::read_file(entry.path(), limits().yaml_bytes);
    if (!text || looks_like_model(*text)) put(entry.path().lexically_normal().string());
  }
};

}  // namespace

std::vector<std::string> find_models(const std::vector<std::string>& paths) {
  std::vector<std::string> files;
  Walk walk(files);
  for (const std::string& path : paths) walk.add(path);
  return files;
}

}  // namespace linenc::driver
