// Activations with the formulas of jax.nn (linen-semantics D.7). Those that kernels know as one step are one op.
// Tested by tests/compiler/functions/goldens_test.cpp.
#include <cmath>
#include <numbers>

#include "compiler/catalog/arrange.h"
#include "compiler/catalog/registry.h"

namespace linenc::functions {
namespace {

using namespace catalog;
using enum ElementwiseKind;

// Arithmetic with Python numbers, which follow the type of x.
struct Arithmetic {
  Context& context;
  [[nodiscard]] Tensor of(double value) const { return number(context, value, DType::Float32); }
  [[nodiscard]] Tensor whole(std::int64_t value) const { return graph::integer_scalar(context.builder, value, DType::Int32, true); }
  [[nodiscard]] Tensor add(Tensor a, Tensor b) const { return catalog::binary(context, Add, a, b); }
  [[nodiscard]] Tensor subtract(Tensor a, Tensor b) const { return catalog::binary(context, Subtract, a, b); }
  [[nodiscard]] Tensor times(Tensor a, Tensor b) const { return catalog::binary(context, Multiply, a, b); }
  [[nodiscard]] Tensor over(Tensor a, Tensor b) const { return catalog::divide(context, a, b); }
  [[nodiscard]] Tensor larger(Tensor a, Tensor b) const { return catalog::binary(context, Maximum, a, b); }
  [[nodiscard]] Tensor smaller(Tensor a, Tensor b) const { return catalog::binary(context, Minimum, a, b); }
  [[nodiscard]] Tensor above(Tensor a, Tensor b) const { return catalog::binary(context, Greater, a, b); }
  [[nodiscard]] Tensor at_least(Tensor a, Tensor b) const { return catalog::binary(context, GreaterEqual, a, b); }
  [[nodiscard]] Tensor pick(Tensor condition, Tensor a, Tensor b) const { return where(context, condition, a, b); }
  [[nodiscard]] Tensor real(ElementwiseKind kind, Tensor x) const { return inexact_unary(context, kind, x); }
  // The op itself: integers are refused, as lax refuses them.
  [[nodiscard]] Tensor op(ElementwiseKind kind, Tensor x) const { return graph::unary(context.builder, kind, x); }
};

using Formula = Tensor (*)(const Arithmetic&, Tensor);

FunctionSpec activation(std::string name, std::string doc, Formula f) {
  return FunctionSpec(std::move(name), std::move(doc)).in({"jax.nn", "nn"}).arg("x").does([f](const Bound& args) -> Value {
    return f(Arithmetic{args.context}, args.tensor(0));
  });
}

Tensor relu(const Arithmetic& a, Tensor x) { return x.dtype() == DType::Bool ? a.larger(x, a.whole(0)) : a.op(Relu, x); }
Tensor sigmoid(const Arithmetic& a, Tensor x) { return a.op(Logistic, x); }
Tensor silu(const Arithmetic& a, Tensor x) { return a.op(Silu, x); }
Tensor softplus(const Arithmetic& a, Tensor x) { return a.real(Softplus, x); }
Tensor log_sigmoid(const Arithmetic& a, Tensor x) { return a.op(Negate, softplus(a, a.op(Negate, x))); }
Tensor soft_sign(const Arithmetic& a, Tensor x) { return a.over(x, a.add(x.dtype() == DType::Bool ? x : a.op(Abs, x), a.whole(1))); }
Tensor relu6(const Arithmetic& a, Tensor x) { return a.smaller(relu(a, x), a.of(6)); }
Tensor hard_sigmoid(const Arithmetic& a, Tensor x) { return a.over(relu6(a, a.add(x, a.of(3))), a.of(6)); }
Tensor hard_silu(const Arithmetic& a, Tensor x) { return a.times(x, hard_sigmoid(a, x)); }
Tensor mish(const Arithmetic& a, Tensor x) { return a.times(x, a.real(Tanh, softplus(a, x))); }
Tensor sparse_sigmoid(const Arithmetic& a, Tensor x) { return a.times(a.of(0.5), a.smaller(a.of(2), a.larger(a.of(0), a.add(x, a.of(1))))); }

Tensor hard_tanh(const Arithmetic& a, Tensor x) {
  const Tensor low = a.pick(catalog::binary(a.context, Less, x, a.whole(-1)), a.whole(-1), x);
  return a.pick(a.above(x, a.whole(1)), a.whole(1), low);
}

Tensor sparse_plus(const Arithmetic& a, Tensor x) {
  const Tensor y = a.add(x, a.of(1));
  const Tensor middle = a.over(a.times(y, y), a.whole(4));
  return a.pick(catalog::binary(a.context, LessEqual, x, a.of(-1)), a.of(0), a.pick(a.at_least(x, a.of(1)), x, middle));
}

Tensor elu(const Arithmetic& a, Tensor x, Tensor alpha) {
  const Tensor is_positive = a.above(x, a.whole(0));
  const Tensor below = a.real(Expm1, a.pick(is_positive, a.of(0), x));
  return a.pick(is_positive, x, a.times(alpha, below));
}

Tensor selu(const Arithmetic& a, Tensor x) {
  return a.times(a.of(1.0507009873554804934193349852946), elu(a, x, a.of(1.6732632423543772848170429916717)));
}

Tensor celu(const Arithmetic& a, Tensor x, Tensor alpha) {
  const Tensor below = a.real(Expm1, a.over(a.smaller(x, a.of(0)), alpha));
  return a.add(a.larger(x, a.of(0)), a.times(alpha, below));
}

Tensor leaky_relu(const Arithmetic& a, Tensor x, Tensor slope) { return a.pick(a.at_least(x, a.whole(0)), x, a.times(slope, x)); }

Tensor squareplus(const Arithmetic& a, Tensor x, Tensor b) {
  const Tensor square = a.times(x, x);
  return a.over(a.add(x, a.real(Sqrt, a.add(square, b))), a.whole(2));
}

Tensor log1mexp(const Arithmetic& a, Tensor x) {
  const Tensor minus = a.op(Negate, x);
  const Tensor small = a.real(Log, a.op(Negate, a.real(Expm1, minus)));
  const Tensor large = a.real(Log1p, a.op(Negate, a.real(Exp, minus)));
  return a.pick(catalog::binary(a.context, Less, x, graph::scalar(a.context.builder, std::numbers::ln2, DType::Float32, true)), small, large);
}

// Halves go through the formula step by step, so that they are rounded where JAX rounds them.
Tensor gelu_in_steps(const Arithmetic& a, Tensor x, bool is_approximate) {
  const DType dtype = x.dtype();
  if (!is_approximate) {
    const Tensor inner = a.times(a.op(Negate, x), graph::scalar(a.context.builder, std::numbers::sqrt2 / 2, dtype));
    return a.times(a.times(a.of(0.5), x), a.op(Erfc, inner));
  }
  const Tensor cube = power(a.context, x, a.whole(3));
  const Tensor inner = a.times(graph::scalar(a.context.builder, std::sqrt(2 / std::numbers::pi), dtype), a.add(x, a.times(a.of(0.044715), cube)));
  return a.times(x, a.times(a.of(0.5), a.add(a.of(1), a.op(Tanh, inner))));
}

Value gelu(const Bound& args) {
  Context& context = args.context;
  Tensor x = args.tensor(0);
  x = astype(context, x, to_inexact(x.dtype()));
  if (x.dtype() != DType::Float32) return gelu_in_steps(Arithmetic{context}, x, args.boolean(1));
  return graph::unary(context.builder, args.boolean(1) ? GeluTanh : GeluErf, x);
}

// x1 * sigmoid(x2) of the two halves of an axis.
Value glu(const Bound& args) {
  Context& context = args.context;
  const Tensor x = args.tensor(0);
  const std::int64_t axis = args.axis(1, x.rank());
  const Dim half = context.builder.dims().simplify(floor_div(x.dim(axis), 2));
  require_equal(context, half * 2, x.dim(axis), concat("cannot halve ", graph::to_string(x.shape()), " along axis ", axis), {x});
  const std::vector<Tensor> halves = split_at(context, x, {half}, axis);
  return graph::binary(context.builder, Multiply, halves[0], graph::unary(context.builder, Logistic, halves[1]));
}

template <Tensor (*f)(const Arithmetic&, Tensor, Tensor)>
Value with_parameter(const Bound& args) {
  return f(Arithmetic{args.context}, args.tensor(0), args.tensor(1));
}

const RegisterFunctions family{{
    activation("relu", "max(x, 0).", &relu),
    activation("relu6", "min(max(x, 0), 6).", &relu6),
    activation("sigmoid", "1 / (1 + exp(-x)).", &sigmoid),
    activation("silu", "x * sigmoid(x).", &silu),
    activation("swish", "x * sigmoid(x).", &silu),
    activation("softplus", "log(1 + exp(x)).", &softplus),
    activation("log_sigmoid", "log(sigmoid(x)).", &log_sigmoid),
    activation("soft_sign", "x / (abs(x) + 1).", &soft_sign),
    activation("hard_sigmoid", "relu6(x + 3) / 6.", &hard_sigmoid),
    activation("hard_silu", "x * hard_sigmoid(x).", &hard_silu),
    activation("hard_swish", "x * hard_sigmoid(x).", &hard_silu),
    activation("hard_tanh", "x cut off at -1 and 1.", &hard_tanh),
    activation("selu", "The scaled exponential linear unit.", &selu),
    activation("mish", "x * tanh(softplus(x)).", &mish).in({"jax.nn"}),
    activation("sparse_plus", "A softplus that is 0 below -1 and x above 1.", &sparse_plus).in({"jax.nn"}),
    activation("sparse_sigmoid", "A straight line from 0 at -1 to 1 at 1.", &sparse_sigmoid).in({"jax.nn"}),
    activation("log1mexp", "log(1 - exp(-x)).", &log1mexp).in({"jax.nn"}),
    FunctionSpec("gelu", "x times the normal distribution function, by tanh or exactly.")
        .in({"jax.nn", "nn"})
        .arg("x")
        .arg("approximate", true)
        .does(&gelu),
    FunctionSpec("leaky_relu", "x, and a small slope below zero.")
        .in({"jax.nn", "nn"})
        .arg("x")
        .arg("negative_slope", 0.01)
        .does(&with_parameter<leaky_relu>),
    FunctionSpec("elu", "x, and alpha * (exp(x) - 1) below zero.").in({"jax.nn", "nn"}).arg("x").arg("alpha", 1.0).does(&with_parameter<elu>),
    FunctionSpec("celu", "max(x, 0) + alpha * (exp(min(x, 0) / alpha) - 1).")
        .in({"jax.nn", "nn"})
        .arg("x")
        .arg("alpha", 1.0)
        .does(&with_parameter<celu>),
    FunctionSpec("squareplus", "(x + sqrt(x*x + b)) / 2.").in({"jax.nn"}).arg("x").arg("b", 4).does(&with_parameter<squareplus>),
    FunctionSpec("glu", "One half of an axis times the sigmoid of the other.").in({"jax.nn", "nn"}).arg("x").arg("axis", -1).does(&glu),
    FunctionSpec("identity", "x itself.").in({"jax.nn", "python"}).arg("x").does([](const Bound& args) { return args.value(0); }),
}};

}  // namespace
}  // namespace linenc::functions
