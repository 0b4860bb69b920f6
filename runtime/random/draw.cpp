// Random draws: chooses the loop and its constants, and splits the work over threads and blocks.
//
// Tested by tests/runtime/random/draw_test.cpp.
#include "runtime/random/draw.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cmath>
#include <cstring>
#include <limits>

#include "runtime/random/draw_with.h"
#include "runtime/random/half_samples.h"

namespace linenc::runtime {
namespace {

// Elements at a time: the random words of a block stay in the first-level cache.
constexpr std::int64_t kBlock = 2048;
// Elements below which another thread is not worth its waking.
constexpr std::int64_t kGrain = 8 * kBlock;

constexpr float kSqrt2 = std::bit_cast<float>(0x3FB504F3u);
constexpr float kReciprocalSqrt2 = std::bit_cast<float>(0x3F3504F3u);
constexpr float kAboveMinusOne = std::bit_cast<float>(0xBF7FFFFFu);

// Rounded to float32, subnormal numbers flushed.
float rounded(double value) {
  const auto single = static_cast<float>(value);
  return std::fabs(single) < std::numeric_limits<float>::min() ? std::copysign(0.0f, single) : single;
}

float neighbour(float value, bool up) {
  const float infinity = std::numeric_limits<float>::infinity();
  return rounded(std::nextafter(value, up ? infinity : -infinity));
}

void set_range(SampleConstants& constants, float low, float high) {
  constants.low = low;
  constants.width = rounded(high - low);
}

void set_truncation(SampleConstants& constants, float low, float high) {
  set_range(constants, exact_erf(low * kReciprocalSqrt2), exact_erf(high * kReciprocalSqrt2));
  constants.lowest = neighbour(low, true);
  constants.highest = neighbour(high, false);
}

SampleConstants constants_of(const DrawAttributes& attributes) {
  SampleConstants constants;
  constants.factor = kSqrt2;
  constants.scale = attributes.scaled ? rounded(attributes.scale) : 1.0f;
  switch (attributes.kind) {
    case DrawKind::Uniform: set_range(constants, rounded(attributes.low), rounded(attributes.high)); break;
    case DrawKind::Normal:
      set_range(constants, kAboveMinusOne, 1.0f);
      if (attributes.merged) {
        constants.factor = rounded(kSqrt2 * constants.scale);
        constants.scale = 1.0f;
      }
      break;
    case DrawKind::TruncatedNormal: set_truncation(constants, rounded(attributes.low), rounded(attributes.high)); break;
    case DrawKind::Gumbel:
    case DrawKind::Logistic: set_range(constants, std::numeric_limits<float>::min(), 1.0f); break;
    case DrawKind::Laplace: set_range(constants, kAboveMinusOne, 1.0f); break;
    case DrawKind::Cauchy: set_range(constants, std::numeric_limits<float>::epsilon(), 1.0f); break;
    case DrawKind::Exponential:
    case DrawKind::Bits: break;
  }
  return constants;
}

// tan is the C library's, as in XLA.
void cauchy(const Loops& loops, SampleConstants constants, const std::uint32_t* words, std::int64_t count, float* out) {
  constexpr float kPi = 3.14159265358979323846f;
  const float scale = constants.scale;
  constants.scale = 1.0f;
  loops.uniform(constants, words, count, out);
  for (std::int64_t i = 0; i < count; ++i) out[i] = rounded(std::tan(kPi * (out[i] - 0.5f)) * scale);
}

// Calls body(first index in the draw, words, count, place in the result) block by block.
template <class Body>
void for_blocks(const Loops& loops, KeyWords key, std::uint64_t first, std::int64_t count, Threads& threads, const Body& body) {
  threads.parallel_for(count, kGrain, [&](std::int64_t begin, std::int64_t end) {
    alignas(64) std::uint32_t words[kBlock];
    for (std::int64_t i = begin; i < end; i += kBlock) {
      const std::int64_t length = std::min(kBlock, end - i);
      loops.bits(key, first + static_cast<std::uint64_t>(i), length, words);
      body(words, length, i);
    }
  });
}

template <class Word>
void narrow(const std::uint32_t* words, std::int64_t count, std::byte* out) {
  auto* const narrowed = reinterpret_cast<Word*>(out);
  for (std::int64_t i = 0; i < count; ++i) narrowed[i] = static_cast<Word>(words[i]);
}

void draw_bits(const Loops& loops, KeyWords key, DType dtype, std::uint64_t first, std::int64_t count, std::byte* out, Threads& threads) {
  for_blocks(loops, key, first, count, threads, [&](const std::uint32_t* words, std::int64_t length, std::int64_t at) {
    std::byte* const to = out + at * static_cast<std::int64_t>(byte_size(dtype));
    switch (byte_size(dtype)) {
      case 1: return narrow<std::uint8_t>(words, length, to);
      case 2: return narrow<std::uint16_t>(words, length, to);
      default: std::memcpy(to, words, static_cast<std::size_t>(length) * sizeof *words);
    }
  });
}

// A half type has so few outcomes that a table of them pays from its own length on.
void draw_halves(const Loops& loops, const DrawAttributes& attributes, KeyWords key, DType dtype, std::uint64_t first, std::int64_t count,
                 std::byte* out, Threads& threads) {
  const std::uint32_t outcomes = half_outcomes(dtype);
  // bfloat16 takes the upper 7 of 8 random bits, float16 the upper 10 of 16.
  const int shift = dtype == DType::Float16 ? 6 : 1;
  std::array<std::uint16_t, 1024> table{};
  const bool tabulated = count >= outcomes;
  for (std::uint32_t i = 0; tabulated && i < outcomes; ++i) table[i] = half_sample(attributes, dtype, i);
  auto* const halves = reinterpret_cast<std::uint16_t*>(out);
  for_blocks(loops, key, first, count, threads, [&](const std::uint32_t* words, std::int64_t length, std::int64_t at) {
    for (std::int64_t i = 0; i < length; ++i) {
      const std::uint32_t mantissa = (words[i] >> shift) & (outcomes - 1);
      halves[at + i] = tabulated ? table[mantissa] : half_sample(attributes, dtype, mantissa);
    }
  });
}

}  // namespace

void sample_floats(const Loops& loops, const DrawAttributes& attributes, const std::uint32_t* words, std::int64_t count, float* out) {
  const SampleConstants constants = constants_of(attributes);
  switch (attributes.kind) {
    case DrawKind::Uniform: return loops.uniform(constants, words, count, out);
    case DrawKind::Normal: return loops.normal(constants, words, count, out);
    case DrawKind::TruncatedNormal: return loops.truncated_normal(constants, words, count, out);
    case DrawKind::Gumbel: return loops.gumbel(constants, words, count, out);
    case DrawKind::Exponential: return loops.exponential(constants, words, count, out);
    case DrawKind::Laplace: return loops.laplace(constants, words, count, out);
    case DrawKind::Logistic: return loops.logistic(constants, words, count, out);
    case DrawKind::Cauchy: return cauchy(loops, constants, words, count, out);
    case DrawKind::Bits: break;
  }
  assert(false && "random bits are not floats");
}

void draw_with(const Loops& loops, const DrawAttributes& attributes, KeyWords key, DType dtype, std::uint64_t first, std::int64_t count,
               std::byte* out, Threads& threads) {
  if (attributes.kind == DrawKind::Bits) return draw_bits(loops, key, dtype, first, count, out, threads);
  if (dtype != DType::Float32) return draw_halves(loops, attributes, key, dtype, first, count, out, threads);
  auto* const floats = reinterpret_cast<float*>(out);
  for_blocks(loops, key, first, count, threads,
             [&](const std::uint32_t* words, std::int64_t length, std::int64_t at) { sample_floats(loops, attributes, words, length, floats + at); });
}

void draw(const DrawAttributes& attributes, KeyWords key, DType dtype, std::uint64_t first, std::int64_t count, std::byte* out, Threads& threads) {
  draw_with(*usable_loops().front(), attributes, key, dtype, first, count, out, threads);
}

}  // namespace linenc::runtime
