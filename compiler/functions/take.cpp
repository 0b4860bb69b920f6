// Elements by their places: take take_along_axis one_hot top_k and the slices of jax.lax. Tested by tests/compiler/functions/goldens_test.cpp.
#include <algorithm>
#include <array>

#include "compiler/catalog/arrange.h"
#include "compiler/catalog/indexing.h"
#include "compiler/catalog/registry.h"

namespace linenc::functions {
namespace {

using namespace catalog;
using enum ElementwiseKind;

GatherMode mode_of(const Bound& args, std::size_t i) {
  if (args.none(i)) return GatherMode::Fill;
  const std::string mode = args.text(i);
  if (mode == "fill" || mode == "drop") return GatherMode::Fill;
  if (mode == "clip") return GatherMode::Clip;
  if (mode == "promise_in_bounds") return GatherMode::Promise;
  args.wrong_type(i, "'fill', 'wrap', 'clip' or 'promise_in_bounds'");
}

bool is_wrap(const Bound& args, std::size_t i) { return args.value(i).text() && *args.value(i).text() == "wrap"; }

// What an index outside gives: NaN or an extreme number where `fill` is none.
Tensor filled(Context& context, Tensor found, Tensor is_inside, const Bound& args, std::size_t fill) {
  return args.none(fill) ? found : where(context, is_inside, found, astype(context, args.tensor(fill), found.dtype()));
}

Tensor inside_of(Context& context, Tensor indices, const Dim& size) {
  graph::Builder& b = context.builder;
  const Tensor low = graph::binary(b, GreaterEqual, indices, graph::integer_scalar(b, 0, DType::Int32));
  return graph::binary(b, And, low, graph::binary(b, Less, indices, graph::size_scalar(b, size, DType::Int32)));
}

// Parameters: a indices axis out mode unique_indices indices_are_sorted fill_value.
Value take_of(const Bound& args) {
  Context& context = args.context;
  graph::Builder& b = context.builder;
  Tensor x = args.tensor(0), indices = args.tensor(1);
  if (indices.dtype() == DType::Bool) indices = graph::convert(b, indices, DType::Int32);
  if (args.none(2)) x = flatten(context, x);
  const std::int64_t axis = args.none(2) ? 0 : args.axis(2, x.rank());
  const bool takes_some = std::find(indices.shape().begin(), indices.shape().end(), Dim(0)) == indices.shape().end();
  if (takes_some && x.dim(axis) == Dim(0)) fail_shape(context, concat("takes elements of the empty axis ", axis, " of ", x.fact()), {x, indices});
  if (is_wrap(args, 4)) {
    const DType wide = indices.dtype() == DType::UInt32 ? DType::UInt32 : DType::Int32;
    const Tensor size = graph::size_scalar(b, x.dim(axis), wide);
    return take(context, x, catalog::remainder(context, graph::convert(b, indices, wide), size), axis, GatherMode::Promise);
  }
  const Tensor found = take(context, x, indices, axis, mode_of(args, 4));
  if (args.none(7)) return found;
  Tensor is_inside = inside_of(context, wrapped_indices(context, indices, x.dim(axis)), x.dim(axis));
  // The mask covers the axes of the indices, which stand at `axis`.
  for (std::int64_t i = axis + 1; i < x.rank(); ++i) is_inside = graph::expand_dims(b, is_inside, is_inside.rank());
  return filled(context, found, is_inside, args, 7);
}

// Parameters: arr indices axis mode fill_value wrap_negative_indices.
Value take_along_axis(const Bound& args) {
  Context& context = args.context;
  graph::Builder& b = context.builder;
  Tensor x = args.tensor(0), indices = args.tensor(1);
  if (args.none(2)) {
    if (indices.rank() != 1) fail_shape(context, concat("needs a vector of indices where no axis is given, and has ", indices.fact()), {x, indices});
    x = flatten(context, x);
  }
  if (x.rank() != indices.rank()) {
    fail_shape(context, concat("needs array and indices of one rank, and has ", x.fact(), " and ", indices.fact()), {x, indices});
  }
  const std::int64_t axis = args.none(2) ? 0 : args.axis(2, x.rank()), last = x.rank() - 1;
  const Dim size = x.dim(axis);
  const GatherMode mode = mode_of(args, 3);
  const bool wraps = mode == GatherMode::Fill && args.boolean(5);
  indices = wraps ? wrapped_indices(context, indices, size) : graph::convert(b, indices, DType::Int32);
  x = move_axis(context, x, axis, last);
  indices = move_axis(context, indices, axis, last);
  // The other axes stretch to each other.
  Dims common = x.shape(), of_indices = indices.shape();
  common.back() = 1, of_indices.back() = 1;
  auto joined = graph::broadcast_shapes(common, of_indices, b.dims());
  if (const auto* reason = std::get_if<graph::Reason>(&joined)) b.fail(*reason, std::array{x, indices});
  Dims shape = std::get<Dims>(joined);
  shape.back() = size;
  x = graph::broadcast_to(b, x, shape);
  shape.back() = indices.dim(last);
  indices = graph::broadcast_to(b, indices, shape);
  const Tensor found = graph::gather(b, x, indices, last, last, mode);
  return move_axis(context, filled(context, found, inside_of(context, indices, size), args, 4), last, axis);
}

// Whether each element is 0, 1, … along a new axis.
Value one_hot(const Bound& args) {
  Context& context = args.context;
  graph::Builder& b = context.builder;
  const Tensor x = to_tensor(context, args.value(0), args.item(0).place);
  const std::int64_t axis = args.axis(3, x.rank() + 1);
  if (x.dtype() == DType::Bool) fail_dtype(context, "needs the numbers of classes, not bool: see `astype`", {x});
  Dims line(static_cast<std::size_t>(x.rank()) + 1, Dim(1));
  line[static_cast<std::size_t>(axis)] = args.size(1);
  const Tensor classes = graph::iota(b, x.dtype(), line, axis);
  const Tensor is_equal_to = graph::binary(b, Equal, graph::expand_dims(b, x, axis), classes);
  return astype(context, is_equal_to, args.optional_dtype(2).value_or(DType::Float32));
}

// The largest k along an axis, and where they stand.
Value top_k(const Bound& args) {
  Context& context = args.context;
  graph::Builder& b = context.builder;
  Tensor x = args.tensor(0);
  if (x.rank() == 0) fail_shape(context, "needs an array of rank 1 or more, and has a scalar", {x});
  const std::int64_t axis = args.axis(2, x.rank()), last = x.rank() - 1;
  x = move_axis(context, x, axis, last);
  const bool is_truth = x.dtype() == DType::Bool;
  if (is_truth) x = graph::convert(b, x, DType::UInt8);
  std::vector<Tensor> found = b.add_many(OpKind::TopK, TopKAttributes<Dim>{args.size(1)}, std::array{x});
  if (is_truth) found[0] = astype(context, found[0], DType::Bool);
  return List{move_axis(context, found[0], last, axis), move_axis(context, found[1], last, axis)};
}

// --- dynamic slices ----------------------------------------------------------------------------------

// A start as the op wants it: an int32 scalar, negative ones counted from the end where they are allowed, else 0.
Tensor start_of(Context& context, Tensor start, const Dim& size, bool counts_back) {
  if (start.rank() != 0) start = graph::reshape(context.builder, start, {});
  const Tensor bounded = bounded_index(context, start);
  return counts_back ? wrapped_indices(context, bounded, size) : graph::convert(context.builder, bounded, DType::Int32);
}

// Python's numbers are int32 here.
void expect_one_index_type(const Bound& args, const std::vector<Tensor>& starts) {
  for (const Tensor& start : starts) {
    if (start.dtype() == starts[0].dtype()) continue;
    fail_dtype(args.context, concat("needs start indices of one type, and has ", starts[0].dtype(), " and ", start.dtype()), starts);
  }
}

// Whether negative starts count from the end, for each axis: `allow_negative_indices`, one bool or one for each.
std::vector<bool> counting_back(const Bound& args, std::size_t i, std::int64_t rank) {
  const auto axes = static_cast<std::size_t>(rank);
  const List* list = args.value(i).list();
  if (!list) return std::vector<bool>(axes, args.boolean(i));
  if (list->size() != axes) args.wrong_type(i, concat("a bool, or one for each of ", rank, " axes"));
  std::vector<bool> out;
  for (const Value& item : *list) out.push_back(truth(item));
  return out;
}

std::vector<Tensor> starts_of(const Bound& args, std::size_t i, Tensor x, std::size_t allow_negative) {
  std::vector<Tensor> starts = args.tensors(i);
  expect_one_index_type(args, starts);
  if (static_cast<std::int64_t>(starts.size()) != x.rank()) {
    fail_shape(args.context, concat("has ", starts.size(), " start indices for ", x.fact()), {x});
  }
  const std::vector<bool> back = counting_back(args, allow_negative, x.rank());
  for (std::size_t axis = 0; axis < starts.size(); ++axis) starts[axis] = start_of(args.context, starts[axis], x.shape()[axis], back[axis]);
  return starts;
}

// The fifth argument says whether negative starts count from the end.
std::vector<Tensor> starts_along(const Bound& args, Tensor x, std::size_t start, std::int64_t axis) {
  std::vector<Tensor> starts(static_cast<std::size_t>(x.rank()), graph::integer_scalar(args.context.builder, 0, DType::Int32));
  starts[static_cast<std::size_t>(axis)] = start_of(args.context, args.tensor(start), x.dim(axis), args.boolean(4));
  return starts;
}

Value dynamic_slice(const Bound& args) {
  const Tensor x = args.tensor(0);
  return graph::dynamic_slice(args.context.builder, x, starts_of(args, 1, x, 3), args.dims(2));
}

Tensor slice_along(const Bound& args, Tensor x, std::size_t start, const Dim& size, std::int64_t axis) {
  Dims sizes = x.shape();
  sizes[static_cast<std::size_t>(axis)] = size;
  return graph::dynamic_slice(args.context.builder, x, starts_along(args, x, start, axis), sizes);
}

Value dynamic_slice_in_dim(const Bound& args) {
  const Tensor x = args.tensor(0);
  return slice_along(args, x, 1, args.size(2), args.axis(3, x.rank()));
}

Value dynamic_index_in_dim(const Bound& args) {
  const Tensor x = args.tensor(0);
  const std::int64_t axis = args.axis(2, x.rank());
  const Tensor found = slice_along(args, x, 1, 1, axis);
  return args.boolean(3) ? found : graph::squeeze(args.context.builder, found, axis);
}

Tensor update_of(const Bound& args, Tensor x, Tensor update, const std::vector<Tensor>& starts) {
  if (update.dtype() != x.dtype()) fail_dtype(args.context, concat("updates ", x.fact(), " by ", update.fact()), {x, update});
  return graph::dynamic_update_slice(args.context.builder, x, update, starts);
}

Value dynamic_update_slice(const Bound& args) {
  const Tensor x = args.tensor(0);
  return update_of(args, x, args.tensor(1), starts_of(args, 2, x, 3));
}

Value dynamic_update_slice_in_dim(const Bound& args) {
  const Tensor x = args.tensor(0);
  return update_of(args, x, args.tensor(1), starts_along(args, x, 2, args.axis(3, x.rank())));
}

Value dynamic_update_index_in_dim(const Bound& args) {
  const Tensor x = args.tensor(0);
  const std::int64_t axis = args.axis(3, x.rank());
  Tensor update = args.tensor(1);
  if (update.rank() + 1 == x.rank()) update = graph::expand_dims(args.context.builder, update, axis);
  return update_of(args, x, update, starts_along(args, x, 2, axis));
}

// --- static slices -------------------------------------------------------------------------------------

Value lax_slice(const Bound& args) {
  Context& context = args.context;
  const Tensor x = args.tensor(0);
  const Dims start = args.dims(1), limit = args.dims(2);
  std::vector<std::int64_t> stride = args.none(3) ? std::vector<std::int64_t>(start.size(), 1) : args.integers(3);
  if (static_cast<std::int64_t>(start.size()) != x.rank() || limit.size() != start.size() || stride.size() != start.size()) {
    fail_shape(context, concat("needs a start, a limit and a stride for each axis of ", x.fact()), {x});
  }
  Dims size;
  for (std::size_t axis = 0; axis < start.size(); ++axis) size.push_back(ceil_div(limit[axis] - start[axis], stride[axis]));
  return graph::slice(context.builder, x, start, size, stride);
}

// Below 0 counted from the end.
Dim from_start(Context& context, const Dim& place, const Dim& size) {
  const bool is_from_end = context.builder.dims().holds(place, graph::DimContext::Relation::Less, 0) == graph::Truth::Yes;
  return context.builder.dims().simplify(is_from_end ? place + size : place);
}

// Parameters: operand start_index limit_index stride axis. Unlike x[a:b], no bound may lie outside.
Value slice_in_dim(const Bound& args) {
  using Relation = graph::DimContext::Relation;
  Context& context = args.context;
  const Tensor x = args.tensor(0);
  const std::int64_t axis = args.axis(4, x.rank()), stride = args.integer(3);
  const Dim size = x.dim(axis);
  const auto bound = [&](std::size_t i, const Dim& otherwise) { return args.none(i) ? otherwise : from_start(context, args.size(i), size); };
  const Dim start = bound(1, 0), limit = bound(2, size);
  if (stride < 1) context.fail(Code::WrongArguments, args.item(3).place, concat("a stride is 1 or more, and this is ", stride));
  const auto cannot = [&](const Dim& a, Relation relation, const Dim& b) { return context.builder.dims().holds(a, relation, b) == graph::Truth::No; };
  if (cannot(start, Relation::GreaterEqual, 0) || cannot(limit, Relation::GreaterEqual, start) || cannot(limit, Relation::LessEqual, size)) {
    fail_shape(context, concat("takes the elements from ", start, " to ", limit, " of an axis of ", size, ": x[a:b] cuts off what lies outside"),
               {x});
  }
  return graph::slice_axis(context.builder, x, axis, start, ceil_div(limit - start, stride), stride);
}

Value index_in_dim(const Bound& args) {
  Context& context = args.context;
  const Tensor x = args.tensor(0);
  const std::int64_t axis = args.axis(2, x.rank());
  const Dim size = x.dim(axis), place = from_start(context, args.size(1), size);
  const auto is_beyond = [&](graph::DimContext::Relation relation, const Dim& end) {
    return context.builder.dims().holds(place, relation, end) == graph::Truth::Yes;
  };
  if (is_beyond(graph::DimContext::Relation::Less, 0) || is_beyond(graph::DimContext::Relation::GreaterEqual, size)) {
    fail_shape(context, concat("has no element ", args.size(1), " on an axis of ", size), {x});
  }
  const Tensor found = graph::slice_axis(context.builder, x, axis, place, 1);
  return args.boolean(3) ? found : graph::squeeze(context.builder, found, axis);
}

// x[n + 1] - x[n], n times.
Value diff(const Bound& args) {
  Context& context = args.context;
  graph::Builder& b = context.builder;
  Tensor x = args.tensor(0);
  if (x.rank() == 0) fail_shape(context, "needs an array of rank 1 or more, and has a scalar", {x});
  const std::int64_t axis = args.axis(2, x.rank());
  if (args.integer(1) < 0)
    context.fail(Code::WrongArguments, args.item(1).place, concat("differences are taken 0 times or more, not ", args.integer(1)));
  const auto edge = [&](std::size_t i) {
    Tensor value = args.tensor(i);
    if (value.rank() != 0) return value;
    Dims shape = x.shape();
    shape[static_cast<std::size_t>(axis)] = 1;
    return graph::broadcast_to(b, value, shape);
  };
  if (!args.none(3)) x = concatenate(context, {edge(3), x}, axis);
  if (!args.none(4)) x = concatenate(context, {x, edge(4)}, axis);
  for (std::int64_t turn = args.integer(1); turn > 0; --turn) {
    if (x.dim(axis) == Dim(0)) break;  // nothing has no differences
    const Dim size = x.dim(axis) - 1;
    const Tensor later = graph::slice_axis(b, x, axis, 1, size), earlier = graph::slice_axis(b, x, axis, 0, size);
    x = graph::binary(b, x.dtype() == DType::Bool ? NotEqual : Subtract, later, earlier);
  }
  return x;
}

const RegisterFunctions numpy_family{{
    FunctionSpec("take", "Elements along an axis, by their places; outside it is NaN.")
        .in({"jnp"})
        .arg("a")
        .arg("indices")
        .arg("axis", None{})
        .arg("out", None{})
        .arg("mode", None{})
        .arg("unique_indices", false)
        .arg("indices_are_sorted", false)
        .arg("fill_value", None{})
        .as_method()
        .does(&take_of),
    FunctionSpec("take_along_axis", "Elements along an axis, by a place for each result.")
        .in({"jnp"})
        .arg("arr")
        .arg("indices")
        .arg("axis", -1)
        .arg("mode", None{})
        .arg("fill_value", None{})
        .keyword_only()
        .arg("wrap_negative_indices", true)
        .does(&take_along_axis),
    FunctionSpec("one_hot", "1 at the class, 0 at the others, along a new axis.")
        .in({"jax.nn", "nn"})
        .arg("x")
        .arg("num_classes")
        .keyword_only()
        .arg("dtype", None{})
        .arg("axis", -1)
        .does(&one_hot),
    FunctionSpec("diff", "Differences of neighbours along an axis.")
        .in({"jnp"})
        .arg("a")
        .arg("n", 1)
        .arg("axis", -1)
        .arg("prepend", None{})
        .arg("append", None{})
        .does(&diff),
}};

const RegisterFunctions lax_family{{
    FunctionSpec("top_k", "The largest k elements and their places.").in({"lax"}).arg("operand").arg("k").keyword_only().arg("axis", -1).does(&top_k),
    FunctionSpec("dynamic_slice", "A part that begins where tensors say; it stays inside.")
        .in({"lax"})
        .arg("operand")
        .arg("start_indices")
        .arg("slice_sizes")
        .keyword_only()
        .arg("allow_negative_indices", true)
        .does(&dynamic_slice),
    FunctionSpec("dynamic_slice_in_dim", "A part of an axis that begins where a tensor says.")
        .in({"lax"})
        .arg("operand")
        .arg("start_index")
        .arg("slice_size")
        .arg("axis", 0)
        .keyword_only()
        .arg("allow_negative_indices", true)
        .does(&dynamic_slice_in_dim),
    FunctionSpec("dynamic_index_in_dim", "One element of an axis.")
        .in({"lax"})
        .arg("operand")
        .arg("index")
        .arg("axis", 0)
        .arg("keepdims", true)
        .keyword_only()
        .arg("allow_negative_indices", true)
        .does(&dynamic_index_in_dim),
    FunctionSpec("dynamic_update_slice", "An array with a part replaced.")
        .in({"lax"})
        .arg("operand")
        .arg("update")
        .arg("start_indices")
        .keyword_only()
        .arg("allow_negative_indices", true)
        .does(&dynamic_update_slice),
    FunctionSpec("dynamic_update_slice_in_dim", "An array with a part of an axis replaced.")
        .in({"lax"})
        .arg("operand")
        .arg("update")
        .arg("start_index")
        .arg("axis")
        .keyword_only()
        .arg("allow_negative_indices", true)
        .does(&dynamic_update_slice_in_dim),
    FunctionSpec("dynamic_update_index_in_dim", "An array with one element of an axis replaced.")
        .in({"lax"})
        .arg("operand")
        .arg("update")
        .arg("index")
        .arg("axis")
        .keyword_only()
        .arg("allow_negative_indices", true)
        .does(&dynamic_update_index_in_dim),
    FunctionSpec("slice", "A part of each axis.")
        .in({"lax"})
        .arg("operand")
        .arg("start_indices")
        .arg("limit_indices")
        .arg("strides", None{})
        .does(&lax_slice),
    FunctionSpec("slice_in_dim", "A part of an axis.")
        .in({"lax"})
        .arg("operand")
        .arg("start_index")
        .arg("limit_index")
        .arg("stride", 1)
        .arg("axis", 0)
        .does(&slice_in_dim),
    FunctionSpec("index_in_dim", "One element of an axis.")
        .in({"lax"})
        .arg("operand")
        .arg("index")
        .arg("axis", 0)
        .arg("keepdims", true)
        .does(&index_in_dim),
}};

}  // namespace
}  // namespace linenc::functions
