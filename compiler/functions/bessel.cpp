// i0: the modified Bessel function of the first kind of order zero, by the polynomials of Cephes that JAX has.
// Tested by tests/compiler/functions/goldens_test.cpp.
#include <span>

#include "compiler/catalog/arrange.h"
#include "compiler/catalog/registry.h"

namespace linenc::functions {
namespace {

using namespace catalog;
using enum ElementwiseKind;

// exp(-x) i0(x) for x from 0 to 8, in x / 2 - 2.
constexpr double kBelow8[] = {-1.30002500998624804212E-8, 6.04699502254191894932E-8, -2.67079385394061173391E-7, 1.11738753912010371815E-6,
                              -4.41673835845875056359E-6, 1.64484480707288970893E-5, -5.75419501008210370398E-5, 1.88502885095841655729E-4,
                              -5.76375574538582365885E-4, 1.63947561694133579842E-3, -4.32430999505057594430E-3, 1.05464603945949983183E-2,
                              -2.37374148058994688156E-2, 4.93052842396707084878E-2, -9.49010970480476444210E-2, 1.71620901522208775349E-1,
                              -3.04682672343198398683E-1, 6.76795274409476084995E-1};
// exp(-x) sqrt(x) i0(x) above, in 32 / x - 2.
constexpr double kAbove8[] = {3.39623202570838634515E-9, 2.26666899049817806459E-8, 2.04891858946906374183E-7, 2.89137052083475648297E-6,
                              6.88975834691682398426E-5, 3.36911647825569408990E-3, 8.04490411014108831608E-1};

Tensor chebyshev(graph::Builder& b, Tensor x, std::span<const double> coefficients) {
  const Tensor zero = graph::scalar(b, 0, DType::Float32);
  Tensor now = zero, before = zero, first = zero;
  for (const double coefficient : coefficients) {
    first = before, before = now;
    const Tensor next = graph::binary(b, Subtract, graph::binary(b, Multiply, x, before), first);
    now = graph::binary(b, Add, next, graph::scalar(b, coefficient, DType::Float32));
  }
  return graph::binary(b, Multiply, graph::scalar(b, 0.5, DType::Float32), graph::binary(b, Subtract, now, first));
}

Value i0(const Bound& args) {
  Context& context = args.context;
  graph::Builder& b = context.builder;
  const Tensor given = args.tensor(0), size = graph::unary(b, Abs, retyped(context, given, to_inexact(given.dtype())));
  const Tensor x = astype(context, size, DType::Float32);
  const auto real = [&](double value) { return graph::scalar(b, value, DType::Float32); };
  const Tensor low = chebyshev(b, graph::binary(b, Subtract, graph::binary(b, Multiply, real(0.5), x), real(2)), kBelow8);
  const Tensor high = chebyshev(b, graph::binary(b, Subtract, graph::binary(b, Divide, real(32), x), real(2)), kAbove8);
  const Tensor is_low = graph::binary(b, LessEqual, x, real(8));
  const Tensor scaled = graph::select(b, is_low, low, graph::binary(b, Divide, high, graph::unary(b, Sqrt, x)));
  return graph::binary(b, Multiply, graph::unary(b, Exp, size), retyped(context, scaled, size.dtype()));
}

const RegisterFunction family{FunctionSpec("i0", "The modified Bessel function of order zero.").in({"jnp"}).arg("x").does(&i0)};

}  // namespace
}  // namespace linenc::functions
