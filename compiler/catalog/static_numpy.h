#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "compiler/catalog/static_array.h"

namespace linenc::catalog {

// NumPy 2's arithmetic on static arrays: its promotion, its whole numbers that wrap, its division by zero.

enum class NumpyOp : std::uint8_t {
  Add,
  Subtract,
  Multiply,
  Divide,
  FloorDivide,
  Remainder,
  Fmod,
  Power,
  FloatPower,
  Maximum,
  Minimum,
  Fmax,
  Fmin,
  BitAnd,
  BitOr,
  BitXor,
  LeftShift,
  RightShift,
  LogicalAnd,
  LogicalOr,
  LogicalXor,
  Equal,
  NotEqual,
  Less,
  LessEqual,
  Greater,
  GreaterEqual,
  Arctan2,
  Hypot,
  Copysign,
  LogAddExp,
  LogAddExp2,
  NextAfter,
  Heaviside,
  Gcd,
  Lcm,
};

// The dtype that holds both, as numpy.promote_types.
[[nodiscard]] DType numpy_promote(DType a, DType b);
// The dtype in which NumPy computes a real function of numbers of this one.
[[nodiscard]] DType numpy_inexact(DType dtype);
// An operand with whether it is a number of Python, which takes the dtype of the others.
struct NumpyOperand {
  ArrayPtr array;
  bool is_weak = false;
};
[[nodiscard]] NumpyOperand numpy_operand(Context& context, const Value& value, Span place = {});
[[nodiscard]] DType numpy_result_type(std::span<const NumpyOperand> operands);
// In the dtype; E0217 where a whole number of Python does not fit.
[[nodiscard]] ArrayPtr numpy_in(Context& context, const NumpyOperand& operand, DType dtype);
// The operands in one dtype and one shape.
[[nodiscard]] std::vector<ArrayPtr> numpy_align(Context& context, std::span<const NumpyOperand> operands, DType dtype);

[[nodiscard]] Value numpy_binary(Context& context, NumpyOp op, const Value& a, const Value& b, Span place = {});
[[nodiscard]] Value numpy_matmul(Context& context, const Value& a, const Value& b, Span place = {});
[[nodiscard]] Value numpy_negative(Context& context, const ArrayPtr& array);
[[nodiscard]] Value numpy_absolute(Context& context, const ArrayPtr& array);
[[nodiscard]] Value numpy_invert(Context& context, const ArrayPtr& array);
// Whether a static array is true: of one element alone.
[[nodiscard]] bool numpy_truth(Context& context, const StaticArray& array, Span place);
// Along permuted axes.
[[nodiscard]] ArrayPtr numpy_transpose(Context& context, const StaticArray& array, const std::vector<std::size_t>& permutation);

// array[index]: ints, slices, none, `...`, integer and bool arrays, alone or in a list. E0217 where it lies outside.
[[nodiscard]] Value numpy_index(Context& context, const ArrayPtr& array, const Value& index, Span place);
// A bool array as the integer arrays, one for each of its axes, that pick the same elements.
[[nodiscard]] std::vector<ArrayPtr> numpy_nonzero(const StaticArray& array);

}  // namespace linenc::catalog
