// Vectors of floats in the instruction set that LINENC_ISA names (see loops_body.h); no include guard across sets is
// needed, as each source file is compiled for one.
#pragma once

#include <cstdint>

#if defined(__AVX2__)
#include <immintrin.h>
#endif

#include "runtime/random/inline.h"
#include "runtime/random/lanes_scalar.h"

namespace linenc::runtime::LINENC_ISA {

#if defined(__AVX512F__)
inline constexpr int kLanes = 16;
#elif defined(__AVX2__)
inline constexpr int kLanes = 8;
#else
inline constexpr int kLanes = 4;
#endif

struct Lanes {
  using F = float __attribute__((vector_size(4 * kLanes)));
  using U = std::uint32_t __attribute__((vector_size(4 * kLanes)));
  using I = std::int32_t __attribute__((vector_size(4 * kLanes)));

  static LINENC_INLINE U splat(std::uint32_t word) { return U{} + word; }
  static LINENC_INLINE F splat(float value) { return from_bits(splat(__builtin_bit_cast(std::uint32_t, value))); }
  static LINENC_INLINE F value(std::uint32_t word) { return from_bits(splat(word)); }
  static LINENC_INLINE U bits(F x) { return (U)x; }
  static LINENC_INLINE F from_bits(U x) { return (F)x; }
  static LINENC_INLINE F to_float(U x) { return __builtin_convertvector((I)x, F); }
  static LINENC_INLINE F select(I mask, F then, F otherwise) { return mask ? then : otherwise; }

#if defined(__AVX512F__)
  static constexpr __mmask16 kEvery = 0xFFFF;
  static LINENC_INLINE F fma(F a, F b, F c) { return (F)_mm512_fmadd_ps((__m512)a, (__m512)b, (__m512)c); }
  // The forms with a mask: GCC 12 takes the others to read an uninitialised register.
  static LINENC_INLINE F sqrt(F x) { return (F)_mm512_maskz_sqrt_ps(kEvery, (__m512)x); }
  static LINENC_INLINE bool any(I mask) { return _mm512_movepi32_mask((__m512i)mask) != 0; }
  template <int kBits>
  static LINENC_INLINE U rotate(U x) {
    return (U)_mm512_maskz_rol_epi32(kEvery, (__m512i)x, kBits);
  }
#else
#if defined(__AVX2__)
  static LINENC_INLINE F fma(F a, F b, F c) { return (F)_mm256_fmadd_ps((__m256)a, (__m256)b, (__m256)c); }
  static LINENC_INLINE F sqrt(F x) { return (F)_mm256_sqrt_ps((__m256)x); }
  static LINENC_INLINE bool any(I mask) { return _mm256_movemask_ps((__m256)mask) != 0; }
#else
  static LINENC_INLINE F fma(F a, F b, F c) {
    F result{};
    for (int i = 0; i < kLanes; ++i) result[i] = fused_multiply_add(a[i], b[i], c[i]);
    return result;
  }
  static LINENC_INLINE F sqrt(F x) {
    for (int i = 0; i < kLanes; ++i) x[i] = __builtin_sqrtf(x[i]);
    return x;
  }
  static LINENC_INLINE bool any(I mask) {
    std::int32_t all = 0;
    for (int i = 0; i < kLanes; ++i) all |= mask[i];
    return all != 0;
  }
#endif
  template <int kBits>
  static LINENC_INLINE U rotate(U x) {
    return (x << kBits) | (x >> (32 - kBits));
  }
#endif

  template <class Word>
  static LINENC_INLINE U load(const Word* from) {
    U x;
    __builtin_memcpy(&x, from, sizeof x);
    return x;
  }
  template <class Word, class Vector>
  static LINENC_INLINE void store(Word* to, Vector x) {
    __builtin_memcpy(to, &x, sizeof x);
  }
};

}  // namespace linenc::runtime::LINENC_ISA
