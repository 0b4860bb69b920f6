// Reshapes, permutations, concatenations and repetitions with jax.numpy's meaning.
// Tested by tests/compiler/catalog/arrange_test.cpp.
#include "compiler/catalog/arrange.h"

#include <algorithm>
#include <numeric>

#include "compiler/catalog/context.h"
#include "compiler/catalog/unequal.h"
#include "compiler/diagnostics/concat.h"

namespace linenc::catalog {

using graph::DimContext;
using graph::Reason;
using graph::Truth;

bool is_equal(Context& context, const Dim& a, const Dim& b) { return a == b || context.builder.dims().equal(a, b) == Truth::Yes; }

bool is_equal(Context& context, const Dims& a, const Dims& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](const Dim& x, const Dim& y) { return is_equal(context, x, y); });
}

void fail_shape(Context& context, std::string text, const std::vector<Tensor>& operands) {
  Reason reason;
  reason.text = std::move(text);
  context.builder.fail(reason, operands);
}

void fail_dtype(Context& context, std::string text, const std::vector<Tensor>& operands) {
  Reason reason;
  reason.kind = Reason::Kind::Dtype;
  reason.text = std::move(text);
  context.builder.fail(reason, operands);
}

void require_equal(Context& context, const Dim& a, const Dim& b, const std::string& text, const std::vector<Tensor>& operands) {
  if (is_equal(context, a, b)) return;
  Reason reason;
  reason.text = text;
  fail_unequal(context, a, b, std::move(reason), operands);
}

void fail_unequal(Context& context, const Dim& a, const Dim& b, Reason reason, const std::vector<Tensor>& operands) {
  if (context.builder.dims().equal(a, b) == Truth::Unknown) {
    reason.kind = Reason::Kind::Unproven;
    // The unknown size first: "batch == 6".
    reason.fact = a.is_constant() ? concat(b, " == ", a) : concat(a, " == ", b);
    reason.text += concat(" unless ", reason.fact);
  }
  context.builder.fail(reason, operands);
}

Dims fill_in_shape(Context& context, Tensor x, Dims wanted) {
  const auto open = std::find(wanted.begin(), wanted.end(), Dim(-1));
  if (open == wanted.end()) return wanted;
  const Dims written = wanted;
  if (std::count(wanted.begin(), wanted.end(), Dim(-1)) > 1) fail_shape(context, "can leave one size open with -1 only", {x});
  *open = 1;
  const DimContext& dims = context.builder.dims();
  const Dim count = graph::element_count(x.shape()), rest = graph::element_count(wanted);
  if (rest == Dim(0)) fail_shape(context, concat("cannot tell the size -1 of ", graph::to_string(written), " beside a size 0"), {x});
  const Dim size = dims.simplify(floor_div(count, rest));
  const Truth is_even = dims.equal(size * rest, count);
  if (is_even != Truth::Yes) {
    Reason reason;
    reason.text = concat("cannot reshape ", graph::to_string(x.shape()), " to ", graph::to_string(written));
    reason.operand_a = 0;
    if (is_even == Truth::Unknown) {
      reason.kind = Reason::Kind::Unproven;
      reason.fact = concat(rest.is_constant() && count.as_name() ? count.text() : concat("(", count, ")"), " % ",
                           rest.is_constant() ? rest.text() : concat("(", rest, ")"), " == 0");
      reason.text += concat(" unless ", reason.fact);
    }
    context.builder.fail(reason, std::vector{x});
  }
  *open = size;
  return wanted;
}

Tensor reshape(Context& context, Tensor x, Dims shape) { return graph::reshape(context.builder, x, fill_in_shape(context, x, std::move(shape))); }

Tensor flatten(Context& context, Tensor x) { return x.rank() == 1 ? x : graph::reshape(context.builder, x, {graph::element_count(x.shape())}); }

Tensor move_axis(Context& context, Tensor x, std::int64_t from, std::int64_t to) {
  if (from == to) return x;
  std::vector<std::int64_t> permutation;
  for (std::int64_t axis = 0; axis < x.rank(); ++axis) {
    if (axis != from) permutation.push_back(axis);
  }
  permutation.insert(permutation.begin() + to, from);
  return graph::transpose(context.builder, x, std::move(permutation));
}

Tensor swap_axes(Context& context, Tensor x, std::int64_t a, std::int64_t b) {
  if (a == b) return x;
  std::vector<std::int64_t> permutation(static_cast<std::size_t>(x.rank()));
  std::iota(permutation.begin(), permutation.end(), 0);
  std::swap(permutation[static_cast<std::size_t>(a)], permutation[static_cast<std::size_t>(b)]);
  return graph::transpose(context.builder, x, std::move(permutation));
}

Tensor concatenate(Context& context, std::vector<Tensor> parts, std::int64_t axis) {
  promote_all(context, parts);
  return parts.size() == 1 ? parts[0] : graph::concatenate(context.builder, parts, axis);
}

Tensor stack(Context& context, std::vector<Tensor> parts, std::int64_t axis) {
  for (Tensor& part : parts) part = graph::expand_dims(context.builder, part, axis);
  return concatenate(context, std::move(parts), axis);
}

Tensor with_rank(Context& context, Tensor x, std::int64_t rank) {
  if (x.rank() >= rank) return x;
  Dims shape(static_cast<std::size_t>(rank - x.rank()), Dim(1));
  shape.insert(shape.end(), x.shape().begin(), x.shape().end());
  return graph::reshape(context.builder, x, shape);
}

Tensor tile(Context& context, Tensor x, Dims repetitions) {
  if (static_cast<std::int64_t>(repetitions.size()) < x.rank()) {
    repetitions.insert(repetitions.begin(), static_cast<std::size_t>(x.rank()) - repetitions.size(), Dim(1));
  }
  x = with_rank(context, x, static_cast<std::int64_t>(repetitions.size()));
  if (std::all_of(repetitions.begin(), repetitions.end(), [](const Dim& d) { return d == Dim(1); })) return x;
  // Each axis n becomes (r, n) and then r*n.
  Dims open, repeated, closed;
  for (std::size_t axis = 0; axis < repetitions.size(); ++axis) {
    const Dim& size = x.shape()[axis];
    if (repetitions[axis] == Dim(1)) {
      open.push_back(size), repeated.push_back(size);
    } else {
      open.insert(open.end(), {Dim(1), size}), repeated.insert(repeated.end(), {repetitions[axis], size});
    }
    closed.push_back(repetitions[axis] * size);
  }
  const Tensor wide = graph::broadcast_to(context.builder, graph::reshape(context.builder, x, open), repeated);
  return graph::reshape(context.builder, wide, closed);
}

Tensor repeat(Context& context, Tensor x, const Dim& times, std::int64_t axis) {
  if (times == Dim(1)) return x;
  Dims repeated = x.shape(), closed = x.shape();
  repeated.insert(repeated.begin() + axis + 1, times);
  closed[static_cast<std::size_t>(axis)] = times * x.dim(axis);
  const Tensor open = graph::expand_dims(context.builder, x, axis + 1);
  return graph::reshape(context.builder, graph::broadcast_to(context.builder, open, repeated), closed);
}

Tensor roll(Context& context, Tensor x, const Dim& shift, std::int64_t axis) {
  const Dim size = x.dim(axis);
  if (size == Dim(0) || size == Dim(1)) return x;
  const Dim cut = context.builder.dims().simplify(modulo(shift, size));
  if (cut == Dim(0)) return x;
  const Tensor last = graph::slice_axis(context.builder, x, axis, size - cut, cut);
  const Tensor first = graph::slice_axis(context.builder, x, axis, 0, size - cut);
  return graph::concatenate(context.builder, std::vector{last, first}, axis);
}

std::vector<Tensor> split_at(Context& context, Tensor x, const Dims& borders, std::int64_t axis) {
  std::vector<Tensor> parts;
  Dim start = 0;
  for (std::size_t i = 0; i <= borders.size(); ++i) {
    const Dim end = i < borders.size() ? borders[i] : x.dim(axis);
    parts.push_back(graph::slice_axis(context.builder, x, axis, start, end - start));
    start = end;
  }
  return parts;
}

}  // namespace linenc::catalog
