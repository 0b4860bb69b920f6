// Random draws in float16 and bfloat16, one outcome at a time; draw.cpp makes tables of them.
#include "runtime/random/half_samples.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "runtime/core/half.h"
#include "runtime/random/draw.h"

namespace linenc::runtime {
namespace {

// Bits of a half type as the float it stands for, and the constants the samplers take from it.
struct Float16 {
  static constexpr int kMantissaBits = 10;
  static constexpr std::uint16_t kTiny = 0x0400;     // smallest normal number
  static constexpr std::uint16_t kEpsilon = 0x1400;  // 2^-10
  static constexpr std::uint16_t kAboveMinusOne = 0xBBFF;
  static float to_float(std::uint16_t bits) { return float16_to_float(bits); }
  static std::uint16_t from_float(float value) { return float_to_float16(value); }
  // XLA divides by sqrt(2) as a product with the reciprocal, which it rounds for float16 alone.
  static float reciprocal(float value) { return to_float(from_float(1.0f / value)); }
};
struct BFloat16 {
  static constexpr int kMantissaBits = 7;
  static constexpr std::uint16_t kTiny = 0x0080;
  static constexpr std::uint16_t kEpsilon = 0x3C00;  // 2^-7
  static constexpr std::uint16_t kAboveMinusOne = 0xBF7F;
  static float to_float(std::uint16_t bits) { return bfloat16_to_float(bits); }
  static std::uint16_t from_float(float value) { return float_to_bfloat16(value); }
  static float reciprocal(float value) { return 1.0f / value; }
};

float flushed(float x) { return std::fabs(x) < std::numeric_limits<float>::min() ? std::copysign(0.0f, x) : x; }

template <class Half>
struct Sampler {
  // Rounded to the type, as a float.
  static float round(float value) { return flushed(Half::to_float(Half::from_float(flushed(value)))); }
  static float round(double value) { return round(static_cast<float>(value)); }

  static float uniform(float low, float high, std::uint32_t mantissa) {
    const float unit = static_cast<float>(mantissa) / static_cast<float>(1u << Half::kMantissaBits);
    const float width = round(high - low);
    return std::max(low, round(round(unit * width) + low));
  }

  // The uniform number from the smallest normal one to 1 that logarithms are taken of. Not uniform(): the width rounds to
  // 1, so XLA merges (x - 1) * 1 + tiny into x + (tiny - 1), where tiny is lost.
  static float positive(std::uint32_t mantissa) { return std::max(Half::to_float(Half::kTiny), uniform(0.0f, 1.0f, mantissa)); }

  // The neighbour of a number in the type, towards +infinity or -infinity.
  static float neighbour(float value, bool up) {
    const std::uint16_t bits = Half::from_float(value);
    if ((bits & 0x7FFFu) == 0) return flushed(Half::to_float(up ? 0x0001 : 0x8001));
    const bool grows = ((bits & 0x8000u) == 0) == up;
    return flushed(Half::to_float(static_cast<std::uint16_t>(grows ? bits + 1 : bits - 1)));
  }

  static float normal(float u, float factor) { return round(factor * round(exact_erf_inv(u))); }

  static float truncated_normal(float low, float high, float sqrt2, std::uint32_t mantissa) {
    const float r = Half::reciprocal(sqrt2);
    const float a = round(exact_erf(round(low * r)));
    const float b = round(exact_erf(round(high * r)));
    const float value = normal(uniform(a, b, mantissa), sqrt2);
    return std::min(std::max(value, neighbour(low, true)), neighbour(high, false));
  }

  static float sample(const DrawAttributes& attributes, std::uint32_t mantissa, float scale, bool& scaled) {
    const float sqrt2 = round(std::sqrt(2.0));
    const auto from = [&](std::uint16_t low) { return uniform(Half::to_float(low), 1.0f, mantissa); };
    switch (attributes.kind) {
      case DrawKind::Uniform: return uniform(round(attributes.low), round(attributes.high), mantissa);
      case DrawKind::Normal: {
        // Compiled regions merge the constants in float16, but not in bfloat16.
        const bool merged = attributes.merged && scaled && Half::kMantissaBits == Float16::kMantissaBits;
        if (merged) scaled = false;
        return normal(from(Half::kAboveMinusOne), merged ? round(sqrt2 * scale) : sqrt2);
      }
      case DrawKind::TruncatedNormal: return truncated_normal(round(attributes.low), round(attributes.high), sqrt2, mantissa);
      case DrawKind::Gumbel: return -round(exact_log(-round(exact_log(positive(mantissa)))));
      case DrawKind::Exponential: return -round(exact_log1p(-uniform(0.0f, 1.0f, mantissa)));
      case DrawKind::Laplace: {
        const float u = from(Half::kAboveMinusOne);
        const float sign = u == 0 ? u : std::copysign(1.0f, u);
        return sign * round(exact_log1p(-std::fabs(u)));
      }
      case DrawKind::Logistic: {
        const float u = positive(mantissa);
        return round(round(exact_log(u)) - round(exact_log1p(-u)));
      }
      case DrawKind::Cauchy: {
        const float pi = round(3.14159265358979323846);
        return round(std::tan(round(pi * round(from(Half::kEpsilon) - 0.5f))));
      }
      case DrawKind::Bits: break;
    }
    return 0;
  }

  static std::uint16_t outcome(const DrawAttributes& attributes, std::uint32_t mantissa) {
    bool scaled = attributes.scaled;
    const float scale = round(attributes.scale);
    const float value = sample(attributes, mantissa, scale, scaled);
    return Half::from_float(scaled ? round(value * scale) : value);
  }
};

}  // namespace

std::uint16_t half_sample(const DrawAttributes& attributes, DType dtype, std::uint32_t mantissa) {
  return dtype == DType::Float16 ? Sampler<Float16>::outcome(attributes, mantissa) : Sampler<BFloat16>::outcome(attributes, mantissa);
}

}  // namespace linenc::runtime
