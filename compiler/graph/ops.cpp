// The ops as functions. Those that would change nothing add no node.
#include "compiler/graph/ops.h"

#include <algorithm>
#include <cassert>
#include <cstring>

#include "compiler/diagnostics/concat.h"
#include "runtime/core/array.h"

namespace linenc::graph {
namespace {

Request request_of(DType dtype, Dims shape) { return {dtype, std::move(shape)}; }
Request request_of(Dims shape) { return {std::nullopt, std::move(shape)}; }

template <class T>
std::vector<std::byte> element(T value, DType from, DType to) {
  std::byte bytes[sizeof(T)];
  std::memcpy(bytes, &value, sizeof(T));
  std::vector<std::byte> converted(byte_size(to));
  convert_elements(from, bytes, to, converted.data(), 1);
  return converted;
}

Tensor one_element(Builder& b, std::vector<std::byte> bytes, DType dtype, const Dims& shape) {
  return b.add(OpKind::Constant, ConstantAttributes<Dim>{std::move(bytes), false, {}}, {}, request_of(dtype, shape));
}

void set_weak(const Tensor& tensor, bool weak) { tensor.graph->values[index(tensor.id)].fact.weak = weak; }

// Counted from the start; out of range it is a mistake of the user.
std::int64_t checked_axis(Builder& b, const Tensor& x, std::int64_t axis, std::int64_t count) {
  const std::int64_t positive = axis < 0 ? axis + count : axis;
  if (positive >= 0 && positive < count) return positive;
  b.fail({Reason::Kind::Range, concat("has no axis ", axis, " in ", to_string(x.shape())), 0, -1, -1, -1, {}}, std::span(&x, 1));
}

std::vector<Tensor> with(Tensor first, std::span<const Tensor> others) {
  std::vector<Tensor> all = {first};
  all.insert(all.end(), others.begin(), others.end());
  return all;
}

Dims joined(Dims first, const Dims& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

}  // namespace

Tensor scalar(Builder& b, double value, DType dtype, bool weak) {
  const Tensor result = one_element(b, element(value, DType::Float64, dtype), dtype, {});
  set_weak(result, weak);
  return result;
}

Tensor integer_scalar(Builder& b, std::int64_t value, DType dtype, bool weak) {
  const Tensor result = one_element(b, element(value, DType::Int64, dtype), dtype, {});
  set_weak(result, weak);
  return result;
}

Tensor size_scalar(Builder& b, const Dim& size, DType dtype) {
  if (const auto number = size.constant()) return integer_scalar(b, *number, dtype);
  return b.add(OpKind::Constant, ConstantAttributes<Dim>{{}, true, size}, {}, request_of(dtype, {}));
}

Tensor full(Builder& b, double value, DType dtype, const Dims& shape) { return one_element(b, element(value, DType::Float64, dtype), dtype, shape); }

Tensor constant(Builder& b, std::vector<std::byte> bytes, DType dtype, const Dims& shape) { return one_element(b, std::move(bytes), dtype, shape); }

Tensor iota(Builder& b, DType dtype, const Dims& shape, std::int64_t axis) {
  return b.add(OpKind::Iota, AxisAttributes{axis}, {}, request_of(dtype, shape));
}

Tensor unary(Builder& b, ElementwiseKind kind, Tensor x) { return b.add(OpKind::Elementwise, ElementwiseAttributes{kind}, {x}); }

Tensor binary(Builder& b, ElementwiseKind kind, Tensor x, Tensor y) { return b.add(OpKind::Elementwise, ElementwiseAttributes{kind}, {x, y}); }

Tensor select(Builder& b, Tensor condition, Tensor x, Tensor y) {
  return b.add(OpKind::Elementwise, ElementwiseAttributes{ElementwiseKind::Select}, {condition, x, y});
}

Tensor mul_add(Builder& b, Tensor x, Tensor y, Tensor z) {
  return b.add(OpKind::Elementwise, ElementwiseAttributes{ElementwiseKind::MulAdd}, {x, y, z});
}

Tensor clamp(Builder& b, Tensor low, Tensor x, Tensor high) {
  return b.add(OpKind::Elementwise, ElementwiseAttributes{ElementwiseKind::Clamp}, {low, x, high});
}

Tensor convert(Builder& b, Tensor x, DType dtype) {
  if (x.dtype() == dtype) return with_weak(b, x, false);
  return b.add(OpKind::Convert, NoAttributes{}, {x}, Request{dtype, std::nullopt});
}

Tensor with_weak(Builder& b, Tensor x, bool weak) {
  if (x.fact().weak == weak) return x;
  const Tensor result = unary(b, ElementwiseKind::Copy, x);
  set_weak(result, weak);
  return result;
}

Tensor reshape(Builder& b, Tensor x, const Dims& shape) {
  if (x.shape() == shape) return x;
  return b.add(OpKind::Reshape, NoAttributes{}, {x}, request_of(shape));
}

Tensor broadcast_to(Builder& b, Tensor x, const Dims& shape) {
  if (x.shape() == shape) return x;
  return b.add(OpKind::Broadcast, NoAttributes{}, {x}, request_of(shape));
}

Tensor transpose(Builder& b, Tensor x, std::vector<std::int64_t> permutation) {
  if (permutation.size() == x.shape().size() && std::is_sorted(permutation.begin(), permutation.end()) &&
      std::adjacent_find(permutation.begin(), permutation.end()) == permutation.end() &&
      (permutation.empty() || (permutation.front() == 0 && permutation.back() == x.rank() - 1))) {
    return x;
  }
  return b.add(OpKind::Transpose, TransposeAttributes{std::move(permutation)}, {x});
}

Tensor expand_dims(Builder& b, Tensor x, std::int64_t axis) {
  axis = checked_axis(b, x, axis, x.rank() + 1);
  Dims shape = x.shape();
  shape.insert(shape.begin() + axis, 1);
  return reshape(b, x, shape);
}

Tensor squeeze(Builder& b, Tensor x, std::int64_t axis) {
  axis = checked_axis(b, x, axis, x.rank());
  Dims shape = x.shape();
  shape.erase(shape.begin() + axis);
  return reshape(b, x, shape);
}

Tensor slice(Builder& b, Tensor x, Dims start, Dims size, std::vector<std::int64_t> stride) {
  const auto is_zero = [](const Dim& dim) { return dim == Dim(0); };
  const auto is_one = [](std::int64_t step) { return step == 1; };
  if (x.shape() == size && std::all_of(start.begin(), start.end(), is_zero) && std::all_of(stride.begin(), stride.end(), is_one)) return x;
  return b.add(OpKind::Slice, SliceAttributes<Dim>{std::move(start), std::move(stride)}, {x}, request_of(std::move(size)));
}

Tensor slice_axis(Builder& b, Tensor x, std::int64_t axis, const Dim& start, const Dim& size, std::int64_t stride) {
  const auto i = static_cast<std::size_t>(checked_axis(b, x, axis, x.rank()));
  Dims starts(x.shape().size()), sizes = x.shape();
  std::vector<std::int64_t> strides(sizes.size(), 1);
  starts[i] = start, sizes[i] = size, strides[i] = stride;
  return slice(b, x, std::move(starts), std::move(sizes), std::move(strides));
}

Tensor reverse(Builder& b, Tensor x, std::vector<std::int64_t> axes) {
  if (axes.empty()) return x;
  std::sort(axes.begin(), axes.end());
  return b.add(OpKind::Reverse, ReverseAttributes{std::move(axes)}, {x});
}

Tensor concatenate(Builder& b, std::span<const Tensor> parts, std::int64_t axis) {
  assert(!parts.empty());
  if (parts.size() == 1) return parts[0];
  return b.add(OpKind::Concatenate, AxisAttributes{axis}, parts);
}

Tensor pad(Builder& b, Tensor x, Tensor value, Dims low, Dims high, std::vector<std::int64_t> interior) {
  return b.add(OpKind::Pad, PadAttributes<Dim>{std::move(low), std::move(high), std::move(interior)}, {x, value});
}

Tensor gather(Builder& b, Tensor x, Tensor indices, std::int64_t axis, std::int64_t batch_dims, GatherMode mode) {
  return b.add(OpKind::Gather, GatherAttributes{axis, batch_dims, mode}, {x, indices});
}

Tensor scatter(Builder& b, Tensor x, Tensor indices, Tensor updates, ScatterAttributes attributes) {
  return b.add(OpKind::Scatter, attributes, {x, indices, updates});
}

Tensor dynamic_slice(Builder& b, Tensor x, std::span<const Tensor> starts, const Dims& sizes) {
  return b.add(OpKind::DynamicSlice, NoAttributes{}, with(x, starts), request_of(sizes));
}

Tensor dynamic_update_slice(Builder& b, Tensor x, Tensor update, std::span<const Tensor> starts) {
  return b.add(OpKind::DynamicUpdateSlice, NoAttributes{}, with(x, with(update, starts)));
}

Tensor reduce(Builder& b, ReduceKind kind, Tensor x, std::vector<std::int64_t> axes, bool keepdims) {
  std::sort(axes.begin(), axes.end());
  return b.add(OpKind::Reduce, ReduceAttributes{kind, std::move(axes), keepdims}, {x});
}

Tensor arg_reduce(Builder& b, bool maximum, Tensor x, std::int64_t axis, bool keepdims) {
  return b.add(OpKind::ArgReduce, ArgReduceAttributes{maximum, axis, keepdims}, {x});
}

Tensor cumulative(Builder& b, CumulativeKind kind, Tensor x, std::int64_t axis, bool reverse) {
  return b.add(OpKind::Cumulative, CumulativeAttributes{kind, axis, reverse}, {x});
}

std::vector<Tensor> sort(Builder& b, std::span<const Tensor> operands, std::int64_t axis, bool descending) {
  return b.add_many(OpKind::Sort, SortAttributes{axis, descending}, operands);
}

Tensor orthogonalize(Builder& b, Tensor x) { return b.add(OpKind::Orthogonalize, NoAttributes{}, {x}); }

Tensor dot_general(Builder& b, Tensor x, Tensor y, DotAttributes attributes) {
  const bool is_bool = x.dtype() == DType::Bool && y.dtype() == DType::Bool;
  if (!is_bool) return b.add(OpKind::DotGeneral, std::move(attributes), {x, y});
  // Of truths the product is `and`, the sum `or`.
  const Tensor count = b.add(OpKind::DotGeneral, std::move(attributes), {convert(b, x, DType::Int32), convert(b, y, DType::Int32)});
  return binary(b, ElementwiseKind::NotEqual, count, scalar(b, 0, DType::Int32));
}

Tensor convolution(Builder& b, Tensor x, Tensor kernel, ConvolutionAttributes<Dim> attributes) {
  if (x.rank() == 2 && kernel.rank() == 2) {  // without spatial axes: over one of size 1
    for (auto* numbers : {&attributes.strides, &attributes.input_dilation, &attributes.kernel_dilation}) numbers->assign(1, 1);
    attributes.low.assign(1, Dim(0));
    attributes.high.assign(1, Dim(0));
    const Tensor y =
        convolution(b, reshape(b, x, {x.dim(0), 1, x.dim(1)}), reshape(b, kernel, {1, kernel.dim(0), kernel.dim(1)}), std::move(attributes));
    return reshape(b, y, {y.dim(0), y.dim(2)});
  }
  return b.add(OpKind::Convolution, std::move(attributes), {x, kernel});
}

Tensor reduce_window(Builder& b, Tensor x, WindowAttributes<Dim> attributes) { return b.add(OpKind::ReduceWindow, std::move(attributes), {x}); }

Tensor key_derive(Builder& b, Tensor key, std::uint32_t word) { return b.add(OpKind::KeyDerive, KeyDeriveAttributes{word}, {key}); }

Tensor key_fold(Builder& b, Tensor key, Tensor data) { return b.add(OpKind::KeyFold, NoAttributes{}, {key, data}); }

Tensor key_split(Builder& b, Tensor key, const Dims& shape) {
  return b.add(OpKind::KeySplit, NoAttributes{}, {key}, request_of(joined(key.shape(), shape)));
}

Tensor draw(Builder& b, Tensor key, DrawAttributes attributes, DType dtype, const Dims& shape) {
  return b.add(OpKind::Draw, attributes, {key}, request_of(dtype, joined(key.shape(), shape)));
}

}  // namespace linenc::graph
