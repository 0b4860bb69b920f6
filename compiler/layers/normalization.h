#pragma once

#include <optional>
#include <vector>

#include "compiler/layers/hooks.h"

// What the normalization layers share: statistics, and the normalization with a learned scale and bias (linen-semantics D.3).
namespace linenc::layers {

using Axes = std::vector<std::int64_t>;

// The fields that all of them have.
struct NormFields {
  double epsilon = 1e-6;
  std::optional<DType> dtype;
  DType param_dtype = DType::Float32;
  bool use_bias = true, use_scale = true;
  catalog::Initializer bias_init = catalog::zeros_initializer(), scale_init = catalog::ones_initializer();
  std::optional<std::string> axis_name;
  Value axis_index_groups;
  bool use_fast_variance = true, force_float32_reductions = true;
};

// Each axis once, ascending, 0 <= axis < rank; E0226 at the field otherwise.
[[nodiscard]] Axes distinct_axes(const LayerCall& call, const Axes& axes, std::int64_t rank, const std::string& field);
// The same of `feature_axes`. Without a scale and a bias nothing depends on them, and Linen takes down to -2 * rank.
[[nodiscard]] Axes feature_axes_of(const LayerCall& call, const Axes& axes, std::int64_t rank, bool has_parameters);
// Those of 0 … rank - 1 that are not in `axes`.
[[nodiscard]] Axes other_axes(const Axes& axes, std::int64_t rank);

// Mean and variance, with the shape of x where its reduced axes have size 1. Where the reduced axes are the leading ones they are
// left out instead: the shapes broadcast all the same. The mean does not exist without `use_mean`.
struct Stats {
  Tensor mean, var;
};
struct Statistics {
  bool use_mean = true;
  bool over_named_axis = true;  // where the field `axis_name` is given; E0226 where no map around has that name
};
[[nodiscard]] Stats compute_stats(const LayerCall& call, const NormFields& fields, Tensor x, const Axes& reduced, const Value& mask,
                                  Statistics of = {});

// The parameters `scale` and `bias`, which broadcast against x; made in this order. They do not exist where they are switched off.
struct ScaleBias {
  Tensor scale, bias;
};
[[nodiscard]] ScaleBias scale_and_bias(const LayerCall& call, const NormFields& fields, Tensor x, const Axes& features);

// (x - mean) * (rsqrt(var + epsilon) * scale) + bias, in the dtype of the field or of x and the parameters together.
[[nodiscard]] Tensor normalize(const LayerCall& call, const NormFields& fields, Tensor x, const Stats& stats, const ScaleBias& learned);

}  // namespace linenc::layers
