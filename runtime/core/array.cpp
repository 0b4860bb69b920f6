// Storage of arrays and the conversion of their elements.
#include "runtime/core/array.h"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <limits>
#include <new>
#include <type_traits>
#include <utility>

#include "runtime/core/half.h"

namespace linenc {
namespace {

std::shared_ptr<void> aligned_storage(std::size_t bytes) {
  // Even an empty array has an address.
  void* memory = ::operator new (std::max<std::size_t>(bytes, 1), std::align_val_t{kAlignment});
  return {memory, [](void* p) { ::operator delete (p, std::align_val_t{kAlignment}); }};
}

// How each element type is held in memory, and as what it takes part in a conversion.
struct BFloat16Element {
  using Stored = std::uint16_t;
  static float load(Stored bits) { return bfloat16_to_float(bits); }
  static Stored store(float value) { return float_to_bfloat16(value); }
};
struct Float16Element {
  using Stored = std::uint16_t;
  static float load(Stored bits) { return half_bits::to_float(bits); }
  static Stored store(float value) { return half_bits::from_float(value); }
};
template <class T>
struct PlainElement {
  using Stored = T;
  static T load(T value) { return value; }
  static T store(T value) { return value; }
};
struct BoolElement {
  using Stored = std::uint8_t;
  // Bytes of foreign files may hold other values than 0 and 1.
  static bool load(Stored value) { return value != 0; }
  static Stored store(bool value) { return value ? 1 : 0; }
};
struct Complex {
  float real, imaginary;
};
struct ComplexElement {
  using Stored = Complex;
  static Complex load(Complex value) { return value; }
  static Complex store(Complex value) { return value; }
};

// NaN becomes 0, what lies outside becomes the nearest bound, the rest is cut towards zero.
template <class To, class From>
To saturated(From value) {
  constexpr To kLowest = std::numeric_limits<To>::min();
  constexpr To kHighest = std::numeric_limits<To>::max();
  // The power of two above the largest integer: exact in every float type, unlike the integer itself.
  constexpr From kEnd = static_cast<From>(static_cast<std::uint64_t>(kHighest) / 2 + 1) * From{2};
  constexpr From kBegin = static_cast<From>(kLowest);
  const bool inside = value > kBegin && value < kEnd;
  const To cut = static_cast<To>(inside ? value : From{0});
  const To bound = value >= kEnd ? kHighest : (value <= kBegin ? kLowest : To{0});
  return inside ? cut : bound;
}

template <class Value>
bool is_nonzero(Value value) {
  if constexpr (std::is_same_v<Value, Complex>) {
    return value.real != 0 || value.imaginary != 0;
  } else {
    return value != 0;
  }
}

// One value from the type it was loaded as to the type it will be stored from.
template <class To, class From>
To value_as(From value) {
  if constexpr (std::is_same_v<To, From>) {
    return value;
  } else if constexpr (std::is_same_v<To, bool>) {
    return is_nonzero(value);
  } else if constexpr (std::is_same_v<From, Complex>) {
    return value_as<To>(value.real);
  } else if constexpr (std::is_same_v<To, Complex>) {
    return Complex{value_as<float>(value), 0.0f};
  } else if constexpr (std::is_floating_point_v<From> && std::is_integral_v<To>) {
    return saturated<To>(value);
  } else {
    return static_cast<To>(value);
  }
}

template <class From, class To>
void convert_loop(const std::byte* from, std::byte* to, std::int64_t count) {
  using FromStored = typename From::Stored;
  using ToStored = typename To::Stored;
  using ToValue = decltype(To::load(std::declval<ToStored>()));
  for (std::int64_t i = 0; i < count; ++i) {
    FromStored in;
    std::memcpy(&in, from + static_cast<std::size_t>(i) * sizeof in, sizeof in);
    const ToStored out = To::store(value_as<ToValue>(From::load(in)));
    std::memcpy(to + static_cast<std::size_t>(i) * sizeof out, &out, sizeof out);
  }
}

// Calls action with the element type of a dtype.
template <class Action>
void with_element(DType dtype, const Action& action) {
  switch (dtype) {
    case DType::Bool: return action(BoolElement{});
    case DType::Int8: return action(PlainElement<std::int8_t>{});
    case DType::Int16: return action(PlainElement<std::int16_t>{});
    case DType::Int32: return action(PlainElement<std::int32_t>{});
    case DType::Int64: return action(PlainElement<std::int64_t>{});
    case DType::UInt8: return action(PlainElement<std::uint8_t>{});
    case DType::UInt16: return action(PlainElement<std::uint16_t>{});
    case DType::UInt32: return action(PlainElement<std::uint32_t>{});
    case DType::UInt64: return action(PlainElement<std::uint64_t>{});
    case DType::BFloat16: return action(BFloat16Element{});
    case DType::Float16: return action(Float16Element{});
    case DType::Float32: return action(PlainElement<float>{});
    case DType::Float64: return action(PlainElement<double>{});
    case DType::Complex64: return action(ComplexElement{});
    case DType::Key: break;
  }
  assert(false && "keys are not converted");
}

}  // namespace

Array::Array(DType dtype, Shape shape) : dtype_(dtype), shape_(std::move(shape)) {
  storage_ = aligned_storage(bytes());
  data_ = static_cast<const std::byte*>(storage_.get());
}

Array::Array(DType dtype, Shape shape, const std::byte* bytes, std::shared_ptr<const void> owner)
    : dtype_(dtype), shape_(std::move(shape)), owner_(std::move(owner)), data_(bytes) {}

Array::Array(const Array& other) : dtype_(other.dtype_), shape_(other.shape_) {
  storage_ = aligned_storage(other.bytes());
  data_ = static_cast<const std::byte*>(storage_.get());
  if (other.bytes() > 0) std::memcpy(storage_.get(), other.data_, other.bytes());
}

Array& Array::operator=(const Array& other) {
  if (this != &other) *this = Array(other);
  return *this;
}

std::byte* Array::data() {
  assert((storage_ || size() == 0) && "a view of foreign bytes is never written");
  return static_cast<std::byte*>(storage_.get());
}

bool Array::same_bits(const Array& other) const {
  if (dtype_ != other.dtype_ || shape_ != other.shape_) return false;
  return bytes() == 0 || std::memcmp(data_, other.data_, bytes()) == 0;
}

std::string to_string(const Array& array) { return std::string(name(array.dtype())) + to_string(array.shape()); }

void convert_elements(DType from_dtype, const std::byte* from, DType to_dtype, std::byte* to, std::int64_t count) {
  if (count <= 0) return;
  // A bool is normalised to 0 or 1 even when it stays one.
  if (from_dtype == to_dtype && from_dtype != DType::Bool) {
    std::memmove(to, from, static_cast<std::size_t>(count) * byte_size(from_dtype));
    return;
  }
  with_element(from_dtype, [&](auto from_element) {
    with_element(to_dtype, [&](auto to_element) { convert_loop<decltype(from_element), decltype(to_element)>(from, to, count); });
  });
}

Array converted(const Array& array, DType dtype) {
  Array result(dtype, array.shape());
  convert_elements(array.dtype(), array.data(), dtype, result.data(), array.size());
  return result;
}

}  // namespace linenc
