// orthogonal and delta_orthogonal (linen-semantics D.1): the Q of normal draws, with the signs that make R's diagonal positive.
// Tested by tests/compiler/initializers.
#include <algorithm>
#include <limits>

#include "compiler/catalog/arrange.h"
#include "compiler/catalog/draws.h"
#include "compiler/catalog/numpy.h"
#include "compiler/catalog/registry.h"
#include "compiler/graph/ops.h"

namespace linenc::catalog {
namespace {

struct Orthogonal {
  Value scale = 1.0;  // a number or an array
  std::int64_t column_axis = -1;
};

// jax.random.orthogonal(key, rows, (), float32, columns)
Tensor matrix(Context& context, Tensor key, std::int64_t rows, std::int64_t columns) {
  graph::Builder& b = context.builder;
  DrawAttributes normal;
  normal.kind = DrawKind::Normal;
  const Tensor draws = graph::draw(b, to_key(context, key), normal, DType::Float32, {std::max(rows, columns), std::min(rows, columns)});
  const Tensor q = graph::orthogonalize(b, draws);
  return rows < columns ? graph::transpose(b, q, {1, 0}) : q;
}

Tensor make_orthogonal(Context& context, const Orthogonal& options, Tensor key, const Dims& shape, DType dtype) {
  graph::Builder& b = context.builder;
  if (shape.size() < 2)
    context.fail(Code::LayerRule, concat("`orthogonal` needs a shape of rank 2 or more, and this one is ", graph::to_string(shape)));
  if (dtype != DType::Float32) context.fail(Code::DtypeMismatch, concat("`orthogonal` decomposes float32 matrices, and this dtype is ", dtype));
  const std::int64_t axis = normalize_axis(context, options.column_axis, static_cast<std::int64_t>(shape.size()));
  const auto count = graph::element_count(shape).constant(), columns = shape[static_cast<std::size_t>(axis)].constant();
  // Sizes that are no numbers yet: the value does not matter, for no plan is made of this graph.
  if (!count || !columns) return graph::full(b, std::numeric_limits<double>::quiet_NaN(), dtype, shape);
  if (*count == 0) return graph::full(b, 0, dtype, shape);
  Dims rest = shape;
  rest.erase(rest.begin() + axis);
  rest.emplace_back(*columns);
  const Tensor q = graph::reshape(b, matrix(context, key, *count / *columns, *columns), rest);
  const Tensor placed = move_axis(context, q, q.rank() - 1, axis);
  return binary(context, ElementwiseKind::Multiply, to_tensor(context, options.scale, dtype), placed);
}

// Zeros, and an orthogonal matrix where all window axes are in the middle.
Tensor make_delta(Context& context, const Orthogonal& options, Tensor key, const Dims& shape, DType dtype) {
  graph::Builder& b = context.builder;
  if (shape.size() < 3 || shape.size() > 5) {
    context.fail(Code::LayerRule, concat("`delta_orthogonal` needs a shape of rank 3, 4 or 5, and this one is ", graph::to_string(shape)));
  }
  const Dim &inputs = shape[shape.size() - 2], &outputs = shape.back();
  if (b.dims().holds(inputs, graph::DimContext::Relation::LessEqual, outputs) == graph::Truth::No) {
    context.fail(Code::LayerRule, concat("`delta_orthogonal` needs as many outputs as inputs or more, and the shape is ", graph::to_string(shape)));
  }
  const Tensor q = make_orthogonal(context, options, key, {inputs, outputs}, dtype);
  Dims expanded(shape.size() - 2, 1), low(shape.size(), 0), high(shape.size(), 0);
  for (std::size_t axis = 0; axis + 2 < shape.size(); ++axis) {
    low[axis] = floor_div(shape[axis] - 1, 2);
    high[axis] = shape[axis] - 1 - low[axis];
  }
  expanded.push_back(inputs);
  expanded.push_back(outputs);
  return graph::pad(b, graph::reshape(b, q, expanded), graph::scalar(b, 0, dtype), low, high, std::vector<std::int64_t>(shape.size(), 0));
}

using Make = Tensor (*)(Context&, const Orthogonal&, Tensor, const Dims&, DType);

InitializerSpec spec(const std::string& name, const std::string& doc, Make make) {
  InitializerSpec result(name, doc);
  result.arg("scale", 1.0).arg("column_axis", -1).arg("dtype", Value()).does([name, make](const Bound& bound) {
    const Value& scale = bound.value(0);
    const Orthogonal options{scale.tensor() != nullptr ? scale : Value(bound.number(0)), bound.integer(1)};
    Initializer initializer{
        name, [options, make](Context& context, Tensor key, const Dims& shape, DType dtype) { return make(context, options, key, shape, dtype); }};
    initializer.dtype = bound.optional_dtype(2).value_or(DType::Float32);
    return initializer;
  });
  return result;
}

const RegisterInitializer orthogonal{
    spec("orthogonal", "Orthonormal rows or columns, whichever are fewer; Flax's values up to the rounding of a QR decomposition.", make_orthogonal)};
const RegisterInitializer delta_orthogonal{spec("delta_orthogonal", "Zeros but for an orthogonal matrix at the centre of the window.", make_delta)};

}  // namespace
}  // namespace linenc::catalog
