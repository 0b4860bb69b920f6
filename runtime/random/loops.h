#pragma once

#include <cstdint>
#include <span>

#include "runtime/random/threefry.h"

namespace linenc::runtime {

// The constants of a float32 sampler: u = max(low, fma(f, width, low)) with f in [0, 1); what becomes of u is the sampler's;
// the result is multiplied by `scale` at last.
struct SampleConstants {
  float low = 0, width = 1;
  float factor = 1;               // of erf_inv in the normal samplers
  float lowest = 0, highest = 0;  // what a truncated normal is clipped to
  float scale = 1;
};

// Turns random words into float32 samples, element by element. `out` may be `words`.
using SampleLoop = void (*)(const SampleConstants& constants, const std::uint32_t* words, std::int64_t count, float* out);

// The inner loops, compiled for one instruction set. All sets give the same bits.
struct Loops {
  const char* instruction_set;
  // out[i] = the 32 random bits of element first + i.
  void (*bits)(KeyWords key, std::uint64_t first, std::int64_t count, std::uint32_t* out);
  SampleLoop uniform, normal, truncated_normal, gumbel, exponential, laplace, logistic;
};

// Those this processor can run, the fastest first; the last one runs anywhere.
[[nodiscard]] std::span<const Loops* const> usable_loops();

namespace baseline {
extern const Loops kLoops;
}
#if defined(__x86_64__)
namespace avx2 {
extern const Loops kLoops;
}
namespace avx512 {
extern const Loops kLoops;
}
#endif

}  // namespace linenc::runtime
