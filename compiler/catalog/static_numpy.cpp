// NumPy 2's promotion and arithmetic on static arrays. Tested by tests/compiler/functions/numpy_goldens_test.cpp.
#include "compiler/catalog/static_numpy.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

#include "compiler/catalog/context.h"
#include "compiler/diagnostics/concat.h"

// The switches below pick a few of many kinds; `default` is the rest.
#pragma GCC diagnostic ignored "-Wswitch-enum"

namespace linenc::catalog {
namespace {

std::size_t bits_of(DType dtype) { return dtype == DType::Bool ? 1 : 8 * byte_size(dtype); }

DType signed_of(std::size_t bits) { return bits <= 8 ? DType::Int8 : bits <= 16 ? DType::Int16 : bits <= 32 ? DType::Int32 : DType::Int64; }

DType wider(DType a, DType b) { return bits_of(a) < bits_of(b) ? b : a; }

// The float that holds the whole numbers of a dtype.
DType float_of_integers(DType dtype) {
  const std::size_t bits = bits_of(dtype);
  return bits <= 8 ? DType::Float16 : bits <= 16 ? DType::Float32 : DType::Float64;
}

DType join_integers(DType a, DType b) {
  if (is_signed(a) == is_signed(b)) return wider(a, b);
  const DType with_sign = is_signed(a) ? a : b, without = is_signed(a) ? b : a;
  if (bits_of(with_sign) > bits_of(without)) return with_sign;
  return bits_of(without) == 64 ? DType::Float64 : signed_of(2 * bits_of(without));
}

DType join_floats(DType a, DType b) {
  if (a == b) return a;
  const bool is_half_pair = bits_of(a) == 16 && bits_of(b) == 16;
  return is_half_pair ? DType::Float32 : wider(a, b);
}

// --- whole numbers, which wrap ---------------------------------------------------------------------

std::int64_t wrapping(std::uint64_t value) { return static_cast<std::int64_t>(value); }
std::uint64_t as_bits(std::int64_t value) { return static_cast<std::uint64_t>(value); }

std::int64_t floor_quotient(std::int64_t a, std::int64_t b) {
  if (b == 0) return 0;
  if (b == -1) return wrapping(0 - as_bits(a));
  const std::int64_t quotient = a / b;
  return a % b != 0 && (a < 0) != (b < 0) ? quotient - 1 : quotient;
}

std::int64_t floor_rest(std::int64_t a, std::int64_t b) {
  if (b == 0 || b == -1) return 0;
  const std::int64_t rest = a % b;
  return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
}

std::int64_t integer_power(std::int64_t base, std::int64_t exponent) {
  std::uint64_t result = 1, square = as_bits(base);
  for (; exponent > 0; exponent >>= 1) {
    if (exponent & 1) result *= square;
    square *= square;
  }
  return wrapping(result);
}

std::int64_t shifted_left(std::int64_t a, std::int64_t by, std::int64_t bits) { return by < 0 || by >= bits ? 0 : wrapping(as_bits(a) << by); }
std::int64_t shifted_right(std::int64_t a, std::int64_t by, std::int64_t bits) { return by < 0 || by >= bits ? (a < 0 ? -1 : 0) : a >> by; }

std::int64_t greatest_divisor(std::int64_t a, std::int64_t b) { return std::gcd(a, b); }
std::int64_t least_multiple(std::int64_t a, std::int64_t b) {
  return a == 0 || b == 0 ? 0 : wrapping(as_bits(std::abs(a / std::gcd(a, b))) * as_bits(std::abs(b)));
}

std::int64_t integer_result(NumpyOp op, std::int64_t a, std::int64_t b, std::int64_t bits) {
  switch (op) {
    case NumpyOp::Add: return wrapping(as_bits(a) + as_bits(b));
    case NumpyOp::Subtract: return wrapping(as_bits(a) - as_bits(b));
    case NumpyOp::Multiply: return wrapping(as_bits(a) * as_bits(b));
    case NumpyOp::FloorDivide: return floor_quotient(a, b);
    case NumpyOp::Remainder: return floor_rest(a, b);
    case NumpyOp::Fmod: return b == 0 || b == -1 ? 0 : a % b;
    case NumpyOp::Power: return integer_power(a, b);
    case NumpyOp::Maximum:
    case NumpyOp::Fmax: return std::max(a, b);
    case NumpyOp::Minimum:
    case NumpyOp::Fmin: return std::min(a, b);
    case NumpyOp::BitAnd: return a & b;
    case NumpyOp::BitOr: return a | b;
    case NumpyOp::BitXor: return a ^ b;
    case NumpyOp::LeftShift: return shifted_left(a, b, bits);
    case NumpyOp::RightShift: return shifted_right(a, b, bits);
    case NumpyOp::Gcd: return greatest_divisor(a, b);
    case NumpyOp::Lcm: return least_multiple(a, b);
    default: return 0;
  }
}

// --- floats ------------------------------------------------------------------------------------------

double float_rest(double a, double b) {
  double rest = std::fmod(a, b);
  if (b == 0) return rest;
  if (rest == 0) return std::copysign(0.0, b);
  if ((b < 0) != (rest < 0)) rest += b;
  return rest;
}

double float_quotient(double a, double b) {
  if (b == 0) return a / b;
  const double rest = std::fmod(a, b);
  double quotient = (a - rest) / b;
  if (rest != 0 && (b < 0) != (rest < 0)) quotient -= 1;
  if (quotient == 0) return std::copysign(0.0, a / b);
  const double down = std::floor(quotient);
  return quotient - down > 0.5 ? down + 1 : down;
}

double larger_or_nan(double a, double b) { return std::isnan(a) ? a : std::isnan(b) ? b : a >= b ? a : b; }
double smaller_or_nan(double a, double b) { return std::isnan(a) ? a : std::isnan(b) ? b : a <= b ? a : b; }

double log_of_sum(double a, double b) {
  if (a == b) return a + std::log(2.0);
  const double difference = a - b;
  return difference > 0 ? a + std::log1p(std::exp(-difference)) : difference <= 0 ? b + std::log1p(std::exp(difference)) : difference;
}

double log2_of_sum(double a, double b) {
  constexpr double kLog2OfE = 1.442695040888963407359924681001892137;
  if (a == b) return a + 1;
  const double difference = a - b;
  return difference > 0    ? a + kLog2OfE * std::log1p(std::exp2(-difference))
         : difference <= 0 ? b + kLog2OfE * std::log1p(std::exp2(difference))
                           : difference;
}

// The next number of the dtype from a towards b.
double next_after(DType dtype, double a, double b) {
  if (dtype == DType::Float64) return std::nextafter(a, b);
  if (dtype == DType::Float32) return std::nextafterf(static_cast<float>(a), static_cast<float>(b));
  if (a == b || std::isnan(a) || std::isnan(b)) return a == b ? b : a + b;
  const double smallest = 0x1p-24;  // of float16
  if (a == 0) return std::copysign(smallest, b);
  // Half a step further, rounded, is the neighbour: of subnormal numbers all steps are equal.
  const double step = std::max(std::ldexp(1.0, std::ilogb(a) - 10), smallest);
  const bool outward = (b > a) == (a > 0);
  const double inward_step = std::max(std::fabs(a) == std::ldexp(1.0, std::ilogb(a)) ? step / 2 : step, smallest);
  return rounded_to(dtype, a + (b > a ? 1 : -1) * (outward ? step : inward_step));
}

double step_at(double x, double at_zero) { return std::isnan(x) ? x : x == 0 ? at_zero : x < 0 ? 0.0 : 1.0; }

double float_result(NumpyOp op, double a, double b) {
  switch (op) {
    case NumpyOp::Add: return a + b;
    case NumpyOp::Subtract: return a - b;
    case NumpyOp::Multiply: return a * b;
    case NumpyOp::Divide: return a / b;
    case NumpyOp::FloorDivide: return float_quotient(a, b);
    case NumpyOp::Remainder: return float_rest(a, b);
    case NumpyOp::Fmod: return std::fmod(a, b);
    case NumpyOp::Power:
    case NumpyOp::FloatPower: return std::pow(a, b);
    case NumpyOp::Maximum: return larger_or_nan(a, b);
    case NumpyOp::Minimum: return smaller_or_nan(a, b);
    case NumpyOp::Fmax: return std::fmax(a, b);
    case NumpyOp::Fmin: return std::fmin(a, b);
    case NumpyOp::Arctan2: return std::atan2(a, b);
    case NumpyOp::Hypot: return std::hypot(a, b);
    case NumpyOp::Copysign: return std::copysign(a, b);
    case NumpyOp::LogAddExp: return log_of_sum(a, b);
    case NumpyOp::LogAddExp2: return log2_of_sum(a, b);
    case NumpyOp::Heaviside: return step_at(a, b);
    default: return 0;
  }
}

// NumPy raises to some single exponents without the power function.
std::optional<double> simple_power(double exponent, double x) {
  if (exponent == 1) return x;
  if (exponent == 2) return x * x;
  if (exponent == 0.5) return std::sqrt(x);
  if (exponent == -1) return 1 / x;
  return exponent == 0 ? std::optional(1.0) : std::nullopt;
}

// --- truth -------------------------------------------------------------------------------------------

bool is_comparison(NumpyOp op) { return op >= NumpyOp::Equal && op <= NumpyOp::GreaterEqual; }
bool is_logical(NumpyOp op) { return op >= NumpyOp::LogicalAnd && op <= NumpyOp::LogicalXor; }
bool is_bitwise(NumpyOp op) { return op >= NumpyOp::BitAnd && op <= NumpyOp::RightShift; }

template <class T>
bool compared(NumpyOp op, T a, T b) {
  switch (op) {
    case NumpyOp::Equal: return a == b;
    case NumpyOp::NotEqual: return a != b;
    case NumpyOp::Less: return a < b;
    case NumpyOp::LessEqual: return a <= b;
    case NumpyOp::Greater: return a > b;
    case NumpyOp::GreaterEqual: return a >= b;
    case NumpyOp::LogicalAnd: return a != T{} && b != T{};
    case NumpyOp::LogicalOr: return a != T{} || b != T{};
    default: return (a != T{}) != (b != T{});
  }
}

std::string_view spelling(NumpyOp op) {
  static constexpr std::array<std::string_view, 36> kNames = {
      "+",    "-", "*",  "/",       "//",    "%",        "fmod",        "**",         "float_power", "maximum",   "minimum", "fmax",
      "fmin", "&", "|",  "^",       "<<",    ">>",       "logical_and", "logical_or", "logical_xor", "==",        "!=",      "<",
      "<=",   ">", ">=", "arctan2", "hypot", "copysign", "logaddexp",   "logaddexp2", "nextafter",   "heaviside", "gcd",     "lcm"};
  return kNames[static_cast<std::size_t>(op)];
}

[[noreturn]] void refuse(Context& context, NumpyOp op, const NumpyOperand& a, const NumpyOperand& b, Span place) {
  context.fail(Code::DtypeMismatch, place, concat("`np.` has no `", spelling(op), "` of ", a.array->dtype, " and ", b.array->dtype));
}

// The dtype in which an operator computes.
DType computed_in(Context& context, NumpyOp op, std::span<const NumpyOperand> operands, Span place) {
  const DType joined = numpy_result_type(operands);
  // A number of Python is compared as it is, whether or not it fits into the dtype.
  if (is_comparison(op) && is_integer(joined)) return DType::Int64;
  switch (op) {
    case NumpyOp::Divide: return is_float(joined) ? joined : DType::Float64;
    case NumpyOp::FloatPower: return DType::Float64;
    case NumpyOp::Arctan2:
    case NumpyOp::Hypot:
    case NumpyOp::Copysign:
    case NumpyOp::LogAddExp:
    case NumpyOp::LogAddExp2:
    case NumpyOp::NextAfter:
    case NumpyOp::Heaviside: return numpy_inexact(joined);
    case NumpyOp::FloorDivide:
    case NumpyOp::Remainder:
    case NumpyOp::Fmod:
    case NumpyOp::Power:
    case NumpyOp::LeftShift:
    case NumpyOp::RightShift:
      if (is_float(joined) && is_bitwise(op)) refuse(context, op, operands[0], operands[1], place);
      return joined == DType::Bool ? DType::Int8 : joined;
    case NumpyOp::Subtract:
    case NumpyOp::Gcd:
    case NumpyOp::Lcm:
      if (joined == DType::Bool || (op != NumpyOp::Subtract && is_float(joined))) refuse(context, op, operands[0], operands[1], place);
      return joined;
    default:
      if (is_bitwise(op) && is_float(joined)) refuse(context, op, operands[0], operands[1], place);
      return joined;
  }
}

// Of truth values, `+` is or and `*` is and.
NumpyOp of_truth(NumpyOp op) { return op == NumpyOp::Add ? NumpyOp::BitOr : op == NumpyOp::Multiply ? NumpyOp::BitAnd : op; }

ArrayPtr shared(StaticArray array) { return std::make_shared<const StaticArray>(std::move(array)); }

StaticArray computed(Context& context, NumpyOp op, const std::vector<ArrayPtr>& sides, bool single_exponent, Span place) {
  const StaticArray &a = *sides[0], &b = *sides[1];
  const std::size_t count = a.size();
  if (is_comparison(op) || is_logical(op)) {
    StaticArray out(DType::Bool, a.shape);
    for (std::size_t i = 0; i < count; ++i)
      out.integers[i] = a.is_real() ? compared(op, a.reals[i], b.reals[i]) : compared(op, a.integers[i], b.integers[i]);
    return out;
  }
  StaticArray out(a.dtype, a.shape);
  if (a.is_real()) {
    const bool simple = op == NumpyOp::Power && single_exponent && count > 0 && simple_power(b.reals[0], 1).has_value();
    if (op == NumpyOp::NextAfter) {
      for (std::size_t i = 0; i < count; ++i) out.reals[i] = next_after(a.dtype, a.reals[i], b.reals[i]);
      return out;
    }
    for (std::size_t i = 0; i < count; ++i) out.reals[i] = simple ? *simple_power(b.reals[0], a.reals[i]) : float_result(op, a.reals[i], b.reals[i]);
  } else {
    if (op == NumpyOp::Power && std::any_of(b.integers.begin(), b.integers.end(), [](std::int64_t n) { return n < 0; })) {
      context.fail(Code::EvaluationFailed, place, "`np.` raises no integers to negative integers: make the base a float");
    }
    const NumpyOp whole = a.dtype == DType::Bool ? of_truth(op) : op;
    const auto bits = static_cast<std::int64_t>(bits_of(a.dtype));
    for (std::size_t i = 0; i < count; ++i) out.integers[i] = integer_result(whole, a.integers[i], b.integers[i], bits);
  }
  round_elements(out);
  return out;
}

}  // namespace

DType numpy_promote(DType a, DType b) {
  if (a == b) return a;
  if (a == DType::Bool) return b;
  if (b == DType::Bool) return a;
  if (is_float(a) && is_float(b)) return join_floats(a, b);
  if (is_float(a) || is_float(b)) {
    const DType real = is_float(a) ? a : b, whole = is_float(a) ? b : a;
    // bfloat16 holds no whole numbers for NumPy, and takes them all.
    return real == DType::BFloat16 ? real : join_floats(real, float_of_integers(whole));
  }
  return join_integers(a, b);
}

DType numpy_inexact(DType dtype) { return is_float(dtype) ? dtype : float_of_integers(dtype); }

NumpyOperand numpy_operand(Context& context, const Value& value, Span place) {
  return {to_static_array(context, value, place), value.number() != nullptr || value.integer() != nullptr};
}

DType numpy_result_type(std::span<const NumpyOperand> operands) {
  std::optional<DType> strong;
  bool has_float = false, has_int = false;
  for (const NumpyOperand& operand : operands) {
    if (!operand.is_weak)
      strong = strong ? numpy_promote(*strong, operand.array->dtype) : operand.array->dtype;
    else if (operand.array->is_real())
      has_float = true;
    else
      has_int = true;
  }
  if (has_float) return strong && is_float(*strong) ? *strong : DType::Float64;
  if (has_int) return strong && *strong != DType::Bool ? *strong : DType::Int64;
  return strong.value_or(DType::Float64);
}

ArrayPtr numpy_in(Context& context, const NumpyOperand& operand, DType dtype) {
  if (operand.array->dtype == dtype) return operand.array;
  StaticArray out = cast(*operand.array, dtype);
  if (operand.is_weak && is_integer(dtype) && !operand.array->is_real() && out.integers[0] != operand.array->integers[0]) {
    context.fail(Code::EvaluationFailed, concat("the number ", operand.array->integers[0], " does not fit into ", dtype));
  }
  return shared(std::move(out));
}

std::vector<ArrayPtr> numpy_align(Context& context, std::span<const NumpyOperand> operands, DType dtype) {
  std::vector<Sizes> shapes;
  for (const NumpyOperand& operand : operands) shapes.push_back(operand.array->shape);
  const Sizes shape = broadcast_shapes(context, shapes);
  charge(context, count_of(shape));
  std::vector<ArrayPtr> out;
  for (const NumpyOperand& operand : operands) out.push_back(broadcast_to(context, numpy_in(context, operand, dtype), shape));
  return out;
}

Value numpy_binary(Context& context, NumpyOp op, const Value& a, const Value& b, Span place) {
  if (!place.exists()) place = context.place();
  const std::array<NumpyOperand, 2> operands{numpy_operand(context, a, place), numpy_operand(context, b, place)};
  const DType dtype = computed_in(context, op, operands, place);
  const bool single_exponent = operands[1].array->size() == 1;
  return shared(computed(context, op, numpy_align(context, operands, dtype), single_exponent, place));
}

Value numpy_matmul(Context& context, const Value& left, const Value& right, Span place) {
  ArrayPtr a = to_static_array(context, left, place), b = to_static_array(context, right, place);
  if (a->rank() == 0 || b->rank() == 0) context.fail(Code::ShapeMismatch, place, "`@` needs arrays of rank 1 or more");
  const DType dtype = numpy_promote(a->dtype, b->dtype);
  const bool a_vector = a->rank() == 1, b_vector = b->rank() == 1;
  a = numpy_in(context, {a, false}, dtype);
  b = numpy_in(context, {b, false}, dtype);
  if (a_vector) a = with_shape(a, {1, a->shape[0]});
  if (b_vector) b = with_shape(b, {b->shape[0], 1});
  const std::int64_t n = a->shape[a->rank() - 2], k = a->shape.back(), m = b->shape.back();
  if (k != b->shape[b->rank() - 2]) {
    context.fail(Code::ShapeMismatch, place,
                 concat("`@` of ", text_of(*a), " and ", text_of(*b), " sums over sizes that differ: ", k, " and ", b->shape[b->rank() - 2]));
  }
  Sizes batch = broadcast_shapes(context, {Sizes(a->shape.begin(), a->shape.end() - 2), Sizes(b->shape.begin(), b->shape.end() - 2)});
  const auto matrices = [&](const ArrayPtr& x) {
    Sizes shape = batch;
    shape.insert(shape.end(), x->shape.end() - 2, x->shape.end());
    return broadcast_to(context, x, shape);
  };
  a = matrices(a);
  b = matrices(b);
  Sizes shape = batch;
  if (!a_vector) shape.push_back(n);
  if (!b_vector) shape.push_back(m);
  StaticArray out(dtype, shape);
  charge(context, count_of(batch) * n * m);
  context.step(static_cast<std::uint64_t>(count_of(batch) * n * m) / 16 * static_cast<std::uint64_t>(k));
  for (std::int64_t i = 0; i < count_of(batch) * n * m; ++i) {
    const std::int64_t matrix = i / (n * m), from_a = matrix * n * k + (i / m % n) * k, from_b = matrix * k * m + i % m;
    double real = 0;
    std::int64_t whole = 0;
    for (std::int64_t j = 0; j < k; ++j) {
      const auto x = static_cast<std::size_t>(from_a + j), y = static_cast<std::size_t>(from_b + j * m);
      if (out.is_real())
        real += a->reals[x] * b->reals[y];
      else
        whole = wrapping(as_bits(whole) + as_bits(a->integers[x]) * as_bits(b->integers[y]));
    }
    if (out.is_real())
      out.reals[static_cast<std::size_t>(i)] = real;
    else
      out.integers[static_cast<std::size_t>(i)] = whole;
  }
  round_elements(out);
  return shared(std::move(out));
}

Value numpy_negative(Context& context, const ArrayPtr& array) {
  if (array->dtype == DType::Bool) context.fail(Code::DtypeMismatch, "`-` has no meaning for bool: use `~`");
  charge(context, count_of(array->shape));
  StaticArray out = *array;
  for (double& x : out.reals) x = -x;
  for (std::int64_t& x : out.integers) x = wrapping(0 - as_bits(x));
  round_elements(out);
  return shared(std::move(out));
}

Value numpy_absolute(Context& context, const ArrayPtr& array) {
  charge(context, count_of(array->shape));
  StaticArray out = *array;
  for (double& x : out.reals) x = std::fabs(x);
  for (std::int64_t& x : out.integers) x = x < 0 ? wrapping(0 - as_bits(x)) : x;
  round_elements(out);
  return shared(std::move(out));
}

Value numpy_invert(Context& context, const ArrayPtr& array) {
  if (array->is_real()) context.fail(Code::DtypeMismatch, concat("`~` has no meaning for ", array->dtype));
  charge(context, count_of(array->shape));
  StaticArray out = *array;
  for (std::int64_t& x : out.integers) x = out.dtype == DType::Bool ? 1 - x : ~x;
  round_elements(out);
  return shared(std::move(out));
}

bool numpy_truth(Context& context, const StaticArray& array, Span place) {
  if (array.size() == 1) return array.real(0) != 0;
  context.fail(Code::WrongType, place, concat("whether ", text_of(array), " is true is said by `np.any` or `np.all` of it"));
}

ArrayPtr numpy_transpose(Context& context, const StaticArray& array, const std::vector<std::size_t>& permutation) {
  charge(context, count_of(array.shape));
  const std::size_t rank = array.rank();
  std::vector<std::size_t> strides(rank, 1), moved(rank);
  for (std::size_t axis = rank; axis-- > 1;) strides[axis - 1] = strides[axis] * static_cast<std::size_t>(array.shape[axis]);
  Sizes shape(rank);
  for (std::size_t axis = 0; axis < rank; ++axis) {
    shape[axis] = array.shape[permutation[axis]];
    moved[axis] = strides[permutation[axis]];
  }
  std::vector<std::size_t> offsets(array.size());
  Sizes index(rank, 0);
  std::size_t offset = 0;
  for (std::size_t& o : offsets) {
    o = offset;
    for (std::size_t axis = rank; axis-- > 0;) {
      offset += moved[axis];
      if (++index[axis] < shape[axis]) break;
      offset -= moved[axis] * static_cast<std::size_t>(shape[axis]);
      index[axis] = 0;
    }
  }
  return shared(picked(array, offsets, shape));
}

}  // namespace linenc::catalog
