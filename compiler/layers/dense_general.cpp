// DenseGeneral: a linear map of any axes to any axes, with common batch axes (linen-semantics D.2).
// Tested by tests/compiler/layers.
#include <algorithm>

#include "compiler/catalog/registry.h"
#include "compiler/graph/ops.h"
#include "compiler/layers/hooks.h"

namespace linenc::layers {
namespace {

using Axes = std::vector<std::int64_t>;

struct DenseGeneral {
  Dims features;
  Axes axis = {-1}, batch_dims;
  bool use_bias = true;
  std::optional<DType> dtype;
  DType param_dtype = DType::Float32;
  catalog::Initializer kernel_init = catalog::lecun_normal(), bias_init = catalog::zeros_initializer();
  Value precision, promote_dtype, dot_general, dot_general_cls;
};

// Linen hands its initializers flat shapes, so that the fans count inputs and outputs and nothing else.
catalog::Initializer flattened(const catalog::Initializer& init, Dims flat) {
  catalog::Initializer result = init;
  result.make = [init, flat = std::move(flat)](catalog::Context& context, Tensor key, const Dims& shape, DType dtype) {
    const Tensor made = init.make(context, key, flat, dtype);
    return flat == shape ? made : graph::reshape(context.builder, made, shape);
  };
  return result;
}

Axes sorted_axes(const LayerCall& call, const Axes& axes, std::int64_t rank, const std::string& field) {
  Axes result;
  for (const std::int64_t axis : axes) result.push_back(axis_of(call, axis, rank, field));
  std::sort(result.begin(), result.end());
  return result;
}

bool contains(const Axes& axes, std::int64_t axis) { return std::find(axes.begin(), axes.end(), axis) != axes.end(); }

// DenseGeneral.c1: batch axes are written 0, 1, … in any order, and none of them is contracted.
void check_axes(const LayerCall& call, const Axes& axes, Axes batch) {
  std::sort(batch.begin(), batch.end());
  for (std::size_t i = 0; i < batch.size(); ++i) {
    if (batch[i] != static_cast<std::int64_t>(i)) call.fail("`batch_dims` must be the leading axes 0, 1, …", "batch_dims");
    if (contains(axes, batch[i])) call.fail(concat("`axis` and `batch_dims` both name the axis ", batch[i]), "axis");
  }
  for (std::size_t i = 1; i < axes.size(); ++i) {
    if (axes[i] == axes[i - 1]) call.fail(concat("`axis` names the axis ", axes[i], " twice"), "axis");
  }
}

Dims sizes_at(Tensor x, const Axes& axes) {
  Dims sizes;
  for (const std::int64_t axis : axes) sizes.push_back(x.dim(axis));
  return sizes;
}

Dims joined(Dims a, const Dims& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

// The bias with an axis of size 1 for every axis of the input that is kept and is no batch axis.
Tensor spread_bias(const LayerCall& call, Tensor bias, Tensor x, const Axes& axes, const Axes& batch, const Dims& features) {
  if (!bias.exists() || batch.empty()) return bias;
  Dims shape;
  for (std::int64_t axis = 0; axis < x.rank(); ++axis) {
    if (!contains(axes, axis)) shape.push_back(contains(batch, axis) ? x.dim(axis) : Dim(1));
  }
  return graph::reshape(call.builder, bias, joined(std::move(shape), features));
}

Axes count_from(std::int64_t first, std::size_t count) {
  Axes result;
  for (std::size_t i = 0; i < count; ++i) result.push_back(first + static_cast<std::int64_t>(i));
  return result;
}

Value call_dense_general(const DenseGeneral& fields, LayerCall& call) {
  Tensor x = call.tensor(0);
  const Axes axes = sorted_axes(call, fields.axis, x.rank(), "axis");
  const Axes batch = sorted_axes(call, fields.batch_dims, x.rank(), "batch_dims");
  check_axes(call, axes, fields.batch_dims);
  if (fields.features.empty()) call.fail("`features` is an empty list; it needs one size or more", "features");
  const Dims batch_sizes = sizes_at(x, batch), inputs = sizes_at(x, axes);
  const Dim batch_count = graph::element_count(batch_sizes), outputs = graph::element_count(fields.features);
  Tensor kernel = call.param("kernel", flattened(fields.kernel_init, {batch_count * graph::element_count(inputs), outputs}),
                             joined(joined(batch_sizes, inputs), fields.features), fields.param_dtype);
  Tensor bias;
  if (fields.use_bias) {
    bias = call.param("bias", flattened(fields.bias_init, {batch_count * outputs}), joined(batch_sizes, fields.features), fields.param_dtype);
  }
  promote(call, {fields.promote_dtype, fields.dtype}, {&x, &kernel, &bias});
  DotAttributes dims;
  dims.a_batch = batch;
  dims.b_batch = count_from(0, batch.size());
  dims.a_contract = axes;
  dims.b_contract = count_from(static_cast<std::int64_t>(batch.size()), axes.size());
  const Tensor product = dot(call, {fields.dot_general, fields.dot_general_cls, fields.precision}, x, kernel, dims);
  const Tensor y = add_bias(call, product, spread_bias(call, bias, x, axes, batch, fields.features));
  for (std::size_t i = 1; i <= fields.features.size(); ++i) note_axis(call, y, -static_cast<std::int64_t>(i), "features");
  return y;
}

const catalog::RegisterLayer dense_general{
    catalog::LayerSpec<DenseGeneral>("DenseGeneral", "A linear map of any axes of the input to new last axes.")
        .required_field("features", &DenseGeneral::features, catalog::at_least(1), "size, or sizes, of the new last axes")
        .field("axis", &DenseGeneral::axis, "axis, or axes, of the input that are mapped")
        .field("batch_dims", &DenseGeneral::batch_dims, "leading axes with a map of their own for each index")
        .field("use_bias", &DenseGeneral::use_bias, "add a learned offset")
        .field("dtype", &DenseGeneral::dtype, "dtype of the computation; none: that of input and parameters together")
        .field("param_dtype", &DenseGeneral::param_dtype, "dtype of the parameters")
        .field("kernel_init", &DenseGeneral::kernel_init, "first value of the kernel, made as a matrix")
        .field("bias_init", &DenseGeneral::bias_init, "first value of the bias")
        .field("precision", &DenseGeneral::precision, "precision of the product: none, `default`, `high` or `highest`")
        .field_as("promote_dtype", &DenseGeneral::promote_dtype, given_function_type(), "promote_dtype",
                  "a function that brings the arrays to one dtype")
        .field_as("dot_general", &DenseGeneral::dot_general, function_type(), "none", "a function in place of lax.dot_general")
        .field("dot_general_cls", &DenseGeneral::dot_general_cls, "a module, or a function of nothing, that makes such a function")
        .arg("inputs")
        .call(&call_dense_general)};

}  // namespace
}  // namespace linenc::layers
