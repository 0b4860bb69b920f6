// The inner loops of random draws. Included by one source file per instruction set, which defines LINENC_ISA, the
// namespace that keeps them apart. Nothing from the standard library is called here: an inline function of it, compiled
// for a newer processor, could be linked in place of the copy that other files use.
#pragma once

#include <cstdint>

#include "runtime/random/exact.h"
#include "runtime/random/lanes.h"
#include "runtime/random/loops.h"

namespace linenc::runtime::LINENC_ISA {
namespace {

using F = Lanes::F;
using U = Lanes::U;
using E = Exact<Lanes>;

// Four rounds and the key injection after them (linen-semantics A.2).
template <int kR0, int kR1, int kR2, int kR3>
LINENC_INLINE void threefry_group(U& x0, U& x1, U inject0, U inject1) {
  x0 += x1, x1 = Lanes::rotate<kR0>(x1) ^ x0;
  x0 += x1, x1 = Lanes::rotate<kR1>(x1) ^ x0;
  x0 += x1, x1 = Lanes::rotate<kR2>(x1) ^ x0;
  x0 += x1, x1 = Lanes::rotate<kR3>(x1) ^ x0;
  x0 += inject0;
  x1 += inject1;
}

// o0 ^ o1 of kLanes blocks.
LINENC_INLINE U threefry_words(const U (&schedule)[3], U c0, U c1) {
  U x0 = c0 + schedule[0];
  U x1 = c1 + schedule[1];
  threefry_group<13, 15, 26, 6>(x0, x1, schedule[1], schedule[2] + 1u);
  threefry_group<17, 29, 16, 24>(x0, x1, schedule[2], schedule[0] + 2u);
  threefry_group<13, 15, 26, 6>(x0, x1, schedule[0], schedule[1] + 3u);
  threefry_group<17, 29, 16, 24>(x0, x1, schedule[1], schedule[2] + 4u);
  threefry_group<13, 15, 26, 6>(x0, x1, schedule[2], schedule[0] + 5u);
  return x0 ^ x1;
}

void bits(KeyWords key, std::uint64_t first, std::int64_t count, std::uint32_t* out) {
  const std::uint32_t* const words = reinterpret_cast<const std::uint32_t*>(&key);
  const U schedule[3] = {Lanes::splat(words[0]), Lanes::splat(words[1]), Lanes::splat(words[0] ^ words[1] ^ 0x1BD11BDAu)};
  U iota{};
  for (int i = 0; i < kLanes; ++i) iota[i] = static_cast<std::uint32_t>(i);
  for (std::int64_t i = 0; i < count; i += kLanes) {
    const std::uint64_t index = first + static_cast<std::uint64_t>(i);
    const U base = Lanes::splat(static_cast<std::uint32_t>(index));
    const U low = base + iota;
    // A true comparison is all ones: subtracting it carries into the upper word.
    const U high = Lanes::splat(static_cast<std::uint32_t>(index >> 32)) - (U)(low < base);
    const U drawn = threefry_words(schedule, high, low);
    if (count - i >= kLanes) {
      Lanes::store(out + i, drawn);
    } else {
      for (std::int64_t j = i; j < count; ++j) out[j] = drawn[j - i];
    }
  }
}

LINENC_INLINE F maximum(F a, F b) { return a > b ? a : b; }

// The float in [low, low + width) that the upper 23 bits of a word stand for.
LINENC_INLINE F affine(const SampleConstants& c, U word) {
  const F unit = Lanes::from_bits((word >> 9) | 0x3F800000u) - Lanes::value(0x3F800000u);
  const F low = Lanes::splat(c.low);
  return maximum(low, E::flushed(Lanes::fma(unit, Lanes::splat(c.width), low)));
}

struct Uniform {
  static LINENC_INLINE F sample(const SampleConstants&, F u) { return u; }
};
struct Normal {
  static LINENC_INLINE F sample(const SampleConstants& c, F u) { return E::erf_inv(u) * Lanes::splat(c.factor); }
};
struct TruncatedNormal {
  static LINENC_INLINE F sample(const SampleConstants& c, F u) {
    const F value = maximum(Normal::sample(c, u), Lanes::splat(c.lowest));
    const F highest = Lanes::splat(c.highest);
    return value < highest ? value : highest;
  }
};
struct Gumbel {
  static LINENC_INLINE F sample(const SampleConstants&, F u) { return -E::log(-E::log(u)); }
};
struct Exponential {
  static LINENC_INLINE F sample(const SampleConstants&, F u) { return -E::log1p(-u); }
};
struct Laplace {
  static LINENC_INLINE F sample(const SampleConstants&, F u) {
    // log1p(-|u|) is not positive; u is never 0.
    const U sign = Lanes::bits(u) & 0x80000000u;
    return Lanes::from_bits(Lanes::bits(E::log1p(-E::abs(u))) ^ sign);
  }
};
struct Logistic {
  static LINENC_INLINE F sample(const SampleConstants&, F u) { return E::log(u) - E::log1p(-u); }
};

template <class Sampler>
LINENC_INLINE F sample_lanes(const SampleConstants& constants, U words) {
  const F value = Sampler::sample(constants, affine(constants, words));
  return E::flushed(value * Lanes::splat(constants.scale));
}

template <class Sampler>
void sample(const SampleConstants& constants, const std::uint32_t* words, std::int64_t count, float* out) {
  std::int64_t i = 0;
  for (; count - i >= kLanes; i += kLanes) {
    Lanes::store(out + i, sample_lanes<Sampler>(constants, Lanes::load(words + i)));
  }
  if (i == count) return;
  U rest{};
  for (std::int64_t j = i; j < count; ++j) rest[j - i] = words[j];
  const F values = sample_lanes<Sampler>(constants, rest);
  for (std::int64_t j = i; j < count; ++j) out[j] = values[j - i];
}

}  // namespace

extern const Loops kLoops;
const Loops kLoops = {
#define LINENC_TEXT_OF(name) #name
#define LINENC_TEXT(name) LINENC_TEXT_OF(name)
    LINENC_TEXT(LINENC_ISA),
#undef LINENC_TEXT
#undef LINENC_TEXT_OF
    bits,
    sample<Uniform>,
    sample<Normal>,
    sample<TruncatedNormal>,
    sample<Gumbel>,
    sample<Exponential>,
    sample<Laplace>,
    sample<Logistic>,
};

}  // namespace linenc::runtime::LINENC_ISA
