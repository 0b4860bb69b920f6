#pragma once

#include <functional>
#include <string>

#include "compiler/catalog/function.h"

namespace linenc::catalog {

// The first value of a parameter: a function of (key, shape, dtype), as in flax.linen.initializers. `text` is how it is written.
struct Initializer {
  std::string text;
  std::function<Tensor(Context&, Tensor key, const Dims& shape, DType dtype)> make;
};

// Linen's defaults. Formulas: linen-semantics D.1 (flax.linen.initializers = jax.nn.initializers).
[[nodiscard]] Initializer zeros_initializer();
[[nodiscard]] Initializer ones_initializer();
[[nodiscard]] Initializer constant_initializer(double value);
[[nodiscard]] Initializer lecun_normal();
// mode: fan_in, fan_out, fan_avg, fan_geo_avg; distribution: truncated_normal, normal, uniform. Axes as in JAX, negative ones too.
struct VarianceScaling {
  double scale = 1;
  std::string mode = "fan_in", distribution = "truncated_normal";
  std::vector<std::int64_t> in_axes = {-2}, out_axes = {-1}, batch_axes;
};
[[nodiscard]] Initializer variance_scaling(VarianceScaling options, std::string text);

// An initializer as a value of the language, and back: any function of (key, shape, dtype) serves.
[[nodiscard]] Value to_value(Initializer initializer);
[[nodiscard]] Initializer to_initializer(const Value& function);

}  // namespace linenc::catalog
