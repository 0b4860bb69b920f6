// Functions of one array, element by element: exp, sqrt, sin, abs, sign, floor, … as jax.numpy and jax.lax have them.
// jax.numpy turns integers into float32 where the function is one of real numbers; jax.lax refuses them.
// Tested by tests/compiler/functions/goldens_test.cpp.
#include <cmath>
#include <numbers>

#include "compiler/catalog/arrange.h"
#include "compiler/catalog/registry.h"
#include "compiler/catalog/static_array.h"
#include "compiler/diagnostics/concat.h"
#include "compiler/functions/static_numbers.h"

namespace linenc::functions {
namespace {

using namespace catalog;
using enum ElementwiseKind;

Tensor apply(const Bound& args, ElementwiseKind kind, Tensor x) { return graph::unary(args.context.builder, kind, x); }

Tensor strong(Context& context, Tensor x) { return astype(context, x, x.dtype()); }

// A number of the type of x, as weak as x.
Tensor like(Context& context, double value, Tensor x) {
  graph::Builder& b = context.builder;
  return is_float(x.dtype()) ? graph::scalar(b, value, x.dtype(), x.fact().weak)
                             : graph::integer_scalar(b, static_cast<std::int64_t>(value), x.dtype(), x.fact().weak);
}

Tensor inexact(const Bound& args, Tensor x) {
  if (x.dtype() == DType::Key) fail_dtype(args.context, "needs numbers, not a random key", {x});
  return retyped(args.context, x, to_inexact(x.dtype()));
}

// f of real numbers: integers become float32.
FunctionSpec real(std::string name, std::string doc, ElementwiseKind kind) {
  return FunctionSpec(std::move(name), std::move(doc)).in({"jnp"}).arg("x").positional_only().does([kind](const Bound& args) -> Value {
    return apply(args, kind, inexact(args, args.tensor(0)));
  });
}

// The same where Python's math has the bare name.
FunctionSpec real(std::string name, std::string doc, ElementwiseKind kind, double (*python)(double)) {
  auto on_static = python_math(name, python);
  return real(std::move(name), std::move(doc), kind).statically(std::move(on_static));
}

// jax.lax's: floats only.
FunctionSpec lax_real(std::string name, std::string doc, ElementwiseKind kind) {
  return FunctionSpec(std::move(name), std::move(doc)).in({"lax"}).arg("x").does([kind](const Bound& args) -> Value {
    return apply(args, kind, args.tensor(0));
  });
}

// --- whole numbers stay as they are --------------------------------------------------------------

Value rounded(const Bound& args, ElementwiseKind kind) {
  const Tensor x = args.tensor(0);
  return is_float(x.dtype()) ? apply(args, kind, x) : x;
}

template <double (*f)(double)>
std::optional<Value> python_rounded(Context& context, const Arguments& arguments) {
  std::optional<Value> number = only_number(arguments);
  if (!number) return std::nullopt;
  number = plain(*number);
  if (number->array()) return std::nullopt;
  if (const double* d = number->number()) return to_int(context, f(*d));
  return number->boolean() ? Value(*number->boolean() ? 1 : 0) : *number;
}
double floor_of(double x) { return std::floor(x); }
double ceil_of(double x) { return std::ceil(x); }

Value round_array(const Bound& args) {
  Context& context = args.context;
  graph::Builder& b = context.builder;
  const Tensor x = args.tensor(0);
  const std::int64_t decimals = args.integer(1);
  if (x.dtype() == DType::Bool) fail_dtype(context, "rounds numbers, not bool", {x});
  if (!is_float(x.dtype())) {
    if (decimals < 0) context.fail(Code::NotSupportedYet, "`round` of integers to tens and hundreds is not supported yet");
    return x;
  }
  if (decimals == 0) return apply(args, RoundEven, x);
  const DType wide = x.dtype() == DType::Float32 ? x.dtype() : DType::Float32;
  const Tensor factor = graph::scalar(b, std::pow(10.0, static_cast<double>(decimals)), wide, x.fact().weak);
  const Tensor scaled = graph::unary(b, RoundEven, graph::binary(b, Multiply, retyped(context, x, wide), factor));
  return retyped(context, graph::binary(b, Divide, scaled, factor), x.dtype());
}

// round(1250, -2) is 1200: to the nearest multiple of a power of ten, halves to the even one.
std::optional<Value> round_integer(Context& context, const Value& x, const Value& digits) {
  const auto number = x.integer()->constant();
  const auto places = digits.integer() != nullptr ? digits.integer()->constant() : std::nullopt;
  if (!places) return digits.is_none() ? std::optional(x) : std::nullopt;
  if (*places >= 0) return x;
  if (!number) context.fail(Code::UnknownSize, concat("`", x.integer()->text(), "` has no number yet"));
  if (*places < -18) return Value(0);
  std::int64_t unit = 1;
  for (std::int64_t i = *places; i < 0; ++i) unit *= 10;
  const std::int64_t below = *number % unit < 0 ? *number / unit - 1 : *number / unit;  // in units
  const std::int64_t rest = *number - below * unit;
  const bool is_up = rest > unit - rest || (rest == unit - rest && below % 2 != 0);
  return Value(Dim(below + (is_up ? 1 : 0)) * Dim(unit));
}

// Python's round: to the nearest, halves to even; an int unless digits are asked for.
std::optional<Value> python_round(Context& context, const Arguments& arguments) {
  if (arguments.positional.empty() || arguments.positional.size() > 2 || !arguments.keywords.empty()) return std::nullopt;
  const Value x = plain(arguments.positional[0].value);
  if (!is_number(x) || x.array()) return std::nullopt;
  const double* d = x.number();
  if (!d && arguments.positional.size() == 2 && x.integer() != nullptr) return round_integer(context, x, plain(arguments.positional[1].value));
  if (!d) return x.boolean() ? Value(*x.boolean() ? 1 : 0) : x;
  if (arguments.positional.size() == 1 || arguments.positional[1].value.is_none()) return to_int(context, std::nearbyint(*d));
  const auto digits = as_double(arguments.positional[1].value);
  if (!digits) return std::nullopt;
  // printf rounds the exact decimal value, as Python does.
  if (*digits >= 0 && *digits <= 300) {
    char text[700];
    std::snprintf(text, sizeof text, "%.*f", static_cast<int>(*digits), *d);
    return Value(std::strtod(text, nullptr));
  }
  const double factor = std::pow(10.0, *digits);
  return Value(std::nearbyint(*d * factor) / factor);
}

Value absolute_array(const Bound& args) {
  const Tensor x = args.tensor(0);
  return x.dtype() == DType::Bool || is_unsigned(x.dtype()) ? x : apply(args, Abs, x);
}

std::optional<Value> python_absolute(Context& context, const Arguments& arguments) {
  const std::optional<Value> number = only_number(arguments);
  return number ? std::optional(absolute(context, *number)) : std::nullopt;
}

// Without a sign there is nothing to take away: jnp.abs gives unsigned numbers back.
Value lax_abs(const Bound& args) {
  const Tensor x = args.tensor(0);
  if (is_unsigned(x.dtype())) fail_dtype(args.context, concat("needs numbers that have a sign, not ", x.dtype()), {x});
  return apply(args, Abs, x);
}

Value square_array(const Bound& args) {
  Tensor x = args.tensor(0);
  if (x.dtype() == DType::Bool) x = graph::convert(args.context.builder, x, DType::Int32);
  return graph::binary(args.context.builder, Multiply, x, x);
}

Value lax_square(const Bound& args) {
  const Tensor x = args.tensor(0);
  return graph::binary(args.context.builder, Multiply, x, x);
}

std::optional<Value> python_square(Context& context, const Arguments& arguments) {
  const std::optional<Value> number = only_number(arguments);
  return number ? std::optional(multiply(context, *number, *number)) : std::nullopt;
}

Value trunc_array(const Bound& args) {
  graph::Builder& b = args.context.builder;
  const Tensor x = args.tensor(0);
  if (!is_float(x.dtype())) return x;
  const Tensor is_negative = graph::binary(b, Less, x, like(args.context, 0, x));
  return where(args.context, is_negative, graph::unary(b, Ceil, x), graph::unary(b, Floor, x));
}

// --- of the type given ---------------------------------------------------------------------------------

FunctionSpec plain(std::string name, std::string doc, ElementwiseKind kind) {
  return FunctionSpec(std::move(name), std::move(doc)).in({"jnp"}).arg("x").positional_only().does([kind](const Bound& args) -> Value {
    return apply(args, kind, args.tensor(0));
  });
}

Value bitwise_count(const Bound& args) {
  Tensor x = args.tensor(0);
  if (x.dtype() == DType::Bool) return graph::convert(args.context.builder, x, DType::UInt8);
  if (is_signed(x.dtype())) x = apply(args, Abs, x);
  return astype(args.context, apply(args, Popcount, x), DType::UInt8);
}

Value logical_not(const Bound& args) { return apply(args, Not, astype(args.context, args.tensor(0), DType::Bool)); }

// isnan, isinf, isfinite: of whole numbers the answer is always the same.
FunctionSpec classified(std::string name, std::string doc, ElementwiseKind kind, bool of_integers) {
  return FunctionSpec(std::move(name), std::move(doc)).in({"jnp"}).arg("x").positional_only().does([kind, of_integers](const Bound& args) -> Value {
    graph::Builder& b = args.context.builder;
    const Tensor x = args.tensor(0);
    if (is_float(x.dtype())) return apply(args, kind, x);
    return graph::broadcast_to(b, graph::integer_scalar(b, of_integers, DType::Bool), x.shape());
  });
}

// Logarithms to other bases give strong results in JAX.
Value strong_log(const Bound& args, ElementwiseKind kind) { return strong(args.context, apply(args, kind, inexact(args, args.tensor(0)))); }

// exp(ln 2 * x), the product rounded, as JAX computes it.
Value exp2_by_exp(const Bound& args, Tensor x) {
  return apply(args, Exp, graph::binary(args.context.builder, Multiply, like(args.context, std::numbers::ln2, x), x));
}

Value reciprocal(const Bound& args) {
  const Tensor x = inexact(args, args.tensor(0));
  return graph::binary(args.context.builder, Divide, like(args.context, 1, x), x);
}

Value scaled(const Bound& args, double factor) {
  const Tensor x = inexact(args, args.tensor(0));
  return graph::binary(args.context.builder, Multiply, x, like(args.context, factor, x));
}

// sin(pi x) / (pi x), and 1 at 0.
Value sinc(const Bound& args) {
  graph::Builder& b = args.context.builder;
  const Tensor x = inexact(args, args.tensor(0));
  const Tensor is_zero = graph::binary(b, Equal, x, like(args.context, 0, x));
  const Tensor angle = graph::binary(b, Multiply, x, like(args.context, std::numbers::pi, x));
  const Tensor safe = where(args.context, is_zero, like(args.context, 1, x), angle);
  return where(args.context, is_zero, like(args.context, 1, x), graph::binary(b, Divide, graph::unary(b, Sin, safe), safe));
}

// NaN and the infinities replaced, by default by 0 and the extreme numbers of the type.
Value nan_to_num(const Bound& args) {
  Context& context = args.context;
  graph::Builder& b = context.builder;
  const Tensor x = args.tensor(0);
  if (!is_float(x.dtype())) return x;
  const double largest = x.dtype() == DType::Float16 ? 65504.0 : x.dtype() == DType::BFloat16 ? 0x1.FEp127 : 0x1.FFFFFEp127;
  const auto value = [&](std::size_t i, double otherwise) {
    return args.none(i) ? graph::scalar(b, otherwise, x.dtype()) : astype(context, args.tensor(i), x.dtype());
  };
  const Tensor infinity = graph::scalar(b, INFINITY, x.dtype()), minus_infinity = graph::scalar(b, -INFINITY, x.dtype());
  Tensor out = where(context, graph::unary(b, IsNan, x), value(2, 0), x);
  out = where(context, graph::binary(b, Equal, out, infinity), value(3, largest), out);
  return strong(context, where(context, graph::binary(b, Equal, out, minus_infinity), value(4, -largest), out));
}

double log2_of(double x) { return std::log2(x); }
double log10_of(double x) { return std::log10(x); }

std::vector<FunctionSpec> real_functions() {
  return {
      real("exp", "e to the power of x.", Exp, [](double x) { return std::exp(x); }),
      real("log", "The natural logarithm.", Log, [](double x) { return std::log(x); }),
      real("sqrt", "The square root.", Sqrt, [](double x) { return std::sqrt(x); }),
      real("sin", "The sine.", Sin, [](double x) { return std::sin(x); }),
      real("cos", "The cosine.", Cos, [](double x) { return std::cos(x); }),
      real("tan", "The tangent.", Tan, [](double x) { return std::tan(x); }),
      real("tanh", "The hyperbolic tangent.", Tanh, [](double x) { return std::tanh(x); }).in({"jnp", "jax.nn", "nn"}),
      FunctionSpec("log2", "The logarithm to base 2.")
          .in({"jnp"})
          .arg("x")
          .positional_only()
          .statically(python_math("log2", log2_of))
          .does([](const Bound& args) { return strong_log(args, Log2); }),
      FunctionSpec("log10", "The logarithm to base 10.")
          .in({"jnp"})
          .arg("x")
          .positional_only()
          .statically(python_math("log10", log10_of))
          .does([](const Bound& args) { return strong_log(args, Log10); }),
      FunctionSpec("exp2", "2 to the power of x.").in({"jnp"}).arg("x").positional_only().does([](const Bound& args) {
        return exp2_by_exp(args, inexact(args, args.tensor(0)));
      }),
      real("expm1", "exp(x) - 1, exact for small x.", Expm1),
      real("log1p", "log(1 + x), exact for small x.", Log1p),
      real("cbrt", "The cube root.", Cbrt),
      real("sinh", "The hyperbolic sine.", Sinh),
      real("cosh", "The hyperbolic cosine.", Cosh),
      real("arcsin", "The inverse sine.", Asin),
      real("asin", "The inverse sine.", Asin),
      real("arccos", "The inverse cosine.", Acos),
      real("acos", "The inverse cosine.", Acos),
      real("arctan", "The inverse tangent.", Atan),
      real("atan", "The inverse tangent.", Atan),
      real("arcsinh", "The inverse hyperbolic sine.", Asinh),
      real("asinh", "The inverse hyperbolic sine.", Asinh),
      real("arccosh", "The inverse hyperbolic cosine.", Acosh),
      real("acosh", "The inverse hyperbolic cosine.", Acosh),
      real("arctanh", "The inverse hyperbolic tangent.", Atanh),
      real("atanh", "The inverse hyperbolic tangent.", Atanh),
      real("fabs", "The absolute value as a float.", Abs),
      FunctionSpec("reciprocal", "1 / x.").in({"jnp"}).arg("x").positional_only().does(&reciprocal),
      FunctionSpec("sinc", "sin(pi x) / (pi x).").in({"jnp"}).arg("x").positional_only().does(&sinc),
  };
}

std::vector<FunctionSpec> lax_functions() {
  return {
      lax_real("rsqrt", "1 / sqrt(x).", Rsqrt),
      lax_real("logistic", "1 / (1 + exp(-x)).", Logistic),
      lax_real("erf", "The error function.", Erf),
      lax_real("erfc", "1 - erf(x).", Erfc),
      lax_real("erf_inv", "The inverse of the error function.", ErfInv),
      lax_real("lgamma", "The logarithm of the absolute value of the gamma function.", Lgamma),
      lax_real("digamma", "The derivative of lgamma.", Digamma),
      lax_real("exp", "e to the power of x.", Exp),
      FunctionSpec("exp2", "2 to the power of x.").in({"lax"}).arg("x").does([](const Bound& args) { return exp2_by_exp(args, args.tensor(0)); }),
      lax_real("expm1", "exp(x) - 1, exact for small x.", Expm1),
      lax_real("log", "The natural logarithm.", Log),
      lax_real("log1p", "log(1 + x), exact for small x.", Log1p),
      lax_real("sqrt", "The square root.", Sqrt),
      lax_real("cbrt", "The cube root.", Cbrt),
      lax_real("sin", "The sine.", Sin),
      lax_real("cos", "The cosine.", Cos),
      lax_real("tan", "The tangent.", Tan),
      lax_real("tanh", "The hyperbolic tangent.", Tanh),
      lax_real("sinh", "The hyperbolic sine.", Sinh),
      lax_real("cosh", "The hyperbolic cosine.", Cosh),
      lax_real("asin", "The inverse sine.", Asin),
      lax_real("acos", "The inverse cosine.", Acos),
      lax_real("atan", "The inverse tangent.", Atan),
      lax_real("asinh", "The inverse hyperbolic sine.", Asinh),
      lax_real("acosh", "The inverse hyperbolic cosine.", Acosh),
      lax_real("atanh", "The inverse hyperbolic tangent.", Atanh),
      lax_real("floor", "The next whole number below.", Floor),
      lax_real("ceil", "The next whole number above.", Ceil),
      lax_real("is_finite", "Whether x is neither infinite nor NaN.", IsFinite),
      lax_real("neg", "-x.", Negate),
      FunctionSpec("abs", "The absolute value.").in({"lax"}).arg("x").does(&lax_abs),
      lax_real("sign", "-1, 0 or 1.", Sign),
      lax_real("bitwise_not", "Every bit turned round.", Not),
      lax_real("population_count", "How many bits are set.", Popcount),
      FunctionSpec("square", "x * x.").in({"lax"}).arg("x").does(&lax_square),
  };
}

std::vector<FunctionSpec> other_functions() {
  return {
      FunctionSpec("abs", "The absolute value.").in({"jnp"}).arg("x").positional_only().statically(&python_absolute).does(&absolute_array),
      FunctionSpec("absolute", "The absolute value.").in({"jnp"}).arg("x").positional_only().does(&absolute_array),
      FunctionSpec("square", "x * x.").in({"jnp"}).arg("x").positional_only().statically(&python_square).does(&square_array),
      FunctionSpec("floor", "The next whole number below.")
          .in({"jnp"})
          .arg("x")
          .positional_only()
          .statically(&python_rounded<floor_of>)
          .does([](const Bound& args) { return rounded(args, Floor); }),
      FunctionSpec("ceil", "The next whole number above.")
          .in({"jnp"})
          .arg("x")
          .positional_only()
          .statically(&python_rounded<ceil_of>)
          .does([](const Bound& args) { return rounded(args, Ceil); }),
      FunctionSpec("rint", "The nearest whole number, halves to even, as a float.")
          .in({"jnp"})
          .arg("x")
          .positional_only()
          .does([](const Bound& args) -> Value { return apply(args, RoundEven, inexact(args, args.tensor(0))); }),
      FunctionSpec("trunc", "The next whole number towards zero.").in({"jnp"}).arg("x").positional_only().does(&trunc_array),
      FunctionSpec("round", "The nearest number with so many decimals, halves to even.")
          .in({"jnp"})
          .arg("a")
          .arg("decimals", 0)
          .as_method()
          .statically(&python_round)
          .does(&round_array),
      plain("sign", "-1, 0 or 1.", Sign),
      plain("negative", "-x.", Negate),
      plain("bitwise_not", "Every bit turned round.", Not),
      plain("invert", "Every bit turned round.", Not),
      FunctionSpec("bitwise_count", "How many bits of the absolute value are set.").in({"jnp"}).arg("x").positional_only().does(&bitwise_count),
      FunctionSpec("positive", "x itself.").in({"jnp"}).arg("x").positional_only().does([](const Bound& args) -> Value { return args.tensor(0); }),
      FunctionSpec("logical_not", "Whether x is zero.").in({"jnp"}).arg("x").positional_only().does(&logical_not),
      classified("isnan", "Whether x is not a number.", IsNan, false),
      classified("isinf", "Whether x is infinite.", IsInf, false),
      classified("isfinite", "Whether x is neither infinite nor NaN.", IsFinite, true),
      FunctionSpec("deg2rad", "Degrees as radians.").in({"jnp"}).arg("x").positional_only().does([](const Bound& args) {
        return scaled(args, std::numbers::pi / 180);
      }),
      FunctionSpec("radians", "Degrees as radians.").in({"jnp"}).arg("x").positional_only().does([](const Bound& args) {
        return scaled(args, std::numbers::pi / 180);
      }),
      FunctionSpec("rad2deg", "Radians as degrees.").in({"jnp"}).arg("x").positional_only().does([](const Bound& args) {
        return scaled(args, 180 / std::numbers::pi);
      }),
      FunctionSpec("degrees", "Radians as degrees.").in({"jnp"}).arg("x").positional_only().does([](const Bound& args) {
        return scaled(args, 180 / std::numbers::pi);
      }),
      FunctionSpec("nan_to_num", "NaN and the infinities replaced by numbers.")
          .in({"jnp"})
          .arg("x")
          .arg("copy", true)
          .arg("nan", 0.0)
          .arg("posinf", None{})
          .arg("neginf", None{})
          .does(&nan_to_num),
  };
}

const RegisterFunctions real_family{real_functions()};
const RegisterFunctions lax_family{lax_functions()};
const RegisterFunctions other_family{other_functions()};

}  // namespace
}  // namespace linenc::functions
