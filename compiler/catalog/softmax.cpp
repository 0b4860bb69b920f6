// softmax, log_softmax and logsumexp by the formulas of jax.nn. Tested by tests/compiler/functions/goldens_test.cpp.
#include "compiler/catalog/softmax.h"

#include <array>
#include <limits>

#include "compiler/catalog/arrange.h"
#include "compiler/catalog/context.h"

namespace linenc::catalog {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

Tensor floating(Context& context, Tensor x) { return astype(context, x, to_inexact(x.dtype())); }

// x where it counts, `otherwise` elsewhere.
Tensor masked(Context& context, Tensor x, std::optional<Tensor> mask, double otherwise) {
  return mask ? where(context, *mask, x, number(context, otherwise, x.dtype())) : x;
}

// What is subtracted from its peak: whole numbers stay so, and overflow as they do in JAX, unless a mask makes them floats.
Tensor before_shift(Context& context, Tensor x, std::optional<Tensor> mask) {
  if (x.dtype() == DType::Bool && !mask) fail_dtype(context, "needs numbers, not bool: see `astype`", {x});
  return is_integer(x.dtype()) && !mask ? x : masked(context, floating(context, x), mask, -kInfinity);
}

}  // namespace

Tensor softmax(Context& context, Tensor x, const std::vector<std::int64_t>& axes, std::optional<Tensor> where_mask) {
  graph::Builder& b = context.builder;
  const Tensor safe = before_shift(context, x, where_mask);
  const Tensor peak = graph::reduce(b, ReduceKind::Max, safe, axes, true);
  const Tensor shifted = floating(context, graph::binary(b, ElementwiseKind::Subtract, safe, peak));
  const Tensor powers = graph::unary(b, ElementwiseKind::Exp, shifted);
  const Tensor total = sum(context, masked(context, powers, where_mask, 0), axes, true);
  return masked(context, graph::binary(b, ElementwiseKind::Divide, powers, total), where_mask, 0);
}

Tensor log_softmax(Context& context, Tensor x, const std::vector<std::int64_t>& axes, std::optional<Tensor> where_mask) {
  graph::Builder& b = context.builder;
  const Tensor safe = before_shift(context, x, where_mask);
  const Tensor peak = graph::reduce(b, ReduceKind::Max, safe, axes, true);
  const Tensor shifted = floating(context, graph::binary(b, ElementwiseKind::Subtract, safe, peak));
  const Tensor total = sum(context, masked(context, graph::unary(b, ElementwiseKind::Exp, shifted), where_mask, 0), axes, true);
  const Tensor result = graph::binary(b, ElementwiseKind::Subtract, shifted, graph::unary(b, ElementwiseKind::Log, total));
  return masked(context, result, where_mask, -kInfinity);
}

namespace {

struct ShiftedSum {
  Tensor total, shift;  // the sum is total * exp(shift)
};

ShiftedSum shifted_sum(Context& context, Tensor a, std::optional<Tensor> weights, const std::vector<std::int64_t>& axes, bool keepdims,
                       std::optional<Tensor> where_mask) {
  graph::Builder& b = context.builder;
  a = floating(context, a);
  if (weights) {
    std::array<Tensor, 2> both{a, *weights};
    promote_all(context, both);
    const Dims shape = graph::binary(b, ElementwiseKind::Add, both[0], both[1]).shape();
    a = graph::broadcast_to(b, both[0], shape);
    weights = graph::broadcast_to(b, both[1], shape);
    // What counts for nothing does not set the peak.
    const Tensor counts = graph::binary(b, ElementwiseKind::NotEqual, *weights, graph::scalar(b, 0, a.dtype()));
    a = where(context, counts, a, number(context, -kInfinity, a.dtype()));
  }
  const Tensor safe = masked(context, a, where_mask, -kInfinity);
  const Tensor top = graph::reduce(b, ReduceKind::Max, safe, axes, true);
  const Tensor peak = where(context, graph::unary(b, ElementwiseKind::IsFinite, top), top, number(context, 0, a.dtype()));
  Tensor powers = graph::unary(b, ElementwiseKind::Exp, graph::binary(b, ElementwiseKind::Subtract, safe, peak));
  if (weights) powers = graph::binary(b, ElementwiseKind::Multiply, powers, *weights);
  const Tensor total = sum(context, masked(context, powers, where_mask, 0), axes, keepdims);
  return {total, keepdims ? peak : graph::reshape(b, peak, total.shape())};
}

}  // namespace

Tensor logsumexp(Context& context, Tensor a, std::optional<Tensor> weights, const std::vector<std::int64_t>& axes, bool keepdims,
                 std::optional<Tensor> where_mask) {
  const auto [total, shift] = shifted_sum(context, a, weights, axes, keepdims, where_mask);
  return graph::binary(context.builder, ElementwiseKind::Add, graph::unary(context.builder, ElementwiseKind::Log, total), shift);
}

SignedLogSum signed_logsumexp(Context& context, Tensor a, std::optional<Tensor> weights, const std::vector<std::int64_t>& axes, bool keepdims,
                              std::optional<Tensor> where_mask) {
  graph::Builder& b = context.builder;
  const auto [total, shift] = shifted_sum(context, a, weights, axes, keepdims, where_mask);
  const Tensor logarithm = graph::unary(b, ElementwiseKind::Log, graph::unary(b, ElementwiseKind::Abs, total));
  return {graph::binary(b, ElementwiseKind::Add, logarithm, shift), graph::unary(b, ElementwiseKind::Sign, total)};
}

}  // namespace linenc::catalog
