// Arrays that are not read but made: the same numbers as JAX's for the same seed.
// Tested by tests/compiler/driver/options_test.cpp.
#include "compiler/driver/made_up_data.h"

#include <cstring>

#include "compiler/driver/options.h"
#include "runtime/random/draw.h"
#include "runtime/random/threefry.h"

namespace linenc::driver {
namespace {

using Kind = MadeUp::Kind;

Array filled(DType dtype, const Shape& shape, std::int32_t value) {
  Array ones(DType::Int32, shape);
  for (std::int64_t i = 0; i < ones.size(); ++i) ones.as<std::int32_t>()[i] = value;
  return converted(ones, dtype);
}

Array drawn(DrawKind kind, std::int64_t seed, DType dtype, const Shape& shape, runtime::Threads& threads) {
  Array array(dtype, shape);
  DrawAttributes attributes;
  attributes.kind = kind;
  runtime::draw(attributes, runtime::key_of_seed(seed), dtype, 0, array.size(), array.data(), threads);
  return array;
}

// One key is the seed's; several are split off it.
Array keys(std::int64_t seed, const Shape& shape) {
  Array array(DType::Key, shape);
  const runtime::KeyWords base = runtime::key_of_seed(seed);
  for (std::int64_t i = 0; i < array.size(); ++i) {
    const runtime::KeyWords key = shape.empty() ? base : runtime::split_at(base, static_cast<std::uint64_t>(i));
    std::memcpy(array.data() + 8 * i, key.data(), 8);
  }
  return array;
}

}  // namespace

std::optional<MadeUp> made_up(std::string_view text) {
  if (text == "zeros") return MadeUp{Kind::Zeros, 0};
  if (text == "ones") return MadeUp{Kind::Ones, 0};
  const std::size_t mark = text.find(':');
  const std::string_view word = text.substr(0, mark);
  const std::optional<std::int64_t> seed = mark == std::string_view::npos ? std::optional<std::int64_t>(0) : integer_of(text.substr(mark + 1));
  if (!seed) return std::nullopt;
  if (word == "normal") return MadeUp{Kind::Normal, *seed};
  if (word == "uniform") return MadeUp{Kind::Uniform, *seed};
  if (word == "key" && mark != std::string_view::npos) return MadeUp{Kind::Key, *seed};
  return std::nullopt;
}

std::optional<Array> make_up(const MadeUp& what, DType dtype, const Shape& shape, runtime::Threads& threads) {
  const bool draws = dtype == DType::Float32 || dtype == DType::Float16 || dtype == DType::BFloat16;
  if ((what.kind == Kind::Key) != (dtype == DType::Key)) return std::nullopt;
  switch (what.kind) {
    case Kind::Zeros: return filled(dtype, shape, 0);
    case Kind::Ones: return filled(dtype, shape, 1);
    case Kind::Normal: return draws ? std::optional(drawn(DrawKind::Normal, what.seed, dtype, shape, threads)) : std::nullopt;
    case Kind::Uniform: return draws ? std::optional(drawn(DrawKind::Uniform, what.seed, dtype, shape, threads)) : std::nullopt;
    case Kind::Key: return keys(what.seed, shape);
  }
  return std::nullopt;
}

}  // namespace linenc::driver
