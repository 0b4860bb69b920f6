// jnp.interp: a curve of straight lines through points. Tested by tests/compiler/functions/goldens_test.cpp.
#include <array>

#include "compiler/catalog/arrange.h"
#include "compiler/catalog/indexing.h"
#include "compiler/catalog/registry.h"

namespace linenc::functions {
namespace {

using namespace catalog;
using enum ElementwiseKind;

// Below this a distance counts as none: numpy.spacing(finfo(dtype).eps), which NumPy does not know of bfloat16.
double least_distance(Context& context, Tensor xp) {
  if (xp.dtype() == DType::BFloat16) fail_dtype(context, "has no answer for bfloat16 in JAX; convert to float32", {xp});
  return xp.dtype() == DType::Float16 ? 0x1p-20 : 0x1p-46;
}

struct Points {
  Tensor x, y;
};

// The points of one period, one more at each end.
Points repeated(Context& context, Points points, Tensor period) {
  graph::Builder& b = context.builder;
  const std::vector<Tensor> sorted = graph::sort(b, std::array{catalog::remainder(context, points.x, period), points.y}, 0);
  const auto first = [&](Tensor v) { return graph::slice_axis(b, v, 0, 0, 1); };
  const auto last = [&](Tensor v) { return graph::slice_axis(b, v, 0, v.dim(0) - 1, 1); };
  const Tensor before = catalog::binary(context, Subtract, last(sorted[0]), period), after = catalog::binary(context, Add, first(sorted[0]), period);
  return {catalog::concatenate(context, {before, sorted[0], after}, 0),
          catalog::concatenate(context, {last(sorted[1]), sorted[1], first(sorted[1])}, 0)};
}

// Whether the line of the first or the last two points goes on.
bool extrapolates(const Bound& args, std::size_t i) {
  if (!args.value(i).text()) return false;
  if (args.text(i) != "extrapolate") args.wrong_type(i, "a number or 'extrapolate'");
  return true;
}

// Parameters: x xp fp left right period.
Value interp(const Bound& args) {
  Context& context = args.context;
  graph::Builder& b = context.builder;
  Points points{args.tensor(1), args.tensor(2)};
  if (points.x.rank() != 1 || points.y.rank() != 1) {
    fail_shape(context, concat("needs two vectors of points, and has ", points.x.fact(), " and ", points.y.fact()), {points.x, points.y});
  }
  require_equal(context, points.x.dim(0), points.y.dim(0), concat("has ", points.x.dim(0), " places for ", points.y.dim(0), " values"),
                {points.x, points.y});
  std::array<Tensor, 2> both{args.tensor(0), points.x};
  promote_all(context, both);
  for (Tensor& t : both) t = retyped(context, t, to_inexact(t.dtype()));
  Tensor x = both[0];
  points.x = both[1];
  points.y = retyped(context, points.y, to_inexact(points.y.dtype()));
  const bool is_periodic = !args.none(5);
  if (is_periodic) {
    const Tensor given = args.tensor(5), period = is_unsigned(given.dtype()) ? given : graph::unary(b, Abs, given);
    x = catalog::remainder(context, x, period);
    points = repeated(context, points, period);
  }

  // The number of the point behind each x: from the second to the last.
  const Dim last = points.x.dim(0) - 1;
  const Tensor before = graph::binary(b, LessEqual, points.x, graph::expand_dims(b, graph::convert(b, x, points.x.dtype()), x.rank()));
  const Tensor count = graph::reduce(b, ReduceKind::Sum, graph::convert(b, before, DType::Int32), {before.rank() - 1});
  const Tensor one = graph::integer_scalar(b, 1, DType::Int32);
  const Tensor i = graph::binary(b, Minimum, graph::size_scalar(b, last, DType::Int32), graph::binary(b, Maximum, one, count));
  const Tensor j = graph::binary(b, Subtract, i, one);
  const auto at = [&](Tensor v, Tensor places) { return take(context, v, places, 0, GatherMode::Clip); };
  const Tensor low_x = at(points.x, j), low_y = at(points.y, j);
  const Tensor rise = catalog::binary(context, Subtract, at(points.y, i), low_y);
  const Tensor run = catalog::binary(context, Subtract, at(points.x, i), low_x);
  const Tensor is_step = graph::binary(b, LessEqual, graph::unary(b, Abs, run), graph::scalar(b, least_distance(context, points.x), run.dtype()));
  const Tensor part = divide(context, catalog::binary(context, Subtract, x, low_x), where(context, is_step, number(context, 1, run.dtype()), run));
  Tensor y = where(context, is_step, low_y, catalog::binary(context, Add, low_y, catalog::binary(context, Multiply, part, rise)));
  if (is_periodic) return y;

  const auto end_of = [&](Tensor v, const Dim& place) { return graph::squeeze(b, graph::slice_axis(b, v, 0, place, 1), 0); };
  const auto value_beyond = [&](std::size_t side, const Dim& place) { return args.none(side) ? end_of(points.y, place) : args.tensor(side); };
  if (!extrapolates(args, 3)) y = where(context, catalog::binary(context, Less, x, end_of(points.x, 0)), value_beyond(3, 0), y);
  if (!extrapolates(args, 4)) y = where(context, catalog::binary(context, Greater, x, end_of(points.x, last)), value_beyond(4, last), y);
  return y;
}

const RegisterFunction family{FunctionSpec("interp", "Values of a curve of straight lines through points.")
                                  .in({"jnp"})
                                  .arg("x")
                                  .arg("xp")
                                  .arg("fp")
                                  .arg("left", None{})
                                  .arg("right", None{})
                                  .arg("period", None{})
                                  .does(&interp)};

}  // namespace
}  // namespace linenc::functions
