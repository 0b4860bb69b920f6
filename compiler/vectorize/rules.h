#pragma once

#include <span>
#include <vector>

#include "compiler/graph/ops.h"
#include "compiler/vectorize/vectorize.h"

// One rule for each op, for the files of this folder alone. A rule is called where at least one operand is batched.
namespace linenc::vectorize::rules {

using graph::Builder;
using graph::Dim;
using graph::Dims;
using graph::Fact;
using graph::Request;
using graph::Tensor;
using Axes = std::vector<std::int64_t>;

// A node of the region with its operands in the current graph.
struct Op {
  Builder& b;
  const Dim& size;
  OpKind kind;
  const graph::GraphAttributes& attributes;
  std::span<const Batched> operands;
  std::vector<Fact> facts;    // of the operands, in the region: without the batch axis
  std::vector<Fact> results;  // in the region

  template <class T>
  [[nodiscard]] const T& get() const {
    return std::get<T>(attributes);
  }
  [[nodiscard]] bool batched(std::size_t i) const { return operands[i].batched; }
  [[nodiscard]] bool any_batched(std::size_t first = 0) const;
  // The operand with the batch axis in front; repeated along it where it was not batched.
  [[nodiscard]] Tensor front(std::size_t i) const;
  [[nodiscard]] std::vector<Tensor> fronts() const;
  // The operand as it stands for broadcasting to `rank` axes behind the batch axis.
  [[nodiscard]] Tensor aligned(std::size_t i, std::size_t rank) const;
  // The result with the batch axis in front.
  [[nodiscard]] Request request(std::size_t result = 0) const;
  [[nodiscard]] Tensor add(graph::GraphAttributes with, std::span<const Tensor> tensors) const;
  [[nodiscard]] Tensor add(graph::GraphAttributes with, std::initializer_list<Tensor> tensors) const {
    return add(std::move(with), std::span(tensors.begin(), tensors.size()));
  }
};

[[nodiscard]] Dims with_front(const Dim& size, const Dims& shape);
[[nodiscard]] Axes shifted(Axes axes);
template <class T>
[[nodiscard]] std::vector<T> with_front(T first, std::vector<T> rest) {
  rest.insert(rest.begin(), std::move(first));
  return rest;
}
// The axis moved to another place.
[[nodiscard]] Tensor move_axis(Builder& b, Tensor x, std::int64_t from, std::int64_t to);
// 1s after the batch axis until `rank` axes follow it.
[[nodiscard]] Tensor pad_rank(Builder& b, Tensor x, std::size_t rank);
// gather() of x and indices that are batched or not; the result has the batch axis in front.
[[nodiscard]] Tensor batched_gather(Builder& b, const Dim& size, const Batched& x, const Batched& indices, GatherAttributes attributes);
[[nodiscard]] Tensor front(Builder& b, const Dim& size, const Batched& value);

// Results with the batch axis in front.
[[nodiscard]] Tensor elementwise(const Op& op);
[[nodiscard]] Tensor broadcast(const Op& op);
[[nodiscard]] Tensor transpose(const Op& op);
[[nodiscard]] Tensor slice(const Op& op);
[[nodiscard]] Tensor reverse(const Op& op);
[[nodiscard]] Tensor concatenate(const Op& op);
[[nodiscard]] Tensor pad(const Op& op);
[[nodiscard]] Tensor gather(const Op& op);
[[nodiscard]] Tensor scatter(const Op& op);
[[nodiscard]] Tensor dynamic_slice(const Op& op);
[[nodiscard]] Tensor dynamic_update_slice(const Op& op);
[[nodiscard]] Tensor reduce(const Op& op);
[[nodiscard]] Tensor arg_reduce(const Op& op);
[[nodiscard]] Tensor cumulative(const Op& op);
[[nodiscard]] std::vector<Tensor> sort(const Op& op);
[[nodiscard]] Tensor dot_general(const Op& op);
[[nodiscard]] Tensor convolution(const Op& op);
[[nodiscard]] Tensor reduce_window(const Op& op);
[[nodiscard]] Tensor key_seed(const Op& op);
[[nodiscard]] Tensor key_fold(const Op& op);
[[nodiscard]] Tensor random_int(const Op& op);
[[nodiscard]] Tensor normalize(const Op& op);

}  // namespace linenc::vectorize::rules
