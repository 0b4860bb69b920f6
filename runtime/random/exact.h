#pragma once

#include <cstddef>
#include <cstdint>

#include "runtime/random/inline.h"

namespace linenc::runtime {

// log, log1p, erf and erf_inv of float32 exactly as XLA:CPU computes them (linen-semantics A.6): every operation is one
// float operation, rounded to nearest even; those written fma are fused, no other is. Constants are given as bits.
//
// L says what a value is: one float, or a vector of them. It has the types F (floats), U (the same number of uint32) and
// the static functions value(bits), splat(uint32), bits(F), from_bits(U), to_float(U as int32), fma, sqrt,
// select(mask, then, otherwise) and any(mask), and operators on its types. Compiled once per instruction set (loops_body.h)
// and for single floats (scalar.cpp).
template <class L>
struct Exact {
  using F = typename L::F;
  using U = typename L::U;

  // c[0] * x^(n-1) + ... + c[n-1]
  template <std::size_t kCount>
  static LINENC_INLINE F horner(F x, const std::uint32_t (&c)[kCount]) {
    F p = L::value(c[0]);
#pragma GCC unroll 16
    for (std::size_t i = 1; i < kCount; ++i) p = L::fma(p, x, L::value(c[i]));
    return p;
  }

  static LINENC_INLINE F abs(F x) { return L::from_bits(L::bits(x) & L::splat(0x7FFFFFFFu)); }

  // Subnormal numbers become zeros of their sign: XLA runs with them flushed.
  static LINENC_INLINE F flushed(F x) {
    const F zero = L::from_bits(L::bits(x) & L::splat(0x80000000u));
    return L::select(abs(x) < L::value(0x00800000u), zero, x);
  }

  // Subnormal arguments count as 0.
  static LINENC_INLINE F log(F y) {
    const F smallest = L::value(0x00800000u);
    const F one = L::value(0x3F800000u);
    const F c = L::select(y < smallest, smallest, y);
    const U bits = L::bits(c);
    F e = L::to_float((bits >> 23) - L::splat(127u)) + one;
    const F m = L::from_bits((bits & L::splat(0x807FFFFFu)) | L::splat(0x3F000000u));
    const auto low = m < L::value(0x3F3504F3u);
    e = L::select(low, e - one, e);
    const F z = (m - one) + L::select(low, m, L::value(0));
    const F z2 = z * z;
    const F z3 = z2 * z;
    const F p0 = horner(z, {0x3D9021BBu, 0xBDEBD1B8u, 0x3DEF251Au});
    const F p1 = horner(z, {0xBDFE5D4Fu, 0x3E11E9BFu, 0xBE2AAE50u});
    const F p2 = horner(z, {0x3E4CCEACu, 0xBE7FFFFCu, 0x3EAAAAAAu});
    const F p = L::fma(z3, L::fma(z3, p0, p1), p2);
    const F t = L::fma(z3, p, e * L::value(0xB95E8083u));
    F result = L::fma(e, L::value(0x3F318000u), L::fma(L::value(0xBF000000u), z2, z) + t);
    result = L::select(y == L::value(0x7F800000u), y, result);
    // Not "y < 0": NaN ends here as well.
    result = L::select(y >= L::value(0), result, L::value(0x7FC00000u));
    return L::select(abs(y) < smallest, L::value(0xFF800000u), result);
  }

  static LINENC_INLINE F log1p(F x) {
    const F n = horner(x, {0x383DE04Bu, 0x3EFF40C5u, 0x40D284FAu, 0x41EF4B9Cu, 0x4273CC76u, 0x426473ADu, 0x41A05101u});
    const F d = horner(x, {0x3F800000u, 0x417101ADu, 0x42A6185Bu, 0x435DC32Du, 0x439A8CA3u, 0x43586D8Au, 0x42707982u});
    const F x2 = x * x;
    const F x3 = x * x2;
    const F near_zero = x + L::fma(L::value(0xBF000000u), x2, x3 * (n / d));
    return L::select(abs(x) < L::value(0x3ED413CDu), near_zero, log(x + L::value(0x3F800000u)));
  }

  static LINENC_INLINE F erf(F x) {
    const F s = x * x;
    const F n = horner(s, {0x39702D51u, 0x3B5F5DA2u, 0x3D50B6EBu, 0x3E3DA740u, 0x3F906EBAu});
    const F d = horner(s, {0xB3FD3906u, 0x37C588DFu, 0x3A856D28u, 0x3C6687D4u, 0x3DE34C21u, 0x3EFEB44Au, 0x3F800000u});
    const F sign_of_one = L::from_bits((L::bits(x) & L::splat(0x80000000u)) | L::splat(0x3F800000u));
    return L::select(abs(x) >= L::value(0x407547CBu), sign_of_one, (x * n) / d);
  }

  static LINENC_INLINE F erf_inv(F x) {
    const F w = -log1p(x * (-x));
    const auto central = w < L::value(0x40A00000u);
    F p = horner(w - L::value(0x40200000u),
                 {0x32F16588u, 0x34B84B36u, 0xB66C7357u, 0xB6935AC1u, 0x396532DBu, 0xBAA45408u, 0xBB88E4EFu, 0x3E7C8F63u, 0x3FC02E2Fu});
    // The tails are rare: whole vectors mostly do without.
    const auto tail = w >= L::value(0x40A00000u);
    if (L::any(tail)) {
      const F outer = horner(L::sqrt(w) - L::value(0x40400000u),
                             {0xB951F09Bu, 0x38D3B56Bu, 0x3AB0DC72u, 0xBB70BDE7u, 0x3BBC127Bu, 0xBBF9C5D7u, 0x3C1AA57Eu, 0x3F8036DBu, 0x40354F7Eu});
      p = L::select(central, p, outer);
    }
    return L::select(abs(x) == L::value(0x3F800000u), x * L::value(0x7F800000u), p * x);
  }
};

}  // namespace linenc::runtime
