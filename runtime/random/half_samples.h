#pragma once

#include <cstdint>

#include "runtime/core/dtype.h"
#include "runtime/plan/op.h"

namespace linenc::runtime {

// How many outcomes a float16 or bfloat16 draw has: one per pattern of mantissa bits.
[[nodiscard]] constexpr std::uint32_t half_outcomes(DType dtype) { return dtype == DType::Float16 ? 1024 : 128; }

// The outcome of a mantissa pattern, as bits of the dtype (linen-semantics A.5 to A.8): every step is computed in float32
// and rounded to the dtype.
[[nodiscard]] std::uint16_t half_sample(const DrawAttributes& attributes, DType dtype, std::uint32_t mantissa);

}  // namespace linenc::runtime
