// Random integers in a range (linen-semantics A.7): two words per element make the remainder nearly unbiased.
#include <algorithm>
#include <array>
#include <cassert>

#include "runtime/random/draw.h"
#include "runtime/random/loops.h"

namespace linenc::runtime {
namespace {

constexpr std::int64_t kBlock = 1024;
constexpr std::int64_t kGrain = 8 * kBlock;

struct Range {
  std::int64_t lowest, highest;  // of a dtype
};

Range range_of(DType dtype) {
  const int bits = static_cast<int>(byte_size(dtype)) * 8;
  if (is_unsigned(dtype)) return {0, (std::int64_t{1} << bits) - 1};
  return {-(std::int64_t{1} << (bits - 1)), (std::int64_t{1} << (bits - 1)) - 1};
}

// The bounds as JAX has them when it samples: in int32 for narrow types, else in the type itself.
struct Bounds {
  std::uint32_t low;   // as 32 bits
  std::uint32_t span;  // 0 stands for 2^32

  Bounds(DType dtype, std::int64_t from, std::int64_t to) {
    const Range range = range_of(dtype);
    const bool narrow = byte_size(dtype) < 4;
    // In int32 there is room for the end of a narrow type's range; a full-width type has to remember it.
    const bool beyond = !narrow && to > range.highest;
    from = std::clamp(from, range.lowest, range.highest);
    to = std::clamp(to, range.lowest, range.highest + (narrow ? 1 : 0));
    low = static_cast<std::uint32_t>(from);
    span = to <= from ? 1u : static_cast<std::uint32_t>(to - from) + (beyond ? 1u : 0u);
  }
};

// XLA's remainder by 0 is the dividend.
std::uint32_t remainder(std::uint32_t value, std::uint32_t span) { return span == 0 ? value : value % span; }

std::uint32_t offset(std::uint32_t high, std::uint32_t low, std::uint32_t multiplier, std::uint32_t span) {
  return remainder(remainder(high, span) * multiplier + remainder(low, span), span);
}

template <class Word>
void store(const std::uint32_t* values, std::int64_t count, std::byte* out, std::int64_t at) {
  auto* const words = reinterpret_cast<Word*>(out) + at;
  for (std::int64_t i = 0; i < count; ++i) words[i] = static_cast<Word>(values[i]);
}

}  // namespace

void random_int(KeyWords key, DType dtype, std::int64_t low, std::int64_t high, std::int64_t count, std::byte* out, Threads& threads) {
  assert(is_integer(dtype) && byte_size(dtype) <= 4);
  const Loops& loops = *usable_loops().front();
  const Bounds bounds(dtype, low, high);
  const std::uint32_t root = remainder(1u << 16, bounds.span);
  const std::uint32_t multiplier = remainder(root * root, bounds.span);
  const KeyWords high_key = split_at(key, 0);
  const KeyWords low_key = split_at(key, 1);
  threads.parallel_for(count, kGrain, [&](std::int64_t begin, std::int64_t end) {
    std::array<std::uint32_t, kBlock> highs, values;
    for (std::int64_t at = begin; at < end; at += kBlock) {
      const std::int64_t length = std::min(kBlock, end - at);
      loops.bits(high_key, static_cast<std::uint64_t>(at), length, highs.data());
      loops.bits(low_key, static_cast<std::uint64_t>(at), length, values.data());
      for (std::size_t i = 0; i < static_cast<std::size_t>(length); ++i) {
        values[i] = bounds.low + offset(highs[i], values[i], multiplier, bounds.span);
      }
      switch (byte_size(dtype)) {
        case 1: store<std::uint8_t>(values.data(), length, out, at); break;
        case 2: store<std::uint16_t>(values.data(), length, out, at); break;
        default: store<std::uint32_t>(values.data(), length, out, at); break;
      }
    }
  });
}

}  // namespace linenc::runtime
