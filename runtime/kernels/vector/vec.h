#pragma once

// Vectors of float32 as wide as one instruction set has them. The files of this folder are compiled once for each
// instruction set, each time inside a namespace of its own (LINENC_ISA), and reach the rest of the program only through
// the table of vector_table.h. They use no inline function from outside of this namespace, so that the linker cannot
// take code made for a newer processor for the whole program.

#include <bit>
#include <cstdint>
#include <cstring>
#if defined(__SSE2__)
#include <immintrin.h>
#endif

namespace linenc::runtime::LINENC_ISA {

#if defined(__AVX512F__)
inline constexpr int kLanes = 16;
#elif defined(__AVX2__)
inline constexpr int kLanes = 8;
#else
inline constexpr int kLanes = 4;
#endif

typedef float Vec __attribute__((vector_size(kLanes * 4)));
typedef std::int32_t IntVec __attribute__((vector_size(kLanes * 4)));

// Never called out of line: a copy of its own would still be private to this namespace.
#define LINENC_INLINE static inline __attribute__((always_inline))

LINENC_INLINE Vec load(const float* from) {
  Vec v;
  __builtin_memcpy(&v, from, sizeof v);
  return v;
}
LINENC_INLINE void store(float* to, Vec v) { __builtin_memcpy(to, &v, sizeof v); }

// 0 <= count < kLanes elements; the others read as zero.
LINENC_INLINE Vec load_part(const float* from, std::int64_t count) {
#if defined(__AVX512F__)
  return (Vec)_mm512_maskz_loadu_ps(static_cast<__mmask16>((1u << count) - 1u), from);
#else
  Vec v = {};
  for (std::int64_t i = 0; i < count; ++i) v[i] = from[i];
  return v;
#endif
}
LINENC_INLINE void store_part(float* to, Vec v, std::int64_t count) {
#if defined(__AVX512F__)
  _mm512_mask_storeu_ps(to, static_cast<__mmask16>((1u << count) - 1u), (__m512)v);
#else
  for (std::int64_t i = 0; i < count; ++i) to[i] = v[i];
#endif
}

// `scalar - zero` rather than `scalar + zero`: the compiler may then drop the operation.
LINENC_INLINE Vec all(float scalar) { return scalar - Vec{}; }
LINENC_INLINE IntVec all_int(std::int32_t scalar) { return scalar - IntVec{}; }
LINENC_INLINE constexpr float bits(std::uint32_t pattern) { return std::bit_cast<float>(pattern); }

LINENC_INLINE IntVec as_int(Vec v) { return (IntVec)v; }
LINENC_INLINE Vec as_float(IntVec v) { return (Vec)v; }
LINENC_INLINE Vec to_float(IntVec v) { return __builtin_convertvector(v, Vec); }
LINENC_INLINE IntVec to_int(Vec v) { return __builtin_convertvector(v, IntVec); }

// One rounding where the instruction set has it, two otherwise.
#if defined(__AVX512F__) || (defined(__AVX2__) && defined(__FMA__))
inline constexpr bool kFusesMultiplyAdd = true;
#else
inline constexpr bool kFusesMultiplyAdd = false;
#endif
LINENC_INLINE Vec fma(Vec a, Vec b, Vec c) {
#if defined(__AVX512F__)
  return (Vec)_mm512_fmadd_ps((__m512)a, (__m512)b, (__m512)c);
#elif defined(__AVX2__) && defined(__FMA__)
  return (Vec)_mm256_fmadd_ps((__m256)a, (__m256)b, (__m256)c);
#else
  return a * b + c;
#endif
}
LINENC_INLINE Vec fma(Vec a, Vec b, float c) { return fma(a, b, all(c)); }
LINENC_INLINE Vec fma(float a, Vec b, Vec c) { return fma(all(a), b, c); }

LINENC_INLINE Vec abs(Vec v) { return as_float(as_int(v) & all_int(0x7FFFFFFF)); }
LINENC_INLINE Vec sign_of(Vec v) { return as_float(as_int(v) & all_int(std::int32_t(0x80000000u))); }
LINENC_INLINE Vec with_sign(Vec magnitude, Vec sign) { return as_float(as_int(abs(magnitude)) | as_int(sign_of(sign))); }

LINENC_INLINE Vec sqrt(Vec v) {
#if defined(__AVX512F__)
  return (Vec)_mm512_sqrt_ps((__m512)v);
#elif defined(__AVX2__)
  return (Vec)_mm256_sqrt_ps((__m256)v);
#else
  Vec out = {};
  for (int i = 0; i < kLanes; ++i) out[i] = __builtin_sqrtf(v[i]);
  return out;
#endif
}

// Rounds to whole numbers; what is too large to have a fraction stays.
LINENC_INLINE Vec round_even(Vec v) {
#if defined(__AVX512F__)
  return (Vec)_mm512_roundscale_ps((__m512)v, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
#elif defined(__AVX2__)
  return (Vec)_mm256_round_ps((__m256)v, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
#else
  const Vec magnitude = abs(v);
  const Vec rounded = (magnitude + 8388608.0f) - 8388608.0f;
  return with_sign(magnitude < 8388608.0f ? rounded : magnitude, v);
#endif
}
LINENC_INLINE Vec floor(Vec v) {
#if defined(__AVX512F__)
  return (Vec)_mm512_roundscale_ps((__m512)v, _MM_FROUND_TO_NEG_INF | _MM_FROUND_NO_EXC);
#elif defined(__AVX2__)
  return (Vec)_mm256_round_ps((__m256)v, _MM_FROUND_TO_NEG_INF | _MM_FROUND_NO_EXC);
#else
  const Vec rounded = round_even(v);
  return with_sign(rounded > v ? rounded - 1.0f : rounded, rounded > v && (rounded - 1.0f) < 0.0f ? all(-1.0f) : v);
#endif
}
LINENC_INLINE Vec ceil(Vec v) { return -floor(-v); }

// NaN wins.
LINENC_INLINE Vec maximum(Vec a, Vec b) {
  const Vec larger = a > b ? a : b;
  return a != a ? a : larger;
}
LINENC_INLINE Vec minimum(Vec a, Vec b) {
  const Vec smaller = a < b ? a : b;
  return a != a ? a : smaller;
}
// NaN stays.
LINENC_INLINE Vec clamp(Vec v, float low, float high) {
  const Vec raised = v < low ? all(low) : v;
  return raised > high ? all(high) : raised;
}

}  // namespace linenc::runtime::LINENC_ISA
