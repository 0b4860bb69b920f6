// normal, truncated_normal and uniform: one draw times a number, whatever the shape (linen-semantics D.1).
// Tested by tests/compiler/initializers.
#include "compiler/catalog/registry.h"

namespace linenc::catalog {
namespace {

Initializer drawn(std::string name, const DrawAttributes& draw, double scale, std::optional<DType> dtype) {
  Initializer result{std::move(name), [draw, scale](Context& context, Tensor key, const Dims& shape, DType wanted) {
                       DrawAttributes attributes = draw;
                       attributes.merged = draw.kind == DrawKind::Normal && context.merged_draws;
                       return scaled_draw(context, key, attributes, scale, shape, wanted);
                     }};
  result.dtype = dtype.value_or(DType::Float32);
  return result;
}

const RegisterInitializer normal{
    InitializerSpec("normal", "Normal draws of standard deviation `stddev`.").arg("stddev", 1e-2).arg("dtype", Value()).does([](const Bound& bound) {
      DrawAttributes draw;
      draw.kind = DrawKind::Normal;
      return drawn("normal", draw, bound.number(0), bound.optional_dtype(1));
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
                                          return drawn("truncated_normal", draw, bound.number(0), bound.optional_dtype(1));
                                        })};

const RegisterInitializer uniform{
    InitializerSpec("uniform", "Uniform draws from [0, scale).").arg("scale", 1e-2).arg("dtype", Value()).does([](const Bound& bound) {
      return drawn("uniform", DrawAttributes{}, bound.number(0), bound.optional_dtype(1));
    })};

}  // namespace
}  // namespace linenc::catalog
