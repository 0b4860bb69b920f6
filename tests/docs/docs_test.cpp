// Runs what README and docs show: every YAML block with a file name in its first line is written to an empty folder, and every `$` line of a
// console block is run there, page by page, from top to bottom; what it prints must be what the page says. Numbers may differ in their last
// digits (1e-4), since other machines sum in other orders.
#include <doctest/doctest.h>
#include <stdlib.h>
#include <sys/wait.h>

#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace fs = std::filesystem;

namespace {

struct Block {
  std::string language;
  std::vector<std::string> lines;
  int line = 0;
};

std::vector<Block> blocks_of(const fs::path& page) {
  std::vector<Block> blocks;
  std::ifstream in(page);
  std::string line;
  bool inside = false;
  for (int number = 1; std::getline(in, line); ++number) {
    if (line.rfind("```", 0) != 0) {
      if (inside) blocks.back().lines.push_back(line);
    } else if (inside) {
      inside = false;
    } else {
      inside = true;
      blocks.push_back({line.substr(3), {}, number});
    }
  }
  return blocks;
}

std::string output_of(const std::string& command, const fs::path& folder, int& status) {
  const std::string full =
      "cd '" + folder.string() + "' && PATH='" + fs::path(LINENC_PROGRAM).parent_path().string() + "':$PATH; { " + command + "; } 2>&1";
  FILE* pipe = popen(full.c_str(), "r");
  std::string out;
  char buffer[4096];
  for (std::size_t n; (n = fread(buffer, 1, sizeof buffer, pipe)) > 0;) out.append(buffer, n);
  status = WEXITSTATUS(pclose(pipe));
  return out;
}

bool is_number_start(const std::string& text, std::size_t i) {
  return std::isdigit(static_cast<unsigned char>(text[i])) != 0 &&
         (i == 0 || (std::isalnum(static_cast<unsigned char>(text[i - 1])) == 0 && text[i - 1] != '_'));
}

// Equal texts, where blanks count once and numbers with a point may differ a little.
bool same_text(const std::string& a, const std::string& b) {
  std::size_t i = 0;
  std::size_t j = 0;
  const auto skip = [](const std::string& text, std::size_t at) {
    while (at < text.size() && std::isspace(static_cast<unsigned char>(text[at])) != 0) ++at;
    return at;
  };
  while (true) {
    i = skip(a, i);
    j = skip(b, j);
    if (i == a.size() || j == b.size()) return i == a.size() && j == b.size();
    if (is_number_start(a, i) && is_number_start(b, j)) {
      char* end_a = nullptr;
      char* end_b = nullptr;
      const double x = std::strtod(a.c_str() + i, &end_a);
      const double y = std::strtod(b.c_str() + j, &end_b);
      const bool exact = std::string(a, i, static_cast<std::size_t>(end_a - a.c_str()) - i).find('.') == std::string::npos;
      if (exact ? x != y : std::fabs(x - y) > 1e-4 * std::max(1.0, std::fabs(y))) return false;
      i = static_cast<std::size_t>(end_a - a.c_str());
      j = static_cast<std::size_t>(end_b - b.c_str());
    } else if (a[i++] != b[j++]) {
      return false;
    }
  }
}

void write_file(const Block& block, const fs::path& folder) {
  if (block.lines.empty() || block.lines.front().rfind("# ", 0) != 0) return;
  const std::string name = block.lines.front().substr(2);
  if (name.find(' ') != std::string::npos || name.find(".yaml") == std::string::npos) return;
  fs::create_directories((folder / name).parent_path());
  std::ofstream out(folder / name);
  for (const std::string& line : block.lines) out << line << '\n';
}

void run_console(const Block& block, const fs::path& folder, const std::string& page) {
  for (std::size_t i = 0; i < block.lines.size();) {
    if (block.lines[i].rfind("$ ", 0) != 0) {
      ++i;
      continue;
    }
    const std::string command = block.lines[i].substr(2);
    const std::size_t line = static_cast<std::size_t>(block.line) + 1 + i;
    std::string expected;
    for (++i; i < block.lines.size() && block.lines[i].rfind("$ ", 0) != 0; ++i) expected += block.lines[i] + '\n';
    int status = 0;
    const std::string seen = output_of(command, folder, status);
    INFO(page, ":", line, ": $ ", command, "\n", seen);
    CHECK(same_text(seen, expected));
  }
}

void run_page(const fs::path& page) {
  char name[] = "/tmp/linenc-docs-XXXXXX";
  const fs::path folder = mkdtemp(name);
  fs::create_directory_symlink(fs::path(LINENC_SOURCE_DIR) / "models", folder / "models");
  for (const Block& block : blocks_of(page)) {
    if (block.language == "yaml") write_file(block, folder);
    if (block.language == "console") run_console(block, folder, page.filename().string());
  }
  fs::remove_all(folder);
}

}  // namespace

TEST_CASE("what README shows happens") { run_page(fs::path(LINENC_SOURCE_DIR) / "README.md"); }

TEST_CASE("what each page of docs shows happens") {
  std::vector<fs::path> pages;
  for (const auto& entry : fs::recursive_directory_iterator(fs::path(LINENC_SOURCE_DIR) / "docs")) {
    if (entry.path().extension() == ".md") pages.push_back(entry.path());
  }
  CHECK(pages.size() >= 5);
  for (const fs::path& page : pages) run_page(page);
}
