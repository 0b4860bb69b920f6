#pragma once

#include <cstddef>
#include <cstdint>

#include "runtime/core/dtype.h"
#include "runtime/core/threads.h"
#include "runtime/plan/op.h"
#include "runtime/random/loops.h"
#include "runtime/random/threefry.h"

namespace linenc::runtime {

// The parts of draw() with the instruction set chosen by the caller; for tests.

// Samples that random words give, element by element; any float32 kind.
void sample_floats(const Loops& loops, const DrawAttributes& attributes, const std::uint32_t* words, std::int64_t count, float* out);

void draw_with(const Loops& loops, const DrawAttributes& attributes, KeyWords key, DType dtype, std::uint64_t first, std::int64_t count,
               std::byte* out, Threads& threads);

}  // namespace linenc::runtime
