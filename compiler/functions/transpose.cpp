// Axes in another order, elements in the opposite one: transpose swapaxes moveaxis flip roll rot90.
// Tested by tests/compiler/functions/goldens_test.cpp.
#include <algorithm>
#include <numeric>

#include "compiler/catalog/arrange.h"
#include "compiler/catalog/registry.h"
#include "compiler/catalog/static_array.h"
#include "compiler/functions/lax_arguments.h"

namespace linenc::functions {
namespace {

using namespace catalog;
using Axes = std::vector<std::int64_t>;

Axes reversed_axes(std::int64_t rank) {
  Axes axes(static_cast<std::size_t>(rank));
  std::iota(axes.rbegin(), axes.rend(), 0);
  return axes;
}

// The axes as written, in their order.
Axes ordered_axes(Context& context, const Axes& written, std::int64_t rank) {
  Axes axes;
  for (const std::int64_t axis : written) axes.push_back(normalize_axis(context, axis, rank));
  return axes;
}

Tensor permuted(Context& context, Tensor x, Axes axes) {
  Axes sorted = axes;
  std::sort(sorted.begin(), sorted.end());
  Axes all(static_cast<std::size_t>(x.rank()));
  std::iota(all.begin(), all.end(), 0);
  if (sorted != all) {
    const auto twice = std::adjacent_find(sorted.begin(), sorted.end());
    context.fail(Code::WrongArguments,
                 twice == sorted.end()
                     ? concat("a transposition names each of the ", x.rank(), " axes once, and this names ", axes.size())
                     : concat("a transposition names each of the ", x.rank(), " axes once, and this names axis ", *twice, " twice"));
  }
  return std::is_sorted(axes.begin(), axes.end()) ? x : graph::transpose(context.builder, x, std::move(axes));
}

// transpose(x), transpose(x, (1, 0)), transpose(x, 1, 0)
Value transpose_of(const Bound& args) {
  Context& context = args.context;
  const Tensor x = args.tensor(0);
  if (args.none(1)) return permuted(context, x, reversed_axes(x.rank()));
  Axes written = args.integers(1);
  for (const Arguments::Item& item : args.rest()) {
    const Value number = plain(item.value);
    const auto axis = number.integer() ? number.integer()->constant() : std::nullopt;
    if (!axis) context.fail(Code::WrongType, item.place, concat("an axis is an int, and this is ", kind(item.value)));
    written.push_back(*axis);
  }
  return permuted(context, x, ordered_axes(context, written, x.rank()));
}

// jnp.permute_dims and lax.transpose: for each axis of the result, where it stands in the operand, counted from 0.
Value permute_dims(const Bound& args) {
  const Tensor x = args.tensor(0);
  (void)lax_axes(args, 1, x.rank(), false);
  return permuted(args.context, x, args.integers(1));
}

Value swap(const Bound& args) {
  const Tensor x = args.tensor(0);
  return swap_axes(args.context, x, args.axis(1, x.rank()), args.axis(2, x.rank()));
}

Value move(const Bound& args) {
  Context& context = args.context;
  const Tensor x = args.tensor(0);
  const Axes from = ordered_axes(context, args.integers(1), x.rank()), to = ordered_axes(context, args.integers(2), x.rank());
  if (from.size() != to.size()) context.fail(Code::WrongArguments, args.place, "`moveaxis` needs as many destinations as sources");
  std::vector<std::pair<std::int64_t, std::int64_t>> moves;
  for (std::size_t i = 0; i < from.size(); ++i) moves.emplace_back(to[i], from[i]);
  std::sort(moves.begin(), moves.end());
  Axes axes;
  for (std::int64_t axis = 0; axis < x.rank(); ++axis) {
    if (std::find(from.begin(), from.end(), axis) == from.end()) axes.push_back(axis);
  }
  for (const auto& [target, source] : moves) axes.insert(axes.begin() + target, source);
  return permuted(context, x, std::move(axes));
}

Value roll_axis(const Bound& args) {
  const Tensor x = args.tensor(0);
  const std::int64_t axis = args.axis(1, x.rank());
  std::int64_t start = args.integer(2);
  if (start < 0) start += x.rank();
  if (start < 0 || start > x.rank()) {
    fail_shape(args.context, concat("rolls before an axis from ", -x.rank(), " to ", x.rank(), ", and `start` is ", args.integer(2)), {x});
  }
  return move_axis(args.context, x, axis, start > axis ? start - 1 : start);
}

Value matrix_transpose(const Bound& args) {
  const Tensor x = args.tensor(0);
  if (x.rank() < 2) fail_shape(args.context, concat("needs a rank of 2 or more, and has ", x.fact()), {x});
  return swap_axes(args.context, x, x.rank() - 2, x.rank() - 1);
}

Value flip(const Bound& args) {
  const Tensor x = args.tensor(0);
  return graph::reverse(args.context.builder, x, args.axes(1, x.rank()));
}

Value lax_reverse(const Bound& args) {
  const Tensor x = args.tensor(0);
  return graph::reverse(args.context.builder, x, lax_axes(args, 1, x.rank(), false));
}

FunctionSpec flip_axis(std::string name, std::string doc, std::int64_t axis) {
  return FunctionSpec(std::move(name), std::move(doc)).in({"jnp"}).arg("m").does([axis](const Bound& args) -> Value {
    const Tensor x = args.tensor(0);
    if (x.rank() <= axis) fail_shape(args.context, concat("has no axis ", axis, ": ", x.fact()), {x});
    return graph::reverse(args.context.builder, x, {axis});
  });
}

// By shifts that are known only while running: a part of the array twice, one behind the other.
Value roll_by_tensor(const Bound& args, Tensor x) {
  Context& context = args.context;
  graph::Builder& b = context.builder;
  const Dims shape = x.shape();
  const Tensor shifts = args.tensor(1);
  if (!is_integer(shifts.dtype())) fail_dtype(context, concat("needs an integer shift, not ", shifts.dtype()), {shifts});
  if (args.none(2)) x = flatten(context, x);
  const Axes axes = args.none(2) ? Axes{0} : ordered_axes(context, args.integers(2), x.rank());
  if (shifts.rank() > 1 || (shifts.rank() == 1 && shifts.dim(0) != Dim(1) && shifts.dim(0) != Dim(static_cast<std::int64_t>(axes.size()))))
    fail_shape(context, concat("needs one shift or one for each axis, and has ", shifts.fact()), {x, shifts});
  for (std::size_t i = 0; i < axes.size(); ++i) {
    const Dim size = x.dim(axes[i]);
    if (size == Dim(0)) continue;
    const std::int64_t at = shifts.rank() == 1 && shifts.dim(0) != Dim(1) ? static_cast<std::int64_t>(i) : 0;
    const Tensor shift = shifts.rank() == 0 ? shifts : graph::squeeze(b, graph::slice_axis(b, shifts, 0, at, 1), 0);
    const Tensor length = graph::size_scalar(b, size, DType::Int32);
    const Tensor rest = catalog::remainder(context, graph::convert(b, shift, DType::Int32), length);
    std::vector<Tensor> starts(static_cast<std::size_t>(x.rank()), graph::integer_scalar(b, 0, DType::Int32));
    starts[static_cast<std::size_t>(axes[i])] = graph::binary(b, ElementwiseKind::Subtract, length, rest);
    x = graph::dynamic_slice(b, graph::concatenate(b, std::vector{x, x}, axes[i]), starts, x.shape());
  }
  return graph::reshape(b, x, shape);
}

Value roll_of(const Bound& args) {
  Context& context = args.context;
  Tensor x = args.tensor(0);
  if (args.value(1).tensor()) return roll_by_tensor(args, x);
  if (args.none(2)) {
    const Dims shape = x.shape();
    Dim shift = 0;
    for (const Dim& part : args.dims(1)) shift = shift + part;
    return graph::reshape(context.builder, roll(context, flatten(context, x), shift, 0), shape);
  }
  const Axes axes = ordered_axes(context, args.integers(2), x.rank());
  const Dims shifts = args.dims(1);
  if (shifts.size() != 1 && axes.size() != 1 && shifts.size() != axes.size()) {
    context.fail(Code::WrongArguments, args.place, concat("`roll` has ", shifts.size(), " shifts for ", axes.size(), " axes"));
  }
  for (std::size_t i = 0; i < std::max(shifts.size(), axes.size()); ++i) {
    x = roll(context, x, shifts[shifts.size() == 1 ? 0 : i], axes[axes.size() == 1 ? 0 : i]);
  }
  return x;
}

// Quarter turns in the plane of two axes.
Value rotate(const Bound& args) {
  Context& context = args.context;
  graph::Builder& b = context.builder;
  const Tensor x = args.tensor(0);
  const Axes plane = ordered_axes(context, args.integers(2), x.rank());
  if (plane.size() != 2 || plane[0] == plane[1]) context.fail(Code::WrongArguments, args.place, "`rot90` turns in the plane of two different axes");
  switch (((args.integer(1) % 4) + 4) % 4) {
    case 0: return x;
    case 1: return swap_axes(context, graph::reverse(b, x, {plane[1]}), plane[0], plane[1]);
    case 2: return graph::reverse(b, x, {std::min(plane[0], plane[1]), std::max(plane[0], plane[1])});
    default: return graph::reverse(b, swap_axes(context, x, plane[0], plane[1]), {plane[1]});
  }
}

const RegisterFunctions family{{
    FunctionSpec("transpose", "The axes in another order, by default the opposite one.")
        .in({"jnp"})
        .arg("a")
        .arg("axes", None{})
        .rest("more")
        .as_method()
        .does(&transpose_of),
    FunctionSpec("transpose", "The axes in another order.").in({"lax"}).arg("operand").arg("permutation").does(&permute_dims),
    FunctionSpec("permute_dims", "The axes in another order.").in({"jnp"}).arg("a").positional_only().arg("axes").does(&permute_dims),
    FunctionSpec("matrix_transpose", "The last two axes exchanged.").in({"jnp"}).arg("x").positional_only().does(&matrix_transpose),
    FunctionSpec("swapaxes", "Two axes exchanged.").in({"jnp"}).arg("a").arg("axis1").arg("axis2").as_method().does(&swap),
    FunctionSpec("moveaxis", "Axes moved to other places.").in({"jnp"}).arg("a").arg("source").arg("destination").does(&move),
    FunctionSpec("rollaxis", "An axis moved before another one.").in({"jnp"}).arg("a").arg("axis").arg("start", 0).does(&roll_axis),
    FunctionSpec("flip", "The elements in the opposite order along some axes.").in({"jnp"}).arg("m").arg("axis", None{}).does(&flip),
    FunctionSpec("rev", "The elements in the opposite order along some axes.").in({"lax"}).arg("operand").arg("dimensions").does(&lax_reverse),
    flip_axis("flipud", "The first axis in the opposite order.", 0),
    flip_axis("fliplr", "The second axis in the opposite order.", 1),
    FunctionSpec("roll", "The elements moved round along some axes.").in({"jnp"}).arg("a").arg("shift").arg("axis", None{}).does(&roll_of),
    FunctionSpec("rot90", "Quarter turns in the plane of two axes.").in({"jnp"}).arg("m").arg("k", 1).arg("axes", List{0, 1}).does(&rotate),
}};

}  // namespace
}  // namespace linenc::functions
