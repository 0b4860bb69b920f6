#pragma once

#include <string>

#include "runtime/core/dtype.h"

namespace linenc::runtime {

// A finite number in the digits that NumPy prints: 0.digits times 10 to the power of `point`. Zero is "0" with point 1.
struct Decimal {
  bool is_negative = false;
  std::string digits;
  int point = 0;
};

// The shortest digits that read back to `value` as a float of the dtype (Float16, Float32, Float64). `value` is one.
[[nodiscard]] Decimal shortest_decimal(double value, DType dtype);

// Texts like "-12.5", with a point and no zeros at the end, or "1.25e-05": the shortest digits, or the exact value rounded
// to `precision` digits after the point where that is less. A `precision` below 0 means the shortest.
[[nodiscard]] std::string positional(double value, DType dtype, int precision);
[[nodiscard]] std::string scientific(double value, DType dtype, int precision);

// With exactly `precision` digits after the point: the shortest digits if they are that many, else those of the exact value:
// "1.00000001e-01". The two differ at some powers of two.
[[nodiscard]] std::string scientific_exact(double value, DType dtype, int precision);

}  // namespace linenc::runtime
