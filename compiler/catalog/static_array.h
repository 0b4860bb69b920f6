#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "compiler/catalog/value.h"

namespace linenc::catalog {

class Context;

using Sizes = std::vector<std::int64_t>;

// An array of NumPy that is known while compiling, row-major. A scalar of NumPy is one of rank 0. Floats are held as doubles that
// are rounded to the dtype, all other elements as whole numbers that fit into it.
struct StaticArray {
  DType dtype = DType::Float64;
  Sizes shape;
  std::vector<double> reals;           // of float dtypes
  std::vector<std::int64_t> integers;  // of the others

  StaticArray() = default;
  // Zeros.
  StaticArray(DType type, Sizes sizes);
  [[nodiscard]] bool is_real() const { return is_float(dtype); }
  [[nodiscard]] std::size_t size() const { return is_real() ? reals.size() : integers.size(); }
  [[nodiscard]] std::size_t rank() const { return shape.size(); }
  [[nodiscard]] double real(std::size_t i) const { return is_real() ? reals[i] : static_cast<double>(integers[i]); }
};

[[nodiscard]] std::int64_t count_of(const Sizes& shape);
// The nearest number of the float dtype; the number that an integer dtype makes of it, which wraps.
[[nodiscard]] double rounded_to(DType dtype, double value);
[[nodiscard]] std::int64_t wrapped_to(DType dtype, std::int64_t value);
void round_elements(StaticArray& array);

// Counts the making of `elements` elements against the steps of evaluation; E0218 where they are too many.
void charge(Context& context, std::int64_t elements);

// Another dtype, as ndarray.astype: to integers towards zero, to bool whether it is not 0.
[[nodiscard]] StaticArray cast(const StaticArray& array, DType dtype);
// The same elements under another shape with as many.
[[nodiscard]] ArrayPtr with_shape(const ArrayPtr& array, Sizes shape);
// The elements array[offsets[i]], under the shape.
[[nodiscard]] StaticArray picked(const StaticArray& array, const std::vector<std::size_t>& offsets, Sizes shape);
// E0203 where it cannot be broadcast.
[[nodiscard]] ArrayPtr broadcast_to(Context& context, const ArrayPtr& array, const Sizes& shape);
[[nodiscard]] Sizes broadcast_shapes(Context& context, const std::vector<Sizes>& shapes);
// Row `i` along the first axis.
[[nodiscard]] Value row(const StaticArray& array, std::int64_t i);
[[nodiscard]] List rows(const StaticArray& array);
// What a loop of Python goes through: a list, the keys of a map, the characters of a text, the rows of a static array; none of
// anything else.
[[nodiscard]] std::optional<List> iterated(const Value& value);

// np.asarray: numbers, static arrays and nested lists of them. Tensors and sizes without a number are refused.
[[nodiscard]] ArrayPtr to_static_array(Context& context, const Value& value, Span place = {});
// What a scalar of NumPy holds, as Python's number; every other value as it is.
[[nodiscard]] Value plain(const Value& value);
// The elements in the memory of the dtype, little-endian.
[[nodiscard]] std::vector<std::byte> bytes_of(const StaticArray& array);
// "float64[3, 2]"
[[nodiscard]] std::string text_of(const StaticArray& array);

}  // namespace linenc::catalog
