// y = x where x >= 0, else negative_slope · x, with a learned slope, as flax.linen.PReLU (linen-semantics D.6).
// Tested by tests/compiler/layers/prelu_test.cpp.
#include "compiler/catalog/registry.h"

namespace linenc::layers {
namespace {

using namespace catalog;

struct PReLU {
  DType param_dtype = DType::Float32;
  double negative_slope_init = 0.01;
};

Value call(const PReLU& fields, LayerCall& layer) {
  const Tensor x = layer.tensor(0);
  const Tensor slope = layer.param("negative_slope", constant_initializer(fields.negative_slope_init), {}, fields.param_dtype);
  const Tensor scaled = binary(layer.context, ElementwiseKind::Multiply, astype(layer.context, slope, x.dtype()), x);
  const Tensor positive = binary(layer.context, ElementwiseKind::GreaterEqual, x, number(layer.context, 0, x.dtype()));
  return where(layer.context, positive, x, scaled);
}

const RegisterLayer prelu{LayerSpec<PReLU>("PReLU", "A rectifier whose slope below zero is learned.")
                              .field("param_dtype", &PReLU::param_dtype, "dtype of the slope")
                              .field("negative_slope_init", &PReLU::negative_slope_init, "first value of the slope")
                              .arg("inputs")
                              .call(&call)};

}  // namespace
}  // namespace linenc::layers
