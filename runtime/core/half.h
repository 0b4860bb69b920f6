#pragma once

#include <bit>
#include <cstdint>

namespace linenc {

// bfloat16 and float16 as bits; arithmetic is done in float and rounded to nearest even.
[[nodiscard]] inline float bfloat16_to_float(std::uint16_t bits) { return std::bit_cast<float>(std::uint32_t{bits} << 16); }
[[nodiscard]] inline std::uint16_t float_to_bfloat16(float value) {
  const std::uint32_t bits = std::bit_cast<std::uint32_t>(value);
  if ((bits & 0x7FFFFFFFu) > 0x7F800000u) return static_cast<std::uint16_t>((bits >> 16) | 0x40u);  // NaN stays NaN
  return static_cast<std::uint16_t>((bits + 0x7FFFu + ((bits >> 16) & 1u)) >> 16);
}
[[nodiscard]] float float16_to_float(std::uint16_t bits);
[[nodiscard]] std::uint16_t float_to_float16(float value);

}  // namespace linenc
