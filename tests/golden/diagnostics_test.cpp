// Broken models and what `check` says of each: bad_NAME.yaml and bad_NAME.txt in tests/golden/diagnostics.
#include <algorithm>
#include <vector>

#include "tests/golden/golden_text.h"

namespace fs = std::filesystem;
using namespace linenc::test;

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
    CAPTURE(name);
    check_golden(folder / (name + ".txt"), run_in(folder, "check " + name + ".yaml", status));
    CHECK(status == (name == "bad_warnings" ? 0 : 1));
  }
}

TEST_CASE("an option that names nothing is E0002 and exit 2, and a clean file is exit 0") {
  const fs::path folder = fs::path(LINENC_SOURCE_DIR) / "models";
  int status = 0;
  CHECK(run_in(folder, "check dense.yaml --set nope=1", status).find("E0002") != std::string::npos);
  CHECK(status == 2);
  CHECK(run_in(folder, "check dense.yaml", status) == "0 errors, 0 warnings in 1 file\n");
  CHECK(status == 0);
}
