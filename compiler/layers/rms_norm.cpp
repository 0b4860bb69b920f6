// RMSNorm: each row divided by the root of its mean square (linen-semantics D.3).
// Tested by tests/compiler/layers.
#include "compiler/catalog/registry.h"
#include "compiler/layers/normalization.h"

namespace linenc::layers {
namespace {

struct RMSNorm : NormFields {
  RMSNorm() { use_bias = false; }
  Axes reduction_axes = {-1}, feature_axes = {-1};
};

Value call_rms_norm(const RMSNorm& fields, LayerCall& call) {
  const Tensor x = call.tensor(0);
  const Axes reduced = distinct_axes(call, fields.reduction_axes, x.rank(), "reduction_axes");
  const Axes features = feature_axes_of(call, fields.feature_axes, x.rank(), fields.use_scale);
  const Stats stats = compute_stats(call, fields, x, reduced, call.arguments.value(1), {.use_mean = false});
  return normalize(call, fields, x, stats, scale_and_bias(call, fields, x, features));
}

const catalog::RegisterLayer rms_norm{catalog::LayerSpec<RMSNorm>("RMSNorm", "Divides each row by the root of its mean square, then scales.")
                                          .field("epsilon", &RMSNorm::epsilon, "added to the mean square")
                                          .field("dtype", &RMSNorm::dtype, "dtype of the result; none: that of input and parameters together")
                                          .field("param_dtype", &RMSNorm::param_dtype, "dtype of the parameters")
                                          .field("use_scale", &RMSNorm::use_scale, "multiply by a learned factor")
                                          .field("scale_init", &RMSNorm::scale_init, "first value of the scale")
                                          .field("reduction_axes", &RMSNorm::reduction_axes, "axes that the mean is taken over")
                                          .field("feature_axes", &RMSNorm::feature_axes, "axes with a scale for each index")
                                          .field("axis_name", &RMSNorm::axis_name, "a named axis that the mean is taken over too")
                                          .field("axis_index_groups", &RMSNorm::axis_index_groups, "groups of indices of the named axis")
                                          .field("use_fast_variance", &RMSNorm::use_fast_variance, "changes nothing here")
                                          .field("force_float32_reductions", &RMSNorm::force_float32_reductions, "the mean in float32 or more")
                                          .arg("x")
                                          .keyword_only()
                                          .arg("mask", Value())
                                          .call(&call_rms_norm)};

}  // namespace
}  // namespace linenc::layers
