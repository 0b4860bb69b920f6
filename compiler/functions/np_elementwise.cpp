// NumPy's functions of elements, on arrays that are known while compiling: double precision of the C library.
// Tested by tests/compiler/functions/numpy_goldens_test.cpp.
#include <array>
#include <cmath>
#include <limits>
#include <numbers>

#include "compiler/catalog/registry.h"
#include "compiler/diagnostics/concat.h"
#include "compiler/functions/np_arguments.h"

namespace linenc::functions {
namespace {

using namespace catalog;

// --- of one array ----------------------------------------------------------------------------------

using Real = double (*)(double);

StaticArray mapped(const Bound& args, const StaticArray& x, Real f) {
  charge(args.context, count_of(x.shape));
  StaticArray out = x;
  for (double& value : out.reals) value = rounded_to(out.dtype, f(value));
  return out;
}

// The operand in the `dtype` of the call, which comes behind the operands.
ArrayPtr operand_of(const Bound& args, std::size_t i, std::size_t dtype) {
  const std::optional<DType> wanted = np_dtype(args, dtype);
  return wanted ? np_in_dtype(args, args.value(i), wanted).array() : np_array(args, i);
}

void refuse_whole(const Bound& args, std::size_t dtype) {
  const std::optional<DType> wanted = np_dtype(args, dtype);
  if (wanted && !is_float(*wanted))
    args.context.fail(Code::DtypeMismatch, args.place, concat("this function gives floats, and `dtype` is ", *wanted));
}

FunctionSpec of_one(std::string name, std::string doc) {
  return np_function(std::move(name), std::move(doc)).arg("x").keyword_only().arg("dtype", None{});
}

// Of real numbers: whole numbers become floats.
FunctionSpec real(std::string name, std::string doc, Real f) {
  return of_one(std::move(name), std::move(doc)).does([f](const Bound& args) -> Value {
    refuse_whole(args, 1);
    const ArrayPtr x = operand_of(args, 0, 1);
    return np_value(mapped(args, cast(*x, numpy_inexact(x->dtype)), f));
  });
}

// To a whole number: whole numbers stay as they are.
FunctionSpec rounding(std::string name, std::string doc, Real f) {
  return of_one(std::move(name), std::move(doc)).does([f](const Bound& args) -> Value {
    const ArrayPtr x = operand_of(args, 0, 1);
    return x->is_real() ? np_value(mapped(args, *x, f)) : Value(x);
  });
}

// Of numbers of every kind, in their own dtype; integers through `whole`.
FunctionSpec own_type(std::string name, std::string doc, Real f, std::int64_t (*whole)(std::int64_t), bool takes_bool = false) {
  return of_one(std::move(name), std::move(doc)).does([f, whole, takes_bool](const Bound& args) -> Value {
    const ArrayPtr x = operand_of(args, 0, 1);
    if (x->dtype == DType::Bool && !takes_bool) args.context.fail(Code::DtypeMismatch, "`np.` has no such function of bool");
    StaticArray out = mapped(args, x->dtype == DType::Bool ? cast(*x, DType::Int8) : *x, f);
    for (std::int64_t& value : out.integers) value = whole(value);
    round_elements(out);
    return np_value(std::move(out));
  });
}

FunctionSpec classified(std::string name, std::string doc, bool (*f)(double)) {
  return np_function(std::move(name), std::move(doc)).arg("x").does([f](const Bound& args) -> Value {
    const ArrayPtr x = np_array(args, 0);
    charge(args.context, count_of(x->shape));
    StaticArray out(DType::Bool, x->shape);
    for (std::size_t i = 0; i < x->size(); ++i) out.integers[i] = f(x->real(i)) ? 1 : 0;
    return np_value(std::move(out));
  });
}

double sign_of(double x) { return std::isnan(x) ? x : x > 0 ? 1.0 : x < 0 ? -1.0 : 0.0; }
double sinc_of(double x) {
  const double y = x == 0 ? std::numeric_limits<double>::epsilon() : std::numbers::pi * x;
  return std::sin(y) / y;
}

// By a factor that is rounded to the dtype first.
FunctionSpec scaled(std::string name, std::string doc, double factor) {
  return of_one(std::move(name), std::move(doc)).does([factor](const Bound& args) -> Value {
    refuse_whole(args, 1);
    const ArrayPtr x = operand_of(args, 0, 1);
    charge(args.context, count_of(x->shape));
    StaticArray out = cast(*x, numpy_inexact(x->dtype));
    const double rounded_factor = byte_size(out.dtype) == 8 ? factor : rounded_to(DType::Float32, factor);
    for (double& value : out.reals) value = rounded_to(out.dtype, value * rounded_factor);
    return np_value(std::move(out));
  });
}

Value absolute_of(const Bound& args) { return numpy_absolute(args.context, operand_of(args, 0, 1)); }
Value inverted(const Bound& args) { return numpy_invert(args.context, operand_of(args, 0, 1)); }

// To tens and hundreds, through float64 as NumPy does it.
Value rounded_to_tens(const Bound& args, const StaticArray& x, std::int64_t decimals) {
  charge(args.context, count_of(x.shape));
  StaticArray out = x;
  const double factor = std::pow(10.0, static_cast<double>(-decimals));
  for (std::int64_t& value : out.integers) value = static_cast<std::int64_t>(std::nearbyint(static_cast<double>(value) / factor) * factor);
  round_elements(out);
  return np_value(std::move(out));
}

// round(x, decimals): scaled, to the nearest, halves to even, scaled back.
Value rounded(const Bound& args) {
  const ArrayPtr x = np_array(args, 0);
  const std::int64_t decimals = args.integer(1);
  if (x->dtype == DType::Bool) return np_value(cast(*x, DType::Float16));
  if (!x->is_real()) {
    return decimals < 0 ? rounded_to_tens(args, *x, decimals) : Value(x);
  }
  charge(args.context, count_of(x->shape));
  StaticArray out = *x;
  const double factor = std::pow(10.0, static_cast<double>(std::abs(decimals)));
  const auto step = [&](double value) { return rounded_to(out.dtype, value); };
  for (double& value : out.reals) {
    if (decimals == 0)
      value = std::nearbyint(value);
    else if (decimals > 0)
      value = step(std::nearbyint(step(value * factor)) / factor);
    else
      value = step(std::nearbyint(step(value / factor)) * factor);
  }
  return np_value(std::move(out));
}

Value without_nan(const Bound& args) {
  const ArrayPtr x = np_array(args, 0);
  if (!x->is_real()) return x;
  charge(args.context, count_of(x->shape));
  StaticArray out = *x;
  const double largest = x->dtype == DType::Float64   ? std::numeric_limits<double>::max()
                         : x->dtype == DType::Float16 ? 65504.0
                                                      : static_cast<double>(std::numeric_limits<float>::max());
  const double nan = args.number(2), high = args.none(3) ? largest : args.number(3), low = args.none(4) ? -largest : args.number(4);
  for (double& value : out.reals) {
    if (std::isnan(value))
      value = nan;
    else if (std::isinf(value))
      value = value > 0 ? high : low;
  }
  round_elements(out);
  return np_value(std::move(out));
}

Value logical_not(const Bound& args) {
  return numpy_invert(args.context, std::make_shared<const StaticArray>(cast(*np_array(args, 0), DType::Bool)));
}

// --- of two arrays -----------------------------------------------------------------------------------

bool gives_floats(NumpyOp op) {
  using enum NumpyOp;
  return op == Divide || op == FloatPower || op == Arctan2 || op == Hypot || op == Copysign || op == LogAddExp || op == LogAddExp2 ||
         op == NextAfter || op == Heaviside;
}

Value in_dtype(const Bound& args, NumpyOp op) {
  if (gives_floats(op)) refuse_whole(args, 2);
  const std::optional<DType> dtype = np_dtype(args, 2);
  return numpy_binary(args.context, op, np_in_dtype(args, args.value(0), dtype), np_in_dtype(args, args.value(1), dtype));
}

FunctionSpec binary(std::string name, std::string doc, NumpyOp op, std::string first = "x1", std::string second = "x2") {
  FunctionSpec spec = np_function(std::move(name), std::move(doc)).arg(std::move(first)).arg(std::move(second));
  const bool is_logical = op >= NumpyOp::LogicalAnd && op <= NumpyOp::LogicalXor;
  const bool is_comparison = op >= NumpyOp::Equal && op <= NumpyOp::GreaterEqual;
  // Truth values have one type.
  if (!is_logical && !is_comparison) spec.keyword_only().arg("dtype", None{});
  return spec.does([op, is_logical, is_comparison](const Bound& args) -> Value {
    if (is_comparison) return numpy_binary(args.context, op, args.value(0), args.value(1));
    if (!is_logical) return in_dtype(args, op);
    // The truth of each side, whatever its type.
    const auto truth_of = [&](std::size_t i) -> Value { return np_value(cast(*np_array(args, i), DType::Bool)); };
    return numpy_binary(args.context, op, truth_of(0), truth_of(1));
  });
}

Value where(const Bound& args) {
  if (args.none(1) != args.none(2)) args.context.fail(Code::WrongArguments, args.place, "`where` takes both values to choose from, or none");
  if (args.none(1)) {
    List places;
    for (const ArrayPtr& part : numpy_nonzero(*np_array(args, 0))) places.push_back(part);
    return places;
  }
  const std::array<NumpyOperand, 2> branches{np_operand(args, 1), np_operand(args, 2)};
  const DType dtype = numpy_result_type(branches);
  const NumpyOperand condition{std::make_shared<const StaticArray>(cast(*np_array(args, 0), DType::Bool)), false};
  const Sizes shape = broadcast_shapes(args.context, {condition.array->shape, branches[0].array->shape, branches[1].array->shape});
  charge(args.context, count_of(shape));
  const ArrayPtr test = broadcast_to(args.context, condition.array, shape);
  const ArrayPtr yes = broadcast_to(args.context, numpy_in(args.context, branches[0], dtype), shape);
  const ArrayPtr no = broadcast_to(args.context, numpy_in(args.context, branches[1], dtype), shape);
  StaticArray out(dtype, shape);
  for (std::size_t i = 0; i < out.size(); ++i) {
    const StaticArray& from = test->integers[i] != 0 ? *yes : *no;
    if (out.is_real())
      out.reals[i] = from.reals[i];
    else
      out.integers[i] = from.integers[i];
  }
  return np_value(std::move(out));
}

// Between the bounds; none is no bound.
Value clipped(const Bound& args) {
  Value out = np_array(args, 0);
  for (const std::size_t i : {1, 3}) {
    if (!args.none(i)) out = numpy_binary(args.context, NumpyOp::Maximum, out, args.value(i));
  }
  for (const std::size_t i : {2, 4}) {
    if (!args.none(i)) out = numpy_binary(args.context, NumpyOp::Minimum, out, args.value(i));
  }
  return out;
}

Value converted(const Bound& args) {
  const ArrayPtr x = np_array(args, 0);
  charge(args.context, count_of(x->shape));
  return np_value(cast(*x, np_dtype(args, 1).value_or(x->dtype)));
}

std::int64_t negated(std::int64_t x) { return static_cast<std::int64_t>(0 - static_cast<std::uint64_t>(x)); }
std::int64_t squared(std::int64_t x) { return static_cast<std::int64_t>(static_cast<std::uint64_t>(x) * static_cast<std::uint64_t>(x)); }

std::vector<FunctionSpec> real_functions() {
  const auto f = [](Real function) { return function; };
  return {
      real("sin", "The sine.", f([](double x) { return std::sin(x); })),
      real("cos", "The cosine.", f([](double x) { return std::cos(x); })),
      real("tan", "The tangent.", f([](double x) { return std::tan(x); })),
      real("arcsin", "The inverse sine.", f([](double x) { return std::asin(x); })),
      real("arccos", "The inverse cosine.", f([](double x) { return std::acos(x); })),
      real("arctan", "The inverse tangent.", f([](double x) { return std::atan(x); })),
      real("sinh", "The hyperbolic sine.", f([](double x) { return std::sinh(x); })),
      real("cosh", "The hyperbolic cosine.", f([](double x) { return std::cosh(x); })),
      real("tanh", "The hyperbolic tangent.", f([](double x) { return std::tanh(x); })),
      real("arcsinh", "The inverse hyperbolic sine.", f([](double x) { return std::asinh(x); })),
      real("arccosh", "The inverse hyperbolic cosine.", f([](double x) { return std::acosh(x); })),
      real("arctanh", "The inverse hyperbolic tangent.", f([](double x) { return std::atanh(x); })),
      real("exp", "e to the power of x.", f([](double x) { return std::exp(x); })),
      real("exp2", "2 to the power of x.", f([](double x) { return std::exp2(x); })),
      real("expm1", "exp(x) - 1.", f([](double x) { return std::expm1(x); })),
      real("log", "The natural logarithm.", f([](double x) { return std::log(x); })),
      real("log2", "The logarithm to base 2.", f([](double x) { return std::log2(x); })),
      real("log10", "The logarithm to base 10.", f([](double x) { return std::log10(x); })),
      real("log1p", "log(1 + x).", f([](double x) { return std::log1p(x); })),
      real("sqrt", "The square root.", f([](double x) { return std::sqrt(x); })),
      real("cbrt", "The cube root.", f([](double x) { return std::cbrt(x); })),
      real("fabs", "The absolute value as a float.", f([](double x) { return std::fabs(x); })),
      real("rint", "To the nearest whole number, halves to even, as a float.", f([](double x) { return std::nearbyint(x); })),
      scaled("deg2rad", "Degrees as radians.", std::numbers::pi / 180),
      scaled("radians", "Degrees as radians.", std::numbers::pi / 180),
      scaled("rad2deg", "Radians as degrees.", 180 / std::numbers::pi),
      scaled("degrees", "Radians as degrees.", 180 / std::numbers::pi),
      real("sinc", "sin(pi x) / (pi x).", f(&sinc_of)),
      rounding("floor", "The next whole number below.", f([](double x) { return std::floor(x); })),
      rounding("ceil", "The next whole number above.", f([](double x) { return std::ceil(x); })),
      rounding("trunc", "The next whole number towards zero.", f([](double x) { return std::trunc(x); })),
      rounding("fix", "The next whole number towards zero.", f([](double x) { return std::trunc(x); })),
  };
}

std::vector<FunctionSpec> other_functions() {
  const auto round = [](std::string name) {
    return np_function(std::move(name), "To some decimals, halves to even.").arg("a").arg("decimals", 0).does(&rounded);
  };
  return {
      own_type(
          "negative", "-x.", [](double x) { return -x; }, &negated),
      own_type(
          "positive", "x.", [](double x) { return x; }, [](std::int64_t x) { return x; }),
      own_type(
          "square", "x * x.", [](double x) { return x * x; }, &squared, true),
      own_type("sign", "-1, 0 or 1.", &sign_of, [](std::int64_t x) -> std::int64_t { return x > 0   ? 1
                                                                                            : x < 0 ? -1
                                                                                                    : 0; }),
      own_type(
          "reciprocal", "1 / x.", [](double x) { return 1 / x; }, [](std::int64_t x) -> std::int64_t { return x == 0 ? 0 : 1 / x; }, true),
      of_one("abs", "The absolute value.").does(&absolute_of),
      of_one("absolute", "The absolute value.").does(&absolute_of),
      round("round"),
      round("around"),
      classified("isnan", "Whether x is NaN.", [](double x) { return std::isnan(x); }),
      classified("isinf", "Whether x is infinite.", [](double x) { return std::isinf(x); }),
      classified("isfinite", "Whether x is a number.", [](double x) { return std::isfinite(x); }),
      np_function("nan_to_num", "NaN and the infinities replaced by numbers.")
          .arg("x")
          .arg("copy", true)
          .arg("nan", 0.0)
          .arg("posinf", None{})
          .arg("neginf", None{})
          .does(&without_nan),
      np_function("logical_not", "Whether x is false.").arg("x").does(&logical_not),
      of_one("invert", "The bits turned over.").does(&inverted),
      of_one("bitwise_not", "The bits turned over.").does(&inverted),
      np_function("where", "x where the condition is true, else y; of a condition alone, where it is true.")
          .arg("condition")
          .arg("x", None{})
          .arg("y", None{})
          .does(&where),
      np_function("clip", "Between two bounds.")
          .arg("a")
          .arg("a_min", None{})
          .arg("a_max", None{})
          .keyword_only()
          .arg("min", None{})
          .arg("max", None{})
          .does(&clipped),
      np_function("astype", "With another dtype.").arg("x").arg("dtype").does(&converted),
  };
}

std::vector<FunctionSpec> binary_functions() {
  using enum NumpyOp;
  return {
      binary("add", "x1 + x2.", Add),
      binary("subtract", "x1 - x2.", Subtract),
      binary("multiply", "x1 * x2.", Multiply),
      binary("divide", "x1 / x2.", Divide),
      binary("true_divide", "x1 / x2.", Divide),
      binary("floor_divide", "x1 // x2.", FloorDivide),
      binary("mod", "x1 % x2, with the sign of x2.", Remainder),
      binary("remainder", "x1 % x2, with the sign of x2.", Remainder),
      binary("fmod", "The rest of a division, with the sign of x1.", Fmod),
      binary("power", "x1 to the power of x2.", Power),
      binary("float_power", "x1 to the power of x2, in float64.", FloatPower),
      binary("maximum", "The larger of two elements; NaN wins.", Maximum),
      binary("minimum", "The smaller of two elements; NaN wins.", Minimum),
      binary("fmax", "The larger of two elements; NaN loses.", Fmax),
      binary("fmin", "The smaller of two elements; NaN loses.", Fmin),
      binary("equal", "Whether x1 == x2.", Equal),
      binary("not_equal", "Whether x1 != x2.", NotEqual),
      binary("less", "Whether x1 < x2.", Less),
      binary("less_equal", "Whether x1 <= x2.", LessEqual),
      binary("greater", "Whether x1 > x2.", Greater),
      binary("greater_equal", "Whether x1 >= x2.", GreaterEqual),
      binary("logical_and", "Whether both are true.", LogicalAnd),
      binary("logical_or", "Whether one is true.", LogicalOr),
      binary("logical_xor", "Whether one alone is true.", LogicalXor),
      binary("bitwise_and", "x1 & x2.", BitAnd),
      binary("bitwise_or", "x1 | x2.", BitOr),
      binary("bitwise_xor", "x1 ^ x2.", BitXor),
      binary("left_shift", "x1 << x2.", LeftShift),
      binary("right_shift", "x1 >> x2.", RightShift),
      binary("arctan2", "The angle of the point (x2, x1).", Arctan2),
      binary("hypot", "The length of (x1, x2).", Hypot),
      binary("copysign", "x1 with the sign of x2.", Copysign),
      binary("logaddexp", "log(exp(x1) + exp(x2)).", LogAddExp),
      binary("logaddexp2", "log2(2**x1 + 2**x2).", LogAddExp2),
      binary("nextafter", "The next float from x1 towards x2.", NextAfter),
      binary("heaviside", "0 below zero, x2 at zero, 1 above.", Heaviside),
      binary("gcd", "The greatest common divisor.", Gcd),
      binary("lcm", "The least common multiple.", Lcm),
  };
}

const RegisterFunctions real_family{real_functions()};
const RegisterFunctions other_family{other_functions()};
const RegisterFunctions binary_family{binary_functions()};

}  // namespace
}  // namespace linenc::functions
