// Orders and quantiles: sort argsort searchsorted median quantile. Tested by tests/compiler/functions/goldens_test.cpp.
#include <algorithm>
#include <array>
#include <cmath>

#include "compiler/catalog/arrange.h"
#include "compiler/catalog/indexing.h"
#include "compiler/catalog/registry.h"
#include "compiler/functions/sort.h"

namespace linenc::functions {
namespace {

using namespace catalog;
using enum ElementwiseKind;

// The array and the axis to sort along: the flattened array where no axis is given.
struct Along {
  Tensor x;
  std::int64_t axis;
};
Along along(const Bound& args) {
  Tensor x = args.tensor(0);
  if (args.none(1)) return {flatten(args.context, x), 0};
  return {x, args.axis(1, x.rank())};
}

// Descending is ascending read backwards, so that NaN comes first as in JAX.
Value sort_of(const Bound& args) {
  graph::Builder& b = args.context.builder;
  const auto [x, axis] = along(args);
  const Tensor sorted = graph::sort(b, std::array{x}, axis)[0];
  return args.boolean(3) ? graph::reverse(b, sorted, {axis}) : sorted;
}

Value argsort(const Bound& args) {
  graph::Builder& b = args.context.builder;
  const auto [given, axis] = along(args);
  const bool is_falling = args.boolean(3);
  const Tensor x = is_falling ? graph::reverse(b, given, {axis}) : given;
  const DType dtype = args.optional_dtype(4).value_or(DType::Int32);
  if (!is_integer(dtype)) args.wrong_type(4, "an integer dtype");
  const Tensor places = graph::sort(b, std::array{x, graph::iota(b, DType::Int32, x.shape(), axis)}, axis)[1];
  if (!is_falling) return astype(args.context, places, dtype);
  // Equal elements keep their order: sorted from the end, and read from the end.
  const Tensor last = graph::size_scalar(b, x.dim(axis) - 1, DType::Int32);
  return astype(args.context, graph::binary(b, Subtract, last, graph::reverse(b, places, {axis})), dtype);
}

FunctionSpec ordering(std::string name, std::string doc) {
  return FunctionSpec(std::move(name), std::move(doc))
      .in({"jnp"})
      .arg("a")
      .arg("axis", -1)
      .keyword_only()
      .arg("stable", true)
      .arg("descending", false)
      .as_method();
}

}  // namespace

std::vector<Tensor> sort_by_keys(Context& context, std::vector<Tensor> operands, std::size_t keys, std::int64_t axis) {
  if (keys == 1) return graph::sort(context.builder, operands, axis);
  for (std::size_t key = keys; key-- > 0;) {
    std::vector<Tensor> carried{operands[key]};
    carried.insert(carried.end(), operands.begin(), operands.end());
    const std::vector<Tensor> sorted = graph::sort(context.builder, carried, axis);
    operands.assign(sorted.begin() + 1, sorted.end());
  }
  return operands;
}

namespace {

// Parameters: operand dimension is_stable num_keys.
Value lax_sort(const Bound& args) {
  Context& context = args.context;
  if (const List* list = args.value(0).list()) {
    const std::vector<Tensor> operands = args.tensors(0);
    if (list->empty()) context.fail(Code::WrongArguments, args.place, "`lax.sort` needs an array");
    const std::int64_t keys = args.integer(3);
    if (keys < 1 || keys > static_cast<std::int64_t>(operands.size())) {
      context.fail(Code::WrongArguments, args.place, concat("`num_keys` is ", keys, ", and there are ", operands.size(), " arrays"));
    }
    const std::vector<Tensor> sorted = sort_by_keys(context, operands, static_cast<std::size_t>(keys), args.axis(1, operands[0].rank()));
    return List(sorted.begin(), sorted.end());
  }
  const Tensor x = args.tensor(0);
  return graph::sort(context.builder, std::array{x}, args.axis(1, x.rank()))[0];
}

Value sort_key_val(const Bound& args) {
  const Tensor keys = args.tensor(0);
  const std::vector<Tensor> sorted = graph::sort(args.context.builder, std::array{keys, args.tensor(1)}, args.axis(2, keys.rank()));
  return List{sorted[0], sorted[1]};
}

}  // namespace

Tensor place_among(Context& context, Tensor a, Tensor v, bool is_right) {
  graph::Builder& b = context.builder;
  if (a.rank() != 1) fail_shape(context, concat("needs a sorted vector, and has ", a.fact()), {a});
  std::array<Tensor, 2> both{a, v};
  promote_all(context, both);
  const Tensor open = graph::expand_dims(b, both[1], both[1].rank());
  Tensor before = graph::binary(b, is_right ? LessEqual : Less, both[0], open);
  if (is_float(open.dtype())) {
    Tensor behind_all = graph::unary(b, IsNan, open);
    if (!is_right) behind_all = graph::binary(b, And, behind_all, graph::unary(b, Not, graph::unary(b, IsNan, both[0])));
    before = graph::binary(b, Or, before, behind_all);
  }
  return graph::reduce(b, ReduceKind::Sum, graph::convert(b, before, DType::Int32), {before.rank() - 1});
}

namespace {

// Parameters: a v side sorter method.
Value searchsorted(const Bound& args) {
  const std::string side = args.text(2);
  if (side != "left" && side != "right") args.wrong_type(2, "'left' or 'right'");
  Tensor a = args.tensor(0);
  if (!args.none(3)) a = take(args.context, a, args.tensor(3), 0);
  return place_among(args.context, a, args.tensor(1), side == "right");
}

// The number of the bin of each element; bins that fall are counted from the end.
Value digitize(const Bound& args) {
  Context& context = args.context;
  graph::Builder& b = context.builder;
  const Tensor bins = args.tensor(1);
  const Tensor below = place_among(context, bins, args.tensor(0), !args.boolean(2));
  const Dim count = bins.dim(0);
  if (count == Dim(0) || count == Dim(1)) return below;
  const auto bound = [&](const Dim& place) { return graph::squeeze(b, graph::slice_axis(b, bins, 0, place, 1), 0); };
  const Tensor is_rising = graph::binary(b, GreaterEqual, bound(count - 1), bound(0));
  return where(context, is_rising, below, graph::binary(b, Subtract, graph::size_scalar(b, count, DType::Int32), below));
}

// --- quantiles -----------------------------------------------------------------------------------------

// The reduced axes as the last one.
Tensor reduced_last(Context& context, Tensor x, const std::vector<std::int64_t>& axes) {
  std::vector<std::int64_t> permutation;
  Dims shape;
  for (std::int64_t axis = 0; axis < x.rank(); ++axis) {
    if (std::find(axes.begin(), axes.end(), axis) != axes.end()) continue;
    permutation.push_back(axis);
    shape.push_back(x.dim(axis));
  }
  Dim count = 1;
  for (const std::int64_t axis : axes) {
    permutation.push_back(axis);
    count = count * x.dim(axis);
  }
  shape.push_back(count);
  if (!std::is_sorted(permutation.begin(), permutation.end())) x = graph::transpose(context.builder, x, std::move(permutation));
  return graph::reshape(context.builder, x, shape);
}

// Between the two neighbours of the place q * (n - 1). NaN anywhere gives NaN.
Value quantile(const Bound& args, Tensor q, const std::string& method, bool keepdims) {
  Context& context = args.context;
  graph::Builder& b = context.builder;
  Tensor x = args.tensor(0);
  x = astype(context, x, to_inexact(x.dtype()));
  const std::vector<std::int64_t> axes = args.axes(1, x.rank());
  for (const std::int64_t axis : axes) {
    if (x.dim(axis) == Dim(0)) fail_shape(context, concat("has no middle: the array ", x.fact(), " is empty"), {x});
  }
  Dims kept = x.shape();
  for (const std::int64_t axis : axes) kept[static_cast<std::size_t>(axis)] = 1;
  x = reduced_last(context, x, axes);
  const std::int64_t last = x.rank() - 1;
  const Tensor has_nan = graph::reduce(b, ReduceKind::Any, graph::unary(b, IsNan, x), {last}, true);
  x = graph::sort(b, std::array{where(context, has_nan, graph::scalar(b, NAN, x.dtype()), x)}, last)[0];

  q = astype(context, q, to_inexact(q.dtype()));
  if (q.rank() > 1) fail_shape(context, concat("needs one quantile or a vector of them, and has ", q.fact()), {q});
  const Tensor end = graph::size_scalar(b, x.dim(last) - 1, q.dtype()), zero = graph::scalar(b, 0, q.dtype());
  const Tensor place = graph::binary(b, Multiply, q, end);
  const Tensor floor_of = graph::unary(b, Floor, place), ceil_of = graph::unary(b, Ceil, place);
  const Tensor high_weight = graph::binary(b, Subtract, place, floor_of);
  const auto at = [&](Tensor where_to) {
    const Tensor index = graph::convert(b, graph::clamp(b, zero, where_to, end), DType::Int32);
    return graph::gather(b, x, index, last, 0, GatherMode::Promise);
  };
  const Tensor low = at(floor_of), high = at(ceil_of);
  Tensor result;
  if (method == "linear") {
    const Tensor low_weight = graph::binary(b, Subtract, graph::scalar(b, 1, q.dtype()), high_weight);
    result = graph::binary(b, Add, graph::binary(b, Multiply, graph::convert(b, low, q.dtype()), low_weight),
                           graph::binary(b, Multiply, graph::convert(b, high, q.dtype()), high_weight));
  } else if (method == "lower") {
    result = low;
  } else if (method == "higher") {
    result = high;
  } else if (method == "nearest") {
    result = where(context, graph::binary(b, LessEqual, high_weight, graph::scalar(b, 0.5, q.dtype())), low, high);
  } else if (method == "midpoint") {
    result = graph::binary(b, Multiply, graph::binary(b, Add, low, high), graph::scalar(b, 0.5, low.dtype()));
  } else {
    context.fail(Code::WrongArguments, args.place,
                 concat("the method of a quantile is linear, lower, higher, nearest or midpoint, not '", method, "'"));
  }
  result = astype(context, result, x.dtype());
  if (q.rank() == 1) {
    result = move_axis(context, result, result.rank() - 1, 0);
    kept.insert(kept.begin(), q.dim(0));
  }
  return keepdims ? graph::reshape(b, result, kept) : result;
}

// Parameters: a q axis out overwrite_input method keepdims; the body reads the axis at 1.
FunctionSpec quantile_spec(std::string name, std::string doc, double scale) {
  return FunctionSpec(std::move(name), std::move(doc))
      .in({"jnp"})
      .arg("a")
      .arg("q")
      .arg("axis", None{})
      .arg("out", None{})
      .arg("overwrite_input", false)
      .arg("method", "linear")
      .arg("keepdims", false)
      .does([scale](const Bound& args) {
        Context& context = args.context;
        Tensor q = args.tensor(1);
        if (scale != 1) q = divide(context, q, number(context, scale, DType::Float32));
        if (!is_float(q.dtype())) fail_dtype(context, concat("needs a floating-point `q`, not ", q.dtype()), {q});
        const Bound moved(context, "quantile", {"a", "axis"}, {args.item(0), args.item(2)}, {true, true}, {}, args.place);
        return quantile(moved, q, args.text(5), args.boolean(6));
      });
}

Value median(const Bound& args) { return quantile(args, graph::scalar(args.context.builder, 0.5, DType::Float32), "midpoint", args.boolean(4)); }

const RegisterFunctions family{{
    ordering("sort", "The elements in ascending order along an axis.").does(&sort_of),
    ordering("argsort", "The places of the elements in ascending order.").arg("dtype", None{}).does(&argsort),
    FunctionSpec("sort", "The elements in ascending order, further arrays carried along.")
        .in({"lax"})
        .arg("operand")
        .arg("dimension", -1)
        .arg("is_stable", true)
        .arg("num_keys", 1)
        .does(&lax_sort),
    FunctionSpec("sort_key_val", "Keys in ascending order, values carried along.")
        .in({"lax"})
        .arg("keys")
        .arg("values")
        .arg("dimension", -1)
        .arg("is_stable", true)
        .does(&sort_key_val),
    FunctionSpec("searchsorted", "How many elements of a sorted vector stand before each value.")
        .in({"jnp"})
        .arg("a")
        .arg("v")
        .arg("side", "left")
        .arg("sorter", None{})
        .does(&searchsorted),
    FunctionSpec("digitize", "The number of the bin of each element.").in({"jnp"}).arg("x").arg("bins").arg("right", false).does(&digitize),
    FunctionSpec("median", "The middle element over some axes.")
        .in({"jnp"})
        .arg("a")
        .arg("axis", None{})
        .arg("out", None{})
        .arg("overwrite_input", false)
        .arg("keepdims", false)
        .does(&median),
    quantile_spec("quantile", "The element below which a part of the others lie.", 1),
    quantile_spec("percentile", "The element below which so many percent of the others lie.", 100),
}};

}  // namespace

Tensor median_along(Context& context, Tensor x, std::int64_t axis, Span place) {
  const Bound args(context, "median", {"a", "axis"}, {{x, place, {}}, {axis, place, {}}}, {true, true}, {}, place);
  return *quantile(args, graph::scalar(context.builder, 0.5, DType::Float32), "midpoint", true).tensor();
}

}  // namespace linenc::functions
