// Rules of ops that work element by element or move elements.
#include <algorithm>
#include <numeric>

#include "compiler/vectorize/rules.h"

namespace linenc::vectorize::rules {

bool Op::any_batched(std::size_t first) const {
  return std::any_of(operands.begin() + static_cast<std::ptrdiff_t>(first), operands.end(), [](const Batched& operand) { return operand.batched; });
}

Tensor front(Builder& b, const Dim& size, const Batched& value) {
  return value.batched ? value.tensor : graph::broadcast_to(b, value.tensor, with_front(size, value.tensor.shape()));
}

Tensor Op::front(std::size_t i) const { return rules::front(b, size, operands[i]); }

std::vector<Tensor> Op::fronts() const {
  std::vector<Tensor> tensors;
  for (std::size_t i = 0; i < operands.size(); ++i) tensors.push_back(front(i));
  return tensors;
}

Tensor Op::aligned(std::size_t i, std::size_t rank) const { return batched(i) ? pad_rank(b, operands[i].tensor, rank) : operands[i].tensor; }

Request Op::request(std::size_t result) const { return {results[result].dtype, with_front(size, results[result].shape)}; }

Tensor Op::add(graph::GraphAttributes with, std::span<const Tensor> tensors) const { return b.add(kind, std::move(with), tensors, request()); }

Dims with_front(const Dim& size, const Dims& shape) {
  Dims longer = shape;
  longer.insert(longer.begin(), size);
  return longer;
}

Axes shifted(Axes axes) {
  for (std::int64_t& axis : axes) ++axis;
  return axes;
}

Tensor move_axis(Builder& b, Tensor x, std::int64_t from, std::int64_t to) {
  Axes permutation(static_cast<std::size_t>(x.rank()));
  std::iota(permutation.begin(), permutation.end(), std::int64_t{0});
  permutation.erase(permutation.begin() + from);
  permutation.insert(permutation.begin() + to, from);
  return graph::transpose(b, x, std::move(permutation));
}

Tensor pad_rank(Builder& b, Tensor x, std::size_t rank) {
  Dims shape = x.shape();
  while (shape.size() < rank + 1) shape.insert(shape.begin() + 1, 1);
  return graph::reshape(b, x, shape);
}

Tensor elementwise(const Op& op) {
  std::vector<Tensor> operands;
  for (std::size_t i = 0; i < op.operands.size(); ++i) operands.push_back(op.aligned(i, op.results[0].rank()));
  return op.add(op.attributes, operands);
}

Tensor broadcast(const Op& op) { return graph::broadcast_to(op.b, op.aligned(0, op.results[0].rank()), *op.request().shape); }

Tensor transpose(const Op& op) {
  return op.add(TransposeAttributes{with_front<std::int64_t>(0, shifted(op.get<TransposeAttributes>().permutation))}, {op.front(0)});
}

Tensor slice(const Op& op) {
  const auto& [start, stride] = op.get<SliceAttributes<Dim>>();
  return op.add(SliceAttributes<Dim>{with_front(Dim(0), start), with_front<std::int64_t>(1, stride)}, {op.front(0)});
}

Tensor reverse(const Op& op) { return op.add(ReverseAttributes{shifted(op.get<ReverseAttributes>().axes)}, {op.front(0)}); }

Tensor concatenate(const Op& op) { return op.add(AxisAttributes{op.get<AxisAttributes>().axis + 1}, op.fronts()); }

Tensor pad(const Op& op) {
  const auto& attributes = op.get<PadAttributes<Dim>>();
  const PadAttributes<Dim> shifted_attributes{with_front(Dim(0), attributes.low), with_front(Dim(0), attributes.high),
                                              with_front<std::int64_t>(0, attributes.interior)};
  if (!op.batched(1)) return op.add(shifted_attributes, {op.front(0), op.operands[1].tensor});
  // The padding differs along the batch: pad with anything, then choose.
  const DType dtype = op.results[0].dtype;
  const std::vector<std::byte> zero(byte_size(dtype));
  const Tensor padded = op.add(shifted_attributes, {op.front(0), graph::constant(op.b, zero, dtype, {})});
  const Tensor inside = graph::full(op.b, 1, DType::Bool, op.facts[0].shape);
  const Tensor is_inside = graph::pad(op.b, inside, graph::scalar(op.b, 0, DType::Bool), attributes.low, attributes.high, attributes.interior);
  return graph::select(op.b, is_inside, padded, op.aligned(1, op.results[0].rank()));
}

Tensor batched_gather(Builder& b, const Dim& size, const Batched& x, const Batched& indices, GatherAttributes attributes) {
  // Only x: its batch axis is one of the axes before `axis`. Only the indices: theirs comes out in the place of `axis`.
  if (attributes.batch_dims == 0 && !indices.batched) return graph::gather(b, x.tensor, indices.tensor, attributes.axis + 1, 0, attributes.mode);
  if (attributes.batch_dims == 0 && !x.batched) {
    return move_axis(b, graph::gather(b, x.tensor, indices.tensor, attributes.axis, 0, attributes.mode), attributes.axis, 0);
  }
  return graph::gather(b, front(b, size, x), front(b, size, indices), attributes.axis + 1, attributes.batch_dims + 1, attributes.mode);
}

Tensor gather(const Op& op) { return batched_gather(op.b, op.size, op.operands[0], op.operands[1], op.get<GatherAttributes>()); }

Tensor scatter(const Op& op) {
  ScatterAttributes attributes = op.get<ScatterAttributes>();
  ++attributes.axis;
  const bool shared_indices = !op.batched(1) && attributes.batch_dims == 0;
  if (!shared_indices) ++attributes.batch_dims;
  return op.add(attributes, {op.front(0), shared_indices ? op.operands[1].tensor : op.front(1), op.front(2)});
}

namespace {

// Where the window begins along one axis: inside of it, as the kernel clamps it.
Tensor clamped_start(const Op& op, const Tensor& start, const Dim& axis_size, const Dim& window) {
  const Tensor zero = graph::integer_scalar(op.b, 0, DType::Int32);
  return graph::clamp(op.b, zero, start, graph::size_scalar(op.b, axis_size - window, DType::Int32));
}

// start + 0, start + 1, ... along a new last axis.
Tensor window_indices(const Op& op, const Tensor& start, const Dim& axis_size, const Dim& window) {
  const Tensor begin = graph::reshape(op.b, clamped_start(op, start, axis_size, window), {op.size, 1});
  return graph::binary(op.b, ElementwiseKind::Add, begin, graph::iota(op.b, DType::Int32, {window}, 0));
}

std::vector<Tensor> tensors_from(const Op& op, std::size_t first) {
  std::vector<Tensor> tensors;
  for (std::size_t i = first; i < op.operands.size(); ++i) tensors.push_back(op.operands[i].tensor);
  return tensors;
}

std::vector<Tensor> shared_starts(const Op& op, std::size_t first) {
  return with_front(graph::integer_scalar(op.b, 0, DType::Int32), tensors_from(op, first));
}

// The one axis whose start counts: along all others the update is as long as x.
std::optional<std::size_t> only_moving_axis(const Op& op) {
  std::optional<std::size_t> moving;
  for (std::size_t axis = 0; axis < op.facts[0].rank(); ++axis) {
    if (op.facts[0].shape[axis] == op.facts[1].shape[axis]) continue;
    if (moving) return std::nullopt;
    moving = axis;
  }
  return moving;
}

// The place of each element of the update in x, both flattened.
Tensor flat_indices(const Op& op) {
  const Dims &shape = op.facts[0].shape, &window = op.facts[1].shape;
  Tensor sum = graph::full(op.b, 0, DType::Int32, with_front(op.size, window));
  for (std::size_t axis = 0; axis < shape.size(); ++axis) {
    Dim stride = 1;
    for (std::size_t inner = axis + 1; inner < shape.size(); ++inner) stride = stride * shape[inner];
    const Tensor begin = clamped_start(op, op.front(2 + axis), shape[axis], window[axis]);
    const Tensor counted = graph::iota(op.b, DType::Int32, window, static_cast<std::int64_t>(axis));
    const Tensor place = graph::binary(op.b, ElementwiseKind::Add, pad_rank(op.b, begin, shape.size()), counted);
    const Tensor scaled = graph::binary(op.b, ElementwiseKind::Multiply, place, graph::size_scalar(op.b, stride, DType::Int32));
    sum = graph::binary(op.b, ElementwiseKind::Add, sum, scaled);
  }
  return graph::reshape(op.b, sum, {op.size, graph::element_count(window)});
}

}  // namespace

// Starts that differ along the batch become indices of a gather, axis by axis.
Tensor dynamic_slice(const Op& op) {
  const Dims &shape = op.facts[0].shape, &window = op.results[0].shape;
  if (!op.any_batched(1)) return graph::dynamic_slice(op.b, op.operands[0].tensor, shared_starts(op, 1), *op.request().shape);
  Batched x = op.operands[0];
  for (std::size_t axis = 0; axis < shape.size(); ++axis) {
    if (window[axis] == shape[axis]) continue;
    const Tensor indices = window_indices(op, op.front(1 + axis), shape[axis], window[axis]);
    x = {batched_gather(op.b, op.size, x, {indices, true}, {static_cast<std::int64_t>(axis), 0, GatherMode::Promise}), true};
  }
  return front(op.b, op.size, x);
}

Tensor dynamic_update_slice(const Op& op) {
  const Tensor x = op.front(0), update = op.front(1);
  if (!op.any_batched(2)) return graph::dynamic_update_slice(op.b, x, update, shared_starts(op, 2));
  const Dims &shape = op.facts[0].shape, &window = op.facts[1].shape;
  const ScatterAttributes set{ScatterKind::Set, 1, 1, GatherMode::Promise};
  if (const auto axis = only_moving_axis(op)) {
    ScatterAttributes along = set;
    along.axis = static_cast<std::int64_t>(*axis) + 1;
    return graph::scatter(op.b, x, window_indices(op, op.front(2 + *axis), shape[*axis], window[*axis]), update, along);
  }
  const Tensor flat = graph::reshape(op.b, x, {op.size, graph::element_count(shape)});
  const Tensor flat_update = graph::reshape(op.b, update, {op.size, graph::element_count(window)});
  return graph::reshape(op.b, graph::scatter(op.b, flat, flat_indices(op), flat_update, set), x.shape());
}

}  // namespace linenc::vectorize::rules
