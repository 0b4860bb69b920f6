// Operators on values: Python's rules where both operands are static, JAX's where one is a tensor.
// Tested by tests/compiler/elaborate/operators_test.cpp.
#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "compiler/catalog/numpy.h"
#include "compiler/catalog/static_numpy.h"
#include "compiler/elaborate/evaluate.h"
#include "compiler/elaborate/format_spec.h"

// The switches below pick a few of many kinds; `default` is the rest.
#pragma GCC diagnostic ignored "-Wswitch-enum"

namespace linenc::elaborate {

using syntax::ExprOp;

namespace {

constexpr std::size_t kLengthLimit = std::size_t{1} << 20;

bool is_array_like(const Value& v) { return v.tensor() != nullptr; }

// bool counts as the int it is in Python.
std::optional<Dim> as_int(const Value& v) {
  if (const Dim* d = v.integer()) return *d;
  if (const bool* b = v.boolean()) return Dim(*b ? 1 : 0);
  return std::nullopt;
}

[[noreturn]] void fail_operator(Context& context, ExprOp op, const Value& left, const Value& right, Span place) {
  context.fail(Code::WrongType, place, concat("`", syntax::spelling(op), "` cannot take ", catalog::kind(left), " and ", catalog::kind(right)));
}

double as_double(Context& context, const Value& v, Span place) {
  if (const double* d = v.number()) return *d;
  const Dim dim = *as_int(v);
  if (const auto known = dim.constant()) return static_cast<double>(*known);
  context.fail(Code::UnknownSize, place, concat("this needs the number that `", dim.text(), "` stands for, and it has no size yet"));
}

Value checked(Context& context, Dim value, Span place) {
  if (value.is_overflow()) context.fail(Code::EvaluationFailed, place, "this number does not fit into 64 bits");
  return value;
}

[[noreturn]] void fail_zero(Context& context, Span place) { context.fail(Code::EvaluationFailed, place, "division by zero"); }

Value integer_power(Context& context, const Dim& base, const Dim& exponent, Span place) {
  const auto n = exponent.constant();
  if (!n) context.fail(Code::UnknownSize, place, concat("the exponent `", exponent.text(), "` has no size yet"));
  if (*n < 0) {
    const double b = as_double(context, base, place);
    if (b == 0) fail_zero(context, place);
    return std::pow(b, static_cast<double>(*n));
  }
  const auto b = base.constant();
  if (b && (*b == 0 || *b == 1)) return *n == 0 ? Dim(1) : base;
  if (b && *b == -1) return Dim(*n % 2 == 0 ? 1 : -1);
  if (*n > 64) context.fail(Code::EvaluationFailed, place, "this number does not fit into 64 bits");
  Dim result = 1;
  for (std::int64_t i = 0; i < *n; ++i) result = result * base;
  return checked(context, result, place);
}

std::int64_t known(Context& context, const Dim& dim, Span place) {
  if (const auto value = dim.constant()) return *value;
  context.fail(Code::UnknownSize, place, concat("this needs the number that `", dim.text(), "` stands for, and it has no size yet"));
}

Value shifted(Context& context, ExprOp op, std::int64_t a, std::int64_t n, Span place) {
  if (n < 0) context.fail(Code::EvaluationFailed, place, "negative shift count");
  if (op == ExprOp::ShiftRight) return Dim(n > 62 ? (a < 0 ? -1 : 0) : (a >> n));
  if (a == 0) return Dim(0);
  if (n > 63 || a > (std::numeric_limits<std::int64_t>::max() >> n) || a < (std::numeric_limits<std::int64_t>::min() >> n)) {
    context.fail(Code::EvaluationFailed, place, "this number does not fit into 64 bits");
  }
  return Dim(static_cast<std::int64_t>(static_cast<std::uint64_t>(a) << n));
}

Value integer_operator(Context& context, ExprOp op, const Dim& a, const Dim& b, Span place) {
  const bool zero = b.constant() && *b.constant() == 0;
  switch (op) {  // NOLINT: the other operators are not binary
    case ExprOp::Add: return checked(context, a + b, place);
    case ExprOp::Subtract: return checked(context, a - b, place);
    case ExprOp::Multiply: return checked(context, a * b, place);
    case ExprOp::FloorDivide:
      if (zero) fail_zero(context, place);
      return checked(context, floor_div(a, b), place);
    case ExprOp::Modulo:
      if (zero) fail_zero(context, place);
      return checked(context, modulo(a, b), place);
    case ExprOp::Divide:
      if (zero) fail_zero(context, place);
      return as_double(context, a, place) / as_double(context, b, place);
    case ExprOp::Power: return integer_power(context, a, b, place);
    case ExprOp::BitAnd: return Dim(known(context, a, place) & known(context, b, place));
    case ExprOp::BitOr: return Dim(known(context, a, place) | known(context, b, place));
    case ExprOp::BitXor: return Dim(known(context, a, place) ^ known(context, b, place));
    case ExprOp::ShiftLeft:
    case ExprOp::ShiftRight: return shifted(context, op, known(context, a, place), known(context, b, place), place);
    default: break;
  }
  fail_operator(context, op, a, b, place);
}

double python_modulo(double a, double b) {
  double r = std::fmod(a, b);
  if (r != 0 && (r < 0) != (b < 0)) r += b;
  return r;
}

// Python's a // b.
double python_quotient(double a, double b) {
  const double rest = std::fmod(a, b);
  double quotient = (a - rest) / b;
  if (rest != 0 && (rest < 0) != (b < 0)) quotient -= 1;
  if (quotient == 0) return std::copysign(0.0, a / b);
  const double down = std::floor(quotient);
  return quotient - down > 0.5 ? down + 1 : down;
}

Value float_operator(Context& context, ExprOp op, double a, double b, const Value& left, const Value& right, Span place) {
  switch (op) {  // NOLINT
    case ExprOp::Add: return a + b;
    case ExprOp::Subtract: return a - b;
    case ExprOp::Multiply: return a * b;
    case ExprOp::Divide:
      if (b == 0) fail_zero(context, place);
      return a / b;
    case ExprOp::FloorDivide:
      if (b == 0) fail_zero(context, place);
      return python_quotient(a, b);
    case ExprOp::Modulo:
      if (b == 0) fail_zero(context, place);
      return python_modulo(a, b);
    case ExprOp::Power:
      if (a == 0 && b < 0) fail_zero(context, place);
      if (a < 0 && std::isfinite(a) && std::isfinite(b) && b != std::floor(b)) {
        context.fail(Code::EvaluationFailed, place, "a negative number to a fraction is complex, which static numbers are not");
      }
      return std::pow(a, b);
    default: break;
  }
  fail_operator(context, op, left, right, place);
}

// Sequences: + joins, * repeats; maps: | merges; texts: % fills in.
std::optional<Value> container_operator(Context& context, ExprOp op, const Value& left, const Value& right, Span place) {
  if (op == ExprOp::Add && left.list() != nullptr && right.list() != nullptr) {
    List joined = *left.list();
    joined.insert(joined.end(), right.list()->begin(), right.list()->end());
    return Value(std::move(joined));
  }
  if (op == ExprOp::Add && left.text() != nullptr && right.text() != nullptr) return Value(*left.text() + *right.text());
  if (op == ExprOp::Modulo && left.text() != nullptr) return percent_text(context, *left.text(), right, place);
  if (op == ExprOp::BitOr && left.map() != nullptr && right.map() != nullptr) {
    Map merged = *left.map();
    for (const auto& [key, value] : *right.map()) {
      bool replaced = false;
      for (auto& [old_key, old_value] : merged) {
        if (!catalog::same(old_key, key)) continue;
        old_value = value;
        replaced = true;
      }
      if (!replaced) merged.emplace_back(key, value);
    }
    return Value(std::move(merged));
  }
  if (op != ExprOp::Multiply) return std::nullopt;
  const bool left_sequence = left.list() != nullptr || left.text() != nullptr;
  const Value& sequence = left_sequence ? left : right;
  const std::optional<Dim> times = as_int(left_sequence ? right : left);
  if (!times || (sequence.list() == nullptr && sequence.text() == nullptr)) return std::nullopt;
  const auto n = static_cast<std::size_t>(std::max<std::int64_t>(known(context, *times, place), 0));
  const std::size_t length = sequence.list() != nullptr ? sequence.list()->size() : sequence.text()->size();
  if (length == 0) return sequence;
  if (n > kLengthLimit / length) context.fail(Code::LimitExceeded, place, "this list would have more than 1,048,576 items");
  if (sequence.text() != nullptr) {
    std::string repeated;
    for (std::size_t i = 0; i < n; ++i) repeated += *sequence.text();
    return Value(std::move(repeated));
  }
  List repeated;
  for (std::size_t i = 0; i < n; ++i) repeated.insert(repeated.end(), sequence.list()->begin(), sequence.list()->end());
  return Value(std::move(repeated));
}

// Python's lists and tuples are no arrays, and JAX refuses them beside one.
void refuse_list(Context& context, ExprOp op, const Value& left, const Value& right, Span place) {
  if (left.list() == nullptr && right.list() == nullptr) return;
  diagnostics::Report report =
      context.error(Code::WrongType, place, concat("`", syntax::spelling(op), "` cannot take ", catalog::kind(left), " and ", catalog::kind(right)));
  report.help("a list becomes an array by `asarray([...])`");
  Context::throw_reported(report.emit());
}

Value tensor_operator(Context& context, ExprOp op, const Value& left, const Value& right, Span place) {
  refuse_list(context, op, left, right, place);
  const std::vector<graph::Site::Operand>& written = context.builder.site().operands;
  const Tensor a = catalog::to_tensor(context, left, written.size() == 2 ? written[0].span : place);
  const Tensor b = catalog::to_tensor(context, right, written.size() == 2 ? written[1].span : place);
  using Kind = ElementwiseKind;
  switch (op) {  // NOLINT
    case ExprOp::Add: return catalog::binary(context, Kind::Add, a, b);
    case ExprOp::Subtract: return catalog::binary(context, Kind::Subtract, a, b);
    case ExprOp::Multiply: return catalog::binary(context, Kind::Multiply, a, b);
    case ExprOp::Divide: return catalog::divide(context, a, b);
    case ExprOp::FloorDivide: return catalog::floor_divide(context, a, b);
    case ExprOp::Modulo: return catalog::remainder(context, a, b);
    case ExprOp::Power: return catalog::power(context, a, b);
    case ExprOp::MatMul: return catalog::matmul(context, a, b);
    case ExprOp::BitAnd: return catalog::binary(context, Kind::And, a, b);
    case ExprOp::BitOr: return catalog::binary(context, Kind::Or, a, b);
    case ExprOp::BitXor: return catalog::binary(context, Kind::Xor, a, b);
    case ExprOp::ShiftLeft: return catalog::binary(context, Kind::ShiftLeft, a, b);
    case ExprOp::ShiftRight: return catalog::binary(context, is_unsigned(a.dtype()) ? Kind::ShiftRightLogical : Kind::ShiftRightArithmetic, a, b);
    case ExprOp::Equal: return catalog::binary(context, Kind::Equal, a, b);
    case ExprOp::NotEqual: return catalog::binary(context, Kind::NotEqual, a, b);
    case ExprOp::Less: return catalog::binary(context, Kind::Less, a, b);
    case ExprOp::LessEqual: return catalog::binary(context, Kind::LessEqual, a, b);
    case ExprOp::Greater: return catalog::binary(context, Kind::Greater, a, b);
    case ExprOp::GreaterEqual: return catalog::binary(context, Kind::GreaterEqual, a, b);
    default: break;
  }
  fail_operator(context, op, left, right, place);
}

// Of static arrays, as NumPy computes.
Value array_operator(Context& context, ExprOp op, const Value& left, const Value& right, Span place) {
  using Op = catalog::NumpyOp;
  const auto binary = [&](Op kind) { return catalog::numpy_binary(context, kind, left, right, place); };
  switch (op) {  // NOLINT
    case ExprOp::Add: return binary(Op::Add);
    case ExprOp::Subtract: return binary(Op::Subtract);
    case ExprOp::Multiply: return binary(Op::Multiply);
    case ExprOp::Divide: return binary(Op::Divide);
    case ExprOp::FloorDivide: return binary(Op::FloorDivide);
    case ExprOp::Modulo: return binary(Op::Remainder);
    case ExprOp::Power: return binary(Op::Power);
    case ExprOp::MatMul: return catalog::numpy_matmul(context, left, right, place);
    case ExprOp::BitAnd: return binary(Op::BitAnd);
    case ExprOp::BitOr: return binary(Op::BitOr);
    case ExprOp::BitXor: return binary(Op::BitXor);
    case ExprOp::ShiftLeft: return binary(Op::LeftShift);
    case ExprOp::ShiftRight: return binary(Op::RightShift);
    case ExprOp::Equal: return binary(Op::Equal);
    case ExprOp::NotEqual: return binary(Op::NotEqual);
    case ExprOp::Less: return binary(Op::Less);
    case ExprOp::LessEqual: return binary(Op::LessEqual);
    case ExprOp::Greater: return binary(Op::Greater);
    case ExprOp::GreaterEqual: return binary(Op::GreaterEqual);
    default: break;
  }
  fail_operator(context, op, left, right, place);
}

// What an operator of static values takes beside a static array.
bool fits_array(const Value& v) {
  return v.array() || v.list() != nullptr || v.number() != nullptr || v.integer() != nullptr || v.boolean() != nullptr;
}

// [1] * n and text * n repeat, also where n is a whole number of NumPy.
bool repeats(ExprOp op, const Value& left, const Value& right) {
  const auto is_sequence = [](const Value& v) { return v.list() != nullptr || v.text() != nullptr; };
  const auto is_count = [](const Value& v) { return v.array() && catalog::plain(v).integer() != nullptr; };
  return op == ExprOp::Multiply && ((is_sequence(left) && is_count(right)) || (is_sequence(right) && is_count(left)));
}

graph::DimContext::Relation relation_of(ExprOp op) {
  using Relation = graph::DimContext::Relation;
  switch (op) {  // NOLINT
    case ExprOp::NotEqual: return Relation::NotEqual;
    case ExprOp::Less: return Relation::Less;
    case ExprOp::LessEqual: return Relation::LessEqual;
    case ExprOp::Greater: return Relation::Greater;
    case ExprOp::GreaterEqual: return Relation::GreaterEqual;
    default: return Relation::Equal;
  }
}

bool compare_sizes(Context& context, ExprOp op, const Dim& a, const Dim& b, Span place) {
  const graph::Truth truth = context.builder.dims().holds(a, relation_of(op), b);
  if (truth != graph::Truth::Unknown) return truth == graph::Truth::Yes;
  const std::string fact = concat(a.text(), " ", syntax::spelling(op), " ", b.text());
  diagnostics::Report report = context.error(Code::Unproven, place, concat("whether `", fact, "` holds depends on sizes that are not known here"));
  report.help(concat("state it at the top of the file: assume: [\"", fact, "\"], or give the sizes with --dim"));
  Context::throw_reported(report.emit());
}

template <class T>
bool ordered(ExprOp op, const T& a, const T& b) {
  switch (op) {  // NOLINT
    case ExprOp::Less: return a < b;
    case ExprOp::LessEqual: return a <= b;
    case ExprOp::Greater: return a > b;
    case ExprOp::GreaterEqual: return a >= b;
    case ExprOp::NotEqual: return a != b;
    default: return a == b;
  }
}

// Lists differ where any two elements surely do, whatever is not known of those before them. `undecided` holds the first
// two sizes that may or may not be equal.
using SizePair = std::pair<Dim, Dim>;

graph::Truth equality(const Context& context, const Value& left, const Value& right, std::optional<SizePair>& undecided) {
  const auto truth = [](bool yes) { return yes ? graph::Truth::Yes : graph::Truth::No; };
  if (left.list() != nullptr && right.list() != nullptr) {
    if (left.list()->size() != right.list()->size()) return graph::Truth::No;
    graph::Truth all = graph::Truth::Yes;
    for (std::size_t i = 0; i < left.list()->size(); ++i) {
      const graph::Truth here = equality(context, (*left.list())[i], (*right.list())[i], undecided);
      if (here == graph::Truth::No) return here;
      if (here == graph::Truth::Unknown) all = here;
    }
    return all;
  }
  const std::optional<Dim> a = as_int(left);
  const std::optional<Dim> b = as_int(right);
  if (!a || !b) return truth(catalog::same(left, right));
  const graph::Truth sizes = context.builder.dims().equal(*a, *b);
  if (sizes == graph::Truth::Unknown && !undecided) undecided = {*a, *b};
  return sizes;
}

bool equal_static(Context& context, const Value& left, const Value& right, Span place) {
  std::optional<SizePair> undecided;
  const graph::Truth truth = equality(context, left, right, undecided);
  if (truth != graph::Truth::Unknown) return truth == graph::Truth::Yes;
  return compare_sizes(context, ExprOp::Equal, undecided->first, undecided->second, place);  // reports what is not known
}

bool contains(Context& context, const Value& container, const Value& item, Span place) {
  if (container.array()) {
    const Value found = catalog::numpy_binary(context, catalog::NumpyOp::Equal, container, item, place);
    return std::any_of(found.array()->integers.begin(), found.array()->integers.end(), [](std::int64_t x) { return x != 0; });
  }
  if (const List* list = container.list()) {
    std::optional<SizePair> undecided;
    for (const Value& element : *list) {
      if (equality(context, element, item, undecided) == graph::Truth::Yes) return true;
    }
    return std::any_of(list->begin(), list->end(), [&](const Value& element) { return equal_static(context, element, item, place); });
  }
  if (const Map* map = container.map()) {
    for (const auto& [key, value] : *map) {
      if (catalog::same(key, item)) return true;
    }
    return false;
  }
  if (container.text() != nullptr && item.text() != nullptr) return container.text()->find(*item.text()) != std::string::npos;
  context.fail(Code::WrongType, place, concat("`in` cannot search ", catalog::kind(container)));
}

Value order_static(Context& context, ExprOp op, const Value& left, const Value& right, Span place) {
  const std::optional<Dim> a = as_int(left);
  const std::optional<Dim> b = as_int(right);
  if (a && b) return compare_sizes(context, op, *a, *b, place);
  if ((a || left.number() != nullptr) && (b || right.number() != nullptr)) {
    return ordered(op, as_double(context, left, place), as_double(context, right, place));
  }
  if (left.text() != nullptr && right.text() != nullptr) return ordered(op, *left.text(), *right.text());
  if (left.list() != nullptr && right.list() != nullptr) {
    const List& x = *left.list();
    const List& y = *right.list();
    for (std::size_t i = 0; i < std::min(x.size(), y.size()); ++i) {
      if (!equal_static(context, x[i], y[i], place)) return order_static(context, op, x[i], y[i], place);
    }
    return ordered(op, x.size(), y.size());
  }
  fail_operator(context, op, left, right, place);
}

}  // namespace

Value binary_operator(Context& context, ExprOp op, const Value& left, const Value& right, Span place) {
  if (left.is_poison() || right.is_poison()) return Poison{};
  if (is_array_like(left) || is_array_like(right)) {
    if (op != ExprOp::Multiply || (left.text() == nullptr && right.text() == nullptr)) return tensor_operator(context, op, left, right, place);
  }
  if (repeats(op, left, right)) return binary_operator(context, op, catalog::plain(left), catalog::plain(right), place);
  if ((left.array() || right.array()) && fits_array(left) && fits_array(right)) return array_operator(context, op, left, right, place);
  if (std::optional<Value> value = container_operator(context, op, left, right, place)) return *value;
  if (left.boolean() != nullptr && right.boolean() != nullptr && (op == ExprOp::BitAnd || op == ExprOp::BitOr || op == ExprOp::BitXor)) {
    const bool a = *left.boolean();
    const bool b = *right.boolean();
    return op == ExprOp::BitAnd ? (a && b) : op == ExprOp::BitOr ? (a || b) : (a != b);
  }
  const std::optional<Dim> a = as_int(left);
  const std::optional<Dim> b = as_int(right);
  if (a && b && op != ExprOp::MatMul) return integer_operator(context, op, *a, *b, place);
  if ((a || left.number() != nullptr) && (b || right.number() != nullptr)) {
    return float_operator(context, op, as_double(context, left, place), as_double(context, right, place), left, right, place);
  }
  fail_operator(context, op, left, right, place);
}

Value compare_operator(Context& context, ExprOp op, const Value& left, const Value& right, Span place) {
  if (left.is_poison() || right.is_poison()) return Poison{};
  const bool none = left.is_none() || right.is_none();
  if (op == ExprOp::Is || op == ExprOp::IsNot) {
    if (!none) context.fail(Code::WrongType, place, "`is` compares with none only: use `==`");
    return (left.is_none() && right.is_none()) == (op == ExprOp::Is);
  }
  if (op == ExprOp::In || op == ExprOp::NotIn) {
    if (left.has_tensor() || (right.map() == nullptr && right.has_tensor()))
      context.fail(Code::NotStatic, place, "`in` needs static values, and this is a tensor");
    return contains(context, right, left, place) == (op == ExprOp::In);
  }
  const bool equality = op == ExprOp::Equal || op == ExprOp::NotEqual;
  if (equality && none) return (left.is_none() && right.is_none()) == (op == ExprOp::Equal);
  if (is_array_like(left) || is_array_like(right)) return tensor_operator(context, op, left, right, place);
  if ((left.array() || right.array()) && fits_array(left) && fits_array(right)) return array_operator(context, op, left, right, place);
  if (equality) return equal_static(context, left, right, place) == (op == ExprOp::Equal);
  return order_static(context, op, left, right, place);
}

Value unary_operator(Context& context, ExprOp op, const Value& operand, Span place) {
  if (operand.is_poison()) return operand;
  if (const Tensor* t = operand.tensor()) {
    if (op == ExprOp::Plus) return operand;
    if (op == ExprOp::Invert) return graph::unary(context.builder, ElementwiseKind::Not, *t);
    if (t->dtype() == DType::Bool) context.fail(Code::DtypeMismatch, place, "`-` has no meaning for bool: use `~`");
    return graph::unary(context.builder, ElementwiseKind::Negate, *t);
  }
  if (const catalog::ArrayPtr array = operand.array()) {
    if (op == ExprOp::Plus) return operand;
    return op == ExprOp::Invert ? catalog::numpy_invert(context, array) : catalog::numpy_negative(context, array);
  }
  if (const std::optional<Dim> integer = as_int(operand)) {
    if (op == ExprOp::Plus) return *integer;
    if (op == ExprOp::Invert) return Dim(~known(context, *integer, place));
    return checked(context, -*integer, place);
  }
  if (const double* number = operand.number(); number != nullptr && op != ExprOp::Invert) return op == ExprOp::Plus ? *number : -*number;
  context.fail(Code::WrongType, place, concat("`", syntax::spelling(op), "` cannot take ", catalog::kind(operand)));
}

}  // namespace linenc::elaborate
