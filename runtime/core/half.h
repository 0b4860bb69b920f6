#pragma once

#include <bit>
#include <cstdint>

namespace linenc {

// bfloat16 and float16 as bits; arithmetic is done in float and rounded to nearest even. A NaN stays a NaN of the same
// sign: a bfloat16 NaN is the canonical one (as XLA and ml_dtypes make it), a float16 NaN keeps the upper bits of its
// payload (as the conversion instruction does).
[[nodiscard]] inline float bfloat16_to_float(std::uint16_t bits) { return std::bit_cast<float>(std::uint32_t{bits} << 16); }
[[nodiscard]] inline std::uint16_t float_to_bfloat16(float value) {
  const std::uint32_t bits = std::bit_cast<std::uint32_t>(value);
  if ((bits & 0x7FFFFFFFu) > 0x7F800000u) return static_cast<std::uint16_t>(((bits >> 16) & 0x8000u) | 0x7FC0u);
  return static_cast<std::uint16_t>((bits + 0x7FFFu + ((bits >> 16) & 1u)) >> 16);
}

// The inline bodies, for loops that shall be vectorised: selects instead of branches.
namespace half_bits {

[[nodiscard]] inline float to_float(std::uint16_t bits) {
  const std::uint32_t sign = std::uint32_t{bits & 0x8000u} << 16;
  const std::uint32_t magnitude = std::uint32_t{bits & 0x7FFFu} << 13;
  const std::uint32_t exponent = magnitude & 0x0F800000u;
  const std::uint32_t normal = magnitude + (112u << 23);
  // Infinity and NaN need the largest exponent; a NaN becomes quiet.
  const std::uint32_t special = (normal + (112u << 23)) | (magnitude > 0x0F800000u ? 0x00400000u : 0u);
  // A subnormal half is a normal float: subtracting the implied one leaves exactly its value.
  const float subnormal = std::bit_cast<float>(magnitude + (113u << 23)) - std::bit_cast<float>(113u << 23);
  std::uint32_t result = exponent == 0x0F800000u ? special : normal;
  result = exponent == 0 ? std::bit_cast<std::uint32_t>(subnormal) : result;
  return std::bit_cast<float>(result | sign);
}

[[nodiscard]] inline std::uint16_t from_float(float value) {
  const std::uint32_t bits = std::bit_cast<std::uint32_t>(value);
  const std::uint32_t sign = (bits >> 16) & 0x8000u;
  const std::uint32_t magnitude = bits & 0x7FFFFFFFu;
  // From 65520 on everything rounds to infinity.
  const std::uint32_t nan = 0x7E00u | ((magnitude >> 13) & 0x3FFu);
  const std::uint32_t large = magnitude > 0x7F800000u ? nan : 0x7C00u;
  // Adding 0.5 lets the adder round at the last bit of a subnormal half.
  const float shifted = std::bit_cast<float>(magnitude) + 0.5f;
  const std::uint32_t subnormal = std::bit_cast<std::uint32_t>(shifted) - 0x3F000000u;
  const std::uint32_t normal = (magnitude - (112u << 23) + 0xFFFu + ((magnitude >> 13) & 1u)) >> 13;
  std::uint32_t result = magnitude >= (143u << 23) ? large : normal;
  result = magnitude < (113u << 23) ? subnormal : result;
  return static_cast<std::uint16_t>(result | sign);
}

}  // namespace half_bits

[[nodiscard]] float float16_to_float(std::uint16_t bits);
[[nodiscard]] std::uint16_t float_to_float16(float value);

}  // namespace linenc
