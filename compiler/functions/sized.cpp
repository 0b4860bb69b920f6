// Functions whose result is as long as the data decide, cut or filled to a size that is known while compiling: nonzero argwhere
// extract unique. Tested by tests/compiler/functions/goldens_test.cpp.
#include <array>

#include "compiler/catalog/arrange.h"
#include "compiler/catalog/indexing.h"
#include "compiler/catalog/registry.h"

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

Value nonzero(const Bound& args) {
  const Tensor x = args.tensor(0);
  if (x.rank() == 0) fail_shape(args.context, "needs an array of rank 1 or more, and has a scalar: see `atleast_1d`", {x});
  const std::vector<Tensor> found = coordinates(args, x, size_of(args, 1, "nonzero"), 2);
  return List(found.begin(), found.end());
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

// The distinct elements in ascending order; filled with the smallest.
Value unique(const Bound& args) {
  Context& context = args.context;
  graph::Builder& b = context.builder;
  for (const std::size_t i : {1, 2, 3}) {
    if (args.boolean(i))
      context.fail(Code::NotSupportedYet, args.place, "`unique` gives values only: indices, inverse and counts are not supported yet");
  }
  if (!args.none(4)) context.fail(Code::NotSupportedYet, args.place, "`unique` along an axis is not supported yet");
  const Tensor x = graph::sort(b, std::array{flatten(context, args.tensor(0))}, 0)[0];
  if (x.dim(0) == Dim(0)) fail_shape(context, "needs an element to fill up with", {x});
  const Dim rest = x.dim(0) - 1;
  const Tensor later = graph::slice_axis(b, x, 0, 1, rest);
  Tensor differs = graph::binary(b, NotEqual, later, graph::slice_axis(b, x, 0, 0, rest));
  // NaN stands last: one that follows another is no new element.
  if (is_float(x.dtype()) && args.boolean(5)) {
    const Tensor is_number = graph::unary(b, Not, graph::unary(b, IsNan, graph::slice_axis(b, x, 0, 0, rest)));
    differs = graph::binary(b, And, differs, is_number);
  }
  const Tensor is_first = graph::concatenate(b, std::vector{graph::full(b, 1, DType::Bool, {1}), differs}, 0);
  const Found found = find_true(context, is_first, size_of(args, 6, "unique"));
  const Tensor values = take(context, x, found.places, 0, GatherMode::Clip);
  const Tensor fill = args.none(7) ? graph::reshape(b, graph::slice_axis(b, x, 0, 0, 1), {}) : astype(context, args.tensor(7), x.dtype());
  return where(context, found.exists, values, fill);
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
}  // namespace linenc::functions
