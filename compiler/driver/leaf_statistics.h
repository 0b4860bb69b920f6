#pragma once

#include <cstdint>
#include <optional>

#include "runtime/variables/variables.h"

namespace linenc::driver {

// What the values of one leaf are like. Least, largest and mean are those of the finite values, in float64; none where there are none, and
// none for complex numbers and keys. The mean does not depend on threads or machines.
struct LeafStatistics {
  std::optional<double> least, largest, mean;
  std::uint64_t nan = 0, infinite = 0;
};

// Reads the bytes once, in pieces; they need no alignment.
[[nodiscard]] LeafStatistics statistics_of(const runtime::Leaf& leaf);

}  // namespace linenc::driver
