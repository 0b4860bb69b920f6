#pragma once

// Arrays of doubles with loops over indices: what the reference kernels are written with. Slow on purpose.

#include <cmath>
#include <functional>
#include <limits>
#include <vector>

#include "runtime/core/array.h"
#include "runtime/core/half.h"

namespace linenc::reference {

using Index = std::vector<std::int64_t>;

struct Tensor {
  Shape shape;
  std::vector<double> values;
  // How large the terms were that a value was summed from: the error of a sum is measured against them. Else the value.
  std::vector<double> scale;

  Tensor() = default;
  explicit Tensor(Shape s, double value = 0) : shape(std::move(s)), values(static_cast<std::size_t>(element_count(shape)), value) {}
  [[nodiscard]] std::int64_t size() const { return static_cast<std::int64_t>(values.size()); }
  [[nodiscard]] std::size_t place(const Index& index) const {
    std::int64_t at = 0;
    for (std::size_t axis = 0; axis < shape.size(); ++axis) at = at * shape[axis] + index[axis];
    return static_cast<std::size_t>(at);
  }
  double& operator[](const Index& index) { return values[place(index)]; }
  const double& operator[](const Index& index) const { return values[place(index)]; }
  // Of an array that is broadcast to the shape of `index`, right-aligned.
  [[nodiscard]] double broadcast_at(const Index& index) const {
    Index own(shape.size());
    for (std::size_t i = 1; i <= shape.size(); ++i) {
      const std::size_t axis = shape.size() - i;
      own[axis] = shape[axis] == 1 ? 0 : index[index.size() - i];
    }
    return (*this)[own];
  }
};

// Calls body(index) for every index of the shape, in row-major order.
inline void for_each(const Shape& shape, const std::function<void(const Index&)>& body) {
  if (element_count(shape) == 0) return;
  Index index(shape.size(), 0);
  while (true) {
    body(index);
    std::size_t axis = shape.size();
    while (axis > 0 && ++index[axis - 1] == shape[axis - 1]) index[--axis] = 0;
    if (axis == 0) return;
  }
}

inline double element(const Array& array, std::int64_t i) {
  switch (array.dtype()) {
    case DType::Bool: return array.as<std::uint8_t>()[i] != 0;
    case DType::Int8: return array.as<std::int8_t>()[i];
    case DType::Int16: return array.as<std::int16_t>()[i];
    case DType::Int32: return array.as<std::int32_t>()[i];
    case DType::UInt8: return array.as<std::uint8_t>()[i];
    case DType::UInt16: return array.as<std::uint16_t>()[i];
    case DType::UInt32: return array.as<std::uint32_t>()[i];
    case DType::BFloat16: return bfloat16_to_float(array.as<std::uint16_t>()[i]);
    case DType::Float16: return float16_to_float(array.as<std::uint16_t>()[i]);
    case DType::Float32: return array.as<float>()[i];
    default: return std::numeric_limits<double>::quiet_NaN();
  }
}

inline Tensor tensor(const Array& array) {
  Tensor t(array.shape());
  for (std::int64_t i = 0; i < t.size(); ++i) t.values[static_cast<std::size_t>(i)] = element(array, i);
  return t;
}

}  // namespace linenc::reference
