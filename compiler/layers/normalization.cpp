#include "compiler/layers/normalization.h"

#include <algorithm>

#include "compiler/catalog/named_axes.h"
#include "compiler/catalog/numpy.h"
#include "compiler/graph/ops.h"

namespace linenc::layers {

Axes distinct_axes(const LayerCall& call, const Axes& axes, std::int64_t rank, const std::string& field) {
  Axes result;
  for (const std::int64_t axis : axes) result.push_back(axis_of(call, axis, rank, field));
  std::sort(result.begin(), result.end());
  result.erase(std::unique(result.begin(), result.end()), result.end());
  return result;
}

Axes feature_axes_of(const LayerCall& call, const Axes& axes, std::int64_t rank, bool has_parameters) {
  const bool unused = !has_parameters && std::all_of(axes.begin(), axes.end(), [&](std::int64_t a) { return a >= -2 * rank && a < rank; });
  return unused ? Axes{} : distinct_axes(call, axes, rank, "feature_axes");
}

Axes other_axes(const Axes& axes, std::int64_t rank) {
  Axes result;
  for (std::int64_t axis = 0; axis < rank; ++axis) {
    if (std::find(axes.begin(), axes.end(), axis) == axes.end()) result.push_back(axis);
  }
  return result;
}

namespace {

bool is_leading(const Axes& axes) {
  for (std::size_t i = 0; i < axes.size(); ++i) {
    if (axes[i] != static_cast<std::int64_t>(i)) return false;
  }
  return true;
}

// The named axis of the field `axis_name`, where it holds one.
const catalog::Context::NamedAxis* named_axis(const LayerCall& call, const NormFields& fields) {
  if (!fields.axis_name) return nullptr;
  const catalog::Context::NamedAxis* axis = catalog::find_axis(call.context, *fields.axis_name);
  if (axis == nullptr) {
    std::vector<std::string> names;
    for (const auto& known : call.context.named_axes) names.push_back(known.name);
    call.fail(concat("no `vmap` around this layer has the axis name `", diagnostics::shown(*fields.axis_name), "`",
                     names.empty() ? std::string("; it is given by `axis_name` of `vmap`") : concat("; there is ", diagnostics::listed(names))),
              "axis_name");
  }
  if (!fields.axis_index_groups.is_none()) {
    call.fail("JAX has groups of indices for axes over devices only, not for those of `vmap`; leave `axis_index_groups` out", "axis_index_groups");
  }
  return axis;
}

// jnp.mean(x, axes, where=mask): the sum of the elements that count, divided by their number. Then the mean along the named axis.
class Mean {
 public:
  Mean(const LayerCall& call, Tensor x, const Axes& axes, const Value& mask, const catalog::Context::NamedAxis* named)
      : context_(call.context), axes_(axes), keepdims_(!is_leading(axes)), named_(named) {
    if (mask.is_none()) return;
    graph::Builder& b = call.builder;
    mask_ = graph::broadcast_to(b, catalog::astype(context_, catalog::to_tensor(context_, mask), DType::Bool), x.shape());
    const DType counting = x.dtype() == DType::BFloat16 || x.dtype() == DType::Float16 ? DType::Float32 : catalog::to_inexact(x.dtype());
    count_ = catalog::sum(context_, catalog::astype(context_, mask_, counting), axes_, keepdims_);
  }

  [[nodiscard]] Tensor of(Tensor x) const { return named_ ? catalog::pmean(context_, local(x), *named_) : local(x); }

 private:
  [[nodiscard]] Tensor local(Tensor x) const {
    if (!mask_.exists()) return catalog::mean(context_, x, axes_, keepdims_);
    const DType wanted = catalog::to_inexact(x.dtype());
    const Tensor wide = catalog::astype(context_, x, count_.dtype());
    const Tensor counted = catalog::where(context_, mask_, wide, catalog::number(context_, 0, wide.dtype()));
    return catalog::astype(context_, catalog::divide(context_, catalog::sum(context_, counted, axes_, keepdims_), count_), wanted);
  }

  catalog::Context& context_;
  Axes axes_;
  bool keepdims_;
  const catalog::Context::NamedAxis* named_;
  Tensor mask_, count_;
};

}  // namespace

Stats compute_stats(const LayerCall& call, const NormFields& fields, Tensor x, const Axes& reduced, const Value& mask, Statistics of) {
  const catalog::Context::NamedAxis* named = of.over_named_axis ? named_axis(call, fields) : nullptr;
  catalog::Context& context = call.context;
  DType dtype = fields.dtype.value_or(x.dtype());
  if (fields.force_float32_reductions) dtype = catalog::promote({dtype, false}, {DType::Float32, false}).dtype;
  x = catalog::astype(context, x, dtype);
  const auto multiply = [&](Tensor a, Tensor b) { return catalog::binary(context, ElementwiseKind::Multiply, a, b); };
  const auto subtract = [&](Tensor a, Tensor b) { return catalog::binary(context, ElementwiseKind::Subtract, a, b); };
  const Mean mean(call, x, reduced, mask, named);
  if (!of.use_mean) return {Tensor{}, mean.of(multiply(x, x))};
  const Tensor center = mean.of(x);
  if (!fields.use_fast_variance) {
    const Tensor distance = subtract(x, center);
    return {center, mean.of(multiply(distance, distance))};
  }
  const Tensor difference = subtract(mean.of(multiply(x, x)), multiply(center, center));
  // Rounding can bring the difference below zero.
  return {center, catalog::binary(context, ElementwiseKind::Maximum, catalog::number(context, 0, difference.dtype()), difference)};
}

namespace {

// One axis for each axis of x: of size 1 where it is no feature. Trailing features broadcast without that.
Tensor spread(const LayerCall& call, Tensor parameter, Tensor x, const Axes& features) {
  if (is_leading(other_axes(features, x.rank()))) return parameter;
  Dims shape(static_cast<std::size_t>(x.rank()), 1);
  for (const std::int64_t axis : features) shape[static_cast<std::size_t>(axis)] = x.dim(axis);
  return graph::reshape(call.builder, parameter, shape);
}

}  // namespace

ScaleBias scale_and_bias(const LayerCall& call, const NormFields& fields, Tensor x, const Axes& features) {
  Dims shape;
  for (const std::int64_t axis : features) shape.push_back(x.dim(axis));
  const auto made = [&](const std::string& name, const catalog::Initializer& init) {
    const Tensor parameter = spread(call, call.param(name, init, shape, fields.param_dtype), x, features);
    return fields.force_float32_reductions ? parameter : catalog::astype(call.context, parameter, fields.param_dtype);
  };
  ScaleBias learned;
  if (fields.use_scale) learned.scale = made("scale", fields.scale_init);
  if (fields.use_bias) learned.bias = made("bias", fields.bias_init);
  return learned;
}

Tensor normalize(const LayerCall& call, const NormFields& fields, Tensor x, const Stats& stats, const ScaleBias& learned) {
  catalog::Context& context = call.context;
  if (fields.dtype && !is_float(*fields.dtype)) {
    call.fail(concat("`dtype` is ", *fields.dtype, ", and `", call.instance.type->class_name(), "` computes with floats"), "dtype");
  }
  std::vector<Tensor> typed = {x};
  if (learned.scale.exists()) typed.push_back(learned.scale);
  if (learned.bias.exists()) typed.push_back(learned.bias);
  const DType result = catalog::canonicalize_dtype(context, typed, fields.dtype);

  Tensor y = x;
  if (stats.mean.exists()) {
    y = catalog::binary(context, ElementwiseKind::Subtract, x, stats.mean);
  } else {
    y = catalog::astype(context, x, catalog::promote({x.dtype(), x.fact().weak}, {stats.var.dtype(), false}).dtype);
  }
  const Tensor epsilon = catalog::number(context, fields.epsilon, stats.var.dtype());
  Tensor factor = catalog::inexact_unary(context, ElementwiseKind::Rsqrt, catalog::binary(context, ElementwiseKind::Add, stats.var, epsilon));
  if (learned.scale.exists()) factor = catalog::binary(context, ElementwiseKind::Multiply, factor, learned.scale);
  y = catalog::binary(context, ElementwiseKind::Multiply, y, factor);
  return catalog::astype(context, add_bias(call, y, learned.bias), result);
}

}  // namespace linenc::layers
