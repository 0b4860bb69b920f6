#pragma once

#include <functional>
#include <string>

#include "compiler/catalog/function.h"

namespace linenc::catalog {

// The first value of a parameter: a function of (key, shape, dtype), as in flax.linen.initializers. `text` is how it is written.
struct Initializer {
  std::string text;
  std::function<Tensor(Context&, Tensor key, const Dims& shape, DType dtype)> make;
  FunctionPtr function = nullptr;  // where it is a function of the model: itself
  DType dtype = DType::Float32;    // for calls that name none
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

// One draw of the whole shape, multiplied by `scale` as JAX does: a number is rounded to the dtype first. E0209 where the dtype is
// no float.
[[nodiscard]] Tensor scaled_draw(Context& context, Tensor key, DrawAttributes attributes, double scale, const Dims& shape, DType dtype);
// The number rounded to the dtype, as a double.
[[nodiscard]] double rounded(double value, DType dtype);

// An initializer as a value of the language, and back: any function of (key, shape, dtype) serves; a factory stands for its call
// without arguments, the bare `zeros` and `ones` for the initializers of that name.
[[nodiscard]] Value to_value(Initializer initializer);
[[nodiscard]] Initializer to_initializer(const Value& function);

}  // namespace linenc::catalog
