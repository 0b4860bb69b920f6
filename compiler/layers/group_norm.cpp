// GroupNorm: groups of channels normalized together (linen-semantics D.3).
// Tested by tests/compiler/layers.
#include "compiler/catalog/numpy.h"
#include "compiler/catalog/registry.h"
#include "compiler/graph/ops.h"
#include "compiler/layers/normalization.h"

namespace linenc::layers {
namespace {

struct GroupNorm : NormFields {
  std::optional<Dim> num_groups = Dim(32), group_size;
  std::optional<Axes> reduction_axes;
};

// The sizes of an axis of channels seen as groups.
struct Groups {
  Dim count, size;
};

Groups groups_of(const GroupNorm& fields, const LayerCall& call, const Dim& channels) {
  // GroupNorm.c1: exactly one of the two sizes is given.
  if (fields.num_groups.has_value() == fields.group_size.has_value()) {
    call.fail("give one of `num_groups` and `group_size`; to use `group_size` write `num_groups: none`, which is 32 otherwise",
              fields.group_size ? "group_size" : "num_groups");
  }
  // GroupNorm.c2: it divides the channels.
  const std::string field = fields.group_size ? "group_size" : "num_groups";
  const Dim& divisor = fields.group_size ? *fields.group_size : *fields.num_groups;
  if (divisor.is_constant() && *divisor.constant() < 1)
    call.fail(concat("`", field, "` is ", divisor, ", needs at least 1"), field, catalog::Code::FieldOutOfRange);
  need_multiple(call, channels, divisor, "the last axis of the input", field);
  const Dim other = floor_div(channels, divisor);
  return fields.group_size ? Groups{other, divisor} : Groups{divisor, other};
}

Axes reduced_axes(const GroupNorm& fields, const LayerCall& call, std::int64_t rank) {
  Axes axes;
  for (std::int64_t axis = 1; axis + 1 < rank; ++axis) axes.push_back(axis);
  axes.push_back(rank - 1);
  if (!fields.reduction_axes) return axes;
  axes = distinct_axes(call, *fields.reduction_axes, rank, "reduction_axes");
  // GroupNorm.c3: the channels are among the reduced axes.
  if (axes.empty() || axes.back() != rank - 1) call.fail("`reduction_axes` must name the last axis, which holds the channels", "reduction_axes");
  return axes;
}

Tensor grouped(const LayerCall& call, Tensor x, const Groups& groups) {
  Dims shape(x.shape().begin(), x.shape().end() - 1);
  shape.push_back(groups.count);
  shape.push_back(groups.size);
  return graph::reshape(call.builder, x, shape);
}

// A mask is split like the input; it covers every channel.
Value grouped_mask(const LayerCall& call, const Groups& groups) {
  const Value& mask = call.arguments.value(1);
  if (mask.is_none()) return mask;
  return grouped(call, call.tensor(1), groups);
}

Value call_group_norm(const GroupNorm& fields, LayerCall& call) {
  const Tensor x = call.tensor(0);
  if (x.rank() == 0) call.fail(concat("`GroupNorm` needs an input with an axis, and this one is ", x.fact()), "", catalog::Code::ShapeMismatch);
  Axes reduced = reduced_axes(fields, call, x.rank());
  const Groups groups = groups_of(fields, call, x.dim(-1));
  // The group's axis of the split input follows those of the input.
  reduced.back() = x.rank();
  const Tensor split = grouped(call, x, groups);
  Stats stats = compute_stats(call, fields, split, reduced, grouped_mask(call, groups));
  ScaleBias learned = scale_and_bias(call, fields, x, {x.rank() - 1});
  if (learned.scale.exists()) learned.scale = grouped(call, learned.scale, groups);
  if (learned.bias.exists()) learned.bias = grouped(call, learned.bias, groups);
  return graph::reshape(call.builder, normalize(call, fields, split, stats, learned), x.shape());
}

const catalog::RegisterLayer group_norm{
    catalog::LayerSpec<GroupNorm>("GroupNorm", "Normalizes groups of channels to mean 0 and variance 1, then scales and shifts.")
        .field("num_groups", &GroupNorm::num_groups, "number of groups; none where `group_size` is given")
        .field("group_size", &GroupNorm::group_size, "channels in a group")
        .field("epsilon", &GroupNorm::epsilon, "added to the variance")
        .field("dtype", &GroupNorm::dtype, "dtype of the result; none: that of input and parameters together")
        .field("param_dtype", &GroupNorm::param_dtype, "dtype of the parameters")
        .field("use_bias", &GroupNorm::use_bias, "add a learned offset")
        .field("use_scale", &GroupNorm::use_scale, "multiply by a learned factor")
        .field("bias_init", &GroupNorm::bias_init, "first value of the bias")
        .field("scale_init", &GroupNorm::scale_init, "first value of the scale")
        .field("reduction_axes", &GroupNorm::reduction_axes, "axes that the statistics are taken over; none: all but the first")
        .field("axis_name", &GroupNorm::axis_name, "a named axis that the statistics are taken over too")
        .field("axis_index_groups", &GroupNorm::axis_index_groups, "groups of indices of the named axis")
        .field("use_fast_variance", &GroupNorm::use_fast_variance, "variance as mean of squares minus square of mean")
        .field("force_float32_reductions", &GroupNorm::force_float32_reductions, "statistics in float32 or more")
        .arg("x")
        .keyword_only()
        .arg("mask", Value())
        .call(&call_group_norm)};

}  // namespace
}  // namespace linenc::layers
