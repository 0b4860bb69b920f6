// constant, zeros_init and ones_init: values that need no key, though Linen draws one all the same.
// Tested by tests/compiler/initializers.
#include "compiler/catalog/numpy.h"
#include "compiler/catalog/registry.h"
#include "compiler/graph/ops.h"

namespace linenc::catalog {
namespace {

// A number for all elements, or an array that is broadcast to the shape.
Initializer filled_with(const Bound& bound) {
  const Value value = bound.value(0);
  if (!value.tensor() && !value.array() && !value.number() && !value.integer() && !value.boolean()) bound.wrong_type(0, "a number or an array");
  Initializer result{"constant", [value](Context& context, Tensor, const Dims& shape, DType dtype) {
                       const Tensor filled = to_tensor(context, value, dtype);
                       return graph::broadcast_to(context.builder, filled, shape);
                     }};
  if (value.number() != nullptr) result = constant_initializer(*value.number());
  result.dtype = bound.optional_dtype(1).value_or(DType::Float32);
  return result;
}

const RegisterInitializer constant{InitializerSpec("constant", "Every element is `value`.").arg("value").arg("dtype", Value()).does(filled_with)};
const RegisterInitializer zeros{
    InitializerSpec("zeros_init", "Zeros; the default of biases.").does([](const Bound&) { return zeros_initializer(); })};
const RegisterInitializer ones{InitializerSpec("ones_init", "Ones; the default of scales.").does([](const Bound&) { return ones_initializer(); })};

}  // namespace
}  // namespace linenc::catalog
