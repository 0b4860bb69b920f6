// Functions of two arrays, element by element: sums, products, powers, extremes, bits. jax.numpy brings both to their common type;
// jax.lax wants equal types. Tested by tests/compiler/functions/goldens_test.cpp.
#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "compiler/catalog/arrange.h"
#include "compiler/catalog/registry.h"
#include "compiler/functions/lax_arguments.h"
#include "compiler/functions/sized.h"
#include "compiler/functions/static_numbers.h"

namespace linenc::functions {
namespace {

using namespace catalog;
using enum ElementwiseKind;

using Combine = Tensor (*)(Context&, Tensor, Tensor);

FunctionSpec named(std::string name, std::string doc, Combine f, std::string first = "x1", std::string second = "x2") {
  return FunctionSpec(std::move(name), std::move(doc)).in({"jnp"}).arg(std::move(first)).arg(std::move(second)).does([f](const Bound& args) -> Value {
    return f(args.context, args.tensor(0), args.tensor(1));
  });
}

// Most of jax.numpy's take their operands by place alone.
FunctionSpec combined(std::string name, std::string doc, Combine f, std::string first = "x1", std::string second = "x2") {
  return named(std::move(name), std::move(doc), f, std::move(first), std::move(second)).positional_only();
}

FunctionSpec promoted(std::string name, std::string doc, ElementwiseKind kind, std::string first = "x1", std::string second = "x2") {
  return FunctionSpec(std::move(name), std::move(doc))
      .in({"jnp"})
      .arg(std::move(first))
      .arg(std::move(second))
      .positional_only()
      .does([kind](const Bound& args) -> Value { return catalog::binary(args.context, kind, args.tensor(0), args.tensor(1)); });
}

FunctionSpec lax_binary(std::string name, std::string doc, ElementwiseKind kind, std::string first = "x", std::string second = "y") {
  return FunctionSpec(std::move(name), std::move(doc))
      .in({"lax"})
      .arg(std::move(first))
      .arg(std::move(second))
      .does([kind](const Bound& args) -> Value {
        const std::array both{args.tensor(0), args.tensor(1)};
        expect_one_rank(args, both);
        return graph::binary(args.context.builder, kind, both[0], both[1]);
      });
}

// The larger or smaller one; of truth values, true is the larger.
FunctionSpec lax_extremum(std::string name, std::string doc, ElementwiseKind kind, ElementwiseKind of_truth) {
  return FunctionSpec(std::move(name), std::move(doc)).in({"lax"}).arg("x").arg("y").does([kind, of_truth](const Bound& args) -> Value {
    const std::array both{args.tensor(0), args.tensor(1)};
    expect_one_rank(args, both);
    return graph::binary(args.context.builder, both[0].dtype() == DType::Bool ? of_truth : kind, both[0], both[1]);
  });
}

// Zero or not.
FunctionSpec logical(std::string name, std::string doc, ElementwiseKind kind) {
  return FunctionSpec(std::move(name), std::move(doc)).in({"jnp"}).arg("x").arg("y").positional_only().does([kind](const Bound& args) -> Value {
    const Tensor x = astype(args.context, args.tensor(0), DType::Bool), y = astype(args.context, args.tensor(1), DType::Bool);
    return graph::binary(args.context.builder, kind, x, y);
  });
}

template <Value (*f)(Context&, const Value&, const Value&)>
std::optional<Value> python_pair(Context& context, const Arguments& arguments) {
  if (arguments.positional.size() != 2 || !arguments.keywords.empty()) return std::nullopt;
  const Value &a = arguments.positional[0].value, &b = arguments.positional[1].value;
  if (!is_number(a) || !is_number(b)) return std::nullopt;
  return f(context, a, b);
}

// Each straight to the float type: the common type of int32 and uint32 does not hold all of theirs.
std::array<Tensor, 2> both_inexact(Context& context, Tensor x, Tensor y) {
  std::array<Tensor, 2> both{x, y};
  const DType dtype = to_inexact(result_type(both).dtype);
  for (Tensor& t : both) {
    if (t.dtype() != DType::Key) t = retyped(context, t, dtype);
  }
  promote_all(context, both);
  return both;
}

Tensor like(Context& context, double value, Tensor x) { return graph::scalar(context.builder, value, x.dtype(), x.fact().weak); }

Tensor shift_right(Context& context, Tensor x, Tensor y) {
  const DType dtype = result_type(std::array{x, y}).dtype;
  return catalog::binary(context, is_unsigned(dtype) ? ShiftRightLogical : ShiftRightArithmetic, x, y);
}

Tensor fmod(Context& context, Tensor x, Tensor y) {
  if (is_integer(result_type(std::array{x, y}).dtype)) {
    const Tensor zero = graph::integer_scalar(context.builder, 0, y.dtype(), true);
    const Tensor one = graph::integer_scalar(context.builder, 1, y.dtype(), true);
    y = where(context, catalog::binary(context, Equal, y, zero), one, y);
  }
  return catalog::binary(context, Remainder, x, y);
}

Tensor float_power(Context& context, Tensor x, Tensor y) {
  const auto both = both_inexact(context, x, y);
  return graph::binary(context.builder, Power, both[0], both[1]);
}

// sqrt(x*x + y*y), scaled so that nothing overflows.
Tensor hypot(Context& context, Tensor x, Tensor y) {
  graph::Builder& b = context.builder;
  const auto both = both_inexact(context, x, y);
  const Tensor a = graph::unary(b, Abs, both[0]), c = graph::unary(b, Abs, both[1]);
  const Tensor large = graph::binary(b, Maximum, a, c), small = graph::binary(b, Minimum, a, c);
  const Tensor is_zero = graph::binary(b, Equal, large, like(context, 0, large));
  const Tensor ratio = graph::binary(b, Divide, small, where(context, is_zero, like(context, 1, large), large));
  const Tensor root = graph::unary(b, Sqrt, graph::binary(b, Add, like(context, 1, ratio), graph::binary(b, Multiply, ratio, ratio)));
  return where(context, is_zero, large, graph::binary(b, Multiply, large, root));
}

// log2(2^x + 2^y)
Tensor logaddexp2(Context& context, Tensor x, Tensor y) {
  graph::Builder& b = context.builder;
  const auto both = both_inexact(context, x, y);
  const Tensor factor = like(context, std::numbers::ln2, both[0]);
  const Tensor sum = graph::binary(b, LogAddExp, graph::binary(b, Multiply, both[0], factor), graph::binary(b, Multiply, both[1], factor));
  return graph::binary(b, Divide, sum, factor);
}

// 0 below, 1 above, `half` at zero; NaN stays.
Tensor heaviside(Context& context, Tensor x, Tensor half) {
  graph::Builder& b = context.builder;
  const auto both = both_inexact(context, x, half);
  const Tensor zero = like(context, 0, both[0]);
  const Tensor above = where(context, graph::binary(b, Greater, both[0], zero), like(context, 1, both[0]), both[1]);
  const Tensor out = where(context, graph::binary(b, Less, both[0], zero), zero, above);
  return where(context, graph::unary(b, IsNan, both[0]), both[0], out);
}

// The size of x with the sign of y.
Tensor copysign(Context& context, Tensor x, Tensor y) {
  graph::Builder& b = context.builder;
  const auto both = both_inexact(context, x, y);
  const Tensor size = graph::unary(b, Abs, both[0]);
  // 1 / y tells the two zeros apart.
  const Tensor zero = like(context, 0, both[1]);
  const Tensor below = graph::binary(b, Less, both[1], zero);
  const Tensor negative_zero = graph::binary(b, Less, graph::binary(b, Divide, like(context, 1, both[1]), both[1]), zero);
  const Tensor is_negative = graph::binary(b, Or, below, graph::binary(b, And, graph::binary(b, Equal, both[1], zero), negative_zero));
  return where(context, is_negative, graph::unary(b, Negate, size), size);
}

// x * 2^y
Tensor ldexp(Context& context, Tensor x, Tensor y) {
  graph::Builder& b = context.builder;
  if (is_float(y.dtype())) fail_dtype(context, concat("needs whole exponents, not ", y.dtype()), {x, y});
  const Tensor base = retyped(context, x, to_inexact(x.dtype()));
  return graph::binary(b, Multiply, base, graph::unary(b, Exp2, graph::convert(b, y, base.dtype())));
}

// The number of the two that is one; NaN where both are NaN.
template <ElementwiseKind is_first>
Tensor extreme_number(Context& context, Tensor x, Tensor y) {
  graph::Builder& b = context.builder;
  const Tensor first = catalog::binary(context, is_first, x, y);
  if (!is_float(y.dtype())) return where(context, first, x, y);
  return where(context, graph::binary(b, Or, first, graph::unary(b, IsNan, y)), x, y);
}

std::array<Tensor, 2> both_whole(Context& context, Tensor x, Tensor y) {
  std::array<Tensor, 2> both{x, y};
  promote_all(context, both);
  if (!is_integer(both[0].dtype())) fail_dtype(context, concat("needs integers, not ", both[0].dtype()), {x, y});
  for (Tensor& t : both) t = is_unsigned(t.dtype()) ? t : graph::unary(context.builder, Abs, t);
  return both;
}

// Euclid's rule, as often as the largest numbers of the type may want: they are neighbours among Fibonacci's.
Tensor gcd(Context& context, Tensor x, Tensor y) {
  graph::Builder& b = context.builder;
  auto [high, low] = both_whole(context, x, y);
  const Tensor zero = graph::integer_scalar(b, 0, high.dtype());
  const auto turns = static_cast<int>(std::ceil(8 * static_cast<double>(byte_size(high.dtype())) / std::log2(std::numbers::phi))) + 2;
  for (int turn = 0; turn < turns; ++turn) {
    // Where nothing is left, the next remainder is that of 0.
    const Tensor next = graph::select(b, graph::binary(b, Equal, low, zero), high, low);
    low = graph::binary(b, Remainder, high, next);
    high = next;
  }
  return high;
}

Tensor lcm(Context& context, Tensor x, Tensor y) {
  graph::Builder& b = context.builder;
  const auto [first, second] = both_whole(context, x, y);
  const Tensor divisor = gcd(context, first, second), zero = graph::integer_scalar(b, 0, divisor.dtype());
  const Tensor product = graph::binary(b, Multiply, first, catalog::floor_divide(context, second, divisor));
  return graph::select(b, graph::binary(b, Equal, divisor, zero), zero, product);
}

Tensor floor_divide_arrays(Context& c, Tensor x, Tensor y) { return catalog::floor_divide(c, x, y); }
Tensor remainder_arrays(Context& c, Tensor x, Tensor y) { return catalog::remainder(c, x, y); }
Tensor divide_arrays(Context& c, Tensor x, Tensor y) { return catalog::divide(c, x, y); }
Tensor power_arrays(Context& c, Tensor x, Tensor y) { return catalog::power(c, x, y); }

Value divmod(const Bound& args) {
  const Tensor x = args.tensor(0), y = args.tensor(1);
  return List{catalog::floor_divide(args.context, x, y), catalog::remainder(args.context, x, y)};
}

// abs(a - b) <= atol + rtol * abs(b), and equal infinities.
Tensor close(const Bound& args) {
  Context& context = args.context;
  graph::Builder& b = context.builder;
  std::array<Tensor, 2> both{args.tensor(0), args.tensor(1)};
  promote_all(context, both);
  both = both_inexact(context, both[0], both[1]);
  const auto tolerance = [&](std::size_t i) { return graph::convert(b, args.tensor(i), both[0].dtype()); };
  const Tensor reach = graph::binary(b, Add, tolerance(3), graph::binary(b, Multiply, tolerance(2), graph::unary(b, Abs, both[1])));
  const Tensor near = graph::binary(b, LessEqual, graph::unary(b, Abs, graph::binary(b, Subtract, both[0], both[1])), reach);
  const Tensor finite = graph::binary(b, And, graph::unary(b, IsFinite, both[0]), graph::unary(b, IsFinite, both[1]));
  Tensor out = graph::select(b, finite, near, graph::binary(b, Equal, both[0], both[1]));
  if (args.boolean(4)) out = graph::binary(b, Or, out, graph::binary(b, And, graph::unary(b, IsNan, both[0]), graph::unary(b, IsNan, both[1])));
  return out;
}

FunctionSpec closeness(std::string name, std::string doc) {
  return FunctionSpec(std::move(name), std::move(doc)).in({"jnp"}).arg("a").arg("b").arg("rtol", 1e-5).arg("atol", 1e-8).arg("equal_nan", false);
}

Tensor all_of(Context& context, Tensor x) {
  std::vector<std::int64_t> axes;
  for (std::int64_t axis = 0; axis < x.rank(); ++axis) axes.push_back(axis);
  return graph::reduce(context.builder, ReduceKind::All, x, axes);
}

Value array_equal(const Bound& args) {
  Context& context = args.context;
  const Tensor a = args.tensor(0), b = args.tensor(1);
  if (!is_equal(context, a.shape(), b.shape())) return graph::integer_scalar(context.builder, 0, DType::Bool);
  Tensor equal = catalog::binary(context, Equal, a, b);
  if (args.boolean(2) && is_float(a.dtype()) && is_float(b.dtype())) {
    const Tensor both_nan = catalog::binary(context, And, graph::unary(context.builder, IsNan, a), graph::unary(context.builder, IsNan, b));
    equal = graph::binary(context.builder, Or, equal, both_nan);
  }
  return all_of(context, equal);
}

Value clip(const Bound& args) {
  Tensor x = args.tensor(0);
  if (!args.none(1)) x = catalog::binary(args.context, Maximum, args.tensor(1), x);
  if (!args.none(2)) x = catalog::binary(args.context, Minimum, args.tensor(2), x);
  return x;
}

Value choose(const Bound& args) {
  if (args.none(1) != args.none(2)) {
    args.context.fail(Code::WrongArguments, args.place,
                      concat("`where` takes two values to choose from, and `", args.none(1) ? "x" : "y", "` is missing"));
  }
  if (args.none(1) && args.none(3)) {
    args.context.fail(Code::NotStatic, args.place, "`where` with a condition alone has a size that is not known while compiling: give `size`");
  }
  if (args.none(1)) return nonzero_of(args, 3, 4, "where");
  if (!args.none(3) || !args.none(4)) {
    args.context.fail(Code::WrongArguments, args.place, "`size` and `fill_value` are for `where` with a condition alone");
  }
  return where(args.context, args.tensor(0), args.tensor(1), args.tensor(2));
}

Value lax_integer_pow(const Bound& args) {
  const Tensor x = args.tensor(0);
  if (x.dtype() == DType::Bool) fail_dtype(args.context, "needs numbers, not bool", {x});
  return catalog::power(args.context, x, to_tensor(args.context, args.integer(1)));
}

// Parameters: x y out_dtype.
Value lax_mul(const Bound& args) {
  Tensor x = args.tensor(0), y = args.tensor(1);
  expect_one_rank(args, std::array{x, y});
  if (const auto dtype = args.optional_dtype(2)) x = astype(args.context, x, *dtype), y = astype(args.context, y, *dtype);
  return graph::binary(args.context.builder, Multiply, x, y);
}

// lax.pow takes integer exponents, of a float base alone.
Value lax_pow(const Bound& args) {
  const Tensor x = args.tensor(0), y = args.tensor(1);
  if (!is_float(x.dtype())) fail_dtype(args.context, concat("raises floating-point numbers, not ", x.dtype()), {x, y});
  expect_one_rank(args, std::array{x, y});
  if (is_integer(y.dtype())) return catalog::power(args.context, x, y);
  return graph::binary(args.context.builder, Power, x, y);
}

// Bounds are scalars, or arrays of the shape of what they bound.
Value lax_clamp(const Bound& args) {
  const Tensor low = args.tensor(0), x = args.tensor(1), high = args.tensor(2);
  for (const Tensor& bound : {low, high}) {
    if (bound.rank() == 0) continue;
    const std::string text = concat("needs bounds that are scalars or have the shape ", graph::to_string(x.shape()), ", and has ",
                                    graph::to_string(bound.shape()), ": `jnp.clip` broadcasts them");
    if (bound.rank() != x.rank()) fail_shape(args.context, text, {low, x, high});
    for (std::int64_t axis = 0; axis < x.rank(); ++axis) require_equal(args.context, bound.dim(axis), x.dim(axis), text, {low, x, high});
  }
  return graph::clamp(args.context.builder, low, x, high);
}

// One of some cases; weak where all of them are.
Tensor chosen(Context& context, Tensor out, const std::vector<Tensor>& cases) {
  const bool is_weak = std::all_of(cases.begin(), cases.end(), [](const Tensor& x) { return x.fact().weak; });
  return is_weak && !out.fact().weak ? graph::with_weak(context.builder, out, true) : out;
}

// A predicate of integers holds where it is above 0.
// Nothing is stretched: the cases have one shape, and the choice has it too or is one for all.
void check_cases(Context& context, Tensor which, const std::vector<Tensor>& cases) {
  if (which.dtype() != DType::Bool && !is_integer(which.dtype())) {
    fail_dtype(context, concat("chooses by truth values or integers, not by ", which.fact()), {which});
  }
  for (const Tensor& one : cases) {
    if (!is_equal(context, one.shape(), cases[0].shape()))
      fail_shape(context, concat("chooses among arrays of one shape, and has ", cases[0].fact(), " and ", one.fact()), {cases[0], one});
  }
  if (which.rank() != 0 && !is_equal(context, which.shape(), cases[0].shape())) {
    fail_shape(context, concat("chooses once, or for each element of ", cases[0].fact(), ", not by ", which.fact()), {which, cases[0]});
  }
}

Value lax_select(const Bound& args) {
  const Tensor x = args.tensor(1), y = args.tensor(2), predicate = args.tensor(0);
  check_cases(args.context, predicate, {x, y});
  const Tensor holds = is_integer(predicate.dtype()) ? graph::binary(args.context.builder, Greater, predicate,
                                                                     graph::integer_scalar(args.context.builder, 0, predicate.dtype()))
                                                     : predicate;
  return chosen(args.context, graph::select(args.context.builder, holds, x, y), {x, y});
}

Value lax_select_n(const Bound& args) {
  Context& context = args.context;
  const Tensor which = args.tensor(0);
  const std::vector<Tensor> cases = args.rest_tensors();
  if (cases.empty()) context.fail(Code::WrongArguments, args.place, "`select_n` needs a case");
  check_cases(context, which, cases);
  if (which.dtype() == DType::Bool) {
    if (cases.size() > 2)
      context.fail(Code::WrongArguments, args.place, concat("a truth value chooses between 2 cases, and there are ", cases.size()));
    return cases.size() == 2 ? chosen(context, graph::select(context.builder, which, cases[1], cases[0]), cases) : cases[0];
  }
  Tensor out = cases.back();
  for (std::size_t i = cases.size() - 1; i-- > 0;) {
    const Tensor is_chosen =
        graph::binary(context.builder, LessEqual, which, graph::integer_scalar(context.builder, static_cast<std::int64_t>(i), which.dtype()));
    out = graph::select(context.builder, is_chosen, cases[i], out);
  }
  return chosen(context, out, cases);
}

// jnp.select: the first condition that holds.
Value select_first(const Bound& args) {
  Context& context = args.context;
  const std::vector<Tensor> conditions = args.tensors(0);
  std::vector<Tensor> choices = args.tensors(1);
  if (conditions.size() != choices.size() || conditions.empty()) {
    context.fail(Code::WrongArguments, args.place, concat("`select` has ", conditions.size(), " conditions and ", choices.size(), " choices"));
  }
  choices.push_back(args.tensor(2));
  promote_all(context, choices);
  Tensor out = choices.back();
  for (std::size_t i = conditions.size(); i-- > 0;) out = where(context, conditions[i], choices[i], out);
  return out;
}

// jnp.choose: the choice whose number stands in `a`.
Value choose_by_number(const Bound& args) {
  Context& context = args.context;
  graph::Builder& b = context.builder;
  Tensor which = args.tensor(0);
  if (!is_integer(which.dtype())) fail_dtype(context, concat("needs integers to choose by, not ", which.dtype()), {which});
  std::vector<Tensor> choices = args.tensors(1);
  if (choices.empty()) context.fail(Code::WrongArguments, args.place, "`choose` needs a choice");
  const std::string mode = args.text(3);
  const auto number_of = [&](std::int64_t value) { return graph::integer_scalar(b, value, DType::Int32, true); };
  const auto count = static_cast<std::int64_t>(choices.size());
  if (mode == "wrap") {
    which = catalog::remainder(context, which, number_of(count));
  } else if (mode == "clip") {
    which = catalog::binary(context, Minimum, number_of(count - 1), catalog::binary(context, Maximum, number_of(0), which));
  } else if (mode == "raise") {
    context.fail(Code::NotStatic, args.place,
                 "`choose` cannot raise an error about numbers that are known only later: give `mode='wrap'` or `mode='clip'`");
  } else {
    args.wrong_type(3, "'wrap' or 'clip'");
  }
  promote_all(context, choices);
  Tensor out = astype(context, choices.back(), choices.back().dtype());
  // The last choice takes part in the broadcast even where it is the only one.
  for (std::int64_t i = std::max<std::int64_t>(count - 1, 1); i-- > 0;) {
    out = where(context, catalog::binary(context, LessEqual, which, number_of(i)), choices[static_cast<std::size_t>(i)], out);
  }
  return out;
}

std::vector<FunctionSpec> numpy_arithmetic() {
  return {
      promoted("add", "x1 + x2.", Add),
      promoted("subtract", "x1 - x2.", Subtract),
      promoted("multiply", "x1 * x2.", Multiply),
      combined("divide", "x1 / x2; integers become float32.", &divide_arrays),
      combined("true_divide", "x1 / x2; integers become float32.", &divide_arrays),
      combined("floor_divide", "x1 // x2, towards minus infinity.", &floor_divide_arrays),
      combined("remainder", "x1 % x2, with the sign of x2.", &remainder_arrays),
      combined("mod", "x1 % x2, with the sign of x2.", &remainder_arrays),
      combined("fmod", "The remainder of x1 / x2, with the sign of x1.", &fmod),
      FunctionSpec("divmod", "x1 // x2 and x1 % x2.").in({"jnp"}).arg("x1").arg("x2").positional_only().does(&divmod),
      combined("power", "x1 to the power of x2.", &power_arrays).statically(&python_pair<functions::power>),
      combined("pow", "x1 to the power of x2.", &power_arrays),
      combined("float_power", "x to the power of y, as floats.", &float_power, "x", "y"),
      promoted("maximum", "The larger of two elements; NaN wins.", Maximum).statically(&python_pair<larger>),
      promoted("minimum", "The smaller of two elements; NaN wins.", Minimum).statically(&python_pair<smaller>),
      named("fmax", "The larger of two elements; of NaN and a number the number.", &extreme_number<Greater>),
      named("fmin", "The smaller of two elements; of NaN and a number the number.", &extreme_number<Less>),
      named("gcd", "The greatest common divisor of integers.", &gcd),
      named("lcm", "The least common multiple of integers.", &lcm),
      combined("hypot", "sqrt(x1*x1 + x2*x2).", &hypot),
      promoted("arctan2", "The angle of the point (x2, x1).", Atan2),
      promoted("atan2", "The angle of the point (x2, x1).", Atan2),
      promoted("logaddexp", "log(exp(x1) + exp(x2)).", LogAddExp),
      combined("logaddexp2", "log2(2**x1 + 2**x2).", &logaddexp2),
      combined("heaviside", "0 below zero, 1 above, x2 at zero.", &heaviside),
      combined("copysign", "The size of x1 with the sign of x2.", &copysign),
      promoted("nextafter", "The next number after x towards y.", NextAfter, "x", "y"),
      combined("ldexp", "x1 * 2**x2.", &ldexp),
      promoted("equal", "x == y.", Equal, "x", "y"),
      promoted("not_equal", "x != y.", NotEqual, "x", "y"),
      promoted("less", "x < y.", Less, "x", "y"),
      promoted("less_equal", "x <= y.", LessEqual, "x", "y"),
      promoted("greater", "x > y.", Greater, "x", "y"),
      promoted("greater_equal", "x >= y.", GreaterEqual, "x", "y"),
      logical("logical_and", "Whether both are not zero.", And),
      logical("logical_or", "Whether one is not zero.", Or),
      logical("logical_xor", "Whether exactly one is not zero.", Xor),
      promoted("bitwise_and", "The bits that both have.", And),
      promoted("bitwise_or", "The bits that one has.", Or),
      promoted("bitwise_xor", "The bits in which they differ.", Xor),
      promoted("left_shift", "x * 2**y on integers.", ShiftLeft, "x", "y"),
      promoted("bitwise_left_shift", "x * 2**y on integers.", ShiftLeft, "x", "y"),
      combined("right_shift", "x1 // 2**x2 on integers.", &shift_right),
      combined("bitwise_right_shift", "x1 // 2**x2 on integers.", &shift_right),
  };
}

std::vector<FunctionSpec> numpy_choices() {
  return {
      FunctionSpec("clip", "x brought between two bounds.")
          .in({"jnp"})
          .arg("arr")
          .positional_only()
          .arg("min", None{})
          .arg("max", None{})
          .as_method()
          .does(&clip),
      FunctionSpec("where", "x where the condition holds, y elsewhere; of a condition alone, where it holds.")
          .in({"jnp"})
          .arg("condition")
          .arg("x", None{})
          .arg("y", None{})
          .positional_only()
          .keyword_only()
          .arg("size", None{})
          .arg("fill_value", None{})
          .does(&choose),
      FunctionSpec("select", "The choice of the first condition that holds.")
          .in({"jnp"})
          .arg("condlist")
          .arg("choicelist")
          .arg("default", 0)
          .does(&select_first),
      FunctionSpec("choose", "The choice whose number stands in an array; the mode is 'wrap' or 'clip'.")
          .in({"jnp"})
          .arg("a")
          .arg("choices")
          .arg("out", None{})
          .arg("mode", "raise")
          .does(&choose_by_number),
      closeness("isclose", "Whether two arrays agree within tolerances, element by element.").does([](const Bound& args) -> Value {
        return close(args);
      }),
      closeness("allclose", "Whether two arrays agree within tolerances.").does([](const Bound& args) -> Value {
        return all_of(args.context, close(args));
      }),
      FunctionSpec("array_equal", "Whether two arrays have one shape and equal elements.")
          .in({"jnp"})
          .arg("a1")
          .arg("a2")
          .arg("equal_nan", false)
          .does(&array_equal),
  };
}

std::vector<FunctionSpec> lax_arithmetic() {
  return {
      lax_binary("add", "x + y.", Add),
      lax_binary("sub", "x - y.", Subtract),
      FunctionSpec("mul", "x * y.").in({"lax"}).arg("x").arg("y").keyword_only().arg("out_dtype", None{}).does(&lax_mul),
      lax_binary("div", "x / y; integers are cut off.", Divide),
      lax_binary("rem", "The remainder, with the sign of x.", Remainder),
      lax_extremum("max", "The larger of two elements; NaN wins.", Maximum, Or),
      lax_extremum("min", "The smaller of two elements; NaN wins.", Minimum, And),
      lax_binary("atan2", "The angle of the point (y, x).", Atan2),
      lax_binary("nextafter", "The next number after x1 towards x2.", NextAfter, "x1", "x2"),
      lax_binary("bitwise_and", "The bits that both have.", And),
      lax_binary("bitwise_or", "The bits that one has.", Or),
      lax_binary("bitwise_xor", "The bits in which they differ.", Xor),
      lax_binary("shift_left", "x * 2**y on integers.", ShiftLeft),
      lax_binary("shift_right_logical", "The bits moved right, zeros from the left.", ShiftRightLogical),
      lax_binary("shift_right_arithmetic", "The bits moved right, the sign from the left.", ShiftRightArithmetic),
      lax_binary("eq", "x == y.", Equal),
      lax_binary("ne", "x != y.", NotEqual),
      lax_binary("lt", "x < y.", Less),
      lax_binary("le", "x <= y.", LessEqual),
      lax_binary("gt", "x > y.", Greater),
      lax_binary("ge", "x >= y.", GreaterEqual),
      FunctionSpec("pow", "x to the power of y.").in({"lax"}).arg("x").arg("y").does(&lax_pow),
      FunctionSpec("integer_pow", "x to a whole power.").in({"lax"}).arg("x").arg("y").does(&lax_integer_pow),
      FunctionSpec("clamp", "x brought between two bounds.").in({"lax"}).arg("min").arg("x").arg("max").does(&lax_clamp),
      FunctionSpec("select", "on_true where pred holds, on_false elsewhere.")
          .in({"lax"})
          .arg("pred")
          .arg("on_true")
          .arg("on_false")
          .does(&lax_select),
      FunctionSpec("select_n", "The case whose number stands in `which`.").in({"lax"}).arg("which").rest("cases").does(&lax_select_n),
  };
}

const RegisterFunctions arithmetic{numpy_arithmetic()};
const RegisterFunctions choices{numpy_choices()};
const RegisterFunctions lax_family{lax_arithmetic()};

}  // namespace
}  // namespace linenc::functions
