// Elements repeated: broadcast_to tile repeat and their kin. Tested by tests/compiler/functions/goldens_test.cpp.
#include <algorithm>

#include "compiler/catalog/arrange.h"
#include "compiler/catalog/indexing.h"
#include "compiler/catalog/registry.h"
#include "compiler/functions/einops.h"
#include "compiler/functions/lax_arguments.h"

namespace linenc::functions {
namespace {

using namespace catalog;

Value broadcast_to(const Bound& args) {
  const Tensor x = args.tensor(0);
  return graph::broadcast_to(args.context.builder, x, args.dims(1));
}

Dims common_shape(Context& context, const std::vector<Dims>& shapes, const std::vector<Tensor>& operands) {
  Dims out;
  for (const Dims& shape : shapes) {
    auto joined = graph::broadcast_shapes(out, shape, context.builder.dims());
    if (const auto* reason = std::get_if<graph::Reason>(&joined)) context.builder.fail(*reason, operands);
    out = std::get<Dims>(joined);
  }
  return out;
}

Value broadcast_shapes(const Bound& args) {
  std::vector<Dims> shapes;
  for (const Arguments::Item& item : args.rest()) {
    Dims shape;
    if (const Dim* size = item.value.integer())
      shape = {*size};
    else if (const List* list = item.value.list()) {
      for (const Value& size_value : *list) {
        const Dim* dim = size_value.integer();
        if (!dim) args.context.fail(Code::WrongType, item.place, concat("a shape is a list of ints, and this is ", kind(item.value)));
        shape.push_back(*dim);
      }
    } else {
      args.context.fail(Code::WrongType, item.place, concat("a shape is a list of ints, and this is ", kind(item.value)));
    }
    for (const Dim& size : shape) {
      if (args.context.builder.dims().holds(size, graph::DimContext::Relation::Less, 0) == graph::Truth::Yes) {
        args.context.fail(Code::EvaluationFailed, item.place, concat("a size is 0 or more, and this is ", size));
      }
    }
    shapes.push_back(std::move(shape));
  }
  return common_shape(args.context, shapes, {});
}

Value broadcast_arrays(const Bound& args) {
  const std::vector<Tensor> arrays = args.rest_tensors();
  std::vector<Dims> shapes;
  for (const Tensor& array : arrays) shapes.push_back(array.shape());
  const Dims shape = common_shape(args.context, shapes, arrays);
  List out;
  for (const Tensor& array : arrays) out.push_back(graph::broadcast_to(args.context.builder, array, shape));
  return out;
}

Value tile_of(const Bound& args) { return tile(args.context, args.tensor(0), args.dims(1)); }

// Counts that are known only when the model runs, or a length of its own: the result's element j is the first whose copies end after j.
Value repeat_by_tensor(const Bound& args, Tensor x, std::int64_t axis) {
  Context& context = args.context;
  graph::Builder& b = context.builder;
  if (args.none(3)) {
    context.fail(Code::UnknownSize, args.place, "how many elements `repeat` gives is not known while compiling: give `total_repeat_length`");
  }
  const Tensor counts = graph::broadcast_to(b, graph::convert(b, args.tensor(1), DType::Int32), {x.dim(axis)});
  const Tensor ends = graph::cumulative(b, CumulativeKind::Sum, counts, 0);
  const Tensor places = graph::iota(b, DType::Int32, {args.size(3), 1}, 0);
  const Tensor is_over = graph::convert(b, graph::binary(b, ElementwiseKind::LessEqual, ends, places), DType::Int32);
  // Places behind all copies are filled with the last element.
  return take(context, x, graph::reduce(b, ReduceKind::Sum, is_over, {1}), axis, GatherMode::Clip);
}

// One count for all elements, or one for each.
Value repeat_of(const Bound& args) {
  if (args.value(1).text()) return einops_repeat(args);
  Context& context = args.context;
  if (!args.keywords().empty()) {
    context.fail(Code::WrongArguments, args.keywords()[0].second.place, concat("`repeat` has no argument `", args.keywords()[0].first, "`"));
  }
  Tensor x = args.tensor(0);
  if (args.none(2) || x.rank() == 0) x = flatten(context, x);
  const std::int64_t axis = args.none(2) ? 0 : args.axis(2, x.rank());
  if (args.value(1).tensor() || !args.none(3)) return repeat_by_tensor(args, x, axis);
  if (args.value(1).list()) args.wrong_type(1, "an int or an array of ints");
  const Dims counts = args.dims(1);
  if (counts.size() == 1) return repeat(context, x, counts[0], axis);
  require_equal(context, x.dim(axis), static_cast<std::int64_t>(counts.size()), concat("has ", counts.size(), " counts for an axis of ", x.dim(axis)),
                {x});
  std::vector<Tensor> parts;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const Tensor part = graph::slice_axis(context.builder, x, axis, static_cast<std::int64_t>(i), 1);
    if (counts[i] != Dim(0)) parts.push_back(repeat(context, part, counts[i], axis));
  }
  if (parts.empty()) return graph::slice_axis(context.builder, x, axis, 0, 0);
  return concatenate(context, std::move(parts), axis);
}

// lax.broadcast: new axes in front.
Value broadcast_front(const Bound& args) {
  const Tensor x = args.tensor(0);
  Dims shape = lax_sizes(args, 1);
  shape.insert(shape.end(), x.shape().begin(), x.shape().end());
  return graph::broadcast_to(args.context.builder, x, shape);
}

// lax.broadcast_in_dim: where each axis of the operand stands in the result.
Value broadcast_in_dim(const Bound& args) {
  Context& context = args.context;
  const Tensor x = args.tensor(0);
  const Dims shape = lax_sizes(args, 1);
  (void)lax_axes(args, 2, static_cast<std::int64_t>(shape.size()), false);
  const std::vector<std::int64_t> places = args.integers(2);
  if (static_cast<std::int64_t>(places.size()) != x.rank() || !std::is_sorted(places.begin(), places.end())) {
    context.fail(Code::WrongArguments, args.place, concat("`broadcast_dimensions` names an ascending place for each of the ", x.rank(), " axes"));
  }
  Dims aligned(shape.size(), Dim(1));
  for (std::size_t i = 0; i < places.size(); ++i) {
    aligned[static_cast<std::size_t>(places[i])] = x.shape()[i];
  }
  return graph::broadcast_to(context.builder, graph::reshape(context.builder, x, aligned), shape);
}

const RegisterFunctions family{{
    FunctionSpec("broadcast_to", "An array stretched to a shape.").in({"jnp"}).arg("array").arg("shape").does(&broadcast_to),
    FunctionSpec("broadcast_shapes", "The shape that several shapes stretch to.").in({"jnp", "lax"}).rest("shapes").does(&broadcast_shapes),
    FunctionSpec("broadcast_arrays", "Arrays stretched to their common shape.").in({"jnp"}).rest("args").does(&broadcast_arrays),
    FunctionSpec("tile", "An array laid side by side with itself.").in({"jnp"}).arg("A").arg("reps").does(&tile_of),
    FunctionSpec("repeat", "Every element several times.")
        .in({"jnp"})
        .arg("a")
        .arg("repeats")
        .arg("axis", None{})
        .keyword_only()
        .arg("total_repeat_length", None{})
        .keyword_rest("axes_lengths")
        .as_method()
        .does(&repeat_of),
    FunctionSpec("broadcast", "New axes in front.").in({"lax"}).behind_prefix().arg("operand").arg("sizes").does(&broadcast_front),
    FunctionSpec("broadcast_in_dim", "An array stretched, its axes at the places given.")
        .in({"lax"})
        .arg("operand")
        .arg("shape")
        .arg("broadcast_dimensions")
        .does(&broadcast_in_dim),
}};

}  // namespace
}  // namespace linenc::functions
