#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "compiler/driver/compare_outputs.h"
#include "runtime/variables/variables.h"

namespace linenc::driver {

// How the values of two arrays of one dtype and shape differ. Sizes are those of float64.
struct ValueDifferences {
  std::uint64_t count = 0;            // of elements that differ
  double largest = 0;                 // |a - b|; infinite where one alone is a NaN or they are different infinities
  double relative = 0;                // |a - b| / |b|, the largest
  std::optional<std::uint64_t> ulps;  // the largest number of steps between neighbouring floats; none for integers
  std::int64_t farthest = 0;          // the element where they differ most; of two alike the first
  double a = 0, b = 0;                // the values there
};

// Without a tolerance, elements differ where their bits do.
[[nodiscard]] ValueDifferences value_differences(const Array& a, const Array& b, const std::optional<Tolerance>& tolerance);

// How two trees differ, by key.
struct LeafDifference {
  enum class Kind : std::uint8_t { OnlyFirst, OnlySecond, Type, Values };  // Type: shape or dtype
  Kind kind = Kind::Values;
  std::string key;
  const Array* a = nullptr;
  const Array* b = nullptr;
  ValueDifferences values;
};
// In the order of `a`, then what `b` alone has. Metadata and the order of leaves are not compared.
[[nodiscard]] std::vector<LeafDifference> leaf_differences(const runtime::Variables& a, const runtime::Variables& b,
                                                           const std::optional<Tolerance>& tolerance);

}  // namespace linenc::driver
