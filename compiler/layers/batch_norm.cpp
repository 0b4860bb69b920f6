// BatchNorm: features normalized over the batch, with running statistics in `batch_stats` (linen-semantics D.3).
// Tested by tests/compiler/layers.
#include "compiler/catalog/numpy.h"
#include "compiler/catalog/registry.h"
#include "compiler/graph/ops.h"
#include "compiler/layers/normalization.h"

namespace linenc::layers {
namespace {

struct BatchNorm : NormFields {
  BatchNorm() { epsilon = 1e-5; }
  std::optional<bool> use_running_average;
  Axes axis = {-1};
  double momentum = 0.99;
};

// Whether the stored statistics are used: a truth value known while compiling.
bool use_running(const BatchNorm& fields, const LayerCall& call) {
  const Value field = fields.use_running_average ? Value(*fields.use_running_average) : Value();
  const Value value = call.merge_param("use_running_average", field, 1);
  if (value.tensor() != nullptr) call.arguments.wrong_type(1, "a bool");
  return catalog::truth(value);
}

// The tensor with an axis for each axis of x, where its features are not the trailing axes.
Tensor as_broadcast(const LayerCall& call, Tensor stat, Tensor x, const Axes& features) {
  Dims shape(static_cast<std::size_t>(x.rank()), 1);
  bool trailing = true;
  for (std::size_t i = 0; i < features.size(); ++i) {
    shape[static_cast<std::size_t>(features[i])] = x.dim(features[i]);
    trailing = trailing && features[i] == x.rank() - static_cast<std::int64_t>(features.size() - i);
  }
  return trailing ? stat : graph::reshape(call.builder, stat, shape);
}

// momentum * old + (1 - momentum) * new
void update(const LayerCall& call, const BatchNorm& fields, const std::string& name, Tensor old, Tensor batch) {
  catalog::Context& context = call.context;
  const auto scaled = [&](double factor, Tensor x) {
    return catalog::binary(context, ElementwiseKind::Multiply, catalog::number(context, factor, x.dtype()), x);
  };
  batch = graph::reshape(call.builder, batch, old.shape());
  call.set_variable("batch_stats", name,
                    catalog::binary(context, ElementwiseKind::Add, scaled(fields.momentum, old), scaled(1 - fields.momentum, batch)));
}

Value call_batch_norm(const BatchNorm& fields, LayerCall& call) {
  const Tensor x = call.tensor(0);
  const bool running = use_running(fields, call);
  const Axes features = distinct_axes(call, fields.axis, x.rank(), "axis");
  Dims feature_shape;
  for (const std::int64_t axis : features) feature_shape.push_back(x.dim(axis));
  const DType stored_dtype = fields.force_float32_reductions ? DType::Float32 : fields.param_dtype;
  const auto stored = [&](const std::string& name, double first) {
    const Tensor value = call.variable("batch_stats", name, [&] { return graph::full(call.builder, first, stored_dtype, feature_shape); });
    // Linen compares only the shapes of parameters; this would fail where it broadcasts.
    if (value.shape() != feature_shape) {
      call.fail(
          concat("`batch_stats` holds `", name, "` as ", value.fact(), ", and the input has features of shape ", graph::to_string(feature_shape)), "",
          catalog::Code::ShapeMismatch);
    }
    return value;
  };
  const Tensor mean = stored("mean", 0), var = stored("var", 1);
  Stats stats;
  if (running) {
    const auto used = [&](Tensor stat) {
      return as_broadcast(call, fields.force_float32_reductions ? stat : catalog::astype(call.context, stat, fields.param_dtype), x, features);
    };
    stats = {used(mean), used(var)};
  } else {
    // Linen does not look at the named axis while it initializes.
    stats = compute_stats(call, fields, x, other_axes(features, x.rank()), call.arguments.value(2), {true, !call.context.initializing});
    if (!call.context.initializing) {
      update(call, fields, "mean", mean, stats.mean);
      update(call, fields, "var", var, stats.var);
    }
  }
  return normalize(call, fields, x, stats, scale_and_bias(call, fields, x, features));
}

const catalog::RegisterLayer batch_norm{
    catalog::LayerSpec<BatchNorm>("BatchNorm", "Normalizes each feature over the batch, or by running statistics.")
        .field("use_running_average", &BatchNorm::use_running_average, "use the stored statistics; give it here or in the call")
        .field("axis", &BatchNorm::axis, "axis, or axes, of the features")
        .field("momentum", &BatchNorm::momentum, "weight of the old running statistics")
        .field("epsilon", &BatchNorm::epsilon, "added to the variance")
        .field("dtype", &BatchNorm::dtype, "dtype of the result; none: that of input and parameters together")
        .field("param_dtype", &BatchNorm::param_dtype, "dtype of the parameters")
        .field("use_bias", &BatchNorm::use_bias, "add a learned offset")
        .field("use_scale", &BatchNorm::use_scale, "multiply by a learned factor")
        .field("bias_init", &BatchNorm::bias_init, "first value of the bias")
        .field("scale_init", &BatchNorm::scale_init, "first value of the scale")
        .field("axis_name", &BatchNorm::axis_name, "a named axis that the statistics are taken over too")
        .field("axis_index_groups", &BatchNorm::axis_index_groups, "groups of indices of the named axis")
        .field("use_fast_variance", &BatchNorm::use_fast_variance, "variance as mean of squares minus square of mean")
        .field("force_float32_reductions", &BatchNorm::force_float32_reductions, "statistics in float32 or more")
        .arg("x")
        .arg("use_running_average", Value())
        .keyword_only()
        .arg("mask", Value())
        .call(&call_batch_norm)};

}  // namespace
}  // namespace linenc::layers
