// Every case of every model under models/ that Flax ran: trees, bits of initial values, outputs, updated collections.
#include "tests/support/golden_cases.h"

namespace linenc::test {

TEST_CASE("every model of models/ is what Flax made of it") {
  const Json index = Json::parse(read_text(goldens_folder() + "index.json"));
  int files = 0;
  for (const auto& file : index.at("files")) {
    const std::string name = file.get<std::string>();
    if (!name.starts_with("models/")) continue;
    ++files;
    check_goldens(name);
  }
  CHECK(files >= 15);
}

}  // namespace linenc::test
