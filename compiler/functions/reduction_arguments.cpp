// Masks and counts of reductions.
#include "compiler/functions/reduction_arguments.h"

#include <cmath>
#include <limits>

#include "compiler/diagnostics/concat.h"

namespace linenc::functions {

using namespace catalog;

std::optional<Tensor> mask_of(const Bound& args, std::size_t i) {
  if (args.none(i)) return std::nullopt;
  const Tensor mask = args.tensor(i);
  if (mask.dtype() != DType::Bool) {
    args.context.fail(Code::DtypeMismatch, args.place, concat("`where` is a bool array, and this is ", kind(mask)));
  }
  return mask;
}

Tensor masked(Context& context, Tensor x, std::optional<Tensor> mask, double otherwise) {
  if (!mask) return x;
  graph::Builder& b = context.builder;
  if (x.dtype() == DType::Bool) return where(context, *mask, x, graph::integer_scalar(b, otherwise > 0, DType::Bool));
  if (std::abs(otherwise) > 1) return where(context, *mask, x, extreme(context, x.dtype(), otherwise < 0));
  const Tensor value = is_float(x.dtype()) ? graph::scalar(b, otherwise, x.dtype(), true)
                                           : graph::integer_scalar(b, static_cast<std::int64_t>(otherwise), x.dtype(), true);
  return where(context, *mask, x, value);
}

Tensor count_of(Context& context, Tensor x, const std::vector<std::int64_t>& axes, bool keepdims, std::optional<Tensor> mask, DType dtype) {
  graph::Builder& b = context.builder;
  if (mask) {
    const Tensor counted = graph::broadcast_to(b, graph::convert(b, *mask, dtype), x.shape());
    return graph::reduce(b, ReduceKind::Sum, counted, axes, keepdims);
  }
  Dim count = 1;
  for (const std::int64_t axis : axes) count = count * x.dim(axis);
  return graph::size_scalar(b, count, dtype);
}

Tensor masked_mean(Context& context, Tensor x, const std::vector<std::int64_t>& axes, bool keepdims, std::optional<Tensor> mask) {
  if (!mask) return mean(context, x, axes, keepdims);
  const DType out = to_inexact(x.dtype());
  const DType wide = out == DType::Float16 || out == DType::BFloat16 ? DType::Float32 : out;
  const Tensor total = sum(context, masked(context, astype(context, x, wide), mask, 0), axes, keepdims);
  const Tensor count = count_of(context, x, axes, keepdims, mask, wide);
  return astype(context, graph::binary(context.builder, ElementwiseKind::Divide, total, count), out);
}

Tensor extreme(Context& context, DType dtype, bool is_low) {
  graph::Builder& b = context.builder;
  if (is_float(dtype)) return graph::scalar(b, is_low ? -INFINITY : INFINITY, dtype);
  if (dtype == DType::Bool) return graph::integer_scalar(b, !is_low, dtype);
  const auto bits = static_cast<int>(8 * byte_size(dtype));
  const int digits = is_unsigned(dtype) ? bits : bits - 1;
  // Random keys have 64 bits and no order: the reduction refuses them.
  const std::int64_t high = digits >= 63 ? std::numeric_limits<std::int64_t>::max() : (std::int64_t{1} << digits) - 1;
  return graph::integer_scalar(b, is_low ? is_unsigned(dtype) ? 0 : -high - 1 : high, dtype);
}

}  // namespace linenc::functions
