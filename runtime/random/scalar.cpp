// The exact functions for single floats. Subnormal arguments and results are zero, as under XLA.
#include <cmath>

#include "runtime/random/draw.h"
#include "runtime/random/exact.h"
#include "runtime/random/lanes_scalar.h"

namespace linenc::runtime {
namespace {

struct ScalarLanes {
  using F = float;
  using U = std::uint32_t;

  static LINENC_INLINE U splat(std::uint32_t word) { return word; }
  static LINENC_INLINE F value(std::uint32_t word) { return __builtin_bit_cast(float, word); }
  static LINENC_INLINE U bits(F x) { return __builtin_bit_cast(std::uint32_t, x); }
  static LINENC_INLINE F from_bits(U x) { return value(x); }
  static LINENC_INLINE F to_float(U x) { return static_cast<float>(static_cast<std::int32_t>(x)); }
  static LINENC_INLINE F select(bool mask, F then, F otherwise) { return mask ? then : otherwise; }
  static LINENC_INLINE bool any(bool mask) { return mask; }
  static LINENC_INLINE F fma(F a, F b, F c) { return fused_multiply_add(a, b, c); }
  static LINENC_INLINE F sqrt(F x) { return std::sqrt(x); }
};
using E = Exact<ScalarLanes>;

}  // namespace

float exact_log(float x) { return E::log(x); }
float exact_log1p(float x) { return E::flushed(E::log1p(E::flushed(x))); }
float exact_erf(float x) { return E::flushed(E::erf(E::flushed(x))); }
float exact_erf_inv(float x) { return E::flushed(E::erf_inv(E::flushed(x))); }

}  // namespace linenc::runtime
