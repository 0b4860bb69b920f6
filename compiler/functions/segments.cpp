// Sums by number: segment_sum bincount and their kin. Tested by tests/compiler/functions/goldens_test.cpp.
#include <algorithm>
#include <array>
#include <cmath>

#include "compiler/catalog/arrange.h"
#include "compiler/catalog/registry.h"
#include "compiler/functions/reduction_arguments.h"

namespace linenc::functions {
namespace {

using namespace catalog;

// data[i] combined into the row segment_ids[i]; rows outside are dropped. A row has the axes of data behind the first one, and data
// stretch to the ids.
Value segment(const Bound& args, ScatterKind kind) {
  Context& context = args.context;
  graph::Builder& b = context.builder;
  const Tensor given = args.tensor(0), ids = args.tensor(1);
  // Of truth values, true is the larger.
  const bool is_truth = given.dtype() == DType::Bool && (kind == ScatterKind::Max || kind == ScatterKind::Min);
  const Tensor data = is_truth ? graph::convert(b, given, DType::UInt8) : given;
  if (args.none(2)) context.fail(Code::UnknownSize, args.place, "how many segments there are must be known while compiling: give `num_segments`");
  if (!is_integer(ids.dtype())) fail_dtype(context, concat("needs integer segment ids, not ", ids.dtype()), {data, ids});
  Dims shape{args.size(2)};
  shape.insert(shape.end(), data.shape().begin() + std::min<std::int64_t>(data.rank(), 1), data.shape().end());
  Dims of_updates = ids.shape();
  of_updates.insert(of_updates.end(), shape.begin() + 1, shape.end());
  const auto number_of = [&](std::int64_t value) {
    return is_float(data.dtype()) ? graph::scalar(b, static_cast<double>(value), data.dtype()) : graph::integer_scalar(b, value, data.dtype());
  };
  const Tensor start = kind == ScatterKind::Add        ? number_of(0)
                       : kind == ScatterKind::Multiply ? number_of(1)
                                                       : extreme(context, data.dtype(), kind == ScatterKind::Max);
  const Tensor combined = graph::scatter(b, graph::broadcast_to(b, start, shape), graph::convert(b, ids, DType::Int32),
                                         graph::broadcast_to(b, astype(context, data, data.dtype()), of_updates), {kind, 0, 0, GatherMode::Fill});
  return is_truth ? astype(context, combined, DType::Bool) : combined;
}

FunctionSpec segment_spec(std::string name, std::string doc, ScatterKind kind) {
  return FunctionSpec(std::move(name), std::move(doc))
      .in({"python", "jax.ops"})
      .arg("data")
      .arg("segment_ids")
      .arg("num_segments", None{})
      .arg("indices_are_sorted", false)
      .arg("unique_indices", false)
      .does([kind](const Bound& args) { return segment(args, kind); });
}

// How often each number occurs, or the sum of its weights.
Value bincount(const Bound& args) {
  Context& context = args.context;
  graph::Builder& b = context.builder;
  if (args.none(3)) context.fail(Code::UnknownSize, args.place, "how many numbers `bincount` counts must be known while compiling: give `length`");
  const Tensor given = args.tensor(0);
  if (is_float(given.dtype())) fail_dtype(context, concat("counts whole numbers, not ", given.dtype()), {given});
  const Tensor x = graph::convert(b, given, DType::Int32);
  const Tensor places = graph::binary(b, ElementwiseKind::Maximum, x, graph::integer_scalar(b, 0, DType::Int32));
  const Tensor weights = args.none(1) ? graph::integer_scalar(b, 1, DType::Int32) : astype(context, args.tensor(1), args.tensor(1).dtype());
  const Tensor zeros = graph::full(b, 0, weights.dtype(), {args.size(3)});
  return graph::scatter(b, zeros, places, graph::broadcast_to(b, weights, x.shape()), {ScatterKind::Add, 0, 0, GatherMode::Fill});
}

const RegisterFunctions family{{
    segment_spec("segment_sum", "The sum of each segment.", ScatterKind::Add),
    segment_spec("segment_max", "The largest element of each segment.", ScatterKind::Max),
    segment_spec("segment_min", "The smallest element of each segment.", ScatterKind::Min),
    segment_spec("segment_prod", "The product of each segment.", ScatterKind::Multiply),
    FunctionSpec("bincount", "How often each number occurs.")
        .in({"jnp"})
        .arg("x")
        .arg("weights", None{})
        .arg("minlength", 0)
        .keyword_only()
        .arg("length", None{})
        .does(&bincount),
}};

}  // namespace
}  // namespace linenc::functions
