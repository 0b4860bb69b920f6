// Conv: a convolution (cross-correlation) over spatial axes, channels last (linen-semantics D.2).
// Tested by tests/compiler/layers.
#include <algorithm>

#include "compiler/catalog/registry.h"
#include "compiler/graph/ops.h"
#include "compiler/layers/convolution.h"

namespace linenc::layers {
namespace {

using catalog::Code;

struct Conv {
  Dim features;
  Dims kernel_size;
  Value strides = 1, padding = "SAME", input_dilation = 1, kernel_dilation = 1;
  std::int64_t feature_group_count = 1;
  bool use_bias = true;
  Value mask;
  std::optional<DType> dtype;
  DType param_dtype = DType::Float32;
  Value precision;
  catalog::Initializer kernel_init = catalog::lecun_normal(), bias_init = catalog::zeros_initializer();
  Value promote_dtype, conv_general_dilated, conv_general_dilated_cls;
};

// The settings of one call.
struct Window {
  Dims kernel, dilated_kernel;
  PerAxis strides, input_dilation, kernel_dilation;
};

Window window_of(const Conv& fields, const LayerCall& call) {
  Window w;
  w.kernel = fields.kernel_size;
  check_kernel_size(call, w.kernel);
  w.strides = spatial_numbers(call, fields.strides, w.kernel.size(), "strides");
  w.input_dilation = spatial_numbers(call, fields.input_dilation, w.kernel.size(), "input_dilation");
  w.kernel_dilation = spatial_numbers(call, fields.kernel_dilation, w.kernel.size(), "kernel_dilation");
  for (std::size_t i = 0; i < w.kernel.size(); ++i) w.dilated_kernel.push_back(dilated(w.kernel[i], w.kernel_dilation[i]));
  return w;
}

std::int64_t known_kernel(const LayerCall& call, const Dim& size, const std::string& padding) {
  if (const auto constant = size.constant()) return *constant;
  call.fail(concat("`padding: ", padding, "` needs a kernel of known size, and this one is ", size), "kernel_size", Code::UnknownSize);
}

Tensor extend_borders(const LayerCall& call, Tensor x, const Window& w, const std::string& padding) {
  const Border border = padding == "CIRCULAR" ? Border::Wrap : Border::Reflect;
  for (std::size_t i = 0; i < w.kernel.size(); ++i) {
    const std::int64_t kernel = known_kernel(call, w.dilated_kernel[i], padding);
    x = extend(call, x, static_cast<std::int64_t>(i) + 1, std::max<std::int64_t>(kernel - 1, 0) / 2, kernel / 2, border);
  }
  return x;
}

// Brings the input into the form that padding as lax knows it finishes: a name of lax, or zeros.
Padding pad_input(const Conv& fields, const LayerCall& call, Tensor& x, const Window& w) {
  Padding padding = padding_of(call, fields.padding, w.kernel.size());
  const std::string* name = std::get_if<std::string>(&padding);
  if (name == nullptr) return padding;
  if (*name == "CIRCULAR" || *name == "REFLECT") {
    x = extend_borders(call, x, w, *name);
    return "VALID";
  }
  if (*name == "CAUSAL") {
    // Conv.c7: causal padding has one axis.
    if (w.kernel.size() != 1) call.fail(concat("`padding: CAUSAL` needs a kernel of one axis, and this one has ", w.kernel.size()), "padding");
    Pads pads = named_pads(call, "VALID", x, w.dilated_kernel, w.strides, w.input_dilation);
    pads.low[0] = (w.kernel[0] - 1) * Dim(w.kernel_dilation[0]);
    return pads;
  }
  return padding;
}

Pads as_pads(const LayerCall& call, const Padding& padding, Tensor x, const Window& w) {
  if (const Pads* pads = std::get_if<Pads>(&padding)) return *pads;
  return named_pads(call, std::get<std::string>(padding), x, w.dilated_kernel, w.strides, w.input_dilation);
}

// Conv.c8: the kernel fits into the padded input; Linen gives an empty output where it does not.
void warn_of_empty_output(const LayerCall& call, Tensor x, const Window& w, const Pads& pads) {
  for (std::size_t i = 0; i < w.kernel.size(); ++i) {
    const Dim input = dilated(x.dim(static_cast<std::int64_t>(i) + 1), w.input_dilation[i]) + pads.low[i] + pads.high[i];
    if (!input.is_constant() || !w.dilated_kernel[i].is_constant() || *w.dilated_kernel[i].constant() <= *input.constant()) continue;
    call.warn(Code::KernelTooLarge, concat("the kernel covers ", w.dilated_kernel[i], " elements of an axis of ", input, ": the output is empty"),
              "kernel_size");
  }
}

void check_groups(const Conv& fields, const LayerCall& call, const Dim& channels) {
  if (fields.feature_group_count < 1) {
    call.fail(concat("`feature_group_count` is ", fields.feature_group_count, ", needs at least 1"), "feature_group_count", Code::FieldOutOfRange);
  }
  if (fields.feature_group_count == 1) return;
  // Conv.c9: the groups divide the channels of the input; Conv.c10: and the features.
  need_multiple(call, channels, fields.feature_group_count, "the last axis of the input", "feature_group_count");
  need_multiple(call, fields.features, fields.feature_group_count, "`features`", "feature_group_count");
}

// The convolution by a function in place of lax.conv_general_dilated. Causal padding is no business of it.
Tensor convolve_by(const LayerCall& call, const Value& own, const Conv& fields, const Window& w, Padding padding, Tensor x, Tensor kernel) {
  if (fields.padding.text() && *fields.padding.text() == "CAUSAL") {
    x = graph::pad(call.builder, x, graph::scalar(call.builder, 0, x.dtype()), {0, std::get<Pads>(padding).low[0], 0}, {0, 0, 0}, {0, 0, 0});
    padding = "VALID";
  }
  const auto numbers = [](const PerAxis& axes) { return Value(catalog::List(axes.begin(), axes.end())); };
  const std::string spatial = spatial_letters(w.kernel.size());
  catalog::Arguments arguments({Value(x), Value(kernel), numbers(w.strides), to_value(padding)});
  arguments.add("lhs_dilation", numbers(w.input_dilation));
  arguments.add("rhs_dilation", numbers(w.kernel_dilation));
  arguments.add("dimension_numbers", catalog::List{concat("N", spatial, "C"), concat(spatial, "IO"), concat("N", spatial, "C")});
  arguments.add("feature_group_count", fields.feature_group_count);
  arguments.add("precision", fields.precision);
  return catalog::to_tensor(call.context, call.context.call(own, arguments));
}

Tensor convolve(const LayerCall& call, const Conv& fields, const Window& w, const Padding& padding, Tensor x, Tensor kernel) {
  const Value own = replacement(call, fields.conv_general_dilated_cls, "conv_general_dilated_cls", fields.conv_general_dilated);
  if (!own.is_none()) return convolve_by(call, own, fields, w, padding, x, kernel);
  const Pads pads = as_pads(call, padding, x, w);
  warn_of_empty_output(call, x, w, pads);
  ConvolutionAttributes<Dim> attributes;
  attributes.strides = w.strides;
  attributes.low = pads.low;
  attributes.high = pads.high;
  attributes.input_dilation = w.input_dilation;
  attributes.kernel_dilation = w.kernel_dilation;
  attributes.groups = fields.feature_group_count;
  return graph::convolution(call.builder, x, kernel, attributes);
}

Value call_conv(const Conv& fields, LayerCall& call) {
  check_precision(call, fields.precision);
  const Window w = window_of(fields, call);
  const FlatBatch flat = flatten_batch(call, call.tensor(0), w.kernel.size());
  Tensor x = flat.x;
  const Padding padding = pad_input(fields, call, x, w);
  check_groups(fields, call, x.dim(-1));

  Dims kernel_shape = w.kernel;
  kernel_shape.push_back(floor_div(x.dim(-1), fields.feature_group_count));
  kernel_shape.push_back(fields.features);
  Tensor kernel = masked(call, call.param("kernel", fields.kernel_init, kernel_shape, fields.param_dtype), fields.mask);
  Tensor bias;
  if (fields.use_bias) bias = call.param("bias", fields.bias_init, {fields.features}, fields.param_dtype);
  promote(call, {fields.promote_dtype, fields.dtype}, {&x, &kernel, &bias});
  const Tensor y = restore_batch(call, add_bias(call, convolve(call, fields, w, padding, x, kernel), bias), flat);
  note_axis(call, y, -1, "features");
  return y;
}

const catalog::RegisterLayer conv{
    catalog::LayerSpec<Conv>("Conv", "A convolution over the axes between batch and channels.")
        .required_field("features", &Conv::features, catalog::at_least(1), "number of filters: size of the last axis of the output")
        .required_field("kernel_size", &Conv::kernel_size, "sizes of the window; an int is a window over one axis")
        .field("strides", &Conv::strides, "steps of the window, one number or one for each axis")
        .field("padding", &Conv::padding, "`SAME`, `VALID`, `SAME_LOWER`, `CIRCULAR`, `REFLECT`, `CAUSAL`, a number, or [low, high] for each axis")
        .field("input_dilation", &Conv::input_dilation, "steps between two elements of the input")
        .field("kernel_dilation", &Conv::kernel_dilation, "steps between two elements of the kernel")
        .field("feature_group_count", &Conv::feature_group_count, "groups of channels that are convolved apart")
        .field("use_bias", &Conv::use_bias, "add a learned offset")
        .field("mask", &Conv::mask, "multiplies the kernel")
        .field("dtype", &Conv::dtype, "dtype of the computation; none: that of input and parameters together")
        .field("param_dtype", &Conv::param_dtype, "dtype of the parameters")
        .field("precision", &Conv::precision, "precision of the products: none, `default`, `high` or `highest`")
        .field("kernel_init", &Conv::kernel_init, "first value of the kernel")
        .field("bias_init", &Conv::bias_init, "first value of the bias")
        .field_as("promote_dtype", &Conv::promote_dtype, given_function_type(), "promote_dtype", "a function that brings the arrays to one dtype")
        .field_as("conv_general_dilated", &Conv::conv_general_dilated, function_type(), "none", "a function in place of lax.conv_general_dilated")
        .field("conv_general_dilated_cls", &Conv::conv_general_dilated_cls, "a module, or a function of nothing, that makes such a function")
        .arg("inputs")
        .call(&call_conv)};

}  // namespace
}  // namespace linenc::layers
