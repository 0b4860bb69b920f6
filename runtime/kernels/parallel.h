#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#if defined(__SSE2__)
#include <xmmintrin.h>
#endif

#include "runtime/core/threads.h"

namespace linenc::runtime {

// Denormal numbers count as zero, in operands and results, as in XLA, while one of these lives.
class FlushDenormals {
 public:
#if defined(__SSE2__)
  FlushDenormals() : before_(_mm_getcsr()) { _mm_setcsr(before_ | 0x8040u); }
  ~FlushDenormals() { _mm_setcsr(before_); }
#else
  FlushDenormals() = default;
#endif
  FlushDenormals(const FlushDenormals&) = delete;
  FlushDenormals& operator=(const FlushDenormals&) = delete;

 private:
#if defined(__SSE2__)
  unsigned before_;
#endif
};

// threads.parallel_for without taking memory for the body.
template <class Body>
void parallel(Threads& threads, std::int64_t size, std::int64_t grain, const Body& body) {
  if (size <= 0) return;
  const auto flushed = [&body](std::int64_t begin, std::int64_t end) {
    const FlushDenormals flush;
    body(begin, end);
  };
  if (size <= grain) return flushed(0, size);
  threads.parallel_for(size, grain, std::cref(flushed));
}

// body(slot, item) for every item of [0, items); calls with one slot never overlap, so that a slot can own scratch memory.
// Which slot takes which item is left to chance.
template <class Body>
void parallel_slots(Threads& threads, std::int64_t items, const Body& body) {
  const std::int64_t slots = items < threads.count() ? items : threads.count();
  std::atomic<std::int64_t> next{0};
  parallel(threads, slots, 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t slot = begin; slot < end; ++slot) {
      for (std::int64_t item = next.fetch_add(1); item < items; item = next.fetch_add(1)) body(slot, item);
    }
  });
}

// Elements of cheap work that are worth another thread.
inline constexpr std::int64_t kGrain = 16384;

// Rows of `width` elements each, as a grain.
[[nodiscard]] inline std::int64_t rows_grain(std::int64_t width) { return width >= kGrain ? 1 : kGrain / (width > 0 ? width : 1); }

}  // namespace linenc::runtime
