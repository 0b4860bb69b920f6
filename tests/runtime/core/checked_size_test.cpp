#include "runtime/core/checked_size.h"

#include <doctest/doctest.h>

#include <limits>

using linenc::Size;

namespace {
constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();
}

TEST_SUITE("runtime/core/checked_size") {
  TEST_CASE("sums, differences and products are right up to 2^64 - 1 and poisoned beyond") {
    CHECK((Size(kMost - 1) + 1).is(kMost));
    CHECK(!(Size(kMost) + 1).good());
    CHECK((Size(5) - 5).is(0));
    CHECK(!(Size(5) - 6).good());
    CHECK((Size(1ULL << 32) * ((1ULL << 32) - 1)).is(kMost - (1ULL << 32) + 1));
    CHECK(!(Size(1ULL << 32) * (1ULL << 32)).good());
    CHECK(!(Size((1ULL << 62) + 8) * 4).good());  // wraps to 32
    CHECK((Size(0) * kMost).is(0));
  }

  TEST_CASE("aligning up stops before it wraps to 0") {
    CHECK(Size(0).aligned_up(64).is(0));
    CHECK(Size(1).aligned_up(64).is(64));
    CHECK(Size(64).aligned_up(64).is(64));
    CHECK(Size(kMost - 63).aligned_up(64).is(kMost - 63));
    CHECK(!Size(kMost - 62).aligned_up(64).good());
    CHECK(!Size(kMost).aligned_up(64).good());
  }

  TEST_CASE("a poisoned size stays so, has no value and fits nothing") {
    const Size poisoned = Size::of(-1);
    CHECK(Size::of(1).is(1));
    CHECK(!poisoned.good());
    CHECK(!(poisoned * 0).good());
    CHECK(!(poisoned - poisoned).good());
    CHECK(!poisoned.aligned_up(8).good());
    CHECK(!poisoned.fits(kMost));
    CHECK(!poisoned.is(0));
    CHECK(!poisoned.value());
    CHECK(Size(7).fits(7));
    CHECK(!Size(8).fits(7));
  }

}  // TEST_SUITE
