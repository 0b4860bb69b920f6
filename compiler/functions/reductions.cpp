// Reductions with jax.numpy's meaning: sum mean max min prod std var any all and what is made of them.
// Tested by tests/compiler/functions/goldens_test.cpp.
#include <array>
#include <cmath>

#include "compiler/catalog/arrange.h"
#include "compiler/catalog/registry.h"
#include "compiler/catalog/static_numpy.h"
#include "compiler/functions/lax_arguments.h"
#include "compiler/functions/reduction_arguments.h"
#include "compiler/functions/static_numbers.h"

namespace linenc::functions {
namespace {

using namespace catalog;
using Axes = std::vector<std::int64_t>;

bool is_half(DType dtype) { return dtype == DType::Float16 || dtype == DType::BFloat16; }

// What sums and products are computed in and given as: small integers widen, halves are summed in float32.
DType widened(DType dtype) {
  if (dtype == DType::Bool) return DType::Int32;
  if (is_integer(dtype) && byte_size(dtype) < 4) return is_signed(dtype) ? DType::Int32 : DType::UInt32;
  return dtype;
}

void refuse_empty(const Bound& args, Tensor x, const Axes& axes, std::string_view what) {
  for (const std::int64_t axis : axes) {
    if (x.dim(axis) == Dim(0)) fail_shape(args.context, concat("has no ", what, ": the array ", x.fact(), " is empty"), {x});
  }
}

// The argument `initial`: one number, of the dtype.
Tensor initial_at(const Bound& args, std::size_t i, DType dtype) {
  const Tensor initial = args.tensor(i);
  if (initial.rank() != 0) fail_shape(args.context, concat("begins with one number as `initial`, not with ", initial.fact()), {initial});
  return astype(args.context, initial, dtype);
}

// --- sum and product -------------------------------------------------------------------------------

// Of `x`. Parameters: a axis dtype out keepdims initial where.
Value accumulate(const Bound& args, Tensor x, bool widens, ReduceKind kind, ElementwiseKind join, double neutral) {
  Context& context = args.context;
  graph::Builder& b = context.builder;
  const Axes axes = args.axes(1, x.rank());
  const std::optional<DType> wanted = args.optional_dtype(2);
  const DType out = wanted ? *wanted : widens ? widened(x.dtype()) : x.dtype() == DType::Bool ? DType::Int32 : x.dtype();
  const DType wide = !wanted && is_half(out) ? DType::Float32 : out;
  Tensor result = masked(context, astype(context, x, wide), mask_of(args, 6), neutral);
  if (wide == DType::Bool) {
    result = graph::reduce(b, kind == ReduceKind::Sum ? ReduceKind::Any : ReduceKind::All, result, axes, args.boolean(4));
  } else {
    result = graph::reduce(b, kind, result, axes, args.boolean(4));
  }
  if (!args.none(5)) result = graph::binary(b, join, initial_at(args, 5, wide), result);
  return astype(context, result, out);
}

// Python's sum: of a list of arrays, or of numbers, one after another from 0.
Value add_up(Context& context, const List& list) {
  std::optional<Tensor> total;
  for (const Value& item : list) {
    const Tensor next = to_tensor(context, item);
    total = catalog::binary(context, ElementwiseKind::Add, total ? *total : graph::integer_scalar(context.builder, 0, DType::Int32, true), next);
  }
  return total ? Value(*total) : Value(0);
}

Value sum_of(const Bound& args) {
  if (const List* list = args.value(0).list(); args.is_bare && list && !args.given(1) && !args.given(2)) return add_up(args.context, *list);
  return accumulate(args, args.tensor(0), args.boolean(7), ReduceKind::Sum, ElementwiseKind::Add, 0);
}

Value product_of(const Bound& args) { return accumulate(args, args.tensor(0), args.boolean(7), ReduceKind::Product, ElementwiseKind::Multiply, 1); }

FunctionSpec accumulation(std::string name, std::string doc) {
  return FunctionSpec(std::move(name), std::move(doc))
      .in({"jnp"})
      .arg("a")
      .arg("axis", None{})
      .arg("dtype", None{})
      .arg("out", None{})
      .arg("keepdims", false)
      .arg("initial", None{})
      .arg("where", None{})
      .arg("promote_integers", true)
      .as_method();
}

// --- extremes ----------------------------------------------------------------------------------------

// Of `x`. Parameters: a axis out keepdims initial where.
Value extreme_of(const Bound& args, Tensor x, bool is_max) {
  Context& context = args.context;
  graph::Builder& b = context.builder;
  const Axes axes = args.axes(1, x.rank());
  if (args.none(4)) {
    refuse_empty(args, x, axes, is_max ? "largest element" : "smallest element");
    if (!args.none(5)) context.fail(Code::WrongArguments, args.place, "a mask `where` needs an `initial` value here");
  }
  const Tensor counted = masked(context, astype(context, x, x.dtype()), mask_of(args, 5), is_max ? -INFINITY : INFINITY);
  const bool is_bool = x.dtype() == DType::Bool;
  const ReduceKind kind = is_bool ? (is_max ? ReduceKind::Any : ReduceKind::All) : is_max ? ReduceKind::Max : ReduceKind::Min;
  const Tensor result = graph::reduce(b, kind, counted, axes, args.boolean(3));
  if (args.none(4)) return result;
  return catalog::binary(context, is_max ? ElementwiseKind::Maximum : ElementwiseKind::Minimum, initial_at(args, 4, x.dtype()), result);
}

FunctionSpec extremum(std::string name, std::string doc, bool is_max) {
  return FunctionSpec(std::move(name), std::move(doc))
      .in({"jnp"})
      .arg("a")
      .arg("axis", None{})
      .arg("out", None{})
      .arg("keepdims", false)
      .arg("initial", None{})
      .arg("where", None{})
      .does([is_max](const Bound& args) {
        if (args.value(1).tensor() != nullptr) {
          args.context.fail(Code::NotStatic, args.item(1).place,
                            concat("the second argument of `", is_max ? "max" : "min", "` is an axis: `", is_max ? "maximum" : "minimum",
                                   "(a, b)` compares two arrays"));
        }
        return extreme_of(args, args.tensor(0), is_max);
      });
}

// The place of the first extreme element; of the flattened array where no axis is given.
Value place_of_extreme(const Bound& args, bool is_max) {
  Context& context = args.context;
  graph::Builder& b = context.builder;
  Tensor x = args.tensor(0);
  const std::int64_t rank = x.rank();
  const bool keepdims = !args.none(3) && args.boolean(3);
  if (args.none(1)) x = flatten(context, x);
  const std::int64_t axis = args.none(1) ? 0 : args.axis(1, x.rank());
  refuse_empty(args, x, {axis}, is_max ? "largest element" : "smallest element");
  // Of truth values, true is the larger.
  if (x.dtype() == DType::Bool) x = graph::convert(b, x, DType::Int32);
  Tensor result = graph::arg_reduce(b, is_max, x, axis, keepdims && !args.none(1));
  if (keepdims && args.none(1)) result = with_rank(context, result, rank);
  return result;
}

FunctionSpec arg_extremum(std::string name, std::string doc, bool is_max) {
  return FunctionSpec(std::move(name), std::move(doc))
      .in({"jnp"})
      .arg("a")
      .arg("axis", None{})
      .arg("out", None{})
      .arg("keepdims", None{})
      .as_method()
      .does([is_max](const Bound& args) { return place_of_extreme(args, is_max); });
}

// Parameters: operand axis index_dtype.
Value lax_place_of_extreme(const Bound& args, bool is_max) {
  Context& context = args.context;
  Tensor x = args.tensor(0);
  const std::int64_t axis = lax_axis(args, 1, x.rank());
  const DType dtype = args.dtype(2);
  if (!is_integer(dtype)) args.wrong_type(2, "an integer dtype");
  refuse_empty(args, x, {axis}, is_max ? "largest element" : "smallest element");
  if (x.dtype() == DType::Bool) x = graph::convert(context.builder, x, DType::Int32);
  return graph::convert(context.builder, graph::arg_reduce(context.builder, is_max, x, axis), dtype);
}

FunctionSpec lax_arg_extremum(std::string name, std::string doc, bool is_max) {
  return FunctionSpec(std::move(name), std::move(doc)).in({"lax"}).arg("operand").arg("axis").arg("index_dtype").does([is_max](const Bound& args) {
    return lax_place_of_extreme(args, is_max);
  });
}

Value range_of(const Bound& args) {
  Context& context = args.context;
  const Tensor x = args.tensor(0);
  const Axes axes = args.axes(1, x.rank());
  refuse_empty(args, x, axes, "largest element");
  const Tensor strong = astype(context, x, x.dtype());
  const Tensor high = graph::reduce(context.builder, ReduceKind::Max, strong, axes, args.boolean(3));
  return graph::binary(context.builder, ElementwiseKind::Subtract, high,
                       graph::reduce(context.builder, ReduceKind::Min, strong, axes, args.boolean(3)));
}

// --- mean and variance ---------------------------------------------------------------------------------

Value mean_of(const Bound& args) {
  Context& context = args.context;
  Tensor x = args.tensor(0);
  const Axes axes = args.axes(1, x.rank());
  const std::optional<DType> wanted = args.optional_dtype(2);
  if (!wanted) return masked_mean(context, x, axes, args.boolean(4), mask_of(args, 5));
  // Halves are summed in float32 whoever asks for them.
  const DType wide = is_half(*wanted) ? DType::Float32 : *wanted;
  x = astype(context, x, wide);
  if (is_float(wide)) return astype(context, masked_mean(context, x, axes, args.boolean(4), mask_of(args, 5)), *wanted);
  const Tensor total = graph::reduce(context.builder, ReduceKind::Sum, masked(context, x, mask_of(args, 5), 0), axes, args.boolean(4));
  return graph::binary(context.builder, ElementwiseKind::Divide, total, count_of(context, x, axes, args.boolean(4), mask_of(args, 5), wide));
}

// Parameters: a axis dtype out ddof keepdims where mean correction.
Tensor variance_of(const Bound& args) {
  using enum ElementwiseKind;
  Context& context = args.context;
  graph::Builder& b = context.builder;
  const Tensor given = args.tensor(0);
  const Axes axes = args.axes(1, given.rank());
  const DType out = args.optional_dtype(2).value_or(to_inexact(given.dtype()));
  const std::size_t freedom = args.none(8) ? 4 : 8;
  if (freedom == 8 && !same(args.value(4), 0)) {
    context.fail(Code::WrongArguments, args.place, "`ddof` and `correction` are two names of one number: give one of them");
  }
  const auto mask = mask_of(args, 6);
  const DType wide = is_half(out) ? DType::Float32 : out;
  const Tensor x = astype(context, given, wide);
  const bool is_whole = !is_float(wide);
  if (!mask && args.none(7) && args.value(freedom).integer() && !is_whole) {
    return astype(context, variance(context, x, axes, args.boolean(5), args.size(freedom)), out);
  }
  const auto mean_within = [&]() {
    if (!is_whole) return masked_mean(context, x, axes, true, mask);
    return graph::binary(b, Divide, graph::reduce(b, ReduceKind::Sum, masked(context, x, mask, 0), axes, true),
                         count_of(context, x, axes, true, mask, wide));
  };
  if (!args.none(7)) expect_one_rank(args, std::array{x, args.tensor(7)});
  const Tensor center = args.none(7) ? mean_within() : astype(context, args.tensor(7), wide);
  const Tensor apart = graph::binary(b, Subtract, x, center);
  const Tensor total = graph::reduce(b, ReduceKind::Sum, masked(context, graph::binary(b, Multiply, apart, apart), mask, 0), axes, args.boolean(5));
  const Tensor correction = astype(context, args.tensor(freedom), wide);
  const Tensor count = graph::binary(b, Subtract, count_of(context, x, axes, args.boolean(5), mask, wide), correction);
  const Tensor has_freedom = graph::binary(b, Greater, count, is_whole ? graph::integer_scalar(b, 0, wide) : graph::scalar(b, 0, wide));
  // Computed in whole numbers it is a float all the same, as NaN is one.
  if (is_whole) return where(context, has_freedom, graph::binary(b, Divide, total, count), number(context, NAN, DType::Float32));
  return astype(context, where(context, has_freedom, graph::binary(b, Divide, total, count), graph::scalar(b, NAN, wide)), out);
}

Value deviation_of(const Bound& args) {
  const auto dtype = args.optional_dtype(2);
  if (dtype && !is_float(*dtype)) fail_dtype(args.context, concat("gives floats, and `dtype` is ", *dtype), {args.tensor(0)});
  return graph::unary(args.context.builder, ElementwiseKind::Sqrt, variance_of(args));
}

FunctionSpec spread(std::string name, std::string doc) {
  return FunctionSpec(std::move(name), std::move(doc))
      .in({"jnp"})
      .arg("a")
      .arg("axis", None{})
      .arg("dtype", None{})
      .arg("out", None{})
      .arg("ddof", 0)
      .arg("keepdims", false)
      .keyword_only()
      .arg("where", None{})
      .arg("mean", None{})
      .arg("correction", None{})
      .as_method();
}

// The weighted mean, and the sum of the weights where it is asked for.
Value average_of(const Bound& args) {
  using enum ElementwiseKind;
  Context& context = args.context;
  graph::Builder& b = context.builder;
  const Tensor x = args.tensor(0);
  const Axes axes = args.axes(1, x.rank());
  const bool keepdims = args.boolean(4);
  if (args.none(2)) {
    const Tensor result = mean(context, x, axes, keepdims);
    if (!args.boolean(3)) return result;
    return List{result, graph::broadcast_to(b, count_of(context, x, axes, keepdims, std::nullopt, result.dtype()), result.shape())};
  }
  std::array<Tensor, 2> both{x, args.tensor(2)};
  const DType wide = to_inexact(result_type(both).dtype);
  for (Tensor& t : both) t = astype(context, t, wide);
  Tensor weights = both[1];
  if (weights.rank() != x.rank()) {
    if (weights.rank() != 1 || axes.size() != 1)
      fail_shape(context, concat("needs weights of the shape of the array or of one axis, and has ", weights.fact()), {x, weights});
    for (std::int64_t axis = axes[0] + 1; axis < x.rank(); ++axis) weights = graph::expand_dims(b, weights, weights.rank());
  }
  weights = graph::broadcast_to(b, weights, x.shape());
  const Tensor total = sum(context, weights, axes, keepdims);
  const Tensor result = graph::binary(b, Divide, sum(context, graph::binary(b, Multiply, both[0], weights), axes, keepdims), total);
  return args.boolean(3) ? Value(List{result, total}) : Value(result);
}

// --- truth -----------------------------------------------------------------------------------------------

// Parameters: a axis out keepdims where.
Value truth_of(const Bound& args, ReduceKind kind) {
  Context& context = args.context;
  const Tensor x = astype(context, args.tensor(0), DType::Bool);
  const Tensor counted = masked(context, x, mask_of(args, 4), kind == ReduceKind::All ? 1 : 0);
  return graph::reduce(context.builder, kind, counted, args.axes(1, x.rank()), args.boolean(3));
}

FunctionSpec quantifier(std::string name, std::string doc, ReduceKind kind) {
  return FunctionSpec(std::move(name), std::move(doc))
      .in({"jnp"})
      .arg("a")
      .arg("axis", None{})
      .arg("out", None{})
      .arg("keepdims", false)
      .keyword_only()
      .arg("where", None{})
      .as_method()
      .does([kind](const Bound& args) { return truth_of(args, kind); });
}

Value count_nonzero(const Bound& args) {
  Context& context = args.context;
  const Tensor x = astype(context, astype(context, args.tensor(0), DType::Bool), DType::Int32);
  return graph::reduce(context.builder, ReduceKind::Sum, x, args.axes(1, x.rank()), args.boolean(2));
}

// --- without NaN ---------------------------------------------------------------------------------------

// NaN replaced by what changes no result.
Tensor without_nan(Context& context, Tensor x, Tensor neutral) {
  return is_float(x.dtype()) ? graph::select(context.builder, graph::unary(context.builder, ElementwiseKind::IsNan, x), neutral, x) : x;
}

// Parameters: a axis dtype out keepdims initial where.
Value sum_without_nan(const Bound& args) {
  const Tensor x = args.tensor(0);
  const Tensor numbers = without_nan(args.context, x, graph::scalar(args.context.builder, 0, x.dtype()));
  return accumulate(args, numbers, true, ReduceKind::Sum, ElementwiseKind::Add, 0);
}

// Of nothing but NaN the extreme is NaN. Parameters: a axis out keepdims initial where.
Value extreme_without_nan(const Bound& args, bool is_max) {
  Context& context = args.context;
  graph::Builder& b = context.builder;
  const Tensor x = args.tensor(0);
  if (!is_float(x.dtype())) return extreme_of(args, x, is_max);
  const Value found = extreme_of(args, without_nan(context, x, extreme(context, x.dtype(), is_max)), is_max);
  if (!args.none(4)) return found;
  const Tensor is_nan = graph::unary(b, ElementwiseKind::IsNan, x);
  const Tensor all_nan = graph::reduce(b, ReduceKind::All, is_nan, args.axes(1, x.rank()), args.boolean(3));
  return graph::select(b, all_nan, graph::scalar(b, NAN, x.dtype()), *found.tensor());
}

FunctionSpec extremum_without_nan(std::string name, std::string doc, bool is_max) {
  return FunctionSpec(std::move(name), std::move(doc))
      .in({"jnp"})
      .arg("a")
      .arg("axis", None{})
      .arg("out", None{})
      .arg("keepdims", false)
      .arg("initial", None{})
      .arg("where", None{})
      .does([is_max](const Bound& args) { return extreme_without_nan(args, is_max); });
}

// Parameters: a axis dtype out keepdims where.
Value mean_without_nan(const Bound& args) {
  Context& context = args.context;
  const Tensor x = args.tensor(0);
  if (!is_float(x.dtype())) return mean_of(args);
  const DType dtype = args.optional_dtype(2).value_or(x.dtype());
  if (!is_float(dtype)) fail_dtype(context, concat("gives floats, and `dtype` is ", dtype), {x});
  Tensor counts = graph::unary(context.builder, ElementwiseKind::Not, graph::unary(context.builder, ElementwiseKind::IsNan, x));
  if (const auto mask = mask_of(args, 5)) counts = catalog::binary(context, ElementwiseKind::And, counts, *mask);
  return masked_mean(context, astype(context, x, dtype), args.axes(1, x.rank()), args.boolean(4), counts);
}

// --- Python's -----------------------------------------------------------------------------------------------

// The numbers of the arguments or of the one list; none where there is anything else.
std::optional<List> numbers_of(const Arguments& arguments, bool takes_several) {
  if (!arguments.keywords.empty() || arguments.positional.empty()) return std::nullopt;
  List numbers;
  const List* list = arguments.positional.size() == 1 ? arguments.positional[0].value.list() : nullptr;
  const ArrayPtr array = arguments.positional.size() == 1 ? arguments.positional[0].value.array() : nullptr;
  if (list) {
    numbers = *list;
  } else if (array && array->rank() > 0) {
    numbers = rows(*array);
  } else {
    if (!takes_several) return std::nullopt;
    for (const Arguments::Item& item : arguments.positional) numbers.push_back(item.value);
  }
  for (const Value& number : numbers) {
    if (!is_number(number)) return std::nullopt;
  }
  return numbers;
}

// Python's max and min of texts; none where no text is among the items. What has no order together is refused.
std::optional<Value> extreme_text(Context& context, const Arguments& arguments, bool is_max) {
  List items;
  for (const Arguments::Item& item : arguments.positional) items.push_back(item.value);
  if (items.size() == 1 && items[0].list() != nullptr) items = List(*items[0].list());
  const bool has_text = std::any_of(items.begin(), items.end(), [](const Value& v) { return v.text() != nullptr; });
  if (!has_text || items.size() < 2) return std::nullopt;
  Value best = items.front();
  for (const Value& item : items) {
    if (item.text() == nullptr || best.text() == nullptr) {
      context.fail(Code::WrongType, concat("cannot order ", catalog::kind(items.front()), " and ", catalog::kind(item.text() ? best : item)));
    }
    if (is_max ? *best.text() < *item.text() : *item.text() < *best.text()) best = item;
  }
  return best;
}

template <Value (*f)(Context&, const Value&, const Value&)>
std::optional<Value> python_extreme(Context& context, const Arguments& arguments) {
  constexpr bool is_max = f == &larger;
  if (std::optional<Value> text = extreme_text(context, arguments, is_max)) return text;
  const std::optional<List> numbers = numbers_of(arguments, arguments.positional.size() > 1);
  if (!numbers) return std::nullopt;
  if (numbers->empty()) context.fail(Code::EvaluationFailed, "an empty list has no extreme element");
  Value best = numbers->front();
  for (std::size_t i = 1; i < numbers->size(); ++i) best = f(context, best, (*numbers)[i]);
  return best;
}

template <Value (*f)(Context&, const Value&, const Value&)>
std::optional<Value> python_fold(Context& context, const Arguments& arguments, int start) {
  const std::optional<List> numbers = numbers_of(arguments, false);
  if (!numbers) return std::nullopt;
  Value total = start;
  for (const Value& number : *numbers) total = f(context, total, number);
  return total;
}

std::optional<Value> python_sum(Context& context, const Arguments& arguments) {
  // sum(lists, []) joins them
  const bool has_start = arguments.positional.size() == 2 && arguments.keywords.empty();
  if (has_start && arguments.positional[0].value.list() != nullptr && arguments.positional[1].value.list() != nullptr) {
    List joined = *arguments.positional[1].value.list();
    for (const Value& part : *arguments.positional[0].value.list()) {
      if (part.list() == nullptr) return std::nullopt;
      joined.insert(joined.end(), part.list()->begin(), part.list()->end());
    }
    context.step(joined.size());
    return Value(std::move(joined));
  }
  // sum(list, start)
  if (has_start && is_number(arguments.positional[1].value)) {
    Arguments list;
    list.positional.push_back(arguments.positional[0]);
    const std::optional<Value> total = python_fold<add>(context, list, 0);
    return total ? std::optional(add(context, *total, arguments.positional[1].value)) : std::nullopt;
  }
  return python_fold<add>(context, arguments, 0);
}

std::optional<Value> python_prod(Context& context, const Arguments& arguments) { return python_fold<multiply>(context, arguments, 1); }

template <bool is_all>
std::optional<Value> python_truth(Context& context, const Arguments& arguments) {
  if (arguments.positional.size() != 1 || !arguments.keywords.empty()) return std::nullopt;
  const ArrayPtr array = arguments.positional[0].value.array();
  if (array && array->rank() == 0) return std::nullopt;
  const List items = array ? rows(*array) : List{};
  const List* list = array ? &items : arguments.positional[0].value.list();
  if (!list) return std::nullopt;
  for (const Value& item : *list) {
    if ((item.array() ? numpy_truth(context, *item.array(), context.place()) : truth(item)) != is_all) return !is_all;
  }
  return is_all;
}

const RegisterFunctions family{{
    accumulation("sum", "The sum over some axes; of a list, of its elements.").statically(&python_sum).does(&sum_of),
    accumulation("prod", "The product over some axes.").statically(&python_prod).does(&product_of),
    extremum("max", "The largest element over some axes.", true).as_method().statically(&python_extreme<larger>),
    extremum("min", "The smallest element over some axes.", false).as_method().statically(&python_extreme<smaller>),
    extremum("amax", "The largest element over some axes.", true),
    extremum("amin", "The smallest element over some axes.", false),
    arg_extremum("argmax", "Where the first largest element is.", true),
    arg_extremum("argmin", "Where the first smallest element is.", false),
    lax_arg_extremum("argmax", "Where the first largest element along an axis is.", true),
    lax_arg_extremum("argmin", "Where the first smallest element along an axis is.", false),
    FunctionSpec("ptp", "The largest element minus the smallest.")
        .in({"jnp"})
        .arg("a")
        .arg("axis", None{})
        .arg("out", None{})
        .arg("keepdims", false)
        .as_method()
        .does(&range_of),
    FunctionSpec("mean", "The mean over some axes.")
        .in({"jnp"})
        .arg("a")
        .arg("axis", None{})
        .arg("dtype", None{})
        .arg("out", None{})
        .arg("keepdims", false)
        .keyword_only()
        .arg("where", None{})
        .as_method()
        .does(&mean_of),
    spread("var", "The variance over some axes.").does([](const Bound& args) -> Value { return variance_of(args); }),
    spread("std", "The standard deviation over some axes.").does(&deviation_of),
    FunctionSpec("average", "The weighted mean over some axes.")
        .in({"jnp"})
        .arg("a")
        .arg("axis", None{})
        .arg("weights", None{})
        .arg("returned", false)
        .arg("keepdims", false)
        .does(&average_of),
    quantifier("all", "Whether all elements are true.", ReduceKind::All).statically(&python_truth<true>),
    quantifier("any", "Whether an element is true.", ReduceKind::Any).statically(&python_truth<false>),
    FunctionSpec("count_nonzero", "How many elements are not zero.")
        .in({"jnp"})
        .arg("a")
        .arg("axis", None{})
        .arg("keepdims", false)
        .does(&count_nonzero),
    FunctionSpec("nansum", "The sum of what is not NaN.")
        .in({"jnp"})
        .arg("a")
        .arg("axis", None{})
        .arg("dtype", None{})
        .arg("out", None{})
        .arg("keepdims", false)
        .arg("initial", None{})
        .arg("where", None{})
        .does(&sum_without_nan),
    extremum_without_nan("nanmax", "The largest of what is not NaN.", true),
    extremum_without_nan("nanmin", "The smallest of what is not NaN.", false),
    FunctionSpec("nanmean", "The mean of what is not NaN.")
        .in({"jnp"})
        .arg("a")
        .arg("axis", None{})
        .arg("dtype", None{})
        .arg("out", None{})
        .arg("keepdims", false)
        .arg("where", None{})
        .does(&mean_without_nan),
}};

}  // namespace
}  // namespace linenc::functions
