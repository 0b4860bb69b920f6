// Every initializer against what Flax gave for it, to the last bit (the orthogonal ones within rounding).
#include "tests/support/golden_cases.h"

namespace linenc::test {

TEST_SUITE("compiler/initializers") {
  TEST_CASE("initial values are Flax's") { check_goldens("initializers/initializers.json"); }

}  // TEST_SUITE

}  // namespace linenc::test
