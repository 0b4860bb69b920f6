// Arrays that are known while compiling. Tested by tests/compiler/catalog/static_array_test.cpp.
#include "compiler/catalog/static_array.h"

#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>

#include "compiler/catalog/context.h"
#include "compiler/catalog/python_text.h"
#include "compiler/catalog/static_numpy.h"
#include "compiler/diagnostics/concat.h"
#include "runtime/core/half.h"

// The switches below pick a few of many dtypes; `default` is the rest.
#pragma GCC diagnostic ignored "-Wswitch-enum"

namespace linenc::catalog {
namespace {

constexpr std::int64_t kMostElements = std::int64_t{1} << 26;
constexpr std::int64_t kElementsOfAStep = 16;

// A float between two halves keeps on which side of them the double lies, so that rounding twice is rounding once.
float to_odd(double value) {
  const auto nearest = static_cast<float>(value);
  if (static_cast<double>(nearest) == value || !std::isfinite(nearest)) return nearest;
  auto bits = std::bit_cast<std::uint32_t>(nearest);
  if (std::fabs(static_cast<double>(nearest)) > std::fabs(value)) --bits;
  return std::bit_cast<float>(bits | 1u);
}

std::int64_t towards_zero(double value) {
  if (!(std::fabs(value) < 0x1p63)) return std::numeric_limits<std::int64_t>::min();
  return static_cast<std::int64_t>(value);
}

template <class T>
void append(std::vector<std::byte>& out, T value) {
  const auto at = out.size();
  out.resize(at + sizeof value);
  std::memcpy(out.data() + at, &value, sizeof value);
}

// The arrays that a nested list holds, and how it is nested.
struct Nested {
  Sizes shape;
  std::vector<ArrayPtr> leaves;
};

void look_into(Context& context, const Value& value, std::size_t depth, Nested& found, Span place) {
  const List* list = value.list();
  if (!list) {
    found.leaves.push_back(to_static_array(context, value, place));
    const Sizes& inner = found.leaves.back()->shape;
    if (found.leaves.size() == 1) found.shape.insert(found.shape.end(), inner.begin(), inner.end());
    if (found.shape.size() != depth + inner.size() ||
        !std::equal(inner.begin(), inner.end(), found.shape.begin() + static_cast<std::ptrdiff_t>(depth))) {
      context.fail(Code::ShapeMismatch, place, "the rows of this list differ in shape");
    }
    return;
  }
  const auto size = static_cast<std::int64_t>(list->size());
  if (found.shape.size() == depth && found.leaves.empty()) found.shape.push_back(size);
  if (found.shape.size() <= depth || found.shape[depth] != size) context.fail(Code::ShapeMismatch, place, "the rows of this list differ in length");
  for (const Value& item : *list) look_into(context, item, depth + 1, found, place);
}

ArrayPtr number(DType dtype, double real, std::int64_t whole) {
  StaticArray array(dtype, {});
  if (array.is_real())
    array.reals[0] = real;
  else
    array.integers[0] = whole;
  return std::make_shared<const StaticArray>(std::move(array));
}

ArrayPtr nested_list(Context& context, const Value& value, Span place) {
  Nested found;
  look_into(context, value, 0, found, place);
  DType dtype = found.leaves.empty() ? DType::Float64 : found.leaves[0]->dtype;
  for (const ArrayPtr& leaf : found.leaves) dtype = numpy_promote(dtype, leaf->dtype);
  charge(context, count_of(found.shape));
  StaticArray out(dtype, found.shape);
  std::size_t at = 0;
  for (const ArrayPtr& leaf : found.leaves) {
    const StaticArray element = cast(*leaf, dtype);
    if (out.is_real())
      std::copy(element.reals.begin(), element.reals.end(), out.reals.begin() + static_cast<std::ptrdiff_t>(at));
    else
      std::copy(element.integers.begin(), element.integers.end(), out.integers.begin() + static_cast<std::ptrdiff_t>(at));
    at += element.size();
  }
  return std::make_shared<const StaticArray>(std::move(out));
}

}  // namespace

StaticArray::StaticArray(DType type, Sizes sizes) : dtype(type), shape(std::move(sizes)) {
  const auto count = static_cast<std::size_t>(catalog::count_of(shape));
  if (is_float(dtype))
    reals.resize(count);
  else
    integers.resize(count);
}

std::int64_t count_of(const Sizes& shape) {
  std::int64_t count = 1;
  for (const std::int64_t size : shape) {
    if (__builtin_mul_overflow(count, size, &count)) return std::numeric_limits<std::int64_t>::max();
  }
  return count;
}

double rounded_to(DType dtype, double value) {
  switch (dtype) {
    case DType::Float32: return static_cast<double>(static_cast<float>(value));
    case DType::BFloat16: return static_cast<double>(bfloat16_to_float(float_to_bfloat16(static_cast<float>(value))));
    case DType::Float16: return static_cast<double>(float16_to_float(float_to_float16(to_odd(value))));
    default: return value;
  }
}

std::int64_t wrapped_to(DType dtype, std::int64_t value) {
  switch (dtype) {
    case DType::Bool: return value != 0 ? 1 : 0;
    case DType::Int8: return static_cast<std::int8_t>(value);
    case DType::Int16: return static_cast<std::int16_t>(value);
    case DType::Int32: return static_cast<std::int32_t>(value);
    case DType::UInt8: return static_cast<std::uint8_t>(value);
    case DType::UInt16: return static_cast<std::uint16_t>(value);
    case DType::UInt32: return static_cast<std::uint32_t>(value);
    default: return value;
  }
}

void round_elements(StaticArray& array) {
  if (array.dtype == DType::Float64 || array.dtype == DType::Int64) return;
  for (double& value : array.reals) value = rounded_to(array.dtype, value);
  for (std::int64_t& value : array.integers) value = wrapped_to(array.dtype, value);
}

void charge(Context& context, std::int64_t elements) {
  if (elements > kMostElements)
    context.fail(Code::LimitExceeded, concat("a static array has at most ", kMostElements, " elements, and this one has ", elements));
  context.step(1 + static_cast<std::uint64_t>(elements / kElementsOfAStep));
}

StaticArray cast(const StaticArray& array, DType dtype) {
  if (array.dtype == dtype) return array;
  StaticArray out(dtype, array.shape);
  for (std::size_t i = 0; i < array.size(); ++i) {
    if (out.is_real())
      out.reals[i] = rounded_to(dtype, array.real(i));
    else if (dtype == DType::Bool)
      out.integers[i] = array.real(i) != 0 ? 1 : 0;
    else
      out.integers[i] = wrapped_to(dtype, array.is_real() ? towards_zero(array.reals[i]) : array.integers[i]);
  }
  return out;
}

ArrayPtr with_shape(const ArrayPtr& array, Sizes shape) {
  StaticArray out = *array;
  out.shape = std::move(shape);
  return std::make_shared<const StaticArray>(std::move(out));
}

StaticArray picked(const StaticArray& array, const std::vector<std::size_t>& offsets, Sizes shape) {
  StaticArray out;
  out.dtype = array.dtype;
  out.shape = std::move(shape);
  if (array.is_real()) {
    out.reals.reserve(offsets.size());
    for (const std::size_t i : offsets) out.reals.push_back(array.reals[i]);
  } else {
    out.integers.reserve(offsets.size());
    for (const std::size_t i : offsets) out.integers.push_back(array.integers[i]);
  }
  return out;
}

ArrayPtr broadcast_to(Context& context, const ArrayPtr& array, const Sizes& shape) {
  if (array->shape == shape) return array;
  const std::size_t rank = shape.size(), own = array->rank();
  const auto refuse = [&] {
    context.fail(Code::ShapeMismatch,
                 concat("an array ", text_of(*array), " cannot be broadcast to ", graph::to_string(Dims(shape.begin(), shape.end()))));
  };
  if (own > rank) refuse();
  charge(context, count_of(shape));
  // How far each axis of the result moves in the array.
  std::vector<std::size_t> strides(rank, 0);
  std::size_t stride = 1;
  for (std::size_t back = 0; back < own; ++back) {
    const std::int64_t size = array->shape[own - 1 - back];
    if (size != shape[rank - 1 - back] && size != 1) refuse();
    if (size != 1) strides[rank - 1 - back] = stride;
    stride *= static_cast<std::size_t>(size);
  }
  const auto count = static_cast<std::size_t>(count_of(shape));
  std::vector<std::size_t> offsets(count);
  std::vector<std::int64_t> index(rank, 0);
  std::size_t offset = 0;
  for (std::size_t i = 0; i < count; ++i) {
    offsets[i] = offset;
    for (std::size_t axis = rank; axis-- > 0;) {
      offset += strides[axis];
      if (++index[axis] < shape[axis]) break;
      offset -= strides[axis] * static_cast<std::size_t>(shape[axis]);
      index[axis] = 0;
    }
  }
  return std::make_shared<const StaticArray>(picked(*array, offsets, shape));
}

Sizes broadcast_shapes(Context& context, const std::vector<Sizes>& shapes) {
  Sizes out;
  for (const Sizes& shape : shapes) {
    if (shape.size() > out.size()) out.insert(out.begin(), shape.size() - out.size(), 1);
    for (std::size_t back = 0; back < shape.size(); ++back) {
      std::int64_t& size = out[out.size() - 1 - back];
      const std::int64_t other = shape[shape.size() - 1 - back];
      if (size == 1)
        size = other;
      else if (other != 1 && other != size) {
        context.fail(Code::ShapeMismatch, concat("the sizes ", size, " and ", other, " of static arrays do not fit together"));
      }
    }
  }
  return out;
}

Value row(const StaticArray& array, std::int64_t i) {
  const Sizes inner(array.shape.begin() + 1, array.shape.end());
  const auto count = static_cast<std::ptrdiff_t>(count_of(inner));
  StaticArray out;
  out.dtype = array.dtype;
  out.shape = inner;
  if (array.is_real())
    out.reals.assign(array.reals.begin() + i * count, array.reals.begin() + (i + 1) * count);
  else
    out.integers.assign(array.integers.begin() + i * count, array.integers.begin() + (i + 1) * count);
  return std::make_shared<const StaticArray>(std::move(out));
}

List rows(const StaticArray& array) {
  List out;
  for (std::int64_t i = 0; i < array.shape[0]; ++i) out.push_back(row(array, i));
  return out;
}

std::optional<List> iterated(const Value& value) {
  if (const List* list = value.list()) return *list;
  if (const ArrayPtr array = value.array(); array && array->rank() > 0) return rows(*array);
  List out;
  if (const Map* map = value.map()) {
    for (const auto& [key, item] : *map) out.push_back(key);
  } else if (const std::string* text = value.text()) {
    for (const std::string_view character : characters(*text)) out.emplace_back(std::string(character));
  } else {
    return std::nullopt;
  }
  return out;
}

ArrayPtr to_static_array(Context& context, const Value& value, Span place) {
  if (ArrayPtr held = value.array()) return held;
  if (const bool* truth = value.boolean()) return number(DType::Bool, 0, *truth ? 1 : 0);
  if (const double* real = value.number()) return number(DType::Float64, *real, 0);
  if (const Dim* size = value.integer()) {
    if (size->is_constant()) return number(DType::Int64, 0, *size->constant());
    context.fail(Code::UnknownSize, place.exists() ? place : context.place(), concat("`np.` works with numbers, and `", *size, "` has no size yet"));
  }
  if (value.list()) return nested_list(context, value, place.exists() ? place : context.place());
  if (value.has_tensor()) {
    context.fail(Code::NotStatic, place.exists() ? place : context.place(),
                 concat("`np.` works while compiling, and this is ", kind(value), ": without the prefix, or with `jnp.`, a function takes tensors"));
  }
  context.fail(Code::WrongType, place.exists() ? place : context.place(), concat("an array or a number is wanted here, and this is ", kind(value)));
}

Value plain(const Value& value) {
  const ArrayPtr array = value.array();
  if (!array || array->rank() != 0) return value;
  if (array->is_real()) return array->reals[0];
  return array->dtype == DType::Bool ? Value(array->integers[0] != 0) : Value(array->integers[0]);
}

std::vector<std::byte> bytes_of(const StaticArray& array) {
  std::vector<std::byte> out;
  out.reserve(array.size() * byte_size(array.dtype));
  for (std::size_t i = 0; i < array.size(); ++i) {
    switch (array.dtype) {
      case DType::Float64: append(out, array.reals[i]); break;
      case DType::Float32: append(out, static_cast<float>(array.reals[i])); break;
      case DType::BFloat16: append(out, float_to_bfloat16(static_cast<float>(array.reals[i]))); break;
      case DType::Float16: append(out, float_to_float16(static_cast<float>(array.reals[i]))); break;
      default: {
        // The low bytes are the narrower number.
        const auto bits = static_cast<std::uint64_t>(array.integers[i]);
        const auto at = out.size(), width = byte_size(array.dtype);
        out.resize(at + width);
        std::memcpy(out.data() + at, &bits, width);
      }
    }
  }
  return out;
}

std::string text_of(const StaticArray& array) { return concat(array.dtype, graph::to_string(Dims(array.shape.begin(), array.shape.end()))); }

}  // namespace linenc::catalog
