// variance_scaling and the initializers that are one of its settings (linen-semantics D.1).
// Tested by tests/compiler/initializers.
#include "compiler/catalog/array_scale.h"
#include "compiler/catalog/registry.h"

namespace linenc::catalog {
namespace {

// The last four parameters of each: in_axis, out_axis, batch_axis, dtype.
InitializerSpec& with_axes(InitializerSpec& spec) {
  return spec.arg("in_axis", -2).arg("out_axis", -1).arg("batch_axis", List{}).arg("dtype", Value());
}

Initializer scaled(const Bound& bound, const Value& scale, std::string mode, std::string distribution, std::size_t axes, std::string name) {
  const Tensor* array = scale.tensor();
  VarianceScaling options{array != nullptr ? 1 : *scale.number(),
                          std::move(mode),
                          std::move(distribution),
                          bound.integers(axes),
                          bound.integers(axes + 1),
                          bound.integers(axes + 2)};
  Initializer result =
      array != nullptr ? variance_scaling_by(*array, std::move(options), std::move(name)) : variance_scaling(std::move(options), std::move(name));
  result.dtype = bound.optional_dtype(axes + 3).value_or(DType::Float32);
  return result;
}

InitializerSpec setting(const std::string& name, double scale, const std::string& mode, const std::string& distribution, std::string doc) {
  InitializerSpec spec(name, std::move(doc));
  with_axes(spec).does([=](const Bound& bound) { return scaled(bound, scale, mode, distribution, 0, name); });
  return spec;
}

InitializerSpec general() {
  InitializerSpec spec("variance_scaling", "Draws whose variance is `scale` divided by the number of inputs, outputs or their mean.");
  spec.arg("scale").arg("mode").arg("distribution");
  with_axes(spec).does([](const Bound& bound) {
    const Value scale = bound.value(0).tensor() != nullptr ? bound.value(0) : Value(bound.number(0));
    return scaled(bound, scale, bound.text(1), bound.text(2), 3, "variance_scaling");
  });
  return spec;
}

const RegisterInitializer variance{general()};
const RegisterInitializer lecun_normal_setting{
    setting("lecun_normal", 1, "fan_in", "truncated_normal", "Truncated normal draws of variance 1 / inputs; the default of most kernels.")};
const RegisterInitializer lecun_uniform_setting{setting("lecun_uniform", 1, "fan_in", "uniform", "Uniform draws of variance 1 / inputs.")};
const RegisterInitializer he_normal{setting("he_normal", 2, "fan_in", "truncated_normal", "Truncated normal draws of variance 2 / inputs.")};
const RegisterInitializer he_uniform{setting("he_uniform", 2, "fan_in", "uniform", "Uniform draws of variance 2 / inputs.")};
const RegisterInitializer kaiming_normal{
    setting("kaiming_normal", 2, "fan_in", "truncated_normal", "Truncated normal draws of variance 2 / inputs; he_normal's other name.")};
const RegisterInitializer kaiming_uniform{
    setting("kaiming_uniform", 2, "fan_in", "uniform", "Uniform draws of variance 2 / inputs; he_uniform's other name.")};
const RegisterInitializer glorot_normal{
    setting("glorot_normal", 1, "fan_avg", "truncated_normal", "Truncated normal draws of variance 2 / (inputs + outputs).")};
const RegisterInitializer glorot_uniform{setting("glorot_uniform", 1, "fan_avg", "uniform", "Uniform draws of variance 2 / (inputs + outputs).")};
const RegisterInitializer xavier_normal{setting("xavier_normal", 1, "fan_avg", "truncated_normal",
                                                "Truncated normal draws of variance 2 / (inputs + outputs); glorot_normal's other name.")};
const RegisterInitializer xavier_uniform{
    setting("xavier_uniform", 1, "fan_avg", "uniform", "Uniform draws of variance 2 / (inputs + outputs); glorot_uniform's other name.")};

}  // namespace
}  // namespace linenc::catalog
