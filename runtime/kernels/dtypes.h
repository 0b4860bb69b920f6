#pragma once

#include <cstdint>
#include <limits>

#include "runtime/core/dtype.h"
#include "runtime/core/half.h"

namespace linenc::runtime {

// Element types as C++ types, for code that is the same for all of them. `Wide` is what is computed with.
struct BoolElement {
  using Stored = std::uint8_t;
  using Wide = std::uint8_t;
  static Wide wide(Stored v) { return v; }
  static Stored stored(Wide v) { return v; }
};
template <class T>
struct PlainElement {
  using Stored = T;
  using Wide = T;
  static Wide wide(Stored v) { return v; }
  static Stored stored(Wide v) { return v; }
};
struct BFloat16Element {
  using Stored = std::uint16_t;
  using Wide = float;
  static Wide wide(Stored v) { return bfloat16_to_float(v); }
  static Stored stored(Wide v) { return float_to_bfloat16(v); }
};
struct Float16Element {
  using Stored = std::uint16_t;
  using Wide = float;
  static Wide wide(Stored v) { return float16_to_float(v); }
  static Stored stored(Wide v) { return float_to_float16(v); }
};

// Calls function.template operator()<Element>(). Types that no plan holds count as bool; verify() has refused them.
template <class Function>
void with_element(DType dtype, const Function& function) {
  switch (dtype) {
    case DType::Int8: return function.template operator()<PlainElement<std::int8_t>>();
    case DType::Int16: return function.template operator()<PlainElement<std::int16_t>>();
    case DType::Int32: return function.template operator()<PlainElement<std::int32_t>>();
    case DType::UInt8: return function.template operator()<PlainElement<std::uint8_t>>();
    case DType::UInt16: return function.template operator()<PlainElement<std::uint16_t>>();
    case DType::UInt32: return function.template operator()<PlainElement<std::uint32_t>>();
    case DType::BFloat16: return function.template operator()<BFloat16Element>();
    case DType::Float16: return function.template operator()<Float16Element>();
    case DType::Float32: return function.template operator()<PlainElement<float>>();
    case DType::Bool:
    case DType::Key:
    case DType::Int64:
    case DType::UInt64:
    case DType::Float64:
    case DType::Complex64: return function.template operator()<BoolElement>();
  }
}

[[nodiscard]] inline bool is_half(DType dtype) { return dtype == DType::BFloat16 || dtype == DType::Float16; }

// Sums and products that wrap around, for integers of any width; floats as they are.
template <class T>
[[nodiscard]] constexpr T wrapping_add(T a, T b) {
  if constexpr (std::numeric_limits<T>::is_integer) {
    return static_cast<T>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
  } else {
    return a + b;
  }
}
template <class T>
[[nodiscard]] constexpr T wrapping_multiply(T a, T b) {
  if constexpr (std::numeric_limits<T>::is_integer) {
    return static_cast<T>(static_cast<std::uint64_t>(a) * static_cast<std::uint64_t>(b));
  } else {
    return a * b;
  }
}
// NaN wins.
template <class T>
[[nodiscard]] constexpr T larger_of(T a, T b) {
  return a != a || a > b ? a : b;
}
template <class T>
[[nodiscard]] constexpr T smaller_of(T a, T b) {
  return a != a || a < b ? a : b;
}

}  // namespace linenc::runtime
