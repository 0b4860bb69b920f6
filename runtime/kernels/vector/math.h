#pragma once

// Transcendental functions on vectors of float32: the formulas that XLA:CPU uses (exp, log, log1p, expm1, tanh, erf,
// erf_inv are equal to it in every bit where the processor has fused multiply-add and denormals are flushed). Tested by
// tests/runtime/kernels/elementwise_test.cpp.

#include "runtime/kernels/vector/vec.h"

namespace linenc::runtime::LINENC_ISA {

// c[0] x^(n-1) + ... + c[n-1], each step fused.
template <int Terms>
LINENC_INLINE Vec horner(Vec x, const std::uint32_t (&c)[Terms]) {
  Vec p = all(bits(c[0]));
  for (int i = 1; i < Terms; ++i) p = fma(p, x, bits(c[i]));
  return p;
}
template <int Terms>
LINENC_INLINE Vec horner(Vec x, const float (&c)[Terms]) {
  Vec p = all(c[0]);
  for (int i = 1; i < Terms; ++i) p = fma(p, x, c[i]);
  return p;
}

// (r + r^2 p(r) + 1) 2^n, |r| <= ln(2) / 2
LINENC_INLINE Vec exp_reduced(Vec r, Vec n) {
  constexpr std::uint32_t p[] = {0x39506967, 0x3AB743CE, 0x3C088908, 0x3D2AA9C1, 0x3E2AAAAA, 0x3F000000};
  const Vec power = as_float((to_int(n) + 127) << 23);  // 2^-127 comes out as 0
  return (fma(horner(r, p), r * r, r) + 1.0f) * power;
}
LINENC_INLINE Vec exp(Vec x) {
  const Vec c = clamp(x, -87.8f, 88.8f);
  const Vec n = clamp(floor(fma(c, all(bits(0x3FB8AA3B)), 0.5f)), -127.0f, 127.0f);
  const Vec r = fma(-bits(0xB95E8083), n, fma(-bits(0x3F318000), n, c));
  return exp_reduced(r, n);
}
LINENC_INLINE Vec exp2(Vec x) {
  const Vec c = clamp(x, -127.0f, 128.5f);
  const Vec n = clamp(round_even(c), -127.0f, 127.0f);
  return exp_reduced((c - n) * 0.693147182f, n);
}

LINENC_INLINE Vec log(Vec y) {
  constexpr std::uint32_t p0[] = {0x3D9021BB, 0xBDEBD1B8, 0x3DEF251A}, p1[] = {0xBDFE5D4F, 0x3E11E9BF, 0xBE2AAE50},
                          p2[] = {0x3E4CCEAC, 0xBE7FFFFC, 0x3EAAAAAA};
  const Vec smallest = all(bits(0x00800000));
  const Vec c = y > smallest ? y : smallest;
  const Vec exponent = to_float((as_int(c) >> 23) - 127) + 1.0f;
  const Vec m = as_float((as_int(c) & all_int(std::int32_t(0x807FFFFFu))) | all_int(0x3F000000));
  const IntVec low = m < bits(0x3F3504F3);
  const Vec e = low ? exponent - 1.0f : exponent;
  const Vec z = (m - 1.0f) + (low ? m : Vec{});
  const Vec z2 = z * z, z3 = z2 * z;
  const Vec p = fma(z3, fma(z3, horner(z, p0), horner(z, p1)), horner(z, p2));
  const Vec t = fma(z3, p, e * bits(0xB95E8083));
  Vec result = fma(e, all(bits(0x3F318000)), fma(all(-0.5f), z2, z) + t);
  const float infinity = __builtin_inff();
  result = y == infinity ? y : result;
  result = y == 0.0f ? all(-infinity) : result;
  return ((y < 0.0f) | (y != y)) ? all(__builtin_nanf("")) : result;
}

LINENC_INLINE Vec log1p(Vec x) {
  constexpr std::uint32_t numerator[] = {0x383DE04B, 0x3EFF40C5, 0x40D284FA, 0x41EF4B9C, 0x4273CC76, 0x426473AD, 0x41A05101};
  constexpr std::uint32_t denominator[] = {0x3F800000, 0x417101AD, 0x42A6185B, 0x435DC32D, 0x439A8CA3, 0x43586D8A, 0x42707982};
  const Vec x2 = x * x, x3 = x * x2;
  const Vec small = x + fma(all(-0.5f), x2, x3 * (horner(x, numerator) / horner(x, denominator)));
  return abs(x) < bits(0x3ED413CD) ? small : log(x + 1.0f);
}

LINENC_INLINE Vec tanh(Vec x) {
  constexpr std::uint32_t numerator[] = {0xA59F25C0, 0x2A61337E, 0xAEBD37FF, 0x335C0041, 0x3779434A, 0x3A270DED, 0x3BA059DC};
  constexpr std::uint32_t denominator[] = {0x35A0D3D8, 0x38F895D6, 0x3B14AA05, 0x3BA059DD};
  const Vec c = clamp(x, -bits(0x40FFF644), bits(0x40FFF644));
  const Vec s = c * c;
  const Vec middle = (c * horner(s, numerator)) / horner(s, denominator);
  const Vec inner = abs(x) < 4e-4f ? x : middle;
  return abs(x) >= 20.0f ? with_sign(all(1.0f), x) : inner;
}

LINENC_INLINE Vec expm1(Vec x) {
  const Vec e = exp(x);
  const Vec small = tanh(x * 0.5f) * (e + 1.0f);
  const Vec result = abs(x) > 0.5f ? e - 1.0f : small;
  return x * 0.5f == 0.0f ? x : result;
}

LINENC_INLINE Vec logistic(Vec x) { return 1.0f / (1.0f + exp(-x)); }

LINENC_INLINE Vec erf(Vec x) {
  constexpr std::uint32_t numerator[] = {0x39702D51, 0x3B5F5DA2, 0x3D50B6EB, 0x3E3DA740, 0x3F906EBA};
  constexpr std::uint32_t denominator[] = {0xB3FD3906, 0x37C588DF, 0x3A856D28, 0x3C6687D4, 0x3DE34C21, 0x3EFEB44A, 0x3F800000};
  const Vec s = x * x;
  const Vec middle = (x * horner(s, numerator)) / horner(s, denominator);
  return abs(x) >= bits(0x407547CB) ? with_sign(all(1.0f), x) : middle;
}

// Cephes' erfcf: 1 - erf(x) near 0, exp(-x^2) / x * p(1 / x^2) outside.
LINENC_INLINE Vec erfc(Vec x) {
  constexpr float near[] = {2.326819970068386e-2f,  -1.387039388740657e-1f, 3.687424674597105e-1f,  -5.824733027278666e-1f, 6.210004621745983e-1f,
                            -4.944515323274145e-1f, 3.404879937665872e-1f,  -2.741127028184656e-1f, 5.638259427386472e-1f};
  constexpr float far[] = {-1.047766399936249e+1f, 1.297719955372516e+1f, -7.495518717768503e+0f, 2.921019019210786e+0f,
                           -1.015265279202700e+0f, 4.218463358204948e-1f, -2.820767439740514e-1f, 5.641895067754075e-1f};
  const Vec magnitude = abs(x);
  const Vec q = 1.0f / magnitude, y = q * q;
  const Vec p = magnitude < 2.0f ? horner(y, near) : horner(y, far);
  const Vec tail = exp(-x * x) * q * p;
  const Vec outside = x < 0.0f ? 2.0f - tail : tail;
  return magnitude < 1.0f ? 1.0f - erf(x) : outside;
}

LINENC_INLINE Vec erf_inv(Vec x) {
  constexpr std::uint32_t near[] = {0x32F16588, 0x34B84B36, 0xB66C7357, 0xB6935AC1, 0x396532DB, 0xBAA45408, 0xBB88E4EF, 0x3E7C8F63, 0x3FC02E2F};
  constexpr std::uint32_t far[] = {0xB951F09B, 0x38D3B56B, 0x3AB0DC72, 0xBB70BDE7, 0x3BBC127B, 0xBBF9C5D7, 0x3C1AA57E, 0x3F8036DB, 0x40354F7E};
  const Vec w = -log1p(x * -x);
  const IntVec low = w < 5.0f;
  const Vec v = low ? w - 2.5f : sqrt(w) - 3.0f;
  const Vec p = low ? horner(v, near) : horner(v, far);
  return abs(x) == 1.0f ? x * __builtin_inff() : p * x;
}

LINENC_INLINE Vec softplus(Vec x) { return maximum(x, Vec{}) + log1p(exp(-abs(x))); }
LINENC_INLINE Vec silu(Vec x) { return x * logistic(x); }
LINENC_INLINE Vec gelu_tanh(Vec x) {
  const Vec inner = 0.797884583f * (x + 0.044715f * (x * x * x));
  return x * (0.5f * (1.0f + tanh(inner)));
}
LINENC_INLINE Vec gelu_erf(Vec x) { return 0.5f * x * erfc(-x * 0.707106769f); }

LINENC_INLINE Vec log_add_exp(Vec a, Vec b) {
  const Vec difference = a - b;
  const Vec result = maximum(a, b) + log1p(exp(-abs(difference)));
  return difference != difference ? a + b : result;  // equal infinities, and NaN
}

}  // namespace linenc::runtime::LINENC_ISA
