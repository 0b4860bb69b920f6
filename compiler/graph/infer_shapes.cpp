// Rules of ops that move elements: making, reshaping, slicing, joining, gathering.
#include <algorithm>

#include "compiler/graph/infer_rules.h"

namespace linenc::graph::rules {
namespace {

using Relation = DimContext::Relation;

bool same_count(const Input& in, const Dims& a, const Dims& b) {
  const Dim count_a = element_count(a), count_b = element_count(b);
  return count_a == count_b || in.context.equal(count_a, count_b) == Truth::Yes;
}

// Axes at the front and at the back that the reshape leaves alone keep their origins.
void pass_reshape_origins(Fact& fact, const Fact& operand) {
  const std::size_t shorter = std::min(fact.rank(), operand.rank());
  std::size_t front = 0, back = 0;
  while (front < shorter && fact.shape[front] == operand.shape[front]) ++front;
  while (back < shorter - front && fact.shape[fact.rank() - 1 - back] == operand.shape[operand.rank() - 1 - back]) ++back;
  for (std::size_t axis = 0; axis < front; ++axis) set_origin(fact, axis, operand, axis);
  for (std::size_t i = 1; i <= back; ++i) set_origin(fact, fact.rank() - i, operand, operand.rank() - i);
}

struct GatherShape {
  std::int64_t axis, batch_dims;
};

void check_gather(const Input& in, const GatherShape& at) {
  const Fact &x = in.operand(0), &indices = in.operand(1);
  expect_axis(in, at.axis, x.rank());
  if (at.batch_dims < 0 || at.batch_dims > at.axis || at.batch_dims > static_cast<std::int64_t>(indices.rank())) {
    fail(Reason::Kind::Range, concat("cannot have ", at.batch_dims, " common axes of ", to_string(x.shape), " and ", to_string(indices.shape)), 0, -1,
         1);
  }
  if (indices.dtype != DType::Int32) fail(Reason::Kind::Dtype, concat("needs int32 indices, not ", indices.dtype), 1);
  for (std::int64_t i = 0; i < at.batch_dims; ++i) {
    const auto axis = static_cast<std::size_t>(i);
    expect_equal(in, x.shape[axis], indices.shape[axis],
                 concat("has indices ", to_string(indices.shape), " whose axis ", i, " is not that of ", to_string(x.shape)), 0, static_cast<int>(i),
                 1, static_cast<int>(i));
  }
}

// x with its axis replaced by the axes of the indices.
Fact gathered(const Input& in, const GatherShape& at) {
  const Fact &x = in.operand(0), &indices = in.operand(1);
  Fact fact = fact_of(x.dtype, {}, x.weak);
  for (std::size_t axis = 0; axis < static_cast<std::size_t>(at.axis); ++axis) push_axis(fact, x, axis);
  for (std::size_t axis = static_cast<std::size_t>(at.batch_dims); axis < indices.rank(); ++axis) push_axis(fact, indices, axis);
  for (std::size_t axis = static_cast<std::size_t>(at.axis) + 1; axis < x.rank(); ++axis) push_axis(fact, x, axis);
  return fact;
}

void check_starts(const Input& in, std::size_t first) {
  const std::size_t rank = in.operand(0).rank();
  expect_length(in.operands.size() - first, rank, "starts");
  for (std::size_t i = first; i < in.operands.size(); ++i) {
    expect_scalar(in, i);
    expect_dtype(in, i, DType::Int32);
  }
}

void check_window_fits(const Input& in, const Dims& sizes, int operand) {
  const Dims& shape = in.operand(0).shape;
  for (std::size_t axis = 0; axis < shape.size(); ++axis) {
    if (sizes[axis] == shape[axis]) continue;
    expect_holds(in, sizes[axis], Relation::LessEqual, shape[axis],
                 concat("needs ", sizes[axis], " elements along ", axis_name(axis, shape.size()), " of ", to_string(shape)), operand,
                 static_cast<int>(axis));
  }
}

}  // namespace

Facts constant(const Input& in) {
  expect_operands(in, 0, 0);
  Fact fact = fact_of(requested_dtype(in), requested_shape(in));
  const auto& attributes_ = attributes<ConstantAttributes<Dim>>(in);
  const std::size_t elements = attributes_.bytes.size() / byte_size(fact.dtype);
  if (!attributes_.is_size && elements != 1) {
    expect_equal(in, element_count(fact.shape), static_cast<std::int64_t>(elements),
                 concat("has ", elements, " elements for the shape ", to_string(fact.shape)));
  }
  return {std::move(fact)};
}

Facts iota(const Input& in) {
  expect_operands(in, 0, 0);
  Fact fact = fact_of(requested_dtype(in), requested_shape(in));
  if (!is_float(fact.dtype) && !is_integer(fact.dtype)) fail(Reason::Kind::Dtype, concat("cannot count in ", fact.dtype));
  expect_axis(in, attributes<AxisAttributes>(in).axis, fact.rank());
  return {std::move(fact)};
}

Facts reshape(const Input& in) {
  expect_operands(in, 1, 1);
  const Fact& x = in.operand(0);
  Fact fact = fact_of(x.dtype, requested_shape(in), x.weak);
  if (!same_count(in, x.shape, fact.shape)) {
    const Dim from = element_count(x.shape), to = element_count(fact.shape);
    if (from.is_overflow() || to.is_overflow())
      fail(Reason::Kind::TooLarge, concat("makes ", to_string(fact.shape), ", whose size is out of range"), 0);
    const std::string pair = concat("cannot reshape ", to_string(x.shape), " to ", to_string(fact.shape));
    // Shapes of plain names and numbers that differ by a factor are a slip; the others may be right for some sizes.
    const bool plain = in.context.equal(from, to) == Truth::No || (from.is_constant() && to.is_constant());
    if (plain) fail(Reason::Kind::Shape, concat(pair, ": ", from, " elements are not ", to), 0);
    const std::string equality = fact_text(in.context, from, to);
    fail(Reason::Kind::Unproven, concat(pair, " unless ", equality), 0, -1, -1, -1, equality);
  }
  pass_reshape_origins(fact, x);
  return {std::move(fact)};
}

Facts broadcast(const Input& in) {
  expect_operands(in, 1, 1);
  const Fact& x = in.operand(0);
  Fact fact = fact_of(x.dtype, requested_shape(in), x.weak);
  const std::string text = concat("cannot broadcast ", to_string(x.shape), " to ", to_string(fact.shape));
  if (x.rank() > fact.rank()) fail(Reason::Kind::Shape, text, 0);
  const std::size_t shift = fact.rank() - x.rank();
  for (std::size_t axis = 0; axis < x.rank(); ++axis) {
    if (x.shape[axis].constant() == 1) continue;
    expect_equal(in, x.shape[axis], fact.shape[axis + shift], text, 0, static_cast<int>(axis));
    set_origin(fact, axis + shift, x, axis);
  }
  return {std::move(fact)};
}

Facts transpose(const Input& in) {
  expect_operands(in, 1, 1);
  const Fact& x = in.operand(0);
  const auto& permutation = attributes<TransposeAttributes>(in).permutation;
  expect_length(permutation.size(), x.rank(), "axes");
  expect_axes(in, permutation, x.rank());
  Fact fact = fact_of(x.dtype, {}, x.weak);
  for (const std::int64_t axis : permutation) push_axis(fact, x, static_cast<std::size_t>(axis));
  return {std::move(fact)};
}

Facts slice(const Input& in) {
  expect_operands(in, 1, 1);
  const Fact& x = in.operand(0);
  const auto& [start, stride] = attributes<SliceAttributes<Dim>>(in);
  Fact fact = fact_of(x.dtype, requested_shape(in), x.weak);
  expect_length(start.size(), x.rank(), "starts");
  expect_length(stride.size(), x.rank(), "strides");
  expect_length(fact.rank(), x.rank(), "sizes");
  for (std::size_t axis = 0; axis < x.rank(); ++axis) {
    const Dim& size = fact.shape[axis];
    if (size == x.shape[axis] && start[axis] == Dim(0) && stride[axis] == 1) {
      set_origin(fact, axis, x, axis);
      continue;
    }
    if (stride[axis] < 1) fail(Reason::Kind::Range, concat("needs strides of at least 1, not ", stride[axis]), 0, static_cast<int>(axis));
    const std::string place = concat(axis_name(axis, x.rank()), " of ", to_string(x.shape));
    expect_holds(in, start[axis], Relation::GreaterEqual, 0, concat("slices ", place, " from ", start[axis]), 0, static_cast<int>(axis));
    if (size.constant() == 0) continue;
    // Nothing is read where the size is 0.
    const Dim end = start[axis] + maximum((size - 1) * stride[axis] + 1, 0);
    expect_holds(in, end, Relation::LessEqual, x.shape[axis], concat("slices ", place, " up to ", end), 0, static_cast<int>(axis));
  }
  return {std::move(fact)};
}

Facts reverse(const Input& in) {
  expect_operands(in, 1, 1);
  expect_axes(in, attributes<ReverseAttributes>(in).axes, in.operand(0).rank());
  return {in.operand(0)};
}

Facts concatenate(const Input& in) {
  expect_operands(in, 1, static_cast<std::size_t>(-1));
  const std::int64_t along = attributes<AxisAttributes>(in).axis;
  Fact fact = in.operand(0);
  fact.weak = all_weak(in);
  expect_axis(in, along, fact.rank());
  expect_one_dtype(in, 0, in.operands.size());
  const auto axis_along = static_cast<std::size_t>(along);
  for (std::size_t i = 1; i < in.operands.size(); ++i) {
    const Fact& part = in.operand(i);
    const std::string text =
        concat("cannot join ", to_string(in.operand(0).shape), " and ", to_string(part.shape), " along ", axis_name(axis_along, fact.rank()));
    if (part.rank() != fact.rank()) fail(Reason::Kind::Shape, text, 0, -1, static_cast<int>(i));
    for (std::size_t axis = 0; axis < fact.rank(); ++axis) {
      if (axis == axis_along) continue;
      expect_equal(in, fact.shape[axis], part.shape[axis], text, 0, static_cast<int>(axis), static_cast<int>(i), static_cast<int>(axis));
    }
    fact.shape[axis_along] = fact.shape[axis_along] + part.shape[axis_along];
  }
  if (in.operands.size() > 1 && !fact.axis_origins.empty()) fact.axis_origins[axis_along] = 0;
  return {std::move(fact)};
}

Facts pad(const Input& in) {
  expect_operands(in, 2, 2);
  const auto& [low, high, interior] = attributes<PadAttributes<Dim>>(in);
  const Fact& x = in.operand(0);
  expect_scalar(in, 1);
  expect_one_dtype(in, 0, 2);
  expect_length(low.size(), x.rank(), "paddings");
  expect_length(high.size(), x.rank(), "paddings");
  expect_length(interior.size(), x.rank(), "inner paddings");
  Fact fact = fact_of(x.dtype, {}, x.weak);
  for (std::size_t axis = 0; axis < x.rank(); ++axis) {
    if (interior[axis] < 0) fail(Reason::Kind::Range, concat("needs inner padding of at least 0, not ", interior[axis]), 0, static_cast<int>(axis));
    if (low[axis] == Dim(0) && high[axis] == Dim(0) && interior[axis] == 0) {
      push_axis(fact, x, axis);
      continue;
    }
    const Dim& size = x.shape[axis];
    push_axis(fact, low[axis] + high[axis] + size + (interior[axis] == 0 ? Dim(0) : maximum(size - 1, 0) * interior[axis]));
  }
  return {std::move(fact)};
}

Facts gather(const Input& in) {
  expect_operands(in, 2, 2);
  const auto& attributes_ = attributes<GatherAttributes>(in);
  const GatherShape at{attributes_.axis, attributes_.batch_dims};
  check_gather(in, at);
  return {gathered(in, at)};
}

Facts scatter(const Input& in) {
  expect_operands(in, 3, 3);
  const auto& attributes_ = attributes<ScatterAttributes>(in);
  const GatherShape at{attributes_.axis, attributes_.batch_dims};
  check_gather(in, at);
  const Fact wanted = gathered(in, at);
  const Fact& updates = in.operand(2);
  if (updates.dtype != wanted.dtype) {
    fail(Reason::Kind::Dtype, concat("needs updates of ", wanted.dtype, ", not ", updates.dtype), 0, -1, 2);
  }
  if (attributes_.kind != ScatterKind::Set && (wanted.dtype == DType::Bool || wanted.dtype == DType::Key)) {
    fail(Reason::Kind::Dtype, concat("needs numbers, not ", wanted.dtype), 0);
  }
  const std::string text = concat("needs updates ", to_string(wanted.shape), ", not ", to_string(updates.shape));
  if (updates.rank() != wanted.rank()) fail(Reason::Kind::Shape, text, -1, -1, 2);
  for (std::size_t axis = 0; axis < wanted.rank(); ++axis) {
    expect_equal(in, wanted.shape[axis], updates.shape[axis], text, -1, -1, 2, static_cast<int>(axis));
  }
  Fact fact = in.operand(0);
  fact.weak = all_weak(in);
  return {std::move(fact)};
}

Facts dynamic_slice(const Input& in) {
  expect_operands(in, 1, static_cast<std::size_t>(-1));
  const Fact& x = in.operand(0);
  Fact fact = fact_of(x.dtype, requested_shape(in), x.weak);
  check_starts(in, 1);
  expect_length(fact.rank(), x.rank(), "sizes");
  check_window_fits(in, fact.shape, 0);
  for (std::size_t axis = 0; axis < x.rank(); ++axis) {
    if (fact.shape[axis] == x.shape[axis]) set_origin(fact, axis, x, axis);
  }
  return {std::move(fact)};
}

Facts dynamic_update_slice(const Input& in) {
  expect_operands(in, 2, static_cast<std::size_t>(-1));
  const Fact &x = in.operand(0), &update = in.operand(1);
  expect_one_dtype(in, 0, 2);
  check_starts(in, 2);
  if (update.rank() != x.rank()) {
    fail(Reason::Kind::Shape, concat("needs an update with ", x.rank(), " axes, not ", to_string(update.shape)), 0, -1, 1);
  }
  check_window_fits(in, update.shape, 1);
  return {x};
}

}  // namespace linenc::graph::rules
