// normal, truncated_normal and uniform: one draw times a number, whatever the shape (linen-semantics D.1).
// Tested by tests/compiler/initializers.
#include "compiler/catalog/array_scale.h"
#include "compiler/catalog/numpy.h"
#include "compiler/catalog/registry.h"

namespace linenc::catalog {
namespace {

// The first argument is the scale: a number, or an array such as `jnp.sqrt(2.0 / n)`, which is known when the model runs.
Initializer drawn(std::string name, const DrawAttributes& draw, const Bound& bound) {
  Initializer result;
  result.text = std::move(name);
  if (const Tensor* array = bound.value(0).tensor()) {
    result.make = [draw, scale = *array, text = result.text](Context& context, Tensor key, const Dims& shape, DType wanted) {
      return draw_scaled_by(context, scale, key, draw, shape, wanted, text);
    };
  } else {
    result.make = [draw, scale = bound.number(0)](Context& context, Tensor key, const Dims& shape, DType wanted) {
      DrawAttributes attributes = draw;
      attributes.merged = draw.kind == DrawKind::Normal && context.merged_draws;
      return scaled_draw(context, key, attributes, scale, shape, wanted);
    };
  }
  result.dtype = bound.optional_dtype(1).value_or(DType::Float32);
  return result;
}

const RegisterInitializer normal{
    InitializerSpec("normal", "Normal draws of standard deviation `stddev`.").arg("stddev", 1e-2).arg("dtype", Value()).does([](const Bound& bound) {
      DrawAttributes draw;
      draw.kind = DrawKind::Normal;
      return drawn("normal", draw, bound);
    })};

// Not corrected for what the truncation takes away, as the variance_scaling family is.
const RegisterInitializer truncated{InitializerSpec("truncated_normal", "Normal draws cut off at `lower` and `upper`, times `stddev`.")
                                        .arg("stddev", 1e-2)
                                        .arg("dtype", Value())
                                        .arg("lower", -2.0)
                                        .arg("upper", 2.0)
                                        .does([](const Bound& bound) {
                                          DrawAttributes draw;
                                          draw.kind = DrawKind::TruncatedNormal;
                                          draw.low = bound.number(2);
                                          draw.high = bound.number(3);
                                          return drawn("truncated_normal", draw, bound);
                                        })};

const RegisterInitializer uniform{
    InitializerSpec("uniform", "Uniform draws from [0, scale).").arg("scale", 1e-2).arg("dtype", Value()).does([](const Bound& bound) {
      return drawn("uniform", DrawAttributes{}, bound);
    })};

}  // namespace
}  // namespace linenc::catalog
