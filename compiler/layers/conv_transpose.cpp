// ConvTranspose: a convolution of the input spread out by the strides (linen-semantics D.2).
// Tested by tests/compiler/layers.
#include <algorithm>
#include <numeric>

#include "compiler/catalog/numpy.h"
#include "compiler/catalog/registry.h"
#include "compiler/graph/ops.h"
#include "compiler/layers/convolution.h"

namespace linenc::layers {
namespace {

using catalog::Code;

struct ConvTranspose {
  Dim features;
  Dims kernel_size;
  Value strides, padding = "SAME", kernel_dilation;
  bool use_bias = true;
  Value mask;
  std::optional<DType> dtype;
  DType param_dtype = DType::Float32;
  Value precision;
  catalog::Initializer kernel_init = catalog::lecun_normal(), bias_init = catalog::zeros_initializer();
  bool transpose_kernel = false;
  Value promote_dtype;
  std::optional<DType> preferred_element_type;
};

// lax's padding for the transposed convolution: of the input with strides - 1 zeros between its elements.
graph::SamePadding transposed_pads(const std::string& name, const Dim& kernel, std::int64_t stride) {
  if (name == "VALID") {
    const Dim total = kernel + stride - 2 + maximum(kernel - stride, 0);
    return {kernel - 1, total - (kernel - 1)};
  }
  const Dim total = kernel + stride - 2;
  const auto known = kernel.constant();
  const Dim low = known && stride > *known - 1 ? kernel - 1 : ceil_div(total, 2);
  return {low, total - low};
}

Pads pads_of(const ConvTranspose& fields, const LayerCall& call, Tensor x, const Dims& kernel, const PerAxis& strides) {
  const auto padding = padding_of(call, fields.padding, kernel.size());
  if (const Pads* explicit_pads = std::get_if<Pads>(&padding)) return *explicit_pads;
  std::string name = std::get<std::string>(padding);
  if (name == "CIRCULAR") name = "VALID";
  // Other spellings mean the plain convolution's padding, as in lax.
  if (name != "SAME" && name != "VALID") return named_pads(call, name, x, kernel, PerAxis(kernel.size(), 1), strides);
  Pads pads;
  for (std::size_t i = 0; i < kernel.size(); ++i) {
    const graph::SamePadding axis = transposed_pads(name, kernel[i], strides[i]);
    pads.low.push_back(axis.low);
    pads.high.push_back(axis.high);
  }
  return pads;
}

// Adds up the periods of one axis: y is padded to an odd number of them, so that the input begins at a whole period.
Tensor wrap_axis(const LayerCall& call, Tensor y, std::int64_t axis, const Dim& period, bool transpose_kernel) {
  const Dim excess = y.dim(axis) - period;
  if (excess == Dim(0)) return y;
  // Where the period is no number yet, the excess is taken for at most two periods; the result has the same shape anyhow.
  const Dim missing = period.is_constant() ? modulo(-excess, period * 2) : period * 2 - excess;
  const Dim larger = floor_div(missing + 1, 2), smaller = missing - larger;
  const auto rank = static_cast<std::size_t>(y.rank());
  const auto at = static_cast<std::size_t>(axis);
  Dims low(rank, 0), high(rank, 0);
  low[at] = transpose_kernel ? smaller : larger;
  high[at] = transpose_kernel ? larger : smaller;
  y = graph::pad(call.builder, y, graph::scalar(call.builder, 0, y.dtype()), low, high, std::vector<std::int64_t>(rank, 0));
  Dims shape = y.shape();
  shape[at] = period;
  shape.insert(shape.begin() + axis, period.is_constant() ? floor_div(y.dim(axis), period) : Dim(3));
  return catalog::sum(call.context, graph::reshape(call.builder, y, shape), {axis});
}

// The kernel with its window mirrored and its last two axes exchanged.
Tensor transposed_kernel(const LayerCall& call, Tensor kernel) {
  std::vector<std::int64_t> spatial(static_cast<std::size_t>(kernel.rank()) - 2), order(static_cast<std::size_t>(kernel.rank()));
  std::iota(spatial.begin(), spatial.end(), 0);
  std::iota(order.begin(), order.end(), 0);
  std::swap(order[order.size() - 1], order[order.size() - 2]);
  return graph::transpose(call.builder, graph::reverse(call.builder, kernel, spatial), order);
}

Value call_conv_transpose(const ConvTranspose& fields, LayerCall& call) {
  check_precision(call, fields.precision);
  const std::size_t spatial = fields.kernel_size.size();
  // ConvTranspose.c1: lax names the axes of at most three windows.
  if (spatial > 3) call.fail(concat("`kernel_size` has ", spatial, " axes, and `ConvTranspose` takes at most 3"), "kernel_size");
  check_kernel_size(call, fields.kernel_size);
  const PerAxis strides = spatial_numbers(call, fields.strides, spatial, "strides");
  const PerAxis dilation = spatial_numbers(call, fields.kernel_dilation, spatial, "kernel_dilation");
  const FlatBatch flat = flatten_batch(call, call.tensor(0), spatial);
  Tensor x = flat.x;

  Dims kernel_shape = fields.kernel_size, window;
  for (std::size_t i = 0; i < spatial; ++i) window.push_back(dilated(fields.kernel_size[i], dilation[i]));
  kernel_shape.push_back(fields.transpose_kernel ? fields.features : x.dim(-1));
  kernel_shape.push_back(fields.transpose_kernel ? x.dim(-1) : fields.features);
  Tensor kernel = masked(call, call.param("kernel", fields.kernel_init, kernel_shape, fields.param_dtype), fields.mask);
  const Pads pads = pads_of(fields, call, x, window, strides);
  Tensor bias;
  if (fields.use_bias) bias = call.param("bias", fields.bias_init, {fields.features}, fields.param_dtype);
  promote(call, {fields.promote_dtype, fields.dtype}, {&x, &kernel, &bias});
  if (fields.preferred_element_type) {
    x = catalog::astype(call.context, x, *fields.preferred_element_type);
    kernel = catalog::astype(call.context, kernel, *fields.preferred_element_type);
  }
  if (fields.transpose_kernel) kernel = transposed_kernel(call, kernel);
  ConvolutionAttributes<Dim> attributes;
  attributes.strides = PerAxis(spatial, 1);
  attributes.low = pads.low;
  attributes.high = pads.high;
  attributes.input_dilation = strides;
  attributes.kernel_dilation = dilation;
  Tensor y = graph::convolution(call.builder, x, kernel, attributes);
  if (fields.padding.text() && *fields.padding.text() == "CIRCULAR") {
    for (std::size_t i = 0; i < spatial; ++i) {
      const auto axis = static_cast<std::int64_t>(i) + 1;
      y = wrap_axis(call, y, axis, x.dim(axis) * strides[i], fields.transpose_kernel);
    }
  }
  y = restore_batch(call, add_bias(call, y, bias), flat);
  note_axis(call, y, -1, "features");
  return y;
}

const catalog::RegisterLayer conv_transpose{
    catalog::LayerSpec<ConvTranspose>("ConvTranspose", "A transposed convolution: strides make the output larger.")
        .required_field("features", &ConvTranspose::features, catalog::at_least(1), "number of filters: size of the last axis of the output")
        .required_field("kernel_size", &ConvTranspose::kernel_size, "sizes of the window; an int is a window over one axis")
        .field("strides", &ConvTranspose::strides, "how far the elements of the input are spread, one number or one for each axis")
        .field("padding", &ConvTranspose::padding, "`SAME`, `VALID`, `CIRCULAR`, a number, or [low, high] for each axis")
        .field("kernel_dilation", &ConvTranspose::kernel_dilation, "steps between two elements of the kernel")
        .field("use_bias", &ConvTranspose::use_bias, "add a learned offset")
        .field("mask", &ConvTranspose::mask, "multiplies the kernel")
        .field("dtype", &ConvTranspose::dtype, "dtype of the computation; none: that of input and parameters together")
        .field("param_dtype", &ConvTranspose::param_dtype, "dtype of the parameters")
        .field("precision", &ConvTranspose::precision, "precision of the products: none, `default`, `high` or `highest`")
        .field("kernel_init", &ConvTranspose::kernel_init, "first value of the kernel")
        .field("bias_init", &ConvTranspose::bias_init, "first value of the bias")
        .field("transpose_kernel", &ConvTranspose::transpose_kernel, "mirror the window and exchange the kernel's channels")
        .field_as("promote_dtype", &ConvTranspose::promote_dtype, given_function_type(), "promote_dtype",
                  "a function that brings the arrays to one dtype")
        .field("preferred_element_type", &ConvTranspose::preferred_element_type, "dtype of the products and their sum")
        .arg("inputs")
        .call(&call_conv_transpose)};

}  // namespace
}  // namespace linenc::layers
