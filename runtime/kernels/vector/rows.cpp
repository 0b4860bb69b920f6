// Reductions, softmax and normalisation of rows; conversion between float32 and the 16-bit floats.
//
// Sums are taken in blocks that are added up pairwise: the error then hardly grows with the length, and the order does not
// depend on the number of threads.
#include "runtime/kernels/vector/loops.h"
#include "runtime/kernels/vector/math.h"

namespace linenc::runtime::LINENC_ISA {
namespace {

struct Plus {
  static constexpr float kNeutral = 0.0f;
  LINENC_INLINE Vec of(Vec a, Vec b) { return a + b; }
  LINENC_INLINE float of(float a, float b) { return a + b; }
};
struct Times {
  static constexpr float kNeutral = 1.0f;
  LINENC_INLINE Vec of(Vec a, Vec b) { return a * b; }
  LINENC_INLINE float of(float a, float b) { return a * b; }
};
struct Larger {
  static constexpr float kNeutral = -__builtin_inff();
  LINENC_INLINE Vec of(Vec a, Vec b) { return maximum(a, b); }
  LINENC_INLINE float of(float a, float b) { return a != a || a > b ? a : b; }
};
struct Smaller {
  static constexpr float kNeutral = __builtin_inff();
  LINENC_INLINE Vec of(Vec a, Vec b) { return minimum(a, b); }
  LINENC_INLINE float of(float a, float b) { return a != a || a < b ? a : b; }
};

// What a term is before it is summed.
struct Same {
  LINENC_INLINE Vec of(Vec x, Vec) { return x; }
};
struct Square {
  LINENC_INLINE Vec of(Vec x, Vec) { return x * x; }
};
struct SquaredDistance {
  LINENC_INLINE Vec of(Vec x, Vec center) { return (x - center) * (x - center); }
};

template <class Reduction>
LINENC_INLINE float across(Vec v) {
  for (int half = kLanes / 2; half > 0; half /= 2)
    for (int i = 0; i < half; ++i) v[i] = Reduction::of(v[i], v[i + half]);
  return v[0];
}

constexpr std::int64_t kRowBlock = 1024;

template <class Reduction, class Term>
float reduce_block(const float* x, std::int64_t count, Vec center) {
  const Vec neutral = all(Reduction::kNeutral);
  Vec a = neutral, b = neutral, c = neutral, d = neutral;
  std::int64_t i = 0;
  for (; i + 4 * kLanes <= count; i += 4 * kLanes) {
    a = Reduction::of(a, Term::of(load(x + i), center));
    b = Reduction::of(b, Term::of(load(x + i + kLanes), center));
    c = Reduction::of(c, Term::of(load(x + i + 2 * kLanes), center));
    d = Reduction::of(d, Term::of(load(x + i + 3 * kLanes), center));
  }
  for (; i + kLanes <= count; i += kLanes) a = Reduction::of(a, Term::of(load(x + i), center));
  if (const std::int64_t n = count - i; n > 0) {
    Vec last = Term::of(load_part(x + i, n), center);
    for (std::int64_t j = n; j < kLanes; ++j) last[j] = Reduction::kNeutral;
    b = Reduction::of(b, last);
  }
  return across<Reduction>(Reduction::of(Reduction::of(a, b), Reduction::of(c, d)));
}
template <class Reduction, class Term>
float reduce_pairwise(const float* x, std::int64_t count, Vec center) {
  if (count <= kRowBlock) return reduce_block<Reduction, Term>(x, count, center);
  const std::int64_t half = (count / 2 + kRowBlock - 1) / kRowBlock * kRowBlock;
  return Reduction::of(reduce_pairwise<Reduction, Term>(x, half, center), reduce_pairwise<Reduction, Term>(x + half, count - half, center));
}

constexpr std::int64_t kColumnBlock = 64, kRowsInOneSum = 64;

template <class Reduction>
void reduce_strip(const float* x, std::int64_t stride, std::int64_t rows, std::int64_t columns, float* out) {
  if (rows <= kRowsInOneSum) {
    if (columns == kColumnBlock) {
      constexpr int kVecs = static_cast<int>(kColumnBlock) / kLanes;
      Vec sum[kVecs];
      for (int j = 0; j < kVecs; ++j) sum[j] = load(x + j * kLanes);
      for (std::int64_t r = 1; r < rows; ++r)
        for (int j = 0; j < kVecs; ++j) sum[j] = Reduction::of(sum[j], load(x + r * stride + j * kLanes));
      for (int j = 0; j < kVecs; ++j) store(out + j * kLanes, sum[j]);
      return;
    }
    std::int64_t c = 0;
    for (; c + kLanes <= columns; c += kLanes) {
      Vec sum = load(x + c);
      for (std::int64_t r = 1; r < rows; ++r) sum = Reduction::of(sum, load(x + r * stride + c));
      store(out + c, sum);
    }
    if (const std::int64_t n = columns - c; n > 0) {
      Vec sum = load_part(x + c, n);
      for (std::int64_t r = 1; r < rows; ++r) sum = Reduction::of(sum, load_part(x + r * stride + c, n));
      store_part(out + c, sum, n);
    }
    return;
  }
  const std::int64_t half = (rows / 2 + kRowsInOneSum - 1) / kRowsInOneSum * kRowsInOneSum;
  alignas(64) float other[kColumnBlock];
  reduce_strip<Reduction>(x, stride, half, columns, out);
  reduce_strip<Reduction>(x + half * stride, stride, rows - half, columns, other);
  for (std::int64_t c = 0; c < columns; ++c) out[c] = Reduction::of(out[c], other[c]);
}

template <class Reduction>
void columns_of(const float* x, std::int64_t stride, std::int64_t rows, std::int64_t columns, bool accumulate, float* out) {
  alignas(64) float strip[kColumnBlock];
  for (std::int64_t c = 0; c < columns; c += kColumnBlock) {
    const std::int64_t n = columns - c < kColumnBlock ? columns - c : kColumnBlock;
    if (rows == 0) {
      for (std::int64_t j = 0; j < n; ++j) strip[j] = Reduction::kNeutral;
    } else {
      reduce_strip<Reduction>(x + c, stride, rows, n, strip);
    }
    for (std::int64_t j = 0; j < n; ++j) out[c + j] = accumulate ? Reduction::of(out[c + j], strip[j]) : strip[j];
  }
}

template <class Reduction>
void combine(const float* const* rows, std::int64_t count, std::int64_t columns, bool accumulate, float* out) {
  const Vec neutral = all(Reduction::kNeutral);
  std::int64_t c = 0;
  for (; c + kLanes <= columns; c += kLanes) {
    Vec sum = accumulate ? load(out + c) : neutral;
    for (std::int64_t r = 0; r < count; ++r) sum = Reduction::of(sum, load(rows[r] + c));
    store(out + c, sum);
  }
  if (const std::int64_t n = columns - c; n > 0) {
    Vec sum = accumulate ? load_part(out + c, n) : neutral;
    for (std::int64_t r = 0; r < count; ++r) sum = Reduction::of(sum, load_part(rows[r] + c, n));
    store_part(out + c, sum, n);
  }
}

}  // namespace

float reduce_row(RowSum kind, const float* x, std::int64_t count) {
  switch (kind) {
    case RowSum::Sum: return reduce_pairwise<Plus, Same>(x, count, Vec{});
    case RowSum::Product: return reduce_pairwise<Times, Same>(x, count, Vec{});
    case RowSum::Max: return reduce_pairwise<Larger, Same>(x, count, Vec{});
    case RowSum::Min: return reduce_pairwise<Smaller, Same>(x, count, Vec{});
  }
  return 0;
}

void reduce_columns(RowSum kind, const float* x, std::int64_t stride, std::int64_t rows, std::int64_t columns, bool accumulate, float* out) {
  switch (kind) {
    case RowSum::Sum: return columns_of<Plus>(x, stride, rows, columns, accumulate, out);
    case RowSum::Product: return columns_of<Times>(x, stride, rows, columns, accumulate, out);
    case RowSum::Max: return columns_of<Larger>(x, stride, rows, columns, accumulate, out);
    case RowSum::Min: return columns_of<Smaller>(x, stride, rows, columns, accumulate, out);
  }
}

void combine_rows(RowSum kind, const float* const* rows, std::int64_t count, std::int64_t columns, bool accumulate, float* out) {
  switch (kind) {
    case RowSum::Sum: return combine<Plus>(rows, count, columns, accumulate, out);
    case RowSum::Product: return combine<Times>(rows, count, columns, accumulate, out);
    case RowSum::Max: return combine<Larger>(rows, count, columns, accumulate, out);
    case RowSum::Min: return combine<Smaller>(rows, count, columns, accumulate, out);
  }
}

// out[i] = exp(x[i] - max x) / sum_j exp(x[j] - max x)
void softmax_row(const float* x, std::int64_t count, float* out) {
  const Vec peak = all(reduce_row(RowSum::Max, x, count));
  std::int64_t i = 0;
  for (; i + kLanes <= count; i += kLanes) store(out + i, exp(load(x + i) - peak));
  if (i < count) store_part(out + i, exp(load_part(x + i, count - i) - peak), count - i);
  const Vec sum = all(reduce_row(RowSum::Sum, out, count));
  i = 0;
  for (; i + kLanes <= count; i += kLanes) store(out + i, load(out + i) / sum);
  if (i < count) store_part(out + i, load_part(out + i, count - i) / sum, count - i);
}

// out = (x - mean) * (rsqrt(variance + epsilon) * scale) + bias
void normalize_row(const NormalizeRow& row, const float* x, std::int64_t count, float* out) {
  const float n = static_cast<float>(count);
  const float mean = row.use_mean ? reduce_pairwise<Plus, Same>(x, count, Vec{}) / n : 0.0f;
  float variance = 0;
  if (row.use_mean && !row.fast_variance) {
    variance = reduce_pairwise<Plus, SquaredDistance>(x, count, all(mean)) / n;
  } else {
    variance = reduce_pairwise<Plus, Square>(x, count, Vec{}) / n;
    if (row.use_mean) {
      variance -= mean * mean;
      if (variance < 0) variance = 0;
    }
  }
  const Vec center = all(mean);
  const Vec factor = 1.0f / sqrt(all(variance + row.epsilon));
  for (std::int64_t i = 0; i < count; i += kLanes) {
    const std::int64_t left = count - i;
    const bool whole = left >= kLanes;
    Vec multiplier = factor;
    if (row.scale != nullptr) multiplier = multiplier * (whole ? load(row.scale + i) : load_part(row.scale + i, left));
    Vec value = ((whole ? load(x + i) : load_part(x + i, left)) - center) * multiplier;
    if (row.bias != nullptr) value = value + (whole ? load(row.bias + i) : load_part(row.bias + i, left));
    if (whole)
      store(out + i, value);
    else
      store_part(out + i, value, left);
  }
}

namespace {

LINENC_INLINE float from_bfloat16(std::uint16_t half) { return __builtin_bit_cast(float, static_cast<std::uint32_t>(half) << 16); }
LINENC_INLINE std::uint16_t to_bfloat16(float value) {
  const std::uint32_t pattern = __builtin_bit_cast(std::uint32_t, value);
  const std::uint32_t rounded = (pattern + 0x7FFFu + ((pattern >> 16) & 1u)) >> 16;
  const std::uint32_t nan = (pattern >> 16) | 0x40u;  // NaN stays NaN
  return static_cast<std::uint16_t>((pattern & 0x7FFFFFFFu) > 0x7F800000u ? nan : rounded);
}

#if !(defined(__AVX2__) && defined(__F16C__))
float from_float16(std::uint16_t half) {
  const std::uint32_t sign = static_cast<std::uint32_t>(half & 0x8000u) << 16;
  const std::uint32_t magnitude = half & 0x7FFFu;
  if (magnitude >= 0x7C00u) return __builtin_bit_cast(float, sign | 0x7F800000u | ((magnitude & 0x3FFu) << 13));
  if (magnitude >= 0x0400u) return __builtin_bit_cast(float, sign | ((magnitude << 13) + 0x38000000u));
  const float small = static_cast<float>(magnitude) * 5.9604644775390625e-8f;  // 2^-24
  return __builtin_bit_cast(float, sign | __builtin_bit_cast(std::uint32_t, small));
}
std::uint16_t to_float16(float value) {
  const std::uint32_t pattern = __builtin_bit_cast(std::uint32_t, value);
  const std::uint32_t sign = (pattern >> 16) & 0x8000u;
  const std::uint32_t magnitude = pattern & 0x7FFFFFFFu;
  std::uint32_t half;
  if (magnitude > 0x7F800000u) {
    half = 0x7E00u | ((magnitude >> 13) & 0x3FFu);
  } else if (magnitude >= 0x477FF000u) {  // rounds to 2^16 or more
    half = 0x7C00u;
  } else if (magnitude >= 0x38800000u) {
    half = (magnitude - 0x38000000u + 0xFFFu + ((magnitude >> 13) & 1u)) >> 13;
  } else {  // the sum has the subnormal result in its last bits, rounded to nearest even
    half = __builtin_bit_cast(std::uint32_t, __builtin_bit_cast(float, magnitude) + 0.5f) - 0x3F000000u;
  }
  return static_cast<std::uint16_t>(sign | half);
}
#endif

}  // namespace

void half_to_float(DType dtype, const std::uint16_t* from, float* to, std::int64_t count) {
  if (dtype == DType::BFloat16) {
    for (std::int64_t i = 0; i < count; ++i) to[i] = from_bfloat16(from[i]);
    return;
  }
#if defined(__AVX2__) && defined(__F16C__)
  std::int64_t i = 0;
  for (; i + 8 <= count; i += 8) {
    _mm256_storeu_ps(to + i, _mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(from + i))));
  }
  for (; i < count; ++i) to[i] = _cvtsh_ss(from[i]);
#else
  for (std::int64_t i = 0; i < count; ++i) to[i] = from_float16(from[i]);
#endif
}

void float_to_half(DType dtype, const float* from, std::uint16_t* to, std::int64_t count) {
  if (dtype == DType::BFloat16) {
    for (std::int64_t i = 0; i < count; ++i) to[i] = to_bfloat16(from[i]);
    return;
  }
#if defined(__AVX2__) && defined(__F16C__)
  std::int64_t i = 0;
  for (; i + 8 <= count; i += 8) {
    const __m128i half = _mm256_cvtps_ph(_mm256_loadu_ps(from + i), _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to + i), half);
  }
  for (; i < count; ++i) {
    const __m128i half = _mm_cvtps_ph(_mm_set_ss(from[i]), _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
    to[i] = static_cast<std::uint16_t>(_mm_extract_epi16(half, 0));
  }
#else
  for (std::int64_t i = 0; i < count; ++i) to[i] = to_float16(from[i]);
#endif
}

}  // namespace linenc::runtime::LINENC_ISA
