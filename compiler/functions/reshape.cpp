// New shapes for the same elements: reshape ravel flatten expand_dims squeeze atleast_nd. Tested by tests/compiler/functions/goldens_test.cpp.
#include <algorithm>

#include "compiler/catalog/arrange.h"
#include "compiler/catalog/registry.h"
#include "compiler/catalog/static_array.h"
#include "compiler/functions/lax_arguments.h"

namespace linenc::functions {
namespace {

using namespace catalog;

// Whether the first index changes fastest ('F'), or the last one.
bool is_column_major(const Bound& args, const Value& order, Span place) {
  const std::string* text = order.text();
  if (!text || (*text != "C" && *text != "F"))
    args.context.fail(Code::WrongArguments, place, concat("`order` is 'C' or 'F', and this is ", kind(order)));
  return *text == "F";
}

Tensor turned_around(Context& context, Tensor x) {
  std::vector<std::int64_t> axes;
  for (std::int64_t axis = x.rank(); axis-- > 0;) axes.push_back(axis);
  return x.rank() > 1 ? graph::transpose(context.builder, x, std::move(axes)) : x;
}

Tensor reshaped(Context& context, Tensor x, Dims shape, bool column_major) {
  if (!column_major) return reshape(context, x, std::move(shape));
  std::reverse(shape.begin(), shape.end());
  return turned_around(context, reshape(context, turned_around(context, x), std::move(shape)));
}

// reshape(x, (a, b)), reshape(x, (a, b), 'F'), x.reshape(a, b)
Value reshape_of(const Bound& args) {
  Context& context = args.context;
  Dims shape = args.dims(1);
  Arguments::Item order = args.item(3);
  for (const Arguments::Item& item : args.rest()) {
    if (item.value.text() && args.rest().size() == 1 && !args.given(3)) {
      order = item;
      continue;
    }
    const Value number = plain(item.value);
    const Dim* size = number.integer();
    if (!size) context.fail(Code::WrongType, item.place, concat("a size is an int, and this is ", kind(item.value)));
    shape.push_back(*size);
  }
  return reshaped(context, args.tensor(0), std::move(shape), is_column_major(args, order.value, order.place.exists() ? order.place : args.place));
}

// lax.reshape: the axes in the order of `dimensions` first. Parameters: operand new_sizes dimensions.
Value lax_reshape(const Bound& args) {
  Tensor x = args.tensor(0);
  const Dims shape = args.dims(1);
  for (const Dim& size : shape) {
    if (size.constant().value_or(0) < 0)
      args.context.fail(Code::ShapeMismatch, args.place, concat("`lax.reshape` takes every size, and this is ", size));
  }
  if (!args.none(2)) {
    const std::vector<std::int64_t> dimensions = args.integers(2);
    std::vector<std::int64_t> sorted = dimensions;
    std::sort(sorted.begin(), sorted.end());
    for (std::int64_t axis = 0; axis < x.rank(); ++axis) {
      if (static_cast<std::int64_t>(sorted.size()) != x.rank() || sorted[static_cast<std::size_t>(axis)] != axis)
        fail_shape(args.context, concat("needs each axis of ", x.fact(), " once in `dimensions`"), {x});
    }
    if (!std::is_sorted(dimensions.begin(), dimensions.end())) x = graph::transpose(args.context.builder, x, dimensions);
  }
  return reshape(args.context, x, shape);
}

Value ravel(const Bound& args) {
  const Tensor x = args.tensor(0);
  return flatten(args.context, is_column_major(args, args.value(1), args.place) ? turned_around(args.context, x) : x);
}

Value expand(const Bound& args) {
  Tensor x = args.tensor(0);
  const std::int64_t rank = x.rank() + static_cast<std::int64_t>(args.dims(1).size());
  for (const std::int64_t axis : args.axes(1, rank)) x = graph::expand_dims(args.context.builder, x, axis);
  return x;
}

Value lax_expand(const Bound& args) {
  Tensor x = args.tensor(0);
  const std::int64_t rank = x.rank() + static_cast<std::int64_t>(lax_sizes(args, 1).size());
  for (const std::int64_t axis : lax_axes(args, 1, rank, true)) x = graph::expand_dims(args.context.builder, x, axis);
  return x;
}

// What the rank of the result depends on.
bool is_one(Context& context, Tensor x, std::int64_t axis) {
  const Dim size = x.dim(axis);
  const graph::Truth truth = context.builder.dims().equal(size, 1);
  if (truth != graph::Truth::Unknown) return truth == graph::Truth::Yes;
  graph::Reason reason;
  reason.kind = graph::Reason::Kind::Unproven;
  reason.text = concat("takes out axis ", axis, " as well where `", size, "` is 1: give `axis`");
  reason.operand_a = 0;
  reason.fact = concat(size, " > 1");
  context.builder.fail(reason, std::vector{x});
}

Tensor without_axes(Context& context, Tensor x, std::vector<std::int64_t> axes) {
  std::reverse(axes.begin(), axes.end());
  for (const std::int64_t axis : axes) {
    if (!is_equal(context, x.dim(axis), 1)) fail_shape(context, concat("cannot squeeze axis ", axis, " of ", x.fact(), ": its size is not 1"), {x});
    x = graph::squeeze(context.builder, x, axis);
  }
  return x;
}

Value squeeze_of(const Bound& args) {
  const Tensor x = args.tensor(0);
  if (!args.none(1)) return without_axes(args.context, x, args.axes(1, x.rank()));
  std::vector<std::int64_t> axes;
  for (std::int64_t axis = 0; axis < x.rank(); ++axis) {
    if (is_one(args.context, x, axis)) axes.push_back(axis);
  }
  return without_axes(args.context, x, std::move(axes));
}

Value lax_squeeze(const Bound& args) {
  const Tensor x = args.tensor(0);
  return without_axes(args.context, x, lax_axes(args, 1, x.rank(), true));
}

// 1-d arrays become rows; matrices get a last axis.
Tensor at_least(Context& context, Tensor x, std::int64_t rank) {
  if (rank == 3 && x.rank() == 2) return graph::expand_dims(context.builder, x, 2);
  if (rank == 3 && x.rank() == 1) return graph::expand_dims(context.builder, graph::expand_dims(context.builder, x, 0), 2);
  return with_rank(context, x, rank);
}

FunctionSpec at_least_spec(std::int64_t rank) {
  return FunctionSpec(concat("atleast_", rank, "d"), concat("Axes of size 1 until the rank is ", rank, "."))
      .in({"jnp"})
      .rest("arys")
      .does([rank](const Bound& args) -> Value {
        List out;
        for (const Tensor& x : args.rest_tensors()) out.push_back(at_least(args.context, x, rank));
        return out.size() == 1 ? out[0] : Value(out);
      });
}

// lax.collapse: the axes from start to stop as one.
Value collapse(const Bound& args) {
  const Tensor x = args.tensor(0);
  const std::int64_t start = args.axis(1, x.rank()), stop = args.none(2)          ? x.rank()
                                                            : args.integer(2) < 0 ? args.integer(2) + x.rank()
                                                                                  : args.integer(2);
  Dims shape(x.shape().begin(), x.shape().begin() + start);
  Dim joined = 1;
  for (std::int64_t axis = start; axis < std::min(stop, x.rank()); ++axis) joined = joined * x.dim(axis);
  shape.push_back(joined);
  for (std::int64_t axis = stop; axis < x.rank(); ++axis) shape.push_back(x.dim(axis));
  return graph::reshape(args.context.builder, x, shape);
}

const RegisterFunctions family{{
    FunctionSpec("reshape", "The same elements in another shape; one size may be -1.")
        .in({"jnp"})
        .arg("a")
        .arg("shape")
        .rest("sizes")
        .keyword_only()
        .arg("order", "C")
        .as_method()
        .does(&reshape_of),
    FunctionSpec("reshape", "The same elements in another shape, the axes in another order first.")
        .in({"lax"})
        .arg("operand")
        .arg("new_sizes")
        .arg("dimensions", None{})
        .does(&lax_reshape),
    FunctionSpec("ravel", "All elements along one axis.").in({"jnp"}).arg("a").arg("order", "C").as_method().does(&ravel),
    FunctionSpec("flatten", "All elements along one axis.").in({"python"}).arg("x").arg("order", "C").as_method().does(&ravel),
    FunctionSpec("expand_dims", "Axes of size 1 inserted where they stand in the result.").in({"jnp"}).arg("a").arg("axis").does(&expand),
    FunctionSpec("expand_dims", "Axes of size 1 inserted where they stand in the result.")
        .in({"lax"})
        .arg("array")
        .arg("dimensions")
        .does(&lax_expand),
    FunctionSpec("squeeze", "Axes of size 1 taken out; all of them where none is named.")
        .in({"jnp"})
        .arg("a")
        .arg("axis", None{})
        .as_method()
        .does(&squeeze_of),
    FunctionSpec("squeeze", "Axes of size 1 taken out.").in({"lax"}).arg("array").arg("dimensions").does(&lax_squeeze),
    FunctionSpec("collapse", "Some neighbouring axes as one.")
        .in({"lax"})
        .arg("operand")
        .arg("start_dimension")
        .arg("stop_dimension", None{})
        .does(&collapse),
    at_least_spec(1),
    at_least_spec(2),
    at_least_spec(3),
}};

}  // namespace
}  // namespace linenc::functions
