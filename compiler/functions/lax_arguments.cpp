// What jax.lax checks before it computes.
#include "compiler/functions/lax_arguments.h"

#include <algorithm>

#include "compiler/catalog/arrange.h"
#include "compiler/catalog/context.h"
#include "compiler/catalog/static_array.h"
#include "compiler/diagnostics/concat.h"

namespace linenc::functions {

using namespace catalog;

namespace {

void expect_list(const Bound& args, std::size_t i) {
  const ArrayPtr array = args.value(i).array();
  if (!args.value(i).list() && !(array && array->rank() == 1)) args.wrong_type(i, "a list of ints");
}

std::int64_t checked_axis(const Bound& args, std::size_t i, std::int64_t axis, std::int64_t rank) {
  if (axis >= 0 && axis < rank) return axis;
  const bool is_from_end = axis < 0 && axis >= -rank;
  args.context.fail(Code::ShapeMismatch, args.item(i).place,
                    is_from_end ? concat("`lax` counts axes from 0: ", axis, " of ", rank, " axes is ", axis + rank)
                                : concat("there is no axis ", axis, " among ", rank));
}

}  // namespace

std::int64_t lax_axis(const Bound& args, std::size_t i, std::int64_t rank) { return checked_axis(args, i, args.integer(i), rank); }

Dims lax_sizes(const Bound& args, std::size_t i) {
  expect_list(args, i);
  return args.dims(i);
}

std::vector<std::int64_t> lax_axes(const Bound& args, std::size_t i, std::int64_t rank, bool may_be_negative) {
  expect_list(args, i);
  if (!may_be_negative) {
    for (const std::int64_t axis : args.integers(i)) (void)checked_axis(args, i, axis, rank);
  }
  return args.axes(i, rank);
}

void expect_one_rank(const Bound& args, std::span<const Tensor> operands) {
  std::int64_t rank = 0;
  for (const Tensor& x : operands) {
    if (x.rank() != 0 && rank != 0 && x.rank() != rank) {
      fail_shape(args.context, concat("takes arrays of one rank, and has ", rank, " and ", x.rank(), ": the functions of `jnp` broadcast them"),
                 {operands.begin(), operands.end()});
    }
    rank = std::max(rank, x.rank());
  }
}

}  // namespace linenc::functions
