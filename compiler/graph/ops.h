#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "compiler/graph/builder.h"

namespace linenc::graph {

// The ops as functions with lax's meaning: no promotion of dtypes (operands must agree), broadcasting only where an op has it.
// NumPy's meaning is in catalog/numpy.h.

// A scalar of the dtype (rounded to it), weak or not.
Tensor scalar(Builder& b, double value, DType dtype, bool weak = false);
Tensor integer_scalar(Builder& b, std::int64_t value, DType dtype, bool weak = false);
Tensor size_scalar(Builder& b, const Dim& size, DType dtype);  // a size as a number
Tensor full(Builder& b, double value, DType dtype, const Dims& shape);
Tensor constant(Builder& b, std::vector<std::byte> bytes, DType dtype, const Dims& shape);
Tensor iota(Builder& b, DType dtype, const Dims& shape, std::int64_t axis);

Tensor unary(Builder& b, ElementwiseKind kind, Tensor x);
Tensor binary(Builder& b, ElementwiseKind kind, Tensor x, Tensor y);
Tensor select(Builder& b, Tensor condition, Tensor x, Tensor y);
Tensor clamp(Builder& b, Tensor low, Tensor x, Tensor high);
// x * y + z, rounded once.
Tensor mul_add(Builder& b, Tensor x, Tensor y, Tensor z);
Tensor convert(Builder& b, Tensor x, DType dtype);  // no node where the dtype is the same
Tensor with_weak(Builder& b, Tensor x, bool weak);  // a Copy whose weak type is this

Tensor reshape(Builder& b, Tensor x, const Dims& shape);
Tensor broadcast_to(Builder& b, Tensor x, const Dims& shape);
Tensor transpose(Builder& b, Tensor x, std::vector<std::int64_t> permutation);
Tensor expand_dims(Builder& b, Tensor x, std::int64_t axis);  // inserts an axis of size 1 before `axis`
Tensor squeeze(Builder& b, Tensor x, std::int64_t axis);
Tensor slice(Builder& b, Tensor x, Dims start, Dims size, std::vector<std::int64_t> stride);
Tensor slice_axis(Builder& b, Tensor x, std::int64_t axis, const Dim& start, const Dim& size, std::int64_t stride = 1);
Tensor reverse(Builder& b, Tensor x, std::vector<std::int64_t> axes);
Tensor concatenate(Builder& b, std::span<const Tensor> parts, std::int64_t axis);
Tensor pad(Builder& b, Tensor x, Tensor value, Dims low, Dims high, std::vector<std::int64_t> interior);
Tensor gather(Builder& b, Tensor x, Tensor indices, std::int64_t axis, std::int64_t batch_dims, GatherMode mode);
Tensor scatter(Builder& b, Tensor x, Tensor indices, Tensor updates, ScatterAttributes attributes);
Tensor dynamic_slice(Builder& b, Tensor x, std::span<const Tensor> starts, const Dims& sizes);
Tensor dynamic_update_slice(Builder& b, Tensor x, Tensor update, std::span<const Tensor> starts);
Tensor reduce(Builder& b, ReduceKind kind, Tensor x, std::vector<std::int64_t> axes, bool keepdims = false);
Tensor arg_reduce(Builder& b, bool maximum, Tensor x, std::int64_t axis, bool keepdims = false);
Tensor cumulative(Builder& b, CumulativeKind kind, Tensor x, std::int64_t axis, bool reverse = false);
std::vector<Tensor> sort(Builder& b, std::span<const Tensor> operands, std::int64_t axis, bool descending = false);
Tensor orthogonalize(Builder& b, Tensor x);  // [..., n, m], n >= m, float32
Tensor dot_general(Builder& b, Tensor x, Tensor y, DotAttributes attributes);
Tensor convolution(Builder& b, Tensor x, Tensor kernel, ConvolutionAttributes<Dim> attributes);
Tensor reduce_window(Builder& b, Tensor x, WindowAttributes<Dim> attributes);

Tensor key_derive(Builder& b, Tensor key, std::uint32_t word);
Tensor key_fold(Builder& b, Tensor key, Tensor data);
Tensor key_split(Builder& b, Tensor key, const Dims& shape);                                     // the result is key.shape + shape
Tensor draw(Builder& b, Tensor key, DrawAttributes attributes, DType dtype, const Dims& shape);  // result key.shape + shape

}  // namespace linenc::graph
