// InstanceNorm: each feature of each example normalized over the axes between (linen-semantics D.3).
// Tested by tests/compiler/layers.
#include "compiler/catalog/registry.h"
#include "compiler/layers/normalization.h"

namespace linenc::layers {
namespace {

struct InstanceNorm : NormFields {
  Axes feature_axes = {-1};
};

Value call_instance_norm(const InstanceNorm& fields, LayerCall& call) {
  const Tensor x = call.tensor(0);
  const Axes features = distinct_axes(call, fields.feature_axes, x.rank(), "feature_axes");
  // InstanceNorm.c1: the first axis is the batch.
  if (!features.empty() && features.front() == 0) call.fail("`feature_axes` names the first axis, which is the batch", "feature_axes");
  Axes kept = features;
  kept.insert(kept.begin(), 0);
  const Stats stats = compute_stats(call, fields, x, other_axes(kept, x.rank()), call.arguments.value(1));
  return normalize(call, fields, x, stats, scale_and_bias(call, fields, x, features));
}

const catalog::RegisterLayer instance_norm{
    catalog::LayerSpec<InstanceNorm>("InstanceNorm", "Normalizes each feature of each example, then scales and shifts.")
        .field("epsilon", &InstanceNorm::epsilon, "added to the variance")
        .field("dtype", &InstanceNorm::dtype, "dtype of the result; none: that of input and parameters together")
        .field("param_dtype", &InstanceNorm::param_dtype, "dtype of the parameters")
        .field("use_bias", &InstanceNorm::use_bias, "add a learned offset")
        .field("use_scale", &InstanceNorm::use_scale, "multiply by a learned factor")
        .field("bias_init", &InstanceNorm::bias_init, "first value of the bias")
        .field("scale_init", &InstanceNorm::scale_init, "first value of the scale")
        .field("feature_axes", &InstanceNorm::feature_axes, "axes with statistics, scale and bias for each index")
        .field("axis_name", &InstanceNorm::axis_name, "a named axis that the statistics are taken over too")
        .field("axis_index_groups", &InstanceNorm::axis_index_groups, "groups of indices of the named axis")
        .field("use_fast_variance", &InstanceNorm::use_fast_variance, "variance as mean of squares minus square of mean")
        .field("force_float32_reductions", &InstanceNorm::force_float32_reductions, "statistics in float32 or more")
        .arg("x")
        .keyword_only()
        .arg("mask", Value())
        .call(&call_instance_norm)};

}  // namespace
}  // namespace linenc::layers
