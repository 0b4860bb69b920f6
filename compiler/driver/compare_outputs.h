#pragma once

#include <string>
#include <vector>

#include "runtime/variables/variables.h"

namespace linenc::driver {

// How far results may be from what is expected: |result - expected| <= atol + rtol * |expected|.
struct Tolerance {
  double rtol = 1e-5;
  double atol = 1e-6;
};

// A line for each output that is as expected, and one for each that is not: missing, extra, of another shape or dtype, or with
// values too far away (how many, how far, where the farthest is).
struct Comparison {
  std::vector<std::string> good, bad;
};
[[nodiscard]] Comparison compare_outputs(const std::vector<runtime::Leaf>& results, const std::vector<runtime::Leaf>& expected,
                                         const Tolerance& tolerance);

// A line for each array with a NaN or an infinity: how many, and where the first is.
[[nodiscard]] std::vector<std::string> not_finite(const std::vector<runtime::Leaf>& arrays);

}  // namespace linenc::driver
