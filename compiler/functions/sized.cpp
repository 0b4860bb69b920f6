// Functions whose result is as long as the data decide, cut or filled to a size that is known while compiling: nonzero argwhere
// extract unique. Tested by tests/compiler/functions/goldens_test.cpp.
#include <array>

#include "compiler/catalog/arrange.h"
#include "compiler/catalog/indexing.h"
#include "compiler/catalog/registry.h"
#include "compiler/functions/sized.h"
#include "compiler/functions/sort.h"

namespace linenc::functions {
namespace {

using namespace catalog;
using enum ElementwiseKind;

Dim size_of(const Bound& args, std::size_t i, std::string_view function) {
  if (!args.none(i)) return args.size(i);
  args.context.fail(Code::UnknownSize, args.place, concat("how many elements `", function, "` gives is not known while compiling: give `size`"));
}

// Where the first `size` true elements of a flat mask stand, and whether there are so many.
struct Found {
  Tensor places, exists;
};
Found find_true(Context& context, Tensor mask, const Dim& size) {
  graph::Builder& b = context.builder;
  const Tensor end = graph::size_scalar(b, mask.dim(0), DType::Int32), one = graph::integer_scalar(b, 1, DType::Int32);
  const Tensor counts = graph::cumulative(b, CumulativeKind::Sum, graph::convert(b, mask, DType::Int32), 0);
  // Each true element writes its place to where its number says; the others write nowhere.
  const Tensor nowhere = graph::integer_scalar(b, -1, DType::Int32);
  const Tensor numbers = graph::select(b, mask, graph::binary(b, Subtract, counts, one), nowhere);
  const Tensor places = graph::scatter(b, graph::broadcast_to(b, end, {size}), numbers, graph::iota(b, DType::Int32, {mask.dim(0)}, 0),
                                       {ScatterKind::Set, 0, 0, GatherMode::Fill});
  return {places, graph::binary(b, Less, places, end)};
}

Tensor flat_mask(Context& context, Tensor x) { return astype(context, flatten(context, x), DType::Bool); }

// The coordinate along each axis.
std::vector<Tensor> coordinates(const Bound& args, Tensor x, const Dim& size, std::size_t fill) {
  Context& context = args.context;
  graph::Builder& b = context.builder;
  // Among no elements nothing is filled in.
  if (graph::element_count(x.shape()) == Dim(0)) {
    return {static_cast<std::size_t>(x.rank()), graph::full(b, 0, DType::Int32, {size})};
  }
  const Found found = find_true(context, flat_mask(context, x), size);
  std::vector<Tensor> out;
  Tensor rest = found.places;
  for (std::int64_t axis = x.rank() - 1; axis >= 0; --axis) {
    const Tensor axis_size = graph::size_scalar(b, x.dim(axis), DType::Int32);
    const List* fills = args.value(fill).list();
    if (fills && static_cast<std::int64_t>(fills->size()) != x.rank()) args.wrong_type(fill, "a number, or one for each axis");
    const Value value = args.none(fill) ? Value(0) : fills ? fills->at(static_cast<std::size_t>(axis)) : args.value(fill);
    // Another number than an int32 makes the coordinates of its type.
    const Tensor other = to_tensor(context, value);
    if (other.rank() != 0) args.wrong_type(fill, "a number, or one for each axis");
    out.insert(out.begin(), where(context, found.exists, graph::binary(b, Remainder, rest, axis_size), other));
    rest = graph::binary(b, Divide, rest, axis_size);
  }
  return out;
}

Tensor at_least_vector(Context& context, Tensor x) { return with_rank(context, x, 1); }

Value nonzero(const Bound& args) {
  const Tensor x = args.tensor(0);
  if (x.rank() == 0) fail_shape(args.context, "needs an array of rank 1 or more, and has a scalar: see `atleast_1d`", {x});
  return nonzero_of(args, 1, 2, "nonzero");
}

Value flatnonzero(const Bound& args) { return coordinates(args, flatten(args.context, args.tensor(0)), size_of(args, 1, "flatnonzero"), 2)[0]; }

Value argwhere(const Bound& args) {
  const Tensor x = args.tensor(0);
  const Dim size = size_of(args, 1, "argwhere");
  if (x.rank() == 0) return graph::full(args.context.builder, 0, DType::Int32, {size, 0});
  return stack(args.context, coordinates(args, x, size, 2), 1);
}

// Parameters: condition arr size fill_value.
Value extract(const Bound& args) {
  Context& context = args.context;
  const Tensor x = flatten(context, args.tensor(1));
  const Dim size = size_of(args, 2, "extract");
  if (context.builder.dims().holds(size, graph::DimContext::Relation::Greater, x.dim(0)) == graph::Truth::Yes) {
    fail_shape(context, concat("gives ", size, " of ", x.dim(0), " elements"), {x});
  }
  // What the condition says of more elements than there are does not matter.
  Tensor mask = flat_mask(context, args.tensor(0));
  if (context.builder.dims().holds(mask.dim(0), graph::DimContext::Relation::Greater, x.dim(0)) == graph::Truth::Yes) {
    mask = graph::slice_axis(context.builder, mask, 0, 0, x.dim(0));
  }
  const Found found = find_true(context, mask, size);
  const Tensor values = take(context, x, found.places, 0, GatherMode::Clip);
  return where(context, found.exists, values, astype(context, args.tensor(3), x.dtype()));
}

// The rows of an array along its first axis in ascending order, and where they stood.
struct Ordered {
  Tensor rows, places;
};
Ordered ordered_rows(const Bound& args, Tensor x) {
  Context& context = args.context;
  graph::Builder& b = context.builder;
  const Tensor places = graph::iota(b, DType::Int32, {x.dim(0)}, 0);
  if (x.rank() == 1) {
    const std::vector<Tensor> sorted = graph::sort(b, std::array{x, places}, 0);
    return {sorted[0], sorted[1]};
  }
  constexpr std::int64_t kMostKeys = 256;
  const Dim size = graph::element_count(x.shape()), width = x.dim(0) == Dim(0) ? Dim(0) : b.dims().simplify(floor_div(size, x.dim(0)));
  const auto count = width.constant();
  if (!count)
    context.fail(Code::UnknownSize, args.place,
                 concat("`unique` along an axis needs to know how long its rows are, and `", width, "` is not known yet"));
  if (*count == 0) fail_shape(context, "needs rows that are not empty", {x});
  if (*count > kMostKeys)
    context.fail(Code::NotSupportedYet, args.place, concat("`unique` of rows of more than ", kMostKeys, " elements is not supported yet"));
  const Tensor flat = graph::reshape(b, x, {x.dim(0), width});
  std::vector<Tensor> columns;
  for (std::int64_t i = 0; i < *count; ++i) columns.push_back(graph::squeeze(b, graph::slice_axis(b, flat, 1, i, 1), 1));
  columns.push_back(places);
  const Tensor order = sort_by_keys(context, columns, static_cast<std::size_t>(*count), 0).back();
  return {take(context, x, order, 0, GatherMode::Promise), order};
}

// Whether each row is another one than the row before; NaN are one where `equal_nan` says so.
Tensor is_first_of_kind(Context& context, Tensor rows, bool equal_nan) {
  graph::Builder& b = context.builder;
  const Dim rest = rows.dim(0) - 1;
  const Tensor later = graph::slice_axis(b, rows, 0, 1, rest), earlier = graph::slice_axis(b, rows, 0, 0, rest);
  Tensor differs = graph::binary(b, NotEqual, later, earlier);
  if (is_float(rows.dtype()) && equal_nan) {
    const Tensor both_nan = graph::binary(b, And, graph::unary(b, IsNan, later), graph::unary(b, IsNan, earlier));
    differs = graph::binary(b, And, differs, graph::unary(b, Not, both_nan));
  }
  std::vector<std::int64_t> inner;
  for (std::int64_t axis = 1; axis < rows.rank(); ++axis) inner.push_back(axis);
  if (!inner.empty()) differs = graph::reduce(b, ReduceKind::Any, differs, inner);
  return graph::concatenate(b, std::vector{graph::full(b, 1, DType::Bool, {1}), differs}, 0);
}

// How many rows there are of each kind: from one first row to the next one.
Tensor counts_of_kinds(Context& context, Tensor is_first, const Dim& size) {
  graph::Builder& b = context.builder;
  const Tensor places = find_true(context, is_first, size + 1).places;  // the end where there is none
  return graph::binary(b, Subtract, graph::slice_axis(b, places, 0, 1, size), graph::slice_axis(b, places, 0, 0, size));
}

// The distinct elements (or rows along an axis) in ascending order; filled with the smallest.
// Parameters: ar return_index return_inverse return_counts axis equal_nan size fill_value.
Value unique(const Bound& args) {
  Context& context = args.context;
  graph::Builder& b = context.builder;
  const Tensor given = args.tensor(0);
  const std::int64_t axis = args.none(4) ? 0 : args.axis(4, given.rank());
  const Tensor x = args.none(4) ? flatten(context, given) : move_axis(context, given, axis, 0);
  if (x.dim(0) == Dim(0)) fail_shape(context, "needs an element to fill up with", {x});
  const auto [rows, places] = ordered_rows(args, x);
  const Tensor is_first = is_first_of_kind(context, rows, args.boolean(5));
  const Dim size = size_of(args, 6, "unique");
  const Found found = find_true(context, is_first, size);
  const Tensor zero = graph::integer_scalar(b, 0, DType::Int32);
  const Tensor chosen = where(context, found.exists, found.places, zero);
  Tensor values = take(context, rows, chosen, 0, GatherMode::Clip);
  if (!args.none(7)) {
    Tensor exists = found.exists;
    for (std::int64_t i = 1; i < rows.rank(); ++i) exists = graph::expand_dims(b, exists, i);
    values = where(context, exists, values, astype(context, args.tensor(7), rows.dtype()));
  }
  List out{move_axis(context, values, 0, axis)};
  if (args.boolean(1)) out.push_back(take(context, places, chosen, 0, GatherMode::Clip));
  if (args.boolean(2)) {
    const Tensor numbers = graph::binary(b, Subtract, graph::cumulative(b, CumulativeKind::Sum, graph::convert(b, is_first, DType::Int32), 0),
                                         graph::integer_scalar(b, 1, DType::Int32));
    const Tensor inverse = graph::sort(b, std::array{places, numbers}, 0)[1];
    out.push_back(args.none(4) ? graph::reshape(b, inverse, given.shape()) : inverse);
  }
  if (args.boolean(3)) out.push_back(counts_of_kinds(context, is_first, size));
  return out.size() == 1 ? out[0] : Value(out);
}

FunctionSpec search(std::string name, std::string doc) {
  return FunctionSpec(std::move(name), std::move(doc)).in({"jnp"}).arg("a").keyword_only().arg("size", None{}).arg("fill_value", None{});
}

const RegisterFunctions family{{
    search("nonzero", "The places of the elements that are not zero, one array for each axis.").does(&nonzero),
    search("flatnonzero", "The places of the elements that are not zero in the flattened array.").does(&flatnonzero),
    search("argwhere", "The places of the elements that are not zero, one row for each.").does(&argwhere),
    FunctionSpec("extract", "The elements for which a condition holds.")
        .in({"jnp"})
        .arg("condition")
        .arg("arr")
        .keyword_only()
        .arg("size", None{})
        .arg("fill_value", 0)
        .does(&extract),
    FunctionSpec("unique", "The distinct elements in ascending order.")
        .in({"jnp"})
        .arg("ar")
        .arg("return_index", false)
        .arg("return_inverse", false)
        .arg("return_counts", false)
        .arg("axis", None{})
        .keyword_only()
        .arg("equal_nan", true)
        .arg("size", None{})
        .arg("fill_value", None{})
        .does(&unique),
}};

}  // namespace

Value nonzero_of(const Bound& args, std::size_t size, std::size_t fill_value, std::string_view function) {
  const std::vector<Tensor> found = coordinates(args, at_least_vector(args.context, args.tensor(0)), size_of(args, size, function), fill_value);
  return List(found.begin(), found.end());
}

}  // namespace linenc::functions
