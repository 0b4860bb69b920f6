// Broken models and what `check` says of each, word for word: bad_NAME.yaml and bad_NAME.txt in tests/golden/diagnostics. With LINENC_UPDATE_GOLDENS set the
// texts are written anew (`make golden`): the difference is what a reviewer reads.
#include <doctest/doctest.h>
#include <sys/wait.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace fs = std::filesystem;

namespace {

std::string run(const fs::path& folder, const std::string& arguments, int& status) {
  const std::string command = "cd '" + folder.string() + "' && '" LINENC_PROGRAM "' " + arguments + " 2>&1";
  FILE* pipe = popen(command.c_str(), "r");
  std::string out;
  char buffer[4096];
  for (std::size_t n; (n = fread(buffer, 1, sizeof buffer, pipe)) > 0;) out.append(buffer, n);
  const int ended = pclose(pipe);
  status = WIFEXITED(ended) ? WEXITSTATUS(ended) : 128;
  return out;
}

}  // namespace

TEST_CASE("every broken model gets the diagnostics of its text") {
  const fs::path folder = fs::path(LINENC_SOURCE_DIR) / "tests" / "golden" / "diagnostics";
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == ".yaml") names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  REQUIRE(names.size() >= 30);
  for (const std::string& name : names) {
    int status = 0;
    const std::string seen = run(folder, "check " + name + ".yaml", status);
    if (std::getenv("LINENC_UPDATE_GOLDENS") != nullptr) std::ofstream(folder / (name + ".txt")) << seen;
    std::ifstream in(folder / (name + ".txt"));
    std::stringstream expected;
    expected << in.rdbuf();
    CAPTURE(name);
    CHECK(seen == expected.str());
    CHECK(status == (name == "bad_warnings" ? 0 : 1));
  }
}

TEST_CASE("an option that names nothing is E0002 and exit 2, and a clean file is exit 0") {
  const fs::path folder = fs::path(LINENC_SOURCE_DIR) / "models";
  int status = 0;
  CHECK(run(folder, "check dense.yaml --set nope=1", status).find("E0002") != std::string::npos);
  CHECK(status == 2);
  CHECK(run(folder, "check dense.yaml", status) == "0 errors, 0 warnings in 1 file\n");
  CHECK(status == 0);
}
