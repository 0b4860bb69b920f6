// The files under schemas/ are what the program prints.

#include <doctest/doctest.h>

#include "compiler/driver/command.h"
#include "tests/architecture/source_tree.h"

namespace linenc::test {
namespace {

TEST_SUITE("architecture/schemas") {
  TEST_CASE("schemas/linenc.schema.json is fresh: `make schemas` would change nothing") {
    const driver::CommandResult printed = driver::run_command({"schema"});
    REQUIRE(printed.exit == driver::Exit::Done);
    const bool fresh = text_of(std::filesystem::path(LINENC_SOURCE_DIR) / "schemas/linenc.schema.json") == printed.out;
    CHECK_MESSAGE(fresh, "schemas/linenc.schema.json is stale: run `make schemas` and look at the diff");
  }

}  // TEST_SUITE

}  // namespace
}  // namespace linenc::test
