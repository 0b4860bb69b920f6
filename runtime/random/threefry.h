#pragma once

#include <array>
#include <cstdint>

namespace linenc::runtime {

// A random key: the two words of jax.random.key_data.
using KeyWords = std::array<std::uint32_t, 2>;

// The threefry2x32 block function with 20 rounds (linen-semantics A.2).
[[nodiscard]] KeyWords threefry2x32(KeyWords key, std::uint32_t c0, std::uint32_t c1);

// jax.random.key(seed) with 64-bit mode off: (0, seed mod 2^32).
[[nodiscard]] inline KeyWords key_of_seed(std::int64_t seed) { return {0u, static_cast<std::uint32_t>(seed)}; }
// jax.random.fold_in.
[[nodiscard]] inline KeyWords fold_in(KeyWords key, std::uint32_t data) { return threefry2x32(key, 0, data); }
// Element `index` (row-major) of jax.random.split(key, shape), partitionable scheme.
[[nodiscard]] inline KeyWords split_at(KeyWords key, std::uint64_t index) {
  return threefry2x32(key, static_cast<std::uint32_t>(index >> 32), static_cast<std::uint32_t>(index));
}

}  // namespace linenc::runtime
