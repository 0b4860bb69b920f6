#pragma once

#include <cstdint>

#include "runtime/random/inline.h"

namespace linenc::runtime {

// fma of floats on processors without the instruction: the product is exact in double, the sum is rounded to odd there,
// and rounding that to float is then right.
static LINENC_INLINE float fused_multiply_add(float a, float b, float c) {
#if defined(__FP_FAST_FMAF)
  return __builtin_fmaf(a, b, c);
#else
  const double product = static_cast<double>(a) * static_cast<double>(b);
  const double addend = static_cast<double>(c);
  const double sum = product + addend;
  const double back = sum - product;
  const double error = (product - (sum - back)) + (addend - back);
  auto bits = __builtin_bit_cast(std::uint64_t, sum);
  // Neither zero nor NaN, and the sum's last bit is even: step to the odd neighbour on the side of the error.
  const bool inexact = (error > 0 || error < 0) && (bits & 1) == 0;
  const std::uint64_t step = (error > 0) == (sum > 0) ? std::uint64_t{1} : ~std::uint64_t{0};
  bits += inexact ? step : 0;
  return static_cast<float>(__builtin_bit_cast(double, bits));
#endif
}

}  // namespace linenc::runtime
