// Dot-product attention as flax.linen has it:
//
//   weights = softmax((query / sqrt(depth)) · key + bias where mask)      over the keys
//   out     = dropout(weights) · value
//
// Tested by tests/compiler/functions/goldens_test.cpp.
#include "compiler/catalog/attention.h"

#include <algorithm>
#include <array>
#include <limits>

#include "compiler/catalog/arrange.h"
#include "compiler/catalog/context.h"
#include "compiler/catalog/draws.h"
#include "compiler/catalog/einsum.h"
#include "compiler/catalog/softmax.h"
#include "compiler/diagnostics/concat.h"

namespace linenc::catalog {
namespace {

// Attention.c1 to c4: equal ranks, batches, heads and depths.
void check_query_and_key(Context& context, Tensor query, Tensor key) {
  if (query.rank() != key.rank() || query.rank() < 3) {
    fail_shape(context, concat("needs query and key of one rank, at least 3, and has ", query.fact(), " and ", key.fact()), {query, key});
  }
  for (std::int64_t axis = 0; axis < query.rank(); ++axis) {
    if (axis == query.rank() - 3) continue;
    const char* what = axis == query.rank() - 1 ? "depths" : axis == query.rank() - 2 ? "numbers of heads" : "batch sizes";
    require_equal(context, query.dim(axis), key.dim(axis), concat("has query and key with different ", what, ": ", query.fact(), " and ", key.fact()),
                  {query, key});
  }
}

void check_value(Context& context, Tensor key, Tensor value) {
  if (value.rank() != key.rank())
    fail_shape(context, concat("needs key and value of one rank, and has ", key.fact(), " and ", value.fact()), {key, value});
  for (std::int64_t axis = 0; axis + 1 < value.rank(); ++axis) {
    require_equal(context, key.dim(axis), value.dim(axis),
                  concat("has key and value that differ in their axis ", axis, ": ", key.fact(), " and ", value.fact()), {key, value});
  }
}

Tensor drop(Context& context, Tensor weights, std::int64_t rank, const AttentionOptions& options) {
  if (!options.dropout_rng) context.fail(Code::MissingStream, "attention drops weights and has no `dropout_rng`");
  const double keep = 1.0 - options.dropout_rate;
  Dims shape = weights.shape();
  if (options.broadcast_dropout) {
    for (std::int64_t axis = 0; axis < rank - 2; ++axis) shape[static_cast<std::size_t>(axis)] = 1;
  }
  const DType dtype = options.dtype.value_or(weights.dtype());
  const Tensor kept = astype(context, bernoulli(context, *options.dropout_rng, keep, shape), dtype);
  const Tensor multiplier = graph::binary(context.builder, ElementwiseKind::Divide, kept, graph::scalar(context.builder, keep, dtype));
  return binary(context, ElementwiseKind::Multiply, weights, multiplier);
}

void check_mask(Context& context, Tensor mask, Tensor weights, Span place) {
  const std::int64_t common = std::min(mask.rank(), weights.rank());
  for (std::int64_t axis = -common; axis < 0; ++axis) {
    const Dim &given = mask.dim(axis), &wanted = weights.dim(axis);
    if (given == Dim(1) || wanted == Dim(1) || is_equal(context, given, wanted)) continue;
    diagnostics::Report report = context.error(Code::ShapeMismatch, place.exists() ? place : context.place(),
                                               concat("the mask ", graph::to_string(mask.shape()), " does not broadcast with the weights ",
                                                      graph::to_string(weights.shape()), ", which are [batch, heads, queries, keys]"));
    report.help("`make_attention_mask` and `make_causal_mask` make such masks");
    Context::throw_reported(report.emit());
  }
}

// jnp.einsum of two arrays, or what is given in its place.
Tensor product(Context& context, const Value& own, const char* equation, Tensor a, Tensor b) {
  if (own.is_none()) return einsum(context, equation, {a, b});
  return to_tensor(context, context.call(own, Arguments({Value(equation), Value(a), Value(b)})));
}

}  // namespace

double lowest(DType dtype) {
  if (dtype == DType::Float16) return -65504.0;
  if (dtype == DType::BFloat16) return -0x1.FEp127;
  return static_cast<double>(std::numeric_limits<float>::lowest());
}

Tensor dot_product_attention_weights(Context& context, Tensor query, Tensor key, const AttentionOptions& options) {
  graph::Builder& b = context.builder;
  std::array<Tensor, 2> both{query, key};
  promote_dtype(context, both, options.dtype);
  query = both[0], key = both[1];
  const DType dtype = query.dtype();
  check_query_and_key(context, query, key);

  const Tensor depth = graph::unary(b, ElementwiseKind::Sqrt, graph::size_scalar(b, query.dim(-1), DType::Float32));
  query = graph::binary(b, ElementwiseKind::Divide, query, graph::convert(b, depth, dtype));
  Tensor weights = product(context, options.qk_attn_weights_einsum, "...qhd,...khd->...hqk", query, key);
  if (options.bias) weights = binary(context, ElementwiseKind::Add, weights, *options.bias);
  if (options.mask) check_mask(context, *options.mask, weights, options.mask_place);
  if (options.mask) weights = where(context, *options.mask, weights, graph::scalar(b, lowest(dtype), dtype));

  const bool in_float32 = options.force_fp32_for_softmax && dtype != DType::Float32;
  if (in_float32) weights = astype(context, weights, DType::Float32);
  weights = softmax(context, weights, {weights.rank() - 1});
  if (!in_float32) weights = astype(context, weights, dtype);
  if (options.sow) options.sow(weights);
  if (options.deterministic || options.dropout_rate <= 0) return weights;
  AttentionOptions dropping = options;
  dropping.dtype = dtype;
  return drop(context, weights, key.rank(), dropping);
}

Tensor dot_product_attention(Context& context, Tensor query, Tensor key, Tensor value, AttentionOptions options) {
  std::array<Tensor, 3> all{query, key, value};
  promote_dtype(context, all, options.dtype);
  options.dtype = all[0].dtype();
  check_query_and_key(context, all[0], all[1]);
  check_value(context, all[1], all[2]);
  const Tensor weights = dot_product_attention_weights(context, all[0], all[1], options);
  return product(context, options.attn_weights_value_einsum, "...hqk,...khd->...qhd", weights, all[2]);
}

Tensor causal_mask(Context& context, Tensor x, std::int64_t extra_batch_dims, DType dtype) {
  graph::Builder& b = context.builder;
  if (x.rank() == 0) fail_shape(context, concat("needs an array [..., length], and has ", x.fact()), {x});
  // The indices are the same in every row, so the mask is made once and stretched.
  const Dim& length = x.dim(-1);
  const Tensor row = graph::iota(b, DType::Int32, {length, 1}, 0), column = graph::iota(b, DType::Int32, {1, length}, 1);
  Dims shape(static_cast<std::size_t>(extra_batch_dims), Dim(1));
  shape.insert(shape.end(), x.shape().begin(), x.shape().end() - 1);
  shape.insert(shape.end(), {Dim(1), length, length});
  const Tensor mask = astype(context, graph::binary(b, ElementwiseKind::GreaterEqual, row, column), dtype);
  return graph::broadcast_to(b, mask, shape);
}

std::optional<Tensor> combine_masks(Context& context, const std::vector<std::optional<Tensor>>& masks, DType dtype) {
  std::optional<Tensor> combined, first;
  for (const auto& mask : masks) {
    if (!mask) continue;
    if (first && first->rank() != mask->rank()) {
      fail_shape(context, concat("combines masks of one rank, and has ", first->fact(), " and ", mask->fact()), {*first, *mask});
    }
    first = first ? first : mask;
    if (!combined)
      combined = *mask;
    else
      combined = graph::binary(context.builder, ElementwiseKind::And, astype(context, *combined, DType::Bool), astype(context, *mask, DType::Bool));
  }
  return combined ? std::optional(astype(context, *combined, dtype)) : std::nullopt;
}

}  // namespace linenc::catalog
