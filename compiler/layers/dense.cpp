// Dense: y = x @ kernel + bias over the last axis (linen-semantics D.2).
// Tested by tests/compiler/layers.
#include "compiler/catalog/registry.h"
#include "compiler/layers/hooks.h"

namespace linenc::layers {
namespace {

struct Dense {
  Dim features;
  bool use_bias = true;
  std::optional<DType> dtype;
  DType param_dtype = DType::Float32;
  Value precision;
  catalog::Initializer kernel_init = catalog::lecun_normal(), bias_init = catalog::zeros_initializer();
  Value promote_dtype, dot_general, dot_general_cls;
};

Value call_dense(const Dense& fields, LayerCall& call) {
  Tensor x = call.tensor(0);
  // Dense.c1: the input has a last axis.
  if (x.rank() == 0) call.fail(concat("`Dense` needs an input with an axis, and this one is ", x.fact()), "", catalog::Code::ShapeMismatch);
  Tensor kernel = call.param("kernel", fields.kernel_init, {x.dim(-1), fields.features}, fields.param_dtype);
  Tensor bias;
  if (fields.use_bias) bias = call.param("bias", fields.bias_init, {fields.features}, fields.param_dtype);
  promote(call, {fields.promote_dtype, fields.dtype, /*may_drop_last=*/true}, {&x, &kernel, &bias});
  DotAttributes axes;
  axes.a_contract = {x.rank() - 1};
  axes.b_contract = {0};
  const Tensor y = add_bias(call, dot(call, {fields.dot_general, fields.dot_general_cls, fields.precision}, x, kernel, axes), bias);
  note_axis(call, y, -1, "features");
  return y;
}

const catalog::RegisterLayer dense{
    catalog::LayerSpec<Dense>("Dense", "A linear map of the last axis.")
        .required_field("features", &Dense::features, catalog::at_least(1), "size of the last axis of the output")
        .field("use_bias", &Dense::use_bias, "add a learned offset")
        .field("dtype", &Dense::dtype, "dtype of the computation; none: that of input and parameters together")
        .field("param_dtype", &Dense::param_dtype, "dtype of the parameters")
        .field("precision", &Dense::precision, "precision of the product: none, `default`, `high` or `highest`")
        .field("kernel_init", &Dense::kernel_init, "first value of the kernel")
        .field("bias_init", &Dense::bias_init, "first value of the bias")
        .field_as("promote_dtype", &Dense::promote_dtype, given_function_type(), "promote_dtype", "a function that brings the arrays to one dtype")
        .field_as("dot_general", &Dense::dot_general, function_type(), "none", "a function in place of lax.dot_general")
        .field("dot_general_cls", &Dense::dot_general_cls, "a module, or a function of nothing, that makes such a function")
        .arg("inputs")
        .call(&call_dense)};

}  // namespace
}  // namespace linenc::layers
