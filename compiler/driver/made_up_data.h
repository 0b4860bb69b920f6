#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/core/array.h"
#include "runtime/core/threads.h"

namespace linenc::driver {

// Data made up for trying a model out: `zeros`, `ones`, `normal:7`, `uniform:7`, and the random keys `key:7`.
struct MadeUp {
  enum class Kind : std::uint8_t { Zeros, Ones, Normal, Uniform, Key } kind = Kind::Zeros;
  std::int64_t seed = 0;
};

// None where the text is no such word. `normal` without a seed has seed 0.
[[nodiscard]] std::optional<MadeUp> made_up(std::string_view text);

// None where the dtype cannot hold such data (draws of integers, keys of anything else). Normal and uniform numbers are those of
// jax.random.normal(key(seed), shape, dtype); several keys are those of jax.random.split(key(seed), shape).
[[nodiscard]] std::optional<Array> make_up(const MadeUp& what, DType dtype, const Shape& shape, runtime::Threads& threads);

}  // namespace linenc::driver
