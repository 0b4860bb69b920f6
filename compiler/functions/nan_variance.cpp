// Variance and standard deviation of what is not NaN. Tested by tests/compiler/functions/goldens_test.cpp.
#include <cmath>

#include "compiler/catalog/arrange.h"
#include "compiler/catalog/registry.h"
#include "compiler/functions/reduction_arguments.h"

namespace linenc::functions {
namespace {

using namespace catalog;
using enum ElementwiseKind;

// Parameters: a axis dtype out ddof keepdims where mean.
Tensor variance_of_numbers(const Bound& args) {
  Context& context = args.context;
  graph::Builder& b = context.builder;
  const Tensor given = args.tensor(0);
  const std::vector<std::int64_t> axes = args.axes(1, given.rank());
  const DType out = args.optional_dtype(2).value_or(to_inexact(given.dtype()));
  if (!is_float(out)) args.wrong_type(2, "a float dtype");
  const DType wide = out == DType::Float16 || out == DType::BFloat16 ? DType::Float32 : out;
  const Tensor x = astype(context, given, wide);
  const auto mask = mask_of(args, 6);
  const bool keepdims = args.boolean(5);
  const Tensor is_nan = graph::unary(b, IsNan, x), is_number = graph::unary(b, Not, is_nan);
  const Tensor zero = graph::scalar(b, 0, wide);
  const auto total = [&](Tensor values, bool keep) { return graph::reduce(b, ReduceKind::Sum, masked(context, values, mask, 0), axes, keep); };

  Tensor center;
  if (args.none(7)) {
    const Tensor numbers = total(graph::convert(b, is_number, wide), true);
    center = graph::binary(b, Divide, total(where(context, is_nan, zero, x), true), numbers);
  } else {
    center = astype(context, args.tensor(7), wide);
  }
  const Tensor apart = where(context, is_nan, zero, catalog::binary(context, Subtract, x, center));
  const Tensor squares = total(graph::binary(b, Multiply, apart, apart), keepdims);
  const Tensor count = catalog::binary(context, Subtract, total(graph::convert(b, is_number, DType::Int32), keepdims), args.tensor(4));
  const Tensor none = number(context, 0, count.dtype()), one = number(context, 1, count.dtype());
  const Tensor has_none = catalog::binary(context, LessEqual, count, none);
  const Tensor divisor = graph::convert(b, where(context, has_none, one, count), wide);
  const Tensor checked = where(context, has_none, graph::scalar(b, NAN, wide), squares);
  return astype(context, graph::binary(b, Divide, checked, divisor), out);
}

FunctionSpec spread(std::string name, std::string doc) {
  return FunctionSpec(std::move(name), std::move(doc))
      .in({"jnp"})
      .arg("a")
      .arg("axis", None{})
      .arg("dtype", None{})
      .arg("out", None{})
      .arg("ddof", 0)
      .arg("keepdims", false)
      .arg("where", None{})
      .arg("mean", None{});
}

const RegisterFunctions family{{
    spread("nanvar", "The variance of what is not NaN.").does([](const Bound& args) -> Value { return variance_of_numbers(args); }),
    spread("nanstd", "The standard deviation of what is not NaN.").does([](const Bound& args) -> Value {
      return graph::unary(args.context.builder, Sqrt, variance_of_numbers(args));
    }),
}};

}  // namespace
}  // namespace linenc::functions
