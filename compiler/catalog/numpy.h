#pragma once

#include <optional>
#include <span>
#include <vector>

#include "compiler/catalog/value.h"
#include "compiler/graph/ops.h"

namespace linenc::catalog {

class Context;

// jax.numpy's meaning on top of the ops: conversion of Python values, weak types, the promotion lattice, broadcasting.

// jnp.result_type of two element types (64-bit mode off). Weak types: a weak operand does not widen one of the same kind or a higher kind.
struct WeakDType {
  DType dtype;
  bool weak = false;
};
[[nodiscard]] WeakDType promote(WeakDType a, WeakDType b);
[[nodiscard]] WeakDType result_type(std::span<const Tensor> tensors);
// jnp.promote_types with inexact results: integers and bool become float32 (weak stays weak).
[[nodiscard]] DType to_inexact(DType dtype);

// jnp.asarray: numbers (weak int32, float32, bool), nested lists of them (strong), tensors as they are. E0206 for other values.
[[nodiscard]] Tensor to_tensor(Context& context, const Value& value, Span place = {});
[[nodiscard]] Tensor to_tensor(Context& context, const Value& value, DType dtype, Span place = {});
// The numbers in a tree of values as arrays; texts and functions as they are (what a variable may hold).
[[nodiscard]] Value map_arrays(Context& context, const Value& value, Span place = {});
// x.astype(dtype)
[[nodiscard]] Tensor astype(Context& context, Tensor x, DType dtype);
// The same in another type; a weak one stays weak.
[[nodiscard]] Tensor retyped(Context& context, Tensor x, DType dtype);
// All brought to their common type.
void promote_all(Context& context, std::span<Tensor> tensors);
// Flax's promote_dtype (C.5): all to `dtype`, or to their common inexact type where it is none.
void promote_dtype(Context& context, std::span<Tensor> tensors, std::optional<DType> dtype);
// Flax's canonicalize_dtype.
[[nodiscard]] DType canonicalize_dtype(Context& context, std::span<const Tensor> tensors, std::optional<DType> dtype);

// Two-operand functions with promotion: Add Subtract Multiply Maximum Minimum And Or Xor Equal ... (comparisons give bool).
[[nodiscard]] Tensor binary(Context& context, ElementwiseKind kind, Tensor x, Tensor y);
[[nodiscard]] Tensor divide(Context& context, Tensor x, Tensor y);        // true division: integers become float32
[[nodiscard]] Tensor floor_divide(Context& context, Tensor x, Tensor y);  // jnp.floor_divide
[[nodiscard]] Tensor remainder(Context& context, Tensor x, Tensor y);     // jnp.remainder: sign of the divisor
[[nodiscard]] Tensor power(Context& context, Tensor x, Tensor y);         // jnp.power; integer powers by multiplication as JAX does
[[nodiscard]] Tensor matmul(Context& context, Tensor x, Tensor y);
[[nodiscard]] Tensor where(Context& context, Tensor condition, Tensor x, Tensor y);
// One-operand functions that promote integers to float32 first (exp, sqrt, tanh, ...).
[[nodiscard]] Tensor inexact_unary(Context& context, ElementwiseKind kind, Tensor x);

// jnp.sum, mean, max, …: bool and small integers are widened as JAX does (A.14); float16 and bfloat16 accumulate in float32.
[[nodiscard]] Tensor sum(Context& context, Tensor x, std::vector<std::int64_t> axes, bool keepdims = false);
[[nodiscard]] Tensor mean(Context& context, Tensor x, std::vector<std::int64_t> axes, bool keepdims = false);
[[nodiscard]] Tensor variance(Context& context, Tensor x, std::vector<std::int64_t> axes, bool keepdims = false, const Dim& ddof = 0);

// A number of the dtype of `like` (weak), so that the other operand keeps its type.
[[nodiscard]] Tensor number(Context& context, double value, DType dtype);
// An axis brought to 0 <= axis < rank; E0203 at the current site where it is out of range.
[[nodiscard]] std::int64_t normalize_axis(Context& context, std::int64_t axis, std::int64_t rank);

}  // namespace linenc::catalog
