// docs/reference is made from the catalog: stale pages fail here; with LINENC_UPDATE_GOLDENS set they are written anew (`make golden`).
#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "compiler/schema/reference_pages.h"

TEST_CASE("the pages under docs/reference are those of the catalog") {
  const std::filesystem::path folder = std::filesystem::path(LINENC_SOURCE_DIR) / "docs" / "reference";
  for (const auto& [name, text] : linenc::schema::reference_pages()) {
    if (std::getenv("LINENC_UPDATE_GOLDENS") != nullptr) std::ofstream(folder / name) << text;
    std::ifstream in(folder / name);
    std::stringstream seen;
    seen << in.rdbuf();
    INFO(name, " is stale: run `make golden`");
    CHECK((seen.str() == text));
  }
}
