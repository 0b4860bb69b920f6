// LayerNorm: each row normalized by its own mean and variance (linen-semantics D.3).
// Tested by tests/compiler/layers.
#include "compiler/catalog/registry.h"
#include "compiler/layers/normalization.h"

namespace linenc::layers {
namespace {

struct LayerNorm : NormFields {
  Axes reduction_axes = {-1}, feature_axes = {-1};
};

Value call_layer_norm(const LayerNorm& fields, LayerCall& call) {
  const Tensor x = call.tensor(0);
  const Axes reduced = distinct_axes(call, fields.reduction_axes, x.rank(), "reduction_axes");
  const Axes features = feature_axes_of(call, fields.feature_axes, x.rank(), fields.use_scale || fields.use_bias);
  const Stats stats = compute_stats(call, fields, x, reduced, call.arguments.value(1));
  return normalize(call, fields, x, stats, scale_and_bias(call, fields, x, features));
}

const catalog::RegisterLayer layer_norm{
    catalog::LayerSpec<LayerNorm>("LayerNorm", "Normalizes each row to mean 0 and variance 1, then scales and shifts.")
        .field("epsilon", &LayerNorm::epsilon, "added to the variance")
        .field("dtype", &LayerNorm::dtype, "dtype of the result; none: that of input and parameters together")
        .field("param_dtype", &LayerNorm::param_dtype, "dtype of the parameters")
        .field("use_bias", &LayerNorm::use_bias, "add a learned offset")
        .field("use_scale", &LayerNorm::use_scale, "multiply by a learned factor")
        .field("bias_init", &LayerNorm::bias_init, "first value of the bias")
        .field("scale_init", &LayerNorm::scale_init, "first value of the scale")
        .field("reduction_axes", &LayerNorm::reduction_axes, "axes that mean and variance are taken over")
        .field("feature_axes", &LayerNorm::feature_axes, "axes with a scale and bias for each index")
        .field("axis_name", &LayerNorm::axis_name, "a named axis that the statistics are taken over too")
        .field("axis_index_groups", &LayerNorm::axis_index_groups, "groups of indices of the named axis")
        .field("use_fast_variance", &LayerNorm::use_fast_variance, "variance as mean of squares minus square of mean")
        .field("force_float32_reductions", &LayerNorm::force_float32_reductions, "statistics in float32 or more")
        .arg("x")
        .keyword_only()
        .arg("mask", Value())
        .call(&call_layer_norm)};

}  // namespace
}  // namespace linenc::layers
