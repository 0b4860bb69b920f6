#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/variables/variables.h"

namespace linenc::driver {

// How far results may be from what is expected: |result - expected| <= atol + rtol * |expected|.
struct Tolerance {
  double rtol = 1e-5;
  double atol = 1e-6;
};

// Of an option; ends the command where it is no number, or negative.
[[nodiscard]] double tolerance_value(std::string_view option, const std::string& text);
// NaN is close to NaN, an infinity to itself alone.
[[nodiscard]] bool is_close(double result, double expected, const Tolerance& tolerance);
// Where an element stands: its index, and as text "[0, 2]".
[[nodiscard]] Shape index_of(std::int64_t element, const Shape& shape);
[[nodiscard]] std::string place_of(std::int64_t element, const Shape& shape);

// A line for each output that is as expected, and one for each that is not: missing, extra, of another shape or dtype, or with
// values too far away (how many, how far, where the farthest is).
struct Comparison {
  std::vector<std::string> good, bad;
};
[[nodiscard]] Comparison compare_outputs(const std::vector<runtime::Leaf>& results, const std::vector<runtime::Leaf>& expected,
                                         const Tolerance& tolerance);

// "`y` has 2 values that are not finite, the first at [0, 1]": of an array with a NaN or an infinity; none of others.
[[nodiscard]] std::optional<std::string> not_finite(std::string_view name, const Array& array);
// A line for each array with a NaN or an infinity: how many, and where the first is.
[[nodiscard]] std::vector<std::string> not_finite(const std::vector<runtime::Leaf>& arrays);

}  // namespace linenc::driver
