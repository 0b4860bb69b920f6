// jax.numpy's arithmetic on tensors: the promotion lattice with weak types, true and floor division, powers, products, reductions.
// Tested by tests/compiler/catalog/numpy_test.cpp.
#include "compiler/catalog/numpy.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>

#include "compiler/catalog/context.h"
#include "compiler/diagnostics/concat.h"

namespace linenc::catalog {
namespace {

using graph::Reason;

bool is_half(DType dtype) { return dtype == DType::Float16 || dtype == DType::BFloat16; }

// Bool, integers, floats, complex: a weak operand of a lower or the same kind follows the other one.
int kind_rank(DType dtype) {
  if (dtype == DType::Bool) return 0;
  if (is_integer(dtype)) return 1;
  return is_float(dtype) ? 2 : 3;
}

DType signed_of(std::size_t bytes) {
  if (bytes == 1) return DType::Int8;
  // int32 with uint32 would be int64, which is int32 without the 64-bit mode.
  return bytes == 2 ? DType::Int16 : DType::Int32;
}

// The least upper bound of two strong types of one kind.
DType join_same_kind(DType a, DType b) {
  if (a == b) return a;
  if (is_float(a)) return byte_size(a) == byte_size(b) ? DType::Float32 : byte_size(a) < byte_size(b) ? b : a;
  if (is_signed(a) == is_signed(b)) return byte_size(a) < byte_size(b) ? b : a;
  const std::size_t with_sign = byte_size(is_signed(a) ? a : b), without = byte_size(is_signed(a) ? b : a);
  return signed_of(std::max(with_sign, 2 * without));
}

// The number that a scalar integer constant holds.
std::optional<std::int64_t> integer_constant(Tensor x) {
  const graph::Node* node = x.graph->producer(x.id);
  if (!node || node->op != OpKind::Constant || x.rank() != 0 || !is_integer(x.dtype())) return std::nullopt;
  const auto* held = std::get_if<ConstantAttributes<Dim>>(&node->attributes);
  if (!held || held->is_size || held->bytes.size() != byte_size(x.dtype())) return std::nullopt;
  std::int64_t value = 0;
  std::memcpy(&value, held->bytes.data(), held->bytes.size());
  const int unused = 64 - 8 * static_cast<int>(held->bytes.size());
  const std::uint64_t shifted = static_cast<std::uint64_t>(value) << unused;
  return is_signed(x.dtype()) ? static_cast<std::int64_t>(shifted) >> unused : static_cast<std::int64_t>(shifted >> unused);
}

// The number that a scalar float32 constant holds.
std::optional<double> float_constant(Tensor x) {
  const graph::Node* node = x.graph->producer(x.id);
  if (!node || node->op != OpKind::Constant || x.rank() != 0 || x.dtype() != DType::Float32) return std::nullopt;
  const auto* held = std::get_if<ConstantAttributes<Dim>>(&node->attributes);
  if (!held || held->is_size || held->bytes.size() != sizeof(float)) return std::nullopt;
  float value = 0;
  std::memcpy(&value, held->bytes.data(), sizeof value);
  return static_cast<double>(value);
}

Tensor with_type(Context& context, Tensor x, WeakDType type) {
  const Tensor y = retyped(context, x, type.dtype);
  // What an op makes of weak operands is weak; a strong operand beside them must not hide that.
  return type.weak && !y.fact().weak ? graph::with_weak(context.builder, y, true) : y;
}

WeakDType type_of(Tensor x) { return {x.dtype(), x.fact().weak}; }

// Brings both to `type`.
void bring(Context& context, Tensor& x, Tensor& y, WeakDType type) {
  x = with_type(context, x, type);
  y = with_type(context, y, type);
}

void refuse_keys(Context& context, std::span<const Tensor> tensors) {
  const auto is_key = [](const Tensor& x) { return x.dtype() == DType::Key; };
  if (!std::any_of(tensors.begin(), tensors.end(), is_key) || std::all_of(tensors.begin(), tensors.end(), is_key)) return;
  Reason reason;
  reason.kind = Reason::Kind::Dtype;
  reason.text = "cannot combine a random key with numbers";
  context.builder.fail(reason, tensors);
}

[[noreturn]] void refuse_dtype(Context& context, Tensor x, std::string_view what) {
  Reason reason;
  reason.kind = Reason::Kind::Dtype;
  reason.text = concat("does not take ", x.dtype(), what);
  reason.operand_a = 0;
  context.builder.fail(reason, std::array{x});
}

Tensor like(Context& context, std::int64_t value, Tensor x) {
  return is_float(x.dtype()) ? graph::scalar(context.builder, static_cast<double>(value), x.dtype(), x.fact().weak)
                             : graph::integer_scalar(context.builder, value, x.dtype(), x.fact().weak);
}

Tensor strong(Context& context, Tensor x) { return x.fact().weak ? graph::with_weak(context.builder, x, false) : x; }

// --- powers ----------------------------------------------------------------------------------------

// x^n by squaring, as lax.integer_pow.
Tensor integer_power(Context& context, Tensor x, std::int64_t exponent) {
  if (x.dtype() == DType::Bool) x = graph::convert(context.builder, x, DType::Int32);
  if (exponent < 0 && is_integer(x.dtype())) {
    context.fail(Code::EvaluationFailed, concat("integers have no power of ", exponent, "; use a float: `float32(x)`"));
  }
  if (exponent == 0) return graph::broadcast_to(context.builder, like(context, 1, x), x.shape());
  auto rest = static_cast<std::uint64_t>(exponent < 0 ? -exponent : exponent);
  std::optional<Tensor> product;
  for (Tensor square = x; rest > 0; rest >>= 1) {
    if (rest & 1) product = product ? graph::binary(context.builder, ElementwiseKind::Multiply, *product, square) : square;
    if (rest > 1) square = graph::binary(context.builder, ElementwiseKind::Multiply, square, square);
  }
  if (exponent > 0) return *product;
  return graph::binary(context.builder, ElementwiseKind::Divide, like(context, 1, x), *product);
}

// Integers to the power of integers, six steps of squaring (jnp's _pow_int_int).
Tensor integer_array_power(Context& context, Tensor x, Tensor y) {
  graph::Builder& b = context.builder;
  const Tensor zero = like(context, 0, x), one = like(context, 1, x);
  const Tensor vanishes =
      graph::binary(b, ElementwiseKind::And, graph::binary(b, ElementwiseKind::Equal, x, zero), graph::binary(b, ElementwiseKind::NotEqual, y, zero));
  Tensor product = graph::select(b, vanishes, zero, one);
  for (int bit = 0; bit < 6; ++bit) {
    const Tensor is_set = graph::binary(b, ElementwiseKind::NotEqual, graph::binary(b, ElementwiseKind::And, y, one), zero);
    product = graph::select(b, is_set, graph::binary(b, ElementwiseKind::Multiply, product, x), product);
    x = graph::binary(b, ElementwiseKind::Multiply, x, x);
    y = graph::binary(b, ElementwiseKind::ShiftRightLogical, y, one);
  }
  return product;
}

// --- matmul ----------------------------------------------------------------------------------------

// The free and common leading axes of two operands of a matrix product, found as jnp.matmul finds them.
struct BatchAxes {
  Tensor a, b;
  std::vector<std::int64_t> a_batch, b_batch;
  // For each leading axis of the result: 'a', 'b' or both ('c') and its number among those.
  std::vector<std::pair<char, std::int64_t>> order;
};

BatchAxes match_batch(Context& context, Tensor a, Tensor b, std::int64_t a_matrix, std::int64_t b_matrix) {
  BatchAxes out{a, b, {}, {}, {}};
  const std::int64_t a_count = a.rank() - a_matrix, b_count = b.rank() - b_matrix, count = std::max(a_count, b_count);
  std::int64_t a_at = 0, b_at = 0, a_free = 0, b_free = 0, common = 0;  // axes of out.a and out.b, which lose axes of size 1
  for (std::int64_t i = 0; i < count; ++i) {
    const bool in_a = i >= count - a_count, in_b = i >= count - b_count;
    const bool one_a = in_a && out.a.dim(a_at) == Dim(1), one_b = in_b && out.b.dim(b_at) == Dim(1);
    if (in_a && in_b && one_a) {
      out.a = graph::squeeze(context.builder, out.a, a_at);
      out.order.emplace_back('b', b_free++);
      ++b_at;
    } else if (in_a && in_b && one_b) {
      out.b = graph::squeeze(context.builder, out.b, b_at);
      out.order.emplace_back('a', a_free++);
      ++a_at;
    } else if (in_a && in_b) {
      out.a_batch.push_back(a_at++);
      out.b_batch.push_back(b_at++);
      out.order.emplace_back('c', common++);
    } else if (in_a) {
      out.order.emplace_back('a', a_free++);
      ++a_at;
    } else {
      out.order.emplace_back('b', b_free++);
      ++b_at;
    }
  }
  return out;
}

}  // namespace

// --- types -----------------------------------------------------------------------------------------

WeakDType promote(WeakDType a, WeakDType b) {
  const int a_rank = kind_rank(a.dtype), b_rank = kind_rank(b.dtype);
  // Truth values are never weak.
  const bool a_weak = a.weak && a_rank > 0, b_weak = b.weak && b_rank > 0;
  if (a_weak && b_weak) return {a_rank == b_rank ? join_same_kind(a.dtype, b.dtype) : a_rank < b_rank ? b.dtype : a.dtype, true};
  if (a_rank == b_rank) {
    if (a_weak) return {b.dtype, false};
    return {b_weak ? a.dtype : join_same_kind(a.dtype, b.dtype), false};
  }
  const WeakDType& higher = a_rank < b_rank ? b : a;
  const bool is_weak = a_rank < b_rank ? b_weak : a_weak;
  // A weak number of the higher kind stands for the default type of its kind.
  if (is_weak) return {is_float(higher.dtype) ? DType::Float32 : is_integer(higher.dtype) ? DType::Int32 : higher.dtype, true};
  return {higher.dtype, false};
}

WeakDType result_type(std::span<const Tensor> tensors) {
  if (tensors.empty()) return {DType::Float32, false};
  WeakDType out = type_of(tensors[0]);
  for (const Tensor& tensor : tensors.subspan(1)) out = promote(out, type_of(tensor));
  return {out.dtype, out.weak && out.dtype != DType::Bool};
}

DType to_inexact(DType dtype) { return dtype == DType::Bool || is_integer(dtype) ? DType::Float32 : dtype; }

// --- conversion -----------------------------------------------------------------------------------

Tensor astype(Context& context, Tensor x, DType dtype) {
  graph::Builder& b = context.builder;
  dtype = narrowed(dtype);
  if (x.dtype() == DType::Key && dtype != DType::Key) refuse_keys(context, std::array{x, graph::scalar(b, 0, DType::Float32)});
  // Anything but zero is true, NaN too.
  if (dtype == DType::Bool && x.dtype() != DType::Bool) {
    return graph::binary(b, ElementwiseKind::NotEqual, strong(context, x), strong(context, like(context, 0, x)));
  }
  return strong(context, graph::convert(b, x, dtype));
}

Tensor retyped(Context& context, Tensor x, DType dtype) {
  graph::Builder& b = context.builder;
  if (x.dtype() == dtype) return x;
  const bool weak = x.fact().weak;
  // A number is written anew in the other type.
  if (const auto whole = integer_constant(x)) {
    if (is_float(dtype)) return graph::scalar(b, static_cast<double>(*whole), dtype, weak);
  } else if (const auto real = float_constant(x); real && is_float(dtype)) {
    return graph::scalar(b, *real, dtype, weak);
  }
  const Tensor y = graph::convert(b, x, dtype);
  return weak ? graph::with_weak(b, y, true) : y;
}

Tensor number(Context& context, double value, DType dtype) { return graph::scalar(context.builder, value, dtype, true); }

std::int64_t normalize_axis(Context& context, std::int64_t axis, std::int64_t rank) {
  if (axis >= -rank && axis < rank) return axis < 0 ? axis + rank : axis;
  context.fail(Code::ShapeMismatch, concat("the axis ", axis, " does not exist: the array has rank ", rank));
}

void promote_all(Context& context, std::span<Tensor> tensors) {
  refuse_keys(context, tensors);
  if (tensors.empty() || tensors[0].dtype() == DType::Key) return;
  const WeakDType type = result_type(tensors);
  for (Tensor& tensor : tensors) tensor = with_type(context, tensor, type);
}

DType canonicalize_dtype(Context& context, std::span<const Tensor> tensors, std::optional<DType> dtype) {
  if (!dtype) return to_inexact(result_type(tensors).dtype);
  if (is_float(*dtype) || *dtype == DType::Complex64) return narrowed(*dtype);
  context.fail(Code::DtypeMismatch, concat("the dtype of the computation must be a float, and `dtype` is ", *dtype));
}

void promote_dtype(Context& context, std::span<Tensor> tensors, std::optional<DType> dtype) {
  refuse_keys(context, tensors);
  const DType wanted = canonicalize_dtype(context, tensors, dtype);
  for (Tensor& tensor : tensors) tensor = astype(context, tensor, wanted);
}

// --- arithmetic --------------------------------------------------------------------------------------

Tensor binary(Context& context, ElementwiseKind kind, Tensor x, Tensor y) {
  using enum ElementwiseKind;
  graph::Builder& b = context.builder;
  refuse_keys(context, std::array{x, y});
  if (x.dtype() == DType::Key) return graph::binary(b, kind, x, y);
  WeakDType type = result_type(std::array{x, y});
  if (kind == Power) return power(context, x, y);
  if (kind == Atan2 || kind == LogAddExp || kind == NextAfter) type.dtype = to_inexact(type.dtype);
  const bool wants_numbers = kind == Divide || kind == Remainder || kind == ShiftLeft || kind == ShiftRightLogical || kind == ShiftRightArithmetic;
  if (type.dtype == DType::Bool && wants_numbers) type.dtype = DType::Int32;
  bring(context, x, y, type);
  if (type.dtype == DType::Bool) {
    if (kind == Subtract) refuse_dtype(context, x, "; use `logical_xor`");
    if (kind == Add || kind == Maximum) kind = Or;
    if (kind == Multiply || kind == Minimum) kind = And;
  }
  return graph::binary(b, kind, x, y);
}

Tensor divide(Context& context, Tensor x, Tensor y) {
  refuse_keys(context, std::array{x, y});
  WeakDType type = result_type(std::array{x, y});
  type.dtype = to_inexact(type.dtype);
  bring(context, x, y, type);
  return graph::binary(context.builder, ElementwiseKind::Divide, x, y);
}

Tensor floor_divide(Context& context, Tensor x, Tensor y) {
  using enum ElementwiseKind;
  graph::Builder& b = context.builder;
  refuse_keys(context, std::array{x, y});
  WeakDType type = result_type(std::array{x, y});
  if (type.dtype == DType::Bool) type.dtype = DType::Int32;
  bring(context, x, y, type);
  if (is_unsigned(type.dtype)) return graph::binary(b, Divide, x, y);
  const Tensor zero = like(context, 0, x), one = like(context, 1, x);
  const Tensor rest = graph::binary(b, Remainder, x, y);
  const Tensor has_rest = graph::binary(b, NotEqual, rest, zero);
  // The remainder by 0 is no number, the quotient by 0 is infinite.
  const Tensor multiple = is_float(type.dtype) ? where(context, graph::binary(b, Equal, y, zero), x, graph::binary(b, Subtract, x, rest)) : x;
  const Tensor whole = graph::binary(b, Divide, multiple, y);
  const Tensor other = is_float(type.dtype) ? rest : x;
  const Tensor signs_differ = graph::binary(b, NotEqual, graph::unary(b, Sign, y), graph::unary(b, Sign, other));
  const Tensor below = graph::binary(b, And, has_rest, signs_differ);
  const Tensor quotient = where(context, below, graph::binary(b, Subtract, whole, one), whole);
  // The quotient is an integer up to rounding, so both ways of rounding halves agree.
  return is_float(type.dtype) ? graph::unary(b, RoundEven, quotient) : quotient;
}

Tensor remainder(Context& context, Tensor x, Tensor y) {
  using enum ElementwiseKind;
  graph::Builder& b = context.builder;
  refuse_keys(context, std::array{x, y});
  WeakDType type = result_type(std::array{x, y});
  if (type.dtype == DType::Bool) type.dtype = DType::Int32;
  bring(context, x, y, type);
  const Tensor zero = like(context, 0, x);
  // The remainder by the integer 0 is 0.
  if (is_integer(type.dtype)) y = where(context, graph::binary(b, Equal, y, zero), like(context, 1, y), y);
  const Tensor rest = graph::binary(b, Remainder, x, y);
  if (is_unsigned(type.dtype)) return rest;
  const Tensor signs_differ = graph::binary(b, NotEqual, graph::binary(b, Less, rest, zero), graph::binary(b, Less, y, zero));
  const Tensor up = graph::binary(b, And, signs_differ, graph::binary(b, NotEqual, rest, zero));
  return where(context, up, graph::binary(b, Add, rest, y), rest);
}

Tensor power(Context& context, Tensor x, Tensor y) {
  graph::Builder& b = context.builder;
  refuse_keys(context, std::array{x, y});
  if (const auto exponent = integer_constant(y)) return integer_power(context, x, *exponent);
  WeakDType type = result_type(std::array{x, y});
  if (type.dtype == DType::Bool) type.dtype = DType::Int32;
  // A float base keeps its type whatever integers it is raised to.
  if (is_float(x.dtype()) && !is_float(y.dtype())) type = type_of(x);
  bring(context, x, y, type);
  if (!is_float(type.dtype)) return integer_array_power(context, x, y);
  return graph::binary(b, ElementwiseKind::Power, x, y);
}

Tensor where(Context& context, Tensor condition, Tensor x, Tensor y) {
  refuse_keys(context, std::array{x, y});
  if (condition.dtype() != DType::Bool) condition = astype(context, condition, DType::Bool);
  const WeakDType type = result_type(std::array{x, y});
  if (x.dtype() != DType::Key) bring(context, x, y, type);
  const Tensor out = graph::select(context.builder, condition, x, y);
  return type.weak && !out.fact().weak ? graph::with_weak(context.builder, out, true) : out;
}

Tensor inexact_unary(Context& context, ElementwiseKind kind, Tensor x) {
  return graph::unary(context.builder, kind, retyped(context, x, to_inexact(x.dtype())));
}

Tensor matmul(Context& context, Tensor x, Tensor y) {
  if (x.rank() == 0 || y.rank() == 0) {
    Reason reason;
    reason.text = concat("needs arrays of rank 1 or more, and has ", x.fact(), " and ", y.fact());
    context.builder.fail(reason, std::array{x, y});
  }
  std::array<Tensor, 2> operands{x, y};
  promote_all(context, operands);
  const std::int64_t x_matrix = std::min<std::int64_t>(x.rank(), 2), y_matrix = std::min<std::int64_t>(y.rank(), 2);
  const BatchAxes axes = match_batch(context, operands[0], operands[1], x_matrix, y_matrix);
  DotAttributes attributes;
  attributes.a_batch = axes.a_batch;
  attributes.b_batch = axes.b_batch;
  attributes.a_contract = {axes.a.rank() - 1};
  attributes.b_contract = {axes.b.rank() - y_matrix};
  const Tensor product = graph::dot_general(context.builder, axes.a, axes.b, attributes);
  // The product has: common axes, free axes of a (its row last), free axes of b (its column last).
  const auto count = [&](char side) {
    return std::count_if(axes.order.begin(), axes.order.end(), [&](const auto& entry) { return entry.first == side; });
  };
  const std::int64_t a_start = count('c'), b_start = a_start + count('a') + (x_matrix - 1);
  std::vector<std::int64_t> permutation;
  for (const auto& [side, i] : axes.order) permutation.push_back(i + (side == 'c' ? 0 : side == 'a' ? a_start : b_start));
  if (x_matrix == 2) permutation.push_back(b_start - 1);
  if (y_matrix == 2) permutation.push_back(product.rank() - 1);
  if (std::is_sorted(permutation.begin(), permutation.end())) return product;
  return graph::transpose(context.builder, product, std::move(permutation));
}

// --- reductions --------------------------------------------------------------------------------------

namespace {

// The type that a sum has: small integers and bool are widened.
DType sum_dtype(DType dtype) {
  if (dtype == DType::Bool) return DType::Int32;
  if (is_integer(dtype) && byte_size(dtype) < 4) return is_signed(dtype) ? DType::Int32 : DType::UInt32;
  return dtype;
}

DType accumulated(DType dtype) { return is_half(dtype) ? DType::Float32 : dtype; }

Dim count_along(Tensor x, const std::vector<std::int64_t>& axes) {
  Dim count = 1;
  for (const std::int64_t axis : axes) count = count * x.dim(axis);
  return count;
}

}  // namespace

Tensor sum(Context& context, Tensor x, std::vector<std::int64_t> axes, bool keepdims) {
  const DType out = sum_dtype(x.dtype());
  const Tensor wide = astype(context, x, accumulated(out));
  return astype(context, graph::reduce(context.builder, ReduceKind::Sum, wide, std::move(axes), keepdims), out);
}

Tensor mean(Context& context, Tensor x, std::vector<std::int64_t> axes, bool keepdims) {
  const DType out = to_inexact(x.dtype());
  const Tensor wide = astype(context, x, accumulated(out));
  const Tensor count = graph::size_scalar(context.builder, count_along(x, axes), wide.dtype());
  const Tensor total = graph::reduce(context.builder, ReduceKind::Sum, wide, std::move(axes), keepdims);
  return astype(context, graph::binary(context.builder, ElementwiseKind::Divide, total, count), out);
}

Tensor variance(Context& context, Tensor x, std::vector<std::int64_t> axes, bool keepdims, const Dim& ddof) {
  using enum ElementwiseKind;
  graph::Builder& b = context.builder;
  const DType out = to_inexact(x.dtype());
  const Tensor wide = astype(context, x, accumulated(out));
  const Tensor centered = graph::binary(b, Subtract, wide, mean(context, wide, axes, true));
  const Dim count = count_along(x, axes) - ddof;
  const Tensor total = graph::reduce(b, ReduceKind::Sum, graph::binary(b, Multiply, centered, centered), std::move(axes), keepdims);
  const Tensor result = astype(context, graph::binary(b, Divide, total, graph::size_scalar(b, count, wide.dtype())), out);
  // Without a degree of freedom there is no variance.
  if (b.dims().holds(count, graph::DimContext::Relation::Greater, 0) == graph::Truth::Yes) return result;
  const Tensor size = graph::size_scalar(b, count, DType::Float32);
  const Tensor has_freedom = graph::binary(b, Greater, size, graph::scalar(b, 0, DType::Float32));
  return where(context, has_freedom, result, number(context, std::numeric_limits<double>::quiet_NaN(), out));
}

}  // namespace linenc::catalog
