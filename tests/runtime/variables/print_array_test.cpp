#include "runtime/variables/print_array.h"
#include "tests/runtime/variables/support.h"

using namespace linenc;
using namespace linenc::runtime;

namespace {

void check_printed(const nlohmann::json& cases) {
  for (const auto& entry : cases) {
    const Array array = array_of(entry);
    const std::string text = entry["text"].get<std::string>();
    CAPTURE(to_string(array));
    CHECK(numpy_repr(array, false) == text);
    CHECK(numpy_repr(array, true) == entry.value("full", text));
  }
}

}  // namespace

TEST_SUITE("runtime/variables/print_array") {
  TEST_CASE("arrays print as in NumPy") { check_printed(nlohmann::json::parse(fixture("printed.json"))); }

  // tests/flax/make_format_fixtures.py makes such a file; it is too large to keep.
  TEST_CASE("arrays of the file LINENC_PRINTED print as in NumPy") {
    const char* path = std::getenv("LINENC_PRINTED");
    if (path == nullptr) return;
    std::ifstream file(path);
    REQUIRE(file);
    check_printed(nlohmann::json::parse(file));
  }

  TEST_CASE("random keys print as pairs of words") {
    const std::uint32_t words[] = {0, 42, 7, 4294967295u};
    const Array keys = array_of(DType::Key, {2}, std::string_view(reinterpret_cast<const char*>(words), sizeof words));
    CHECK(numpy_repr(keys, false) == "[[0 42] [7 4294967295]]");
  }

}  // TEST_SUITE
