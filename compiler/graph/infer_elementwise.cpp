// Rules of ops that work element by element: broadcasting, dtypes, weak types.
#include <algorithm>

#include "compiler/graph/infer_rules.h"

namespace linenc::graph {
namespace {

using rules::Facts;
using rules::fail;
using rules::Input;

// Which dtypes a function takes.
enum class Domain : std::uint8_t { Any, AnyButKey, Numbers, Floats, Integers, IntegersAndBool };

Domain domain(ElementwiseKind kind) {
  using enum ElementwiseKind;
  switch (kind) {
    case Copy:
    case Select: return Domain::Any;
    case Equal:
    case NotEqual:
    case Less:
    case LessEqual:
    case Greater:
    case GreaterEqual: return Domain::AnyButKey;
    case Negate:
    case Abs:
    case Sign:
    case Relu:
    case Add:
    case Subtract:
    case Multiply:
    case Divide:
    case Remainder:
    case Power:
    case Maximum:
    case Minimum:
    case Clamp:
    case MulAdd: return Domain::Numbers;
    case Floor:
    case Ceil:
    case RoundEven:
    case Exp:
    case Exp2:
    case Expm1:
    case Log:
    case Log1p:
    case Log2:
    case Log10:
    case Sqrt:
    case Rsqrt:
    case Cbrt:
    case Sin:
    case Cos:
    case Tan:
    case Asin:
    case Acos:
    case Atan:
    case Sinh:
    case Cosh:
    case Tanh:
    case Asinh:
    case Acosh:
    case Atanh:
    case Logistic:
    case Erf:
    case Erfc:
    case ErfInv:
    case Lgamma:
    case Digamma:
    case IsFinite:
    case IsNan:
    case IsInf:
    case GeluTanh:
    case GeluErf:
    case Silu:
    case Softplus:
    case Atan2:
    case NextAfter:
    case LogAddExp: return Domain::Floats;
    case Popcount:
    case ShiftLeft:
    case ShiftRightLogical:
    case ShiftRightArithmetic: return Domain::Integers;
    case Not:
    case And:
    case Or:
    case Xor: return Domain::IntegersAndBool;
  }
  return Domain::Any;
}

bool contains(Domain domain, DType dtype) {
  switch (domain) {
    case Domain::Any: return true;
    case Domain::AnyButKey: return dtype != DType::Key;
    case Domain::Numbers: return is_float(dtype) || is_integer(dtype);
    case Domain::Floats: return is_float(dtype);
    case Domain::Integers: return is_integer(dtype);
    case Domain::IntegersAndBool: return is_integer(dtype) || dtype == DType::Bool;
  }
  return false;
}

const char* words(Domain domain) {
  switch (domain) {
    case Domain::Any: return "anything";
    case Domain::AnyButKey: return "numbers or bool";
    case Domain::Numbers: return "numbers";
    case Domain::Floats: return "floating-point numbers";
    case Domain::Integers: return "integers";
    case Domain::IntegersAndBool: return "integers or bool";
  }
  return "";
}

bool gives_bool(ElementwiseKind kind) {
  using enum ElementwiseKind;
  return kind == IsFinite || kind == IsNan || kind == IsInf || (kind >= Equal && kind <= GreaterEqual);
}

void check_dtypes(const Input& in, ElementwiseKind kind) {
  const std::size_t first = kind == ElementwiseKind::Select ? 1 : 0;
  if (first == 1 && in.operand(0).dtype != DType::Bool) {
    fail(Reason::Kind::Dtype, concat("needs a bool condition, not ", in.operand(0).dtype), 0);
  }
  rules::expect_one_dtype(in, first, in.operands.size());
  const DType dtype = in.operand(first).dtype;
  if (!contains(domain(kind), dtype)) {
    fail(Reason::Kind::Dtype, concat("needs ", words(domain(kind)), ", not ", dtype), static_cast<int>(first));
  }
}

bool is_one(const Dim& dim, const DimContext& context) {
  return dim.constant() == 1 || (!dim.is_constant() && !dim.as_name() && context.equal(dim, 1) == Truth::Yes);
}

// The common size of two axes; none where there is not one.
std::optional<Dim> common_size(const Dim& a, const Dim& b, const DimContext& context) {
  if (a == b && !a.is_overflow()) return a;
  if (is_one(a, context)) return b;
  if (is_one(b, context)) return a;
  if (context.equal(a, b) != Truth::Yes) return std::nullopt;
  return b.is_constant() || b.as_name() ? b : a;
}

Reason disagreement(const Dims& a, const Dims& b, std::size_t axis_a, std::size_t axis_b, const DimContext& context) {
  const Dim &size_a = a[axis_a], &size_b = b[axis_b];
  Reason reason;
  reason.text = concat("cannot broadcast ", to_string(a), " with ", to_string(b));
  reason.operand_a = 0, reason.axis_a = static_cast<int>(axis_a);
  reason.operand_b = 1, reason.axis_b = static_cast<int>(axis_b);
  if (context.equal(size_a, size_b) == Truth::No || (size_a.is_constant() && size_b.is_constant())) return reason;
  const auto plain = [](const Dim& dim) { return dim.is_constant() || dim.as_name(); };
  // A number beside a name is nearly always a slip; everything else may be a fact that the file can state.
  if (!size_a.is_constant() && !size_b.is_constant()) reason.fact = concat(size_a, " == ", size_b);
  if (plain(size_a) && plain(size_b)) return reason;
  reason.kind = Reason::Kind::Unproven;
  reason.fact = concat(size_a, " == ", size_b);
  reason.text += concat(" unless ", reason.fact);
  return reason;
}

}  // namespace

std::variant<Dims, Reason> broadcast_shapes(const Dims& a, const Dims& b, const DimContext& context) {
  Dims shape(std::max(a.size(), b.size()));
  for (std::size_t back = 1; back <= shape.size(); ++back) {
    Dim& size = shape[shape.size() - back];
    if (back > a.size())
      size = b[b.size() - back];
    else if (back > b.size())
      size = a[a.size() - back];
    else if (auto common = common_size(a[a.size() - back], b[b.size() - back], context))
      size = std::move(*common);
    else
      return disagreement(a, b, a.size() - back, b.size() - back, context);
  }
  return shape;
}

namespace rules {

Facts elementwise(const Input& in) {
  const ElementwiseKind kind = attributes<ElementwiseAttributes>(in).kind;
  const auto count = static_cast<std::size_t>(operand_count(kind));
  expect_operands(in, count, count);
  check_dtypes(in, kind);
  Fact fact = fact_of(gives_bool(kind) ? DType::Bool : in.operand(in.operands.size() > 2 ? 1 : 0).dtype, in.operand(0).shape, all_weak(in));
  for (std::size_t i = 1; i < in.operands.size(); ++i) {
    auto shape = broadcast_shapes(fact.shape, in.operand(i).shape, in.context);
    if (auto* reason = std::get_if<Reason>(&shape)) {
      reason->operand_b = static_cast<int>(i);
      // Among three, operand 0 may not be the one that disagrees.
      if (i == 2 && std::holds_alternative<Dims>(broadcast_shapes(in.operand(0).shape, in.operand(2).shape, in.context))) {
        reason->operand_a = 1;
      }
      throw std::move(*reason);
    }
    fact.shape = std::get<Dims>(std::move(shape));
  }
  // An axis comes from the first operand that has it in full size.
  for (std::size_t i = in.operands.size(); i-- > 0;) {
    const Fact& operand = in.operand(i);
    const std::size_t shift = fact.rank() - operand.rank();
    for (std::size_t axis = 0; axis < operand.rank(); ++axis) {
      if (operand.shape[axis] == fact.shape[axis + shift]) set_origin(fact, axis + shift, operand, axis);
    }
  }
  return {std::move(fact)};
}

Facts convert(const Input& in) {
  expect_operands(in, 1, 1);
  Fact fact = in.operand(0);
  const DType dtype = requested_dtype(in);
  if (fact.dtype == DType::Key || dtype == DType::Key) {
    fail(Reason::Kind::Dtype, concat("cannot convert ", fact.dtype, " to ", dtype), 0);
  }
  fact.dtype = dtype;
  fact.weak = false;
  return {std::move(fact)};
}

Facts bitcast(const Input& in) {
  expect_operands(in, 1, 1);
  Fact fact = in.operand(0);
  const DType dtype = requested_dtype(in);
  const auto has_bits = [](DType d) { return d != DType::Key && d != DType::Bool; };
  if (!has_bits(fact.dtype) || !has_bits(dtype) || byte_size(fact.dtype) != byte_size(dtype)) {
    fail(Reason::Kind::Dtype, concat("cannot read the bits of ", fact.dtype, " as ", dtype), 0);
  }
  fact.dtype = dtype;
  fact.weak = false;
  return {std::move(fact)};
}

Facts softmax(const Input& in) {
  expect_operands(in, 1, 1);
  Fact fact = in.operand(0);
  if (!is_float(fact.dtype)) fail(Reason::Kind::Dtype, concat("needs floating-point numbers, not ", fact.dtype), 0);
  if (fact.rank() == 0) fail(Reason::Kind::Shape, "needs at least one axis", 0);
  return {std::move(fact)};
}

Facts normalize(const Input& in) {
  expect_operands(in, 1, 3);
  Facts facts = softmax({in.op, in.attributes, in.operands.first(1), in.request, in.context});
  expect_one_dtype(in, 0, in.operands.size());
  for (std::size_t i = 1; i < in.operands.size(); ++i) {
    const Dims& shape = in.operand(i).shape;
    const std::string text = concat("needs one number for each element of the last axis of ", to_string(facts[0].shape), ", not ", to_string(shape));
    if (shape.size() != 1) fail(Reason::Kind::Shape, text, 0, -1, static_cast<int>(i));
    expect_equal(in, facts[0].shape.back(), shape[0], text, 0, static_cast<int>(facts[0].rank()) - 1, static_cast<int>(i), 0);
  }
  return facts;
}

}  // namespace rules
}  // namespace linenc::graph
