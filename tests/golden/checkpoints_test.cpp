// Checkpoints that do not fit, and what `check --vars` says of each: NAME.json and NAME.txt in tests/golden/checkpoints, of model.yaml
// there.
#include "tests/golden/golden_text.h"

namespace fs = std::filesystem;
using namespace linenc::test;

TEST_CASE("every checkpoint that does not fit gets the report of its text") {
  const fs::path folder = fs::path(LINENC_SOURCE_DIR) / "tests" / "golden" / "checkpoints";
  int checked = 0;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() != ".json") continue;
    const std::string name = entry.path().stem().string();
    CAPTURE(name);
    int status = 0;
    check_golden(folder / (name + ".txt"), run_in(folder, "check model.yaml --vars " + name + ".json", status));
    CHECK(status == (name == "fits" ? 0 : 1));
    ++checked;
  }
  CHECK(checked >= 5);
}
