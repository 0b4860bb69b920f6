// Which of the compiled loops this processor can run.
#include "runtime/random/loops.h"

#include <array>

namespace linenc::runtime {
namespace {

struct Usable {
  std::array<const Loops*, 3> loops{};
  std::size_t count = 0;

  Usable() {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq")) loops[count++] = &avx512::kLoops;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) loops[count++] = &avx2::kLoops;
#endif
    loops[count++] = &baseline::kLoops;
  }
};

}  // namespace

std::span<const Loops* const> usable_loops() {
  static const Usable usable;
  return {usable.loops.data(), usable.count};
}

}  // namespace linenc::runtime
