#pragma once

#include "compiler/catalog/numpy.h"

namespace linenc::catalog {

// jax.random's samplers for functions and layers (linen-semantics A.4 to A.7).

// A key as the ops want it: a typed key, or the two uint32 words of jax.random.PRNGKey.
[[nodiscard]] Tensor to_key(Context& context, Tensor key);
[[nodiscard]] Tensor draw(Context& context, Tensor key, DrawAttributes attributes, DType dtype, const Dims& shape);
// True with probability p: uniform(float32) < float32(p).
[[nodiscard]] Tensor bernoulli(Context& context, Tensor key, double p, const Dims& shape);
// The same for an array of probabilities, which broadcasts to `shape`.
[[nodiscard]] Tensor bernoulli(Context& context, Tensor key, Tensor p, const Dims& shape);

}  // namespace linenc::catalog
