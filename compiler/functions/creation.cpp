// New arrays: zeros ones full arange linspace eye tri and their kin. Tested by tests/compiler/functions/goldens_test.cpp.
#include <algorithm>
#include <array>
#include <cmath>

#include "compiler/catalog/arrange.h"
#include "compiler/catalog/registry.h"
#include "compiler/catalog/static_array.h"
#include "compiler/functions/creation.h"
#include "compiler/functions/lax_arguments.h"
#include "compiler/functions/static_numbers.h"

namespace linenc::functions {
namespace {

using namespace catalog;
using enum ElementwiseKind;

// --- filled ------------------------------------------------------------------------------------------

FunctionSpec filled(std::string name, std::string doc, double value) {
  return FunctionSpec(std::move(name), std::move(doc)).in({"jnp"}).arg("shape").arg("dtype", None{}).does([value](const Bound& args) -> Value {
    return graph::full(args.context.builder, value, args.optional_dtype(1).value_or(DType::Float32), args.dims(0));
  });
}

// A number outside of an integer type wraps round; a float goes to the nearest end, and NaN to 0.
std::optional<Tensor> filling(const Bound& args, std::optional<DType> dtype) {
  graph::Builder& b = args.context.builder;
  const Value value = plain(args.value(1));
  const DType wanted = dtype.value_or(DType::Int32);
  if (!is_integer(wanted)) return std::nullopt;
  if (const Dim* whole = value.integer(); whole && whole->constant()) return graph::integer_scalar(b, *whole->constant(), wanted, !dtype);
  if (value.number() && dtype) return graph::full(b, *value.number(), wanted, {});
  return std::nullopt;
}

Value full(const Bound& args) {
  Context& context = args.context;
  const auto dtype = args.optional_dtype(2);
  if (const auto value = filling(args, dtype)) return graph::broadcast_to(context.builder, *value, args.dims(0));
  if (args.value(1).list()) args.wrong_type(1, "an array or a number");
  const Tensor value = dtype ? to_tensor(context, args.value(1), *dtype, args.item(1).place) : to_tensor(context, args.value(1), args.item(1).place);
  return graph::broadcast_to(context.builder, value, args.dims(0));
}

// Of the shape and type of another array. Parameters from `first` on: dtype shape.
Value filled_like(const Bound& args, Tensor value, std::size_t first) {
  Context& context = args.context;
  const Tensor like = args.tensor(0);
  const auto dtype = args.optional_dtype(first);
  const Dims shape = args.none(first + 1) ? like.shape() : args.dims(first + 1);
  Tensor out = graph::broadcast_to(context.builder, astype(context, value, dtype.value_or(like.dtype())), shape);
  return !dtype && like.fact().weak ? graph::with_weak(context.builder, out, true) : out;
}

FunctionSpec like_spec(std::string name, std::string doc, double value) {
  return FunctionSpec(std::move(name), std::move(doc))
      .in({"jnp"})
      .arg("a")
      .arg("dtype", None{})
      .arg("shape", None{})
      .does([value](const Bound& args) { return filled_like(args, graph::scalar(args.context.builder, value, DType::Float32), 1); });
}

Value full_like(const Bound& args) { return filled_like(args, args.tensor(1), 2); }

Value array_of(const Bound& args) {
  const auto dtype = args.optional_dtype(1);
  const Span place = args.item(0).place;
  return dtype ? to_tensor(args.context, args.value(0), *dtype, place) : to_tensor(args.context, args.value(0), place);
}

Value array_with_rank(const Bound& args) { return with_rank(args.context, *array_of(args).tensor(), args.integer(4)); }

// --- counted -----------------------------------------------------------------------------------------

// start, start + step, …: whole numbers, which may be sizes.
Value whole_range(const Bound& args, const Dim& start, const Dim& stop, const Dim& step, DType own_dtype) {
  Context& context = args.context;
  graph::Builder& b = context.builder;
  const graph::DimContext& dims = b.dims();
  if (dims.equal(step, 0) != graph::Truth::No) context.fail(Code::EvaluationFailed, args.place, "the step of `arange` is 0");
  Dim size = dims.simplify(ceil_div(stop - start, step));
  if (dims.holds(size, graph::DimContext::Relation::GreaterEqual, 0) != graph::Truth::Yes) size = dims.simplify(maximum(size, 0));
  const DType dtype = args.optional_dtype(3).value_or(own_dtype);
  const DType wide = is_float(dtype) ? DType::Float32 : dtype;
  Tensor out = graph::iota(b, wide, {size}, 0);
  if (step != Dim(1)) out = graph::binary(b, Multiply, out, graph::size_scalar(b, step, wide));
  if (start != Dim(0)) out = graph::binary(b, Add, out, graph::size_scalar(b, start, wide));
  return graph::convert(b, out, dtype);
}

Value real_range(const Bound& args, double start, double stop, double step) {
  Context& context = args.context;
  graph::Builder& b = context.builder;
  if (step == 0) context.fail(Code::EvaluationFailed, args.place, "the step of `arange` is 0");
  const double size = std::max(0.0, std::ceil((stop - start) / step));
  const DType dtype = args.optional_dtype(3).value_or(DType::Float32);
  const DType wide = is_float(dtype) ? DType::Float32 : dtype;
  Tensor out = graph::iota(b, wide, {Dim(*to_int(context, size).integer())}, 0);
  const auto scalar = [&](double value) {
    return is_float(wide) ? graph::scalar(b, value, wide) : graph::integer_scalar(b, static_cast<std::int64_t>(value), wide);
  };
  if (step != 1) out = graph::binary(b, Multiply, out, scalar(step));
  if (start != 0) out = graph::binary(b, Add, out, scalar(start));
  return graph::convert(b, out, dtype);
}

// 2.0 too, beside a size that is not known yet.
bool has_whole_value(const Value& value) {
  return !value.number() || (std::abs(*value.number()) < 0x1p53 && std::floor(*value.number()) == *value.number());
}

Dim whole(const Value& value) {
  if (value.boolean()) return Dim(*value.boolean() ? 1 : 0);
  return value.number() ? Dim(static_cast<std::int64_t>(*value.number())) : *value.integer();
}

Value arange(const Bound& args) {
  for (std::size_t i = 0; i < 3; ++i) {
    if ((i == 0 || !args.none(i)) && !is_number(args.value(i))) args.wrong_type(i, "a number");
  }
  if (args.none(1) && args.none(2) && args.none(3) && plain(args.value(0)).boolean()) args.wrong_type(0, "a number");
  const bool only_stop = args.none(1);
  const Value start = only_stop ? Value(0) : plain(args.value(0)), stop = plain(args.value(only_stop ? 0 : 1));
  const Value step = args.none(2) ? Value(1) : plain(args.value(2));
  const std::array<Value, 3> bounds{start, stop, step};
  if (std::ranges::none_of(bounds, &Value::number)) return whole_range(args, whole(start), whole(stop), whole(step), DType::Int32);
  const auto unknown = std::ranges::find_if(bounds, [](const Value& value) { return !as_double(value); });
  if (unknown == bounds.end()) return real_range(args, *as_double(start), *as_double(stop), *as_double(step));
  if (!std::ranges::all_of(bounds, &has_whole_value)) {
    args.context.fail(Code::UnknownSize, args.place, concat("`arange` needs numbers, and `", display(*unknown), "` is not known yet"));
  }
  return whole_range(args, whole(start), whole(stop), whole(step), DType::Float32);
}

// start * (1 - t) + stop * t, where t goes from 0 to 1 in equal steps along a new axis.
struct Spaced {
  Tensor values, step;
};

// The same between two numbers, with the bits of XLA's code for a CPU: t is i / steps with a reciprocal, which goes to the stop, and the sum is
// one fused step. Long loops, which take 32 elements at a time, fuse 1 - t too; in short ones, which are written out, i = 1 is no factor, and
// the other product is fused. All but the stop.
Tensor spaced_numbers(Context& context, Tensor start, Tensor stop, std::int64_t steps) {
  constexpr std::int64_t kShort = 33, kLong = 352, kAtOnce = 32;
  graph::Builder& b = context.builder;
  const auto number = [&](float value) { return graph::scalar(b, value, DType::Float32); };
  const float reciprocal = 1.0F / static_cast<float>(steps);
  const Tensor i = graph::iota(b, DType::Float32, {steps}, 0);
  Tensor rest = graph::binary(b, Subtract, number(1), graph::binary(b, Multiply, i, number(reciprocal)));
  if (steps >= kLong) {
    const Tensor fused = graph::mul_add(b, i, number(-reciprocal), number(1));
    rest = graph::select(b, graph::binary(b, Less, i, number(static_cast<float>(steps - steps % kAtOnce))), fused, rest);
  }
  const Tensor to_stop = graph::binary(b, Multiply, stop, number(reciprocal));
  const Tensor out = graph::mul_add(b, i, to_stop, graph::binary(b, Multiply, start, rest));
  return steps > kShort ? out : graph::select(b, graph::binary(b, Equal, i, number(1)), graph::mul_add(b, start, rest, to_stop), out);
}
Spaced spaced(Context& context, Tensor start, Tensor stop, const Dim& count, bool endpoint, std::int64_t axis_argument, std::optional<DType> dtype) {
  graph::Builder& b = context.builder;
  const std::array<Tensor, 2> both{start, stop};
  const DType wide = to_inexact(dtype.value_or(result_type(both).dtype));
  start = astype(context, start, wide), stop = astype(context, stop, wide);
  const Dims bounds = graph::binary(b, Add, start, stop).shape();
  const std::int64_t axis = normalize_axis(context, axis_argument, static_cast<std::int64_t>(bounds.size()) + 1);
  const auto along = [&](Tensor x) { return graph::expand_dims(b, graph::broadcast_to(b, x, bounds), axis); };
  const Dim steps = endpoint ? count - 1 : count;
  if (count == Dim(0)) {
    Dims empty = bounds;
    empty.insert(empty.begin() + axis, Dim(0));
    return {graph::full(b, 0, wide, empty), graph::scalar(b, NAN, wide)};
  }
  if (count == Dim(1)) return {along(start), endpoint ? graph::scalar(b, NAN, wide) : graph::binary(b, Subtract, stop, start)};
  // One value alone, which a size without a number may be, is the start.
  const bool are_several = b.dims().holds(steps, graph::DimContext::Relation::GreaterEqual, 1) == graph::Truth::Yes;
  const Tensor total = steps.is_constant() ? graph::scalar(b, static_cast<double>(*steps.constant()), wide)
                                           : graph::size_scalar(b, are_several ? steps : maximum(steps, 1), wide);
  Dims line(bounds.size() + 1, Dim(1));
  line[static_cast<std::size_t>(axis)] = steps;
  Tensor out;
  if (wide == DType::Float32 && bounds.empty() && steps.is_constant()) {
    out = spaced_numbers(context, start, stop, *steps.constant());
  } else {
    const Tensor part = graph::binary(b, Divide, graph::iota(b, wide, line, axis), total);
    const Tensor rest = graph::binary(b, Subtract, graph::scalar(b, 1, wide), part);
    out = graph::binary(b, Add, graph::binary(b, Multiply, along(start), rest), graph::binary(b, Multiply, along(stop), part));
  }
  if (endpoint) {
    const auto several = [&] {
      return graph::binary(b, Greater, graph::size_scalar(b, count, DType::Int32), graph::integer_scalar(b, 1, DType::Int32));
    };
    out = graph::concatenate(b, std::vector{out, are_several ? along(stop) : where(context, several(), along(stop), along(start))}, axis);
  }
  return {out, graph::binary(b, Divide, graph::binary(b, Subtract, stop, start), total)};
}

Tensor as_requested(Context& context, Tensor x, std::optional<DType> dtype) {
  if (!dtype) return x;
  return astype(context, is_integer(*dtype) ? graph::unary(context.builder, Floor, x) : x, *dtype);
}

Dim count_at(const Bound& args, std::size_t i) {
  Dim count = args.size(i);
  if (count.is_constant() && *count.constant() < 0)
    args.context.fail(Code::EvaluationFailed, args.place, concat("the number of samples cannot be negative, and this is ", count));
  return count;
}

// Parameters: start stop num endpoint retstep dtype axis.
Value linspace(const Bound& args) {
  const auto dtype = args.optional_dtype(5);
  const Spaced out = spaced(args.context, args.tensor(0), args.tensor(1), count_at(args, 2), args.boolean(3), args.integer(6), dtype);
  const Tensor values = as_requested(args.context, out.values, dtype);
  return args.boolean(4) ? Value(List{values, out.step}) : Value(values);
}

// Parameters: start stop num endpoint base dtype axis.
Value logspace(const Bound& args) {
  const Spaced out = spaced(args.context, args.tensor(0), args.tensor(1), count_at(args, 2), args.boolean(3), args.integer(6), std::nullopt);
  return as_requested(args.context, power(args.context, args.tensor(4), out.values), args.optional_dtype(5));
}

// Numbers in equal ratios: powers of 10 with exponents in equal steps, with the sign of the start.
// Parameters: start stop num endpoint dtype axis.
Value geomspace(const Bound& args) {
  Context& context = args.context;
  graph::Builder& b = context.builder;
  Tensor start = args.tensor(0), stop = args.tensor(1);
  const DType dtype = args.optional_dtype(4).value_or(to_inexact(result_type(std::array{start, stop}).dtype)), wide = to_inexact(dtype);
  // The last bit of a power decides which integer it is cut off to.
  if (!is_float(dtype)) context.fail(Code::NotSupportedYet, args.place, "`geomspace` of integers is not supported yet: round the floats");
  start = astype(context, start, wide), stop = astype(context, stop, wide);
  const Tensor sign = graph::unary(b, Sign, start);
  const auto exponent = [&](Tensor bound) { return graph::unary(b, Log10, graph::binary(b, Divide, bound, sign)); };
  const Spaced exponents = spaced(context, exponent(start), exponent(stop), count_at(args, 2), args.boolean(3), 0, std::nullopt);
  const Tensor powers = astype(context, power(context, graph::scalar(b, 10, DType::Float32, true), exponents.values), wide);
  const Tensor out = catalog::binary(context, Multiply, sign, powers);
  return astype(context, move_axis(context, out, 0, args.axis(5, out.rank())), dtype);
}

// --- triangles and diagonals -----------------------------------------------------------------------------

// Whether row + k >= column, of a matrix.
Tensor lower_mask(Context& context, const Dim& rows, const Dim& columns, const Dim& k) {
  graph::Builder& b = context.builder;
  Tensor row = graph::iota(b, DType::Int32, {rows, 1}, 0);
  if (k != Dim(0)) row = graph::binary(b, Add, row, graph::size_scalar(b, k, DType::Int32));
  return graph::binary(b, GreaterEqual, row, graph::iota(b, DType::Int32, {1, columns}, 1));
}

Value tri(const Bound& args) {
  const Dim rows = args.size(0), columns = args.none(1) ? rows : args.size(1);
  return astype(args.context, lower_mask(args.context, rows, columns, args.size(2)), args.optional_dtype(3).value_or(DType::Float32));
}

Tensor zero_like(Context& context, Tensor x) {
  return is_float(x.dtype()) ? graph::scalar(context.builder, 0, x.dtype(), true) : graph::integer_scalar(context.builder, 0, x.dtype(), true);
}

Value triangle(const Bound& args, bool is_lower) {
  Context& context = args.context;
  const Tensor x = args.tensor(0);
  if (x.rank() < 2) fail_shape(context, concat("needs a rank of 2 or more, and has ", x.fact()), {x});
  const Dim k = is_lower ? args.size(1) : args.size(1) - 1;
  const Tensor mask = lower_mask(context, x.dim(-2), x.dim(-1), k);
  return is_lower ? where(context, mask, x, zero_like(context, x)) : where(context, mask, zero_like(context, x), x);
}

Value eye(const Bound& args) {
  Context& context = args.context;
  graph::Builder& b = context.builder;
  const Dim rows = args.size(0), columns = args.none(1) ? rows : args.size(1);
  Tensor row = graph::iota(b, DType::Int32, {rows, 1}, 0);
  if (args.size(2) != Dim(0)) row = graph::binary(b, Add, row, graph::size_scalar(b, args.size(2), DType::Int32));
  const Tensor mask = graph::binary(b, Equal, row, graph::iota(b, DType::Int32, {1, columns}, 1));
  return astype(context, mask, args.optional_dtype(3).value_or(DType::Float32));
}

Value identity_matrix(const Bound& args) {
  Context& context = args.context;
  graph::Builder& b = context.builder;
  const Dim n = args.size(0);
  const Tensor mask = graph::binary(b, Equal, graph::iota(b, DType::Int32, {n, 1}, 0), graph::iota(b, DType::Int32, {1, n}, 1));
  return astype(context, mask, args.optional_dtype(1).value_or(DType::Float32));
}

// The elements x[i, i + offset] of the last two axes.
Tensor diagonal_of(Context& context, Tensor x, std::int64_t offset) {
  graph::Builder& b = context.builder;
  const graph::DimContext& dims = b.dims();
  const Dim rows = offset < 0 ? x.dim(-2) + offset : x.dim(-2), columns = offset > 0 ? x.dim(-1) - offset : x.dim(-1);
  const std::int64_t last = x.rank() - 1;
  Dim size = dims.holds(rows, graph::DimContext::Relation::LessEqual, columns) == graph::Truth::Yes   ? rows
             : dims.holds(columns, graph::DimContext::Relation::LessEqual, rows) == graph::Truth::Yes ? columns
                                                                                                      : minimum(rows, columns);
  if (dims.holds(size, graph::DimContext::Relation::Less, 0) == graph::Truth::Yes) size = 0;
  const bool is_empty = size == Dim(0);
  x = graph::slice_axis(b, x, last - 1, offset < 0 && !is_empty ? -offset : 0, size);
  x = graph::slice_axis(b, x, last, offset > 0 && !is_empty ? offset : 0, size);
  const Tensor mask = graph::binary(b, Equal, graph::iota(b, DType::Int32, {size, 1}, 0), graph::iota(b, DType::Int32, {1, size}, 1));
  const Tensor only = where(context, mask, x, zero_like(context, x));
  if (x.dtype() == DType::Bool) return graph::reduce(b, ReduceKind::Any, only, {last});
  return graph::reduce(b, ReduceKind::Sum, only, {last});
}

Value diagonal(const Bound& args) {
  Context& context = args.context;
  Tensor x = args.tensor(0);
  if (x.rank() < 2) fail_shape(context, concat("needs a rank of 2 or more, and has ", x.fact()), {x});
  const std::int64_t first = args.axis(2, x.rank()), second = args.axis(3, x.rank());
  if (first == second) context.fail(Code::WrongArguments, args.place, "the two axes of a diagonal are one and the same");
  x = move_axis(context, x, first, x.rank() - 1);
  x = move_axis(context, x, second > first ? second - 1 : second, x.rank() - 1);
  return diagonal_of(context, x, args.integer(1));
}

// A matrix with v on its diagonal, or the diagonal of a matrix.
Value diag(const Bound& args) {
  Context& context = args.context;
  graph::Builder& b = context.builder;
  const Tensor v = args.tensor(0);
  const std::int64_t k = args.integer(1);
  if (v.rank() == 2) return diagonal_of(context, v, k);
  if (v.rank() != 1) fail_shape(context, concat("needs a vector or a matrix, and has ", v.fact()), {v});
  const Dim n = v.dim(0) + std::abs(k);
  const Tensor row = graph::binary(b, Add, graph::iota(b, DType::Int32, {n, 1}, 0), graph::integer_scalar(b, k, DType::Int32));
  const Tensor mask = graph::binary(b, Equal, row, graph::iota(b, DType::Int32, {1, n}, 1));
  const Tensor zero = is_float(v.dtype()) ? graph::scalar(b, 0, v.dtype()) : graph::integer_scalar(b, 0, v.dtype());
  // Above the diagonal the elements stand in their column, below it in their row.
  const Dims low{k > 0 ? k : 0}, high{k > 0 ? 0 : -k};
  const Tensor wide = graph::expand_dims(b, graph::pad(b, v, zero, low, high, {0}), 0);
  return where(context, mask, graph::broadcast_to(b, wide, {n, n}), zero_like(context, v));
}

// The rows and columns of a triangle of an n x m matrix, row by row; the sizes are numbers.
Value triangle_indices(const Bound& args, bool is_lower) {
  // The table is made while compiling.
  constexpr std::int64_t kMostIndices = std::int64_t{1} << 20;
  const std::int64_t n = args.integer(0), m = args.none(2) ? n : args.integer(2);
  const std::int64_t k = std::clamp(args.integer(1), -2 * kMostIndices, 2 * kMostIndices);
  const auto too_many = [&] {
    args.context.fail(Code::LimitExceeded, args.place,
                      concat("this table of indices would have more than ", kMostIndices, " rows, columns or entries"));
  };
  if (n < 0 || m < 0) args.context.fail(Code::WrongArguments, args.place, concat("a matrix has no ", std::min(n, m), " rows or columns"));
  if (n > kMostIndices || m > kMostIndices) too_many();
  List rows, columns;
  for (std::int64_t row = 0; row < n; ++row) {
    const std::int64_t begin = is_lower ? 0 : std::max<std::int64_t>(row + k, 0), end = is_lower ? std::min(row + k + 1, m) : m;
    if (end > begin && static_cast<std::int64_t>(rows.size()) + end - begin > kMostIndices) too_many();
    for (std::int64_t column = begin; column < end; ++column) {
      rows.push_back(row);
      columns.push_back(column);
    }
  }
  return List{to_tensor(args.context, rows, DType::Int32), to_tensor(args.context, columns, DType::Int32)};
}

// The indices of the main diagonal, once for each axis.
Value diagonal_indices(const Bound& args) {
  const Dim n = args.size(0);
  const std::int64_t rank = args.integer(1);
  // More axes than any array has.
  constexpr std::int64_t kMostAxes = 1 << 10;
  if (n.constant().value_or(0) < 0 || rank < 0 || rank > kMostAxes) {
    args.context.fail(Code::WrongArguments, args.place, concat("`diag_indices` has no answer for ", n, " elements of ", rank, " axes"));
  }
  return List(static_cast<std::size_t>(rank), graph::iota(args.context.builder, DType::Int32, {n}, 0));
}

Value trace(const Bound& args) {
  Context& context = args.context;
  const Tensor diagonal_elements = *diagonal(args).tensor();
  const auto dtype = args.optional_dtype(4);
  return sum(context, dtype ? astype(context, diagonal_elements, *dtype) : diagonal_elements, {diagonal_elements.rank() - 1});
}

// --- grids -------------------------------------------------------------------------------------------------

Value meshgrid(const Bound& args) {
  Context& context = args.context;
  const std::string indexing = args.text(3);
  const bool sparse = args.boolean(2);
  std::vector<Tensor> axes = args.rest_tensors();
  Dims shape;
  for (const Tensor& x : axes) {
    if (x.rank() != 1) fail_shape(context, concat("takes vectors, and has ", x.fact()), {x});
    shape.push_back(x.dim(0));
  }
  if (indexing != "xy" && indexing != "ij") context.fail(Code::WrongArguments, args.place, "`indexing` of `meshgrid` is 'xy' or 'ij'");
  const bool swapped = indexing == "xy" && axes.size() > 1;
  if (swapped) std::swap(shape[0], shape[1]);
  List out;
  for (std::size_t i = 0; i < axes.size(); ++i) {
    const std::size_t axis = swapped && i < 2 ? 1 - i : i;
    Dims line(shape.size(), Dim(1));
    line[axis] = shape[axis];
    const Tensor open = graph::reshape(context.builder, axes[i], line);
    out.push_back(sparse ? open : graph::broadcast_to(context.builder, open, shape));
  }
  return out;
}

// The index along each axis, stacked.
Value indices(const Bound& args) {
  Context& context = args.context;
  if (!args.value(0).list()) args.wrong_type(0, "a list of sizes");
  const Dims shape = args.dims(0);
  const DType dtype = args.optional_dtype(1).value_or(DType::Int32);
  std::vector<Tensor> grids;
  List sparse;
  for (std::size_t axis = 0; axis < shape.size(); ++axis) {
    Dims line(shape.size(), Dim(1));
    line[axis] = shape[axis];
    const Tensor open = graph::iota(context.builder, dtype, line, static_cast<std::int64_t>(axis));
    sparse.push_back(open);
    grids.push_back(graph::broadcast_to(context.builder, open, shape));
  }
  if (args.boolean(2) || grids.empty()) return sparse;
  return stack(context, std::move(grids), 0);
}

// a - b * cos(2 pi n / (M - 1))
Value cosine_window(const Bound& args, double a, double b_factor) {
  Context& context = args.context;
  graph::Builder& b = context.builder;
  const Dim size = args.size(0);
  if (size == Dim(1)) return graph::full(b, 1, DType::Float32, {size});
  const Tensor n = graph::iota(b, DType::Float32, {size}, 0);
  const Tensor angle = graph::binary(b, Multiply, graph::scalar(b, 2 * M_PI, DType::Float32), n);
  const Tensor turn = graph::unary(b, Cos, graph::binary(b, Divide, angle, graph::size_scalar(b, size - 1, DType::Float32)));
  return graph::binary(b, Subtract, graph::scalar(b, a, DType::Float32),
                       graph::binary(b, Multiply, graph::scalar(b, b_factor, DType::Float32), turn));
}

Value iota(const Bound& args) { return graph::iota(args.context.builder, args.dtype(0), {args.size(1)}, 0); }

Value broadcasted_iota(const Bound& args) {
  const Dims shape = args.dims(1);
  return graph::iota(args.context.builder, args.dtype(0), shape, lax_axis(args, 2, static_cast<std::int64_t>(shape.size())));
}

std::vector<FunctionSpec> creators() {
  return {
      filled("zeros", "Zeros in a shape.", 0),
      filled("ones", "Ones in a shape.", 1),
      filled("empty", "Zeros in a shape.", 0),
      FunctionSpec("full", "One value in a shape.").in({"jnp"}).arg("shape").arg("fill_value").arg("dtype", None{}).does(&full),
      FunctionSpec("full", "One value in a shape.").in({"lax"}).arg("shape").arg("fill_value").arg("dtype", None{}).does(&full),
      like_spec("zeros_like", "Zeros in the shape and type of another array.", 0),
      like_spec("ones_like", "Ones in the shape and type of another array.", 1),
      FunctionSpec("empty_like", "Zeros in the shape and type of another array.")
          .in({"jnp"})
          .arg("prototype")
          .arg("dtype", None{})
          .arg("shape", None{})
          .does([](const Bound& args) { return filled_like(args, graph::scalar(args.context.builder, 0, DType::Float32), 1); }),
      FunctionSpec("full_like", "One value in the shape and type of another array.")
          .in({"jnp"})
          .arg("a")
          .arg("fill_value")
          .arg("dtype", None{})
          .arg("shape", None{})
          .does(&full_like),
      FunctionSpec("full_like", "One value in the shape and type of another array.")
          .in({"lax"})
          .arg("x")
          .arg("fill_value")
          .arg("dtype", None{})
          .arg("shape", None{})
          .does(&full_like),
      FunctionSpec("asarray", "Numbers, lists of numbers and arrays as an array.")
          .in({"jnp"})
          .arg("a")
          .arg("dtype", None{})
          .arg("order", None{})
          .keyword_only()
          .arg("copy", None{})
          .does(&array_of),
      FunctionSpec("array", "Numbers, lists of numbers and arrays as an array.")
          .in({"jnp"})
          .arg("object")
          .arg("dtype", None{})
          .keyword_only()
          .arg("copy", true)
          .arg("order", "K")
          .arg("ndmin", 0)
          .does(&array_with_rank),
      FunctionSpec("copy", "The array itself.").in({"jnp"}).arg("a").arg("order", None{}).does([](const Bound& args) -> Value {
        return args.tensor(0);
      }),
      FunctionSpec("arange", "Numbers from start to stop, without stop.")
          .in({"jnp"})
          .arg("start")
          .arg("stop", None{})
          .arg("step", None{})
          .arg("dtype", None{})
          .does(&arange),
      FunctionSpec("linspace", "Numbers in equal steps from start to stop.")
          .in({"jnp"})
          .arg("start")
          .arg("stop")
          .arg("num", 50)
          .arg("endpoint", true)
          .arg("retstep", false)
          .arg("dtype", None{})
          .arg("axis", 0)
          .does(&linspace),
      FunctionSpec("logspace", "Powers of a base with exponents in equal steps.")
          .in({"jnp"})
          .arg("start")
          .arg("stop")
          .arg("num", 50)
          .arg("endpoint", true)
          .arg("base", 10.0)
          .arg("dtype", None{})
          .arg("axis", 0)
          .does(&logspace),
      FunctionSpec("geomspace", "Numbers in equal ratios from start to stop.")
          .in({"jnp"})
          .arg("start")
          .arg("stop")
          .arg("num", 50)
          .arg("endpoint", true)
          .arg("dtype", None{})
          .arg("axis", 0)
          .does(&geomspace),
      FunctionSpec("iota", "0, 1, 2, … of a type.").in({"lax"}).arg("dtype").arg("size").does(&iota),
      FunctionSpec("broadcasted_iota", "The index along one axis of a shape.")
          .in({"lax"})
          .arg("dtype")
          .arg("shape")
          .arg("dimension")
          .does(&broadcasted_iota),
  };
}

std::vector<FunctionSpec> matrices() {
  return {
      FunctionSpec("eye", "Ones on a diagonal.").in({"jnp"}).arg("N").arg("M", None{}).arg("k", 0).arg("dtype", None{}).does(&eye),
      FunctionSpec("identity", "Ones on the diagonal of a square matrix.").in({"jnp"}).arg("n").arg("dtype", None{}).does(&identity_matrix),
      FunctionSpec("tri", "Ones on and below a diagonal.").in({"jnp"}).arg("N").arg("M", None{}).arg("k", 0).arg("dtype", None{}).does(&tri),
      FunctionSpec("tril", "What stands on and below a diagonal, zeros elsewhere.").in({"jnp"}).arg("m").arg("k", 0).does([](const Bound& args) {
        return triangle(args, true);
      }),
      FunctionSpec("triu", "What stands on and above a diagonal, zeros elsewhere.").in({"jnp"}).arg("m").arg("k", 0).does([](const Bound& args) {
        return triangle(args, false);
      }),
      FunctionSpec("tril_indices", "The rows and columns on and below a diagonal.")
          .in({"jnp"})
          .arg("n")
          .arg("k", 0)
          .arg("m", None{})
          .does([](const Bound& args) { return triangle_indices(args, true); }),
      FunctionSpec("triu_indices", "The rows and columns on and above a diagonal.")
          .in({"jnp"})
          .arg("n")
          .arg("k", 0)
          .arg("m", None{})
          .does([](const Bound& args) { return triangle_indices(args, false); }),
      FunctionSpec("diag_indices", "The indices of a main diagonal, one vector for each axis.")
          .in({"jnp"})
          .arg("n")
          .arg("ndim", 2)
          .does(&diagonal_indices),
      FunctionSpec("diag", "A diagonal matrix, or the diagonal of one.").in({"jnp"}).arg("v").arg("k", 0).does(&diag),
      FunctionSpec("diagonal", "The elements whose indices along two axes differ by an offset.")
          .in({"jnp"})
          .arg("a")
          .arg("offset", 0)
          .arg("axis1", 0)
          .arg("axis2", 1)
          .as_method()
          .does(&diagonal),
      FunctionSpec("trace", "The sum of a diagonal.")
          .in({"jnp"})
          .arg("a")
          .arg("offset", 0)
          .arg("axis1", 0)
          .arg("axis2", 1)
          .arg("dtype", None{})
          .as_method()
          .does(&trace),
      FunctionSpec("meshgrid", "Coordinates of a grid, one array for each axis.")
          .in({"jnp"})
          .rest("xi")
          .keyword_only()
          .arg("copy", true)
          .arg("sparse", false)
          .arg("indexing", "xy")
          .does(&meshgrid),
      FunctionSpec("indices", "The index along each axis of a grid.")
          .in({"jnp"})
          .arg("dimensions")
          .arg("dtype", None{})
          .arg("sparse", false)
          .does(&indices),
      FunctionSpec("hanning", "The Hann window.").in({"jnp"}).arg("M").does([](const Bound& args) { return cosine_window(args, 0.5, 0.5); }),
      FunctionSpec("hamming", "The Hamming window.").in({"jnp"}).arg("M").does([](const Bound& args) { return cosine_window(args, 0.54, 0.46); }),
  };
}

const RegisterFunctions creator_family{creators()};
const RegisterFunctions matrix_family{matrices()};

}  // namespace

Tensor open_linspace(Context& context, Tensor start, Tensor stop, std::int64_t count, DType dtype, std::int64_t axis) {
  return as_requested(context, spaced(context, start, stop, count, false, axis, dtype).values, dtype);
}

}  // namespace linenc::functions
