#pragma once

#include <cstddef>
#include <cstdint>

#include "runtime/core/dtype.h"
#include "runtime/core/threads.h"
#include "runtime/plan/op.h"
#include "runtime/random/threefry.h"

namespace linenc::runtime {

// Fills out[0, count) with what JAX draws eagerly for elements [first, first + count) of one array drawn from `key`
// (linen-semantics A.4 to A.8), bit for bit. `dtype` is Float32, Float16, BFloat16 (Bits: UInt8, UInt16, UInt32). Vectorised
// and split over the threads; the bits do not depend on either.
void draw(const DrawAttributes& attributes, KeyWords key, DType dtype, std::uint64_t first, std::int64_t count, std::byte* out, Threads& threads);

// jax.random.randint for int8 to uint32 (A.7): elements [0, count) with bounds low, high as the caller gave them.
void random_int(KeyWords key, DType dtype, std::int64_t low, std::int64_t high, std::int64_t count, std::byte* out, Threads& threads);

// The exact scalar float32 functions of A.6 and D.7, for tests and for other kernels.
[[nodiscard]] float exact_log(float x);
[[nodiscard]] float exact_log1p(float x);
[[nodiscard]] float exact_erf(float x);
[[nodiscard]] float exact_erf_inv(float x);

}  // namespace linenc::runtime
