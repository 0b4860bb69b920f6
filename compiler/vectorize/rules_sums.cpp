// Rules of ops that combine elements along axes.
#include <algorithm>
#include <cassert>

#include "compiler/diagnostics/concat.h"
#include "compiler/vectorize/rules.h"

namespace linenc::vectorize::rules {
namespace {

// Bias and activation follow the product as ops of their own: the batch axis may have to move in between.
Tensor finished(const Op& op, Tensor product, Activation activation) {
  if (op.operands.size() > 2) product = graph::binary(op.b, ElementwiseKind::Add, product, op.aligned(2, op.results[0].rank()));
  switch (activation) {
    case Activation::None: return product;
    case Activation::Relu: return graph::unary(op.b, ElementwiseKind::Relu, product);
    case Activation::GeluTanh: return graph::unary(op.b, ElementwiseKind::GeluTanh, product);
    case Activation::GeluErf: return graph::unary(op.b, ElementwiseKind::GeluErf, product);
    case Activation::Silu: return graph::unary(op.b, ElementwiseKind::Silu, product);
    case Activation::Tanh: return graph::unary(op.b, ElementwiseKind::Tanh, product);
    case Activation::Logistic: return graph::unary(op.b, ElementwiseKind::Logistic, product);
  }
  return product;
}

// The axis split in several.
Tensor split_axis(Builder& b, Tensor x, std::int64_t axis, const Dims& parts) {
  Dims shape = x.shape();
  shape.erase(shape.begin() + axis);
  shape.insert(shape.begin() + axis, parts.begin(), parts.end());
  return graph::reshape(b, x, shape);
}

// `count` axes from `axis` on made one.
Tensor merge_axes(Builder& b, Tensor x, std::int64_t axis, std::int64_t count) {
  Dims shape = x.shape();
  const Dim merged = graph::element_count({shape.begin() + axis, shape.begin() + axis + count});
  shape.erase(shape.begin() + axis, shape.begin() + axis + count);
  shape.insert(shape.begin() + axis, merged);
  return graph::reshape(b, x, shape);
}

Tensor convolve(const Op& op, Tensor x, Tensor kernel, std::int64_t groups) {
  auto attributes = op.get<ConvolutionAttributes<Dim>>();
  assert(attributes.batch_groups == 1 && "no kernel runs batch groups");
  attributes.groups = groups;
  attributes.activation = Activation::None;
  return graph::convolution(op.b, x, kernel, std::move(attributes));
}

// x [B, N, ...]: the batch axis becomes part of N.
Tensor convolve_batched_input(const Op& op) {
  const Tensor x = merge_axes(op.b, op.operands[0].tensor, 0, 2);
  const Tensor out = convolve(op, x, op.operands[1].tensor, op.get<ConvolutionAttributes<Dim>>().groups);
  return split_axis(op.b, out, 0, {op.size, op.results[0].shape[0]});
}

// kernel [B, k..., I, O]: the batch axis becomes part of O, inside of each group.
Tensor convolve_batched_kernel(const Op& op) {
  const std::int64_t groups = op.get<ConvolutionAttributes<Dim>>().groups;
  const Dim outputs = op.facts[1].shape.back();
  const auto rank = static_cast<std::int64_t>(op.facts[1].rank());
  // [B, k..., I, G, O/G] -> [k..., I, G, B, O/G]
  Tensor kernel = split_axis(op.b, op.operands[1].tensor, rank, {groups, floor_div(outputs, groups)});
  kernel = merge_axes(op.b, move_axis(op.b, kernel, 0, rank), rank - 1, 3);
  Tensor out = convolve(op, op.operands[0].tensor, kernel, groups);
  out = split_axis(op.b, out, rank - 1, {groups, op.size, floor_div(outputs, groups)});
  return merge_axes(op.b, move_axis(op.b, out, rank, 0), rank, 2);
}

// Both: each element of the batch is a group.
Tensor convolve_both(const Op& op) {
  const auto& attributes = op.get<ConvolutionAttributes<Dim>>();
  const auto count = op.size.constant();
  if (!count) {
    op.b.fail({graph::Reason::Kind::Range,
               concat("maps a convolution over inputs and kernels, which needs a number for the mapped size ", op.size),
               -1,
               -1,
               -1,
               -1,
               {}},
              {});
  }
  const auto rank = static_cast<std::int64_t>(op.facts[1].rank());
  const Tensor kernel = merge_axes(op.b, move_axis(op.b, op.operands[1].tensor, 0, rank - 1), rank - 1, 2);
  const Tensor x = merge_axes(op.b, move_axis(op.b, op.operands[0].tensor, 0, rank - 1), rank - 1, 2);
  const Tensor out = convolve(op, x, kernel, attributes.groups * *count);
  return move_axis(op.b, split_axis(op.b, out, rank - 1, {op.size, op.facts[1].shape.back()}), rank - 1, 0);
}

}  // namespace

Tensor reduce(const Op& op) {
  const auto& attributes = op.get<ReduceAttributes>();
  return op.add(ReduceAttributes{attributes.kind, shifted(attributes.axes), attributes.keepdims}, {op.front(0)});
}

Tensor arg_reduce(const Op& op) {
  const auto& attributes = op.get<ArgReduceAttributes>();
  return op.add(ArgReduceAttributes{attributes.maximum, attributes.axis + 1, attributes.keepdims}, {op.front(0)});
}

Tensor cumulative(const Op& op) {
  const auto& attributes = op.get<CumulativeAttributes>();
  return op.add(CumulativeAttributes{attributes.kind, attributes.axis + 1, attributes.reverse}, {op.front(0)});
}

std::vector<Tensor> sort(const Op& op) {
  const auto& attributes = op.get<SortAttributes>();
  return graph::sort(op.b, op.fronts(), attributes.axis + 1, attributes.descending);
}

// The batch axis is a batch axis of the product where both have it, else a free axis of the one that has it.
Tensor dot_general(const Op& op) {
  const auto& attributes = op.get<DotAttributes>();
  DotAttributes dot{attributes.a_batch, attributes.b_batch, attributes.a_contract, attributes.b_contract, Activation::None};
  if (!op.batched(0) && !op.batched(1))
    return finished(op, graph::dot_general(op.b, op.operands[0].tensor, op.operands[1].tensor, dot), attributes.activation);
  if (op.batched(0)) dot.a_batch = shifted(dot.a_batch), dot.a_contract = shifted(dot.a_contract);
  if (op.batched(1)) dot.b_batch = shifted(dot.b_batch), dot.b_contract = shifted(dot.b_contract);
  const auto batch = static_cast<std::int64_t>(dot.a_batch.size());
  std::int64_t at = batch;
  if (op.batched(0) && op.batched(1)) {
    dot.a_batch.insert(dot.a_batch.begin(), 0);
    dot.b_batch.insert(dot.b_batch.begin(), 0);
    at = 0;
  } else if (op.batched(1)) {
    at = static_cast<std::int64_t>(op.facts[0].rank() - dot.a_contract.size());
  }
  const Tensor product = graph::dot_general(op.b, op.operands[0].tensor, op.operands[1].tensor, std::move(dot));
  return finished(op, move_axis(op.b, product, at, 0), attributes.activation);
}

Tensor convolution(const Op& op) {
  const Activation activation = op.get<ConvolutionAttributes<Dim>>().activation;
  if (op.batched(0) && op.batched(1)) return finished(op, convolve_both(op), activation);
  if (op.batched(0)) return finished(op, convolve_batched_input(op), activation);
  if (op.batched(1)) return finished(op, convolve_batched_kernel(op), activation);
  return finished(op, convolve(op, op.operands[0].tensor, op.operands[1].tensor, op.get<ConvolutionAttributes<Dim>>().groups), activation);
}

Tensor reduce_window(const Op& op) {
  WindowAttributes<Dim> window = op.get<WindowAttributes<Dim>>();
  for (Axes* axes : {&window.window, &window.strides, &window.window_dilation}) axes->insert(axes->begin(), 1);
  for (Dims* padding : {&window.low, &window.high}) padding->insert(padding->begin(), 0);
  return graph::reduce_window(op.b, op.front(0), std::move(window));
}

// A scale and a bias that differ along the batch follow as ops of their own.
Tensor normalize(const Op& op) {
  if (!op.any_batched(1)) {
    std::vector<Tensor> operands = {op.front(0)};
    for (std::size_t i = 1; i < op.operands.size(); ++i) operands.push_back(op.operands[i].tensor);
    return op.add(op.attributes, operands);
  }
  Tensor result = op.add(op.attributes, {op.front(0)});
  if (op.operands.size() > 1) result = graph::binary(op.b, ElementwiseKind::Multiply, result, op.aligned(1, op.results[0].rank()));
  if (op.operands.size() > 2) result = graph::binary(op.b, ElementwiseKind::Add, result, op.aligned(2, op.results[0].rank()));
  return result;
}

}  // namespace linenc::vectorize::rules
