// Checkpoints that do not fit, and what `check --vars` says of each, word for word: NAME.json and NAME.txt in tests/golden/checkpoints, of
// model.yaml there. With LINENC_UPDATE_GOLDENS set the texts are written anew (`make golden`).
#include <doctest/doctest.h>
#include <sys/wait.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace fs = std::filesystem;

TEST_CASE("every checkpoint that does not fit gets the report of its text") {
  const fs::path folder = fs::path(LINENC_SOURCE_DIR) / "tests" / "golden" / "checkpoints";
  int checked = 0;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() != ".json") continue;
    const std::string name = entry.path().stem().string();
    const std::string command = "cd '" + folder.string() + "' && '" LINENC_PROGRAM "' check model.yaml --vars " + name + ".json 2>&1";
    FILE* pipe = popen(command.c_str(), "r");
    std::string seen;
    char buffer[4096];
    for (std::size_t n; (n = fread(buffer, 1, sizeof buffer, pipe)) > 0;) seen.append(buffer, n);
    const int status = WEXITSTATUS(pclose(pipe));
    if (std::getenv("LINENC_UPDATE_GOLDENS") != nullptr) std::ofstream(folder / (name + ".txt")) << seen;
    std::ifstream in(folder / (name + ".txt"));
    std::stringstream expected;
    expected << in.rdbuf();
    CAPTURE(name);
    CHECK(seen == expected.str());
    CHECK(status == (name == "fits" ? 0 : 1));
    ++checked;
  }
  CHECK(checked >= 5);
}
