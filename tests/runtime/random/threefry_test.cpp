#include "runtime/random/threefry.h"

#include <doctest/doctest.h>

#include "tests/runtime/random/vectors.h"

using namespace linenc::runtime;
using namespace linenc::runtime::test;

TEST_SUITE("runtime/random/threefry") {
  TEST_CASE("the block function gives the known answers of the Random123 authors") {
    CHECK(threefry2x32({0, 0}, 0, 0) == KeyWords{0x6b200159u, 0x99ba4efeu});
    CHECK(threefry2x32({~0u, ~0u}, ~0u, ~0u) == KeyWords{0x1cb996fcu, 0xbb002be7u});
    CHECK(threefry2x32({0x13198a2eu, 0x03707344u}, 0x243f6a88u, 0x85a308d3u) == KeyWords{0xc4923a9cu, 0x483df7a0u});
  }

  TEST_CASE("a seed gives JAX's key, beyond 32 bits too") {
    REQUIRE(vectors()["seeds"].size() > 5);
    for (const auto& entry : vectors()["seeds"]) {
      const std::int64_t seed = entry["seed"];
      CAPTURE(seed);
      CHECK(key_of_seed(seed) == key_in(entry["key"]));
    }
  }

  TEST_CASE("fold_in and split derive JAX's keys") {
    REQUIRE(vectors()["fold_in"].size() > 5);
    for (const auto& entry : vectors()["fold_in"]) {
      const std::uint32_t data = entry["data"];
      CAPTURE(data);
      CHECK(fold_in(key_in(entry["key"]), data) == key_in(entry["fold_in"]));
    }
    for (const auto& entry : vectors()["split"]) {
      for (std::size_t i = 0; i < entry["split"].size(); ++i) {
        CHECK(split_at(key_in(entry["key"]), i) == key_in(entry["split"][i]));
      }
    }
  }

  TEST_CASE("an index beyond 32 bits uses both counter words") {
    CHECK(split_at({1, 2}, (std::uint64_t{3} << 32) + 4) == threefry2x32({1, 2}, 3, 4));
  }

}  // TEST_SUITE
