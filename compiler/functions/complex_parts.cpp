// real imag conj, of real numbers: complex ones are only as far as `fft` needs them, which is not built yet.
// Tested by tests/compiler/functions/goldens_test.cpp.
#include "compiler/catalog/arrange.h"
#include "compiler/catalog/registry.h"

namespace linenc::functions {
namespace {

using namespace catalog;

Tensor real_number(const Bound& args) {
  const Tensor x = args.tensor(0);
  if (x.dtype() == DType::Key) fail_dtype(args.context, "needs numbers, not a random key", {x});
  if (x.dtype() == DType::Complex64) args.context.fail(Code::NotSupportedYet, args.place, "functions of complex numbers are not built yet");
  return x;
}

Value itself(const Bound& args) { return real_number(args); }

Value imag(const Bound& args) {
  graph::Builder& b = args.context.builder;
  const Tensor x = real_number(args);
  const bool weak = x.fact().weak;
  return graph::broadcast_to(b, is_float(x.dtype()) ? graph::scalar(b, 0, x.dtype(), weak) : graph::integer_scalar(b, 0, x.dtype(), weak), x.shape());
}

const RegisterFunctions family{{
    FunctionSpec("real", "The real part: a real number itself.").in({"jnp"}).arg("val").positional_only().does(&itself),
    FunctionSpec("imag", "The imaginary part: zero of a real number.").in({"jnp"}).arg("val").positional_only().does(&imag),
    FunctionSpec("conj", "The complex conjugate: a real number itself.").in({"jnp"}).arg("x").positional_only().as_method().does(&itself),
    FunctionSpec("conjugate", "The complex conjugate: a real number itself.").in({"jnp"}).arg("x").positional_only().as_method().does(&itself),
}};

}  // namespace
}  // namespace linenc::functions
