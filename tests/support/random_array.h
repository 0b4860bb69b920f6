#pragma once

// Arrays of random elements, the same for the same seed on every machine.

#include <random>

#include "runtime/core/array.h"

namespace linenc::test {

// Uniform numbers in [low, high), rounded to the dtype; bool: either; key: any words.
inline Array random_array(DType dtype, const Shape& shape, std::uint64_t seed, double low = -2, double high = 2) {
  std::mt19937_64 generator(seed);
  Array array(dtype, shape);
  const std::int64_t count = array.size();
  if (dtype == DType::Bool) {
    for (std::int64_t i = 0; i < count; ++i) array.data()[i] = static_cast<std::byte>(generator() & 1u);
    return array;
  }
  if (dtype == DType::Key) {
    for (std::int64_t i = 0; i < 2 * count; ++i) array.as<std::uint32_t>()[i] = static_cast<std::uint32_t>(generator());
    return array;
  }
  Array numbers(DType::Float32, shape);
  for (std::int64_t i = 0; i < count; ++i) {
    const double unit = static_cast<double>(generator() >> 11) * 0x1p-53;
    numbers.as<float>()[i] = static_cast<float>(low + unit * (high - low));
  }
  return dtype == DType::Float32 ? numbers : converted(numbers, dtype);
}

template <class T>
Array array_of(DType dtype, const Shape& shape, const std::vector<T>& values) {
  Array array(dtype, shape);
  for (std::size_t i = 0; i < values.size(); ++i) array.as<T>()[i] = values[i];
  return array;
}
inline Array floats(const Shape& shape, const std::vector<float>& values) { return array_of<float>(DType::Float32, shape, values); }
inline Array ints(const Shape& shape, const std::vector<std::int32_t>& values) { return array_of<std::int32_t>(DType::Int32, shape, values); }

}  // namespace linenc::test
