// Random draws with jax.random's meaning. Tested by tests/compiler/functions/goldens_test.cpp.
#include "compiler/catalog/draws.h"

#include "compiler/catalog/arrange.h"
#include "compiler/catalog/context.h"
#include "compiler/diagnostics/concat.h"

namespace linenc::catalog {

Tensor to_key(Context& context, Tensor key) {
  if (key.dtype() == DType::Key) return key;
  if (key.dtype() == DType::UInt32 && key.rank() >= 1 && key.dim(-1) == Dim(2)) {
    return context.builder.add(OpKind::KeyWrap, NoAttributes{}, {key});
  }
  fail_dtype(context, concat("needs a random key, and has ", key.fact(), "; `make_rng` and `random.key` give one"), {key});
}

Tensor draw(Context& context, Tensor key, DrawAttributes attributes, DType dtype, const Dims& shape) {
  key = to_key(context, key);
  if (key.rank() != 0) fail_shape(context, concat("draws from one key, and has ", key.fact(), "; see `vmap`"), {key});
  return graph::draw(context.builder, key, attributes, dtype, shape);
}

Tensor bernoulli(Context& context, Tensor key, double p, const Dims& shape) {
  return bernoulli(context, key, graph::scalar(context.builder, p, DType::Float32), shape);
}

Tensor bernoulli(Context& context, Tensor key, Tensor p, const Dims& shape) {
  const Tensor uniform = draw(context, key, {DrawKind::Uniform, 0, 1, 1, false, false}, p.dtype(), shape);
  return graph::binary(context.builder, ElementwiseKind::Less, uniform, p);
}

}  // namespace linenc::catalog
