// Elements put in, left out and replaced: insert delete put_along_axis. Tested by tests/compiler/functions/goldens_test.cpp.
#include <algorithm>
#include <numeric>

#include "compiler/catalog/arrange.h"
#include "compiler/catalog/indexing.h"
#include "compiler/catalog/registry.h"
#include "compiler/catalog/static_array.h"

namespace linenc::functions {
namespace {

using namespace catalog;
using Relation = graph::DimContext::Relation;
using graph::Truth;

// The array and an axis of it; the flattened array where none is given.
struct Along {
  Tensor x;
  std::int64_t axis;
};
Along along(const Bound& args, std::size_t axis) {
  const Tensor x = args.tensor(0);
  if (args.none(axis)) return {flatten(args.context, x), 0};
  return {x, args.axis(axis, x.rank())};
}

bool is_one_number(const Value& value) {
  const Value number = plain(value);
  return number.integer() || number.boolean();
}

Tensor part(Context& context, Tensor x, std::int64_t axis, const Dim& begin, const Dim& end) {
  return graph::slice_axis(context.builder, x, axis, begin, context.builder.dims().simplify(end - begin));
}

// Whether a position is so for every size; E0216 where that depends on a size.
bool holds(Context& context, const Dim& a, Relation relation, const Dim& b, std::string_view sign) {
  const Truth truth = context.builder.dims().holds(a, relation, b);
  if (truth == Truth::Unknown) context.fail(Code::Unproven, concat("where this position is depends on ", a, " ", sign, " ", b));
  return truth == Truth::Yes;
}

// --- delete --------------------------------------------------------------------------------------------

Value without_one(const Bound& args, Tensor x, std::int64_t axis) {
  Context& context = args.context;
  const Dim written = args.size(1), size = x.dim(axis);
  const Dim place = holds(context, written, Relation::GreaterEqual, 0, ">=") ? written : written + size;
  if (!holds(context, place, Relation::GreaterEqual, 0, ">=") || !holds(context, place, Relation::Less, size, "<")) {
    fail_shape(context, concat("has no element ", written, " on an axis of ", size), {x});
  }
  return concatenate(context, {part(context, x, axis, 0, place), part(context, x, axis, place + 1, size)}, axis);
}

// By positions known while compiling, or by a mask of them.
Value without_several(const Bound& args, Tensor x, std::int64_t axis) {
  Context& context = args.context;
  const auto size = x.dim(axis).constant();
  if (!size)
    context.fail(Code::UnknownSize, args.place,
                 concat("`delete` of several elements needs to know how many there are, and `", x.dim(axis), "` is not"));
  std::vector<bool> is_kept(static_cast<std::size_t>(*size), true);
  const ArrayPtr array = args.value(1).array();
  const List items = array ? rows(*array) : *args.value(1).list();
  const bool is_mask = array ? array->dtype == DType::Bool : !items.empty() && items[0].boolean();
  if (is_mask && static_cast<std::int64_t>(items.size()) != *size) {
    fail_shape(context, concat("has a mask of ", items.size(), " for an axis of ", *size), {x});
  }
  if (is_mask) {
    for (std::size_t i = 0; i < items.size(); ++i) is_kept[i] = !truth(plain(items[i]));
  } else {
    for (const std::int64_t place : args.integers(1)) {
      if (place < -*size || place >= *size) fail_shape(context, concat("has no element ", place, " on an axis of ", *size), {x});
      is_kept[static_cast<std::size_t>(place < 0 ? place + *size : place)] = false;
    }
  }
  List kept;
  for (std::int64_t i = 0; i < *size; ++i) {
    if (is_kept[static_cast<std::size_t>(i)]) kept.push_back(i);
  }
  if (kept.empty()) return graph::slice_axis(context.builder, x, axis, 0, 0);
  return take(context, x, to_tensor(context, kept, DType::Int32), axis, GatherMode::Promise);
}

// By different positions that a tensor holds.
Value without_places(const Bound& args, Tensor x, std::int64_t axis) {
  using enum ElementwiseKind;
  Context& context = args.context;
  graph::Builder& b = context.builder;
  if (!args.boolean(3) || !is_integer(args.tensor(1).dtype())) {
    context.fail(Code::NotStatic, args.place,
                 "`delete` needs positions that are known while compiling, or integers of which none comes twice and `assume_unique_indices=true`");
  }
  const Dim size = x.dim(axis);
  Tensor places = wrapped_indices(context, flatten(context, args.tensor(1)), size);
  places = graph::clamp(b, graph::integer_scalar(b, 0, DType::Int32), places, graph::size_scalar(b, size, DType::Int32));
  const Dim count = places.dim(0);
  places = graph::sort(b, std::array{places}, 0)[0];
  places = graph::expand_dims(b, graph::binary(b, Subtract, places, graph::iota(b, DType::Int32, {count}, 0)), 1);
  const Dim left = b.dims().simplify(size - count);
  const Tensor line = graph::iota(b, DType::Int32, {left}, 0);
  const Tensor is_behind = graph::convert(b, graph::binary(b, GreaterEqual, graph::expand_dims(b, line, 0), places), DType::Int32);
  const Tensor kept = graph::binary(b, Add, line, graph::reduce(b, ReduceKind::Sum, is_behind, {0}));
  return take(context, x, kept, axis, GatherMode::Clip);
}

// Parameters: arr obj axis assume_unique_indices.
Value delete_of(const Bound& args) {
  const auto [x, axis] = along(args, 2);
  if (is_one_number(args.value(1))) return without_one(args, x, axis);
  if (args.value(1).tensor()) return without_places(args, x, axis);
  const ArrayPtr array = args.value(1).array();
  if (!(array && array->rank() == 1)) args.wrong_type(1, "an int or an array of ints or truth values");
  return without_several(args, x, axis);
}

// --- insert --------------------------------------------------------------------------------------------

// Counted from the start, and brought to 0 <= position <= size.
Dim clipped(Context& context, const Dim& written, const Dim& size) {
  const Dim place = holds(context, written, Relation::GreaterEqual, 0, ">=") ? written : written + size;
  if (!holds(context, place, Relation::GreaterEqual, 0, ">=")) return 0;
  return holds(context, place, Relation::LessEqual, size, "<=") ? place : size;
}

// Parameters: arr obj values axis.
Value insert(const Bound& args) {
  Context& context = args.context;
  graph::Builder& b = context.builder;
  const auto [x, axis] = along(args, 3);
  if (args.value(1).tensor()) {
    context.fail(Code::NotSupportedYet, args.place, "`insert` at positions that are not known while compiling is not supported yet");
  }
  if (args.value(1).list()) args.wrong_type(1, "an int or an array of ints");
  Tensor values = astype(context, args.tensor(2), x.dtype());
  if (values.rank() > x.rank()) fail_shape(context, concat("inserts ", values.fact(), " into ", x.fact()), {x, values});
  values = with_rank(context, values, x.rank());
  const bool is_single = is_one_number(args.value(1));
  const Dims written = is_single ? Dims{args.size(1)} : args.dims(1);
  if (is_single) values = move_axis(context, values, 0, axis);
  if (written.empty()) return x;
  // One value for several positions, several values at one position, or as many values as positions.
  const bool is_one_place = written.size() == 1;
  const Dim count = is_one_place ? values.dim(axis) : Dim(static_cast<std::int64_t>(written.size()));
  Dims shape = x.shape();
  shape[static_cast<std::size_t>(axis)] = count;
  values = graph::broadcast_to(b, values, shape);
  const Dim size = x.dim(axis);
  if (is_one_place) {
    const Dim place = clipped(context, written[0], size);
    return concatenate(context, {part(context, x, axis, 0, place), values, part(context, x, axis, place, size)}, axis);
  }
  if (!size.constant()) {
    context.fail(Code::UnknownSize, args.place, concat("`insert` at several positions needs to know how many there are, and `", size, "` is not"));
  }
  Dims places;
  for (const Dim& place : written) places.push_back(clipped(context, place, size));
  std::vector<std::int64_t> order(places.size());
  std::iota(order.begin(), order.end(), 0);
  const auto place_of = [&](std::int64_t i) {
    return args.context.builder.dims().simplify(places[static_cast<std::size_t>(i)]).constant().value_or(0);
  };
  std::stable_sort(order.begin(), order.end(), [&](std::int64_t i, std::int64_t j) { return place_of(i) < place_of(j); });
  std::vector<Tensor> parts;
  std::int64_t done = 0;
  for (const std::int64_t i : order) {
    if (place_of(i) > done) parts.push_back(part(context, x, axis, done, place_of(i)));
    done = place_of(i);
    parts.push_back(part(context, values, axis, i, i + 1));
  }
  parts.push_back(part(context, x, axis, done, size));
  return concatenate(context, std::move(parts), axis);
}

// --- put_along_axis ------------------------------------------------------------------------------------

// Parameters: arr indices values axis inplace mode.
Value put_along_axis(const Bound& args) {
  Context& context = args.context;
  graph::Builder& b = context.builder;
  if (args.boolean(4))
    context.fail(Code::WrongArguments, args.place, "`put_along_axis` changes no array in its place: give `inplace=false`, as in JAX");
  const Tensor given = args.tensor(0), indices = args.tensor(1);
  const auto [x, axis] = along(args, 3);
  if (x.rank() != indices.rank()) {
    fail_shape(context, concat("needs array and indices of one rank, and has ", x.fact(), " and ", indices.fact()), {x, indices});
  }
  List index;
  for (std::int64_t i = 0; i < x.rank(); ++i) {
    Dims line(static_cast<std::size_t>(x.rank()), Dim(1));
    line[static_cast<std::size_t>(i)] = x.dim(i);
    index.push_back(i == axis ? indices : graph::iota(b, DType::Int32, line, i));
  }
  Arguments arguments;
  arguments.add(graph::broadcast_to(b, args.tensor(2), indices.shape()));
  arguments.add("mode", args.value(5));
  const Tensor out = *call_at(context, x, index, "set", arguments).tensor();
  return args.none(3) ? graph::reshape(b, out, given.shape()) : out;
}

const RegisterFunctions family{{
    FunctionSpec("delete", "An array without some elements of an axis.")
        .in({"jnp"})
        .arg("arr")
        .arg("obj")
        .arg("axis", None{})
        .keyword_only()
        .arg("assume_unique_indices", false)
        .does(&delete_of),
    FunctionSpec("insert", "An array with values put in before positions of an axis.")
        .in({"jnp"})
        .arg("arr")
        .arg("obj")
        .arg("values")
        .arg("axis", None{})
        .does(&insert),
    FunctionSpec("put_along_axis", "An array with elements along an axis replaced, by a place for each value.")
        .in({"jnp"})
        .arg("arr")
        .arg("indices")
        .arg("values")
        .arg("axis")
        .arg("inplace", true)
        .keyword_only()
        .arg("mode", None{})
        .does(&put_along_axis),
}};

}  // namespace
}  // namespace linenc::functions
