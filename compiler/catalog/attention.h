#pragma once

#include <functional>
#include <optional>

#include "compiler/catalog/numpy.h"

namespace linenc::catalog {

// flax.linen's attention functions (linen-semantics D.4), for MultiHeadDotProductAttention too.
struct AttentionOptions {
  std::optional<Tensor> bias, mask;
  Span mask_place;  // where it is written
  bool broadcast_dropout = true;
  std::optional<Tensor> dropout_rng;
  double dropout_rate = 0;
  bool deterministic = false;
  std::optional<DType> dtype;
  bool force_fp32_for_softmax = false;
  std::function<void(Tensor)> sow;  // gets the weights before dropout, where it is set
  // Functions (equation, a, b) in place of jnp.einsum, or none; for dot_product_attention both or neither.
  Value qk_attn_weights_einsum, attn_weights_value_einsum;
};

// query [..., q, heads, depth], key [..., kv, heads, depth] -> [..., heads, q, kv]
[[nodiscard]] Tensor dot_product_attention_weights(Context& context, Tensor query, Tensor key, const AttentionOptions& options);
// value [..., kv, heads, width] -> [..., q, heads, width]
[[nodiscard]] Tensor dot_product_attention(Context& context, Tensor query, Tensor key, Tensor value, AttentionOptions options);

// Lower-triangular: [..., length] -> [..., 1, length, length]
[[nodiscard]] Tensor causal_mask(Context& context, Tensor x, std::int64_t extra_batch_dims, DType dtype);
// The logical and of masks; those that do not exist are left out, and none is left where none exists.
[[nodiscard]] std::optional<Tensor> combine_masks(Context& context, const std::vector<std::optional<Tensor>>& masks, DType dtype);
// The smallest finite number of a float type.
[[nodiscard]] double lowest(DType dtype);

}  // namespace linenc::catalog
