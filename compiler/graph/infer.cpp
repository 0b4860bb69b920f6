// The rule of every op, by one switch; the rules are in infer_elementwise.cpp, infer_shapes.cpp, infer_sums.cpp and
// infer_random.cpp. Tested by tests/compiler/graph/infer_test.cpp.
#include "compiler/graph/infer.h"

#include <algorithm>
#include <cassert>

#include "compiler/graph/infer_rules.h"
#include "runtime/core/shape.h"

namespace linenc::graph {
namespace rules {

void fail(Reason::Kind kind, std::string text, int operand_a, int axis_a, int operand_b, int axis_b, std::string fact) {
  throw Reason{kind, std::move(text), operand_a, axis_a, operand_b, axis_b, std::move(fact)};
}

void expect_operands(const Input& in, std::size_t least, std::size_t most) {
  const std::size_t count = in.operands.size();
  if (count < least || count > most) fail(Reason::Kind::Shape, concat("has ", count, count == 1 ? " operand" : " operands"));
}

void expect_one_dtype(const Input& in, std::size_t first, std::size_t end) {
  for (std::size_t i = first + 1; i < end; ++i) {
    const DType a = in.operand(first).dtype, b = in.operand(i).dtype;
    if (a == b) continue;
    fail(Reason::Kind::Dtype, concat("needs operands of one dtype, not ", a, " and ", b), static_cast<int>(first), -1, static_cast<int>(i));
  }
}

void expect_dtype(const Input& in, std::size_t operand, DType dtype) {
  const DType found = in.operand(operand).dtype;
  if (found == dtype) return;
  fail(Reason::Kind::Dtype, concat("needs ", dtype, " here, not ", found), static_cast<int>(operand));
}

void expect_scalar(const Input& in, std::size_t operand) {
  const Dims& shape = in.operand(operand).shape;
  if (shape.empty()) return;
  fail(Reason::Kind::Shape, concat("needs a scalar here, not the shape ", to_string(shape)), static_cast<int>(operand));
}

void expect_equal(const Input& in, const Dim& a, const Dim& b, const std::string& text, int operand_a, int axis_a, int operand_b, int axis_b) {
  if (a == b && !a.is_overflow()) return;
  const Truth truth = in.context.equal(a, b);
  if (truth == Truth::Yes) return;
  if (a.is_overflow() || b.is_overflow()) fail(Reason::Kind::TooLarge, "makes a size that is out of range", operand_a, axis_a);
  const bool plain = (a.as_name() || a.is_constant()) && (b.as_name() || b.is_constant());
  const Reason::Kind kind = truth == Truth::No || plain ? Reason::Kind::Shape : Reason::Kind::Unproven;
  const std::string fact = truth == Truth::No ? std::string() : fact_text(in.context, a, b);
  fail(kind, kind == Reason::Kind::Unproven ? concat(text, " unless ", fact) : text, operand_a, axis_a, operand_b, axis_b, fact);
}

std::string fact_text(const DimContext& context, const Dim& a, const Dim& b) {
  constexpr std::int64_t kMostDivisor = 64;
  for (const std::string& name : (a - b).names()) {
    for (std::int64_t divisor = 2; divisor <= kMostDivisor; ++divisor) {
      DimContext assumed = context;
      assumed.assume(modulo(Dim::named(name), divisor), DimContext::Relation::Equal, 0);
      if (assumed.equal(a, b) == Truth::Yes) return concat(name, " % ", divisor, " == 0");
    }
  }
  return concat(a, " == ", b);
}

void expect_holds(const Input& in, const Dim& a, DimContext::Relation relation, const Dim& b, const std::string& text, int operand, int axis) {
  const Truth truth = in.context.holds(a, relation, b);
  if (truth == Truth::Yes) return;
  if (a.is_overflow() || b.is_overflow()) fail(Reason::Kind::TooLarge, "makes a size that is out of range", operand, axis);
  if (truth == Truth::No) fail(Reason::Kind::Range, text, operand, axis);
  const char* sign = relation == DimContext::Relation::LessEqual ? " <= " : relation == DimContext::Relation::GreaterEqual ? " >= " : " == ";
  const std::string fact = relation == DimContext::Relation::Equal ? fact_text(in.context, a, b) : concat(a, sign, b);
  fail(Reason::Kind::Unproven, concat(text, " unless ", fact), operand, axis, -1, -1, fact);
}

void expect_axis(const Input& in, std::int64_t axis, std::size_t rank) {
  (void)in;
  if (axis >= 0 && axis < static_cast<std::int64_t>(rank)) return;
  fail(Reason::Kind::Range, concat("has no axis ", axis, " among ", rank, rank == 1 ? " axis" : " axes"), 0);
}

void expect_axes(const Input& in, const std::vector<std::int64_t>& axes, std::size_t rank) {
  for (std::size_t i = 0; i < axes.size(); ++i) {
    expect_axis(in, axes[i], rank);
    if (std::count(axes.begin(), axes.end(), axes[i]) > 1) fail(Reason::Kind::Range, concat("names axis ", axes[i], " twice"), 0);
  }
}

void expect_length(std::size_t length, std::size_t count, const char* what) {
  if (length == count) return;
  fail(Reason::Kind::Range, concat("needs ", count, " ", what, ", one for each axis, not ", length), 0);
}

DType requested_dtype(const Input& in) {
  assert(in.request.dtype.has_value());
  return *in.request.dtype;
}

const Dims& requested_shape(const Input& in) {
  assert(in.request.shape.has_value());
  return *in.request.shape;
}

bool all_weak(const Input& in) {
  return !in.operands.empty() && std::all_of(in.operands.begin(), in.operands.end(), [](const Fact* fact) { return fact->weak; });
}

Fact fact_of(DType dtype, Dims shape, bool weak) { return {dtype, std::move(shape), weak, {}}; }

void set_origin(Fact& fact, std::size_t axis, const Fact& operand, std::size_t operand_axis) {
  const AxisOrigin origin = operand.axis_origin(operand_axis);
  if (origin == 0) return;
  fact.axis_origins.resize(fact.shape.size());
  fact.axis_origins[axis] = origin;
}

void push_axis(Fact& fact, const Fact& operand, std::size_t axis) {
  push_axis(fact, operand.shape[axis]);
  set_origin(fact, fact.shape.size() - 1, operand, axis);
}

void push_axis(Fact& fact, const Dim& size) {
  fact.shape.push_back(size);
  if (!fact.axis_origins.empty()) fact.axis_origins.resize(fact.shape.size());
}

std::string axis_name(std::size_t axis, std::size_t rank) {
  if (axis + 1 == rank && rank > 1) return "the last axis";
  return concat("axis ", axis);
}

namespace {

Facts by_op(const Input& in) {
  switch (in.op) {
    case OpKind::Constant: return constant(in);
    case OpKind::Iota: return iota(in);
    case OpKind::Elementwise: return elementwise(in);
    case OpKind::Convert: return convert(in);
    case OpKind::Bitcast: return bitcast(in);
    case OpKind::Reshape: return reshape(in);
    case OpKind::Broadcast: return broadcast(in);
    case OpKind::Transpose: return transpose(in);
    case OpKind::Slice: return slice(in);
    case OpKind::Reverse: return reverse(in);
    case OpKind::Concatenate: return concatenate(in);
    case OpKind::Pad: return pad(in);
    case OpKind::Gather: return gather(in);
    case OpKind::Scatter: return scatter(in);
    case OpKind::DynamicSlice: return dynamic_slice(in);
    case OpKind::DynamicUpdateSlice: return dynamic_update_slice(in);
    case OpKind::Reduce: return reduce(in);
    case OpKind::ArgReduce: return arg_reduce(in);
    case OpKind::Cumulative: return cumulative(in);
    case OpKind::Sort: return sort(in);
    case OpKind::TopK: return top_k(in);
    case OpKind::Orthogonalize: return orthogonalize(in);
    case OpKind::DotGeneral: return dot_general(in);
    case OpKind::Convolution: return convolution(in);
    case OpKind::ReduceWindow: return reduce_window(in);
    case OpKind::KeySeed: return key_seed(in);
    case OpKind::KeyDerive: return key_derive(in);
    case OpKind::KeyFold: return key_fold(in);
    case OpKind::KeySplit: return key_split(in);
    case OpKind::KeyData: return key_data(in);
    case OpKind::KeyWrap: return key_wrap(in);
    case OpKind::Draw: return draw(in);
    case OpKind::RandomInt: return random_int(in);
    case OpKind::Softmax: return softmax(in);
    case OpKind::Normalize: return normalize(in);
    case OpKind::Call:
    case OpKind::Loop: break;
  }
  assert(false && "the facts of a call or loop are those of its region");
  return {};
}

// L11 and L12, and sizes that cannot be.
void check_limits(const Input& in, const Fact& fact) {
  if (fact.rank() > kMaxRank) {
    fail(Reason::Kind::TooLarge, concat("makes ", fact.rank(), " axes; at most ", kMaxRank, " are possible"));
  }
  for (std::size_t axis = 0; axis < fact.rank(); ++axis) {
    const Dim& size = fact.shape[axis];
    if (size.is_overflow()) fail(Reason::Kind::TooLarge, "makes a size that is out of range");
    expect_holds(in, size, DimContext::Relation::GreaterEqual, 0,
                 concat("makes ", axis_name(axis, fact.rank()), " of size ", size, ", which is below 0"));
  }
  const bool known = std::all_of(fact.shape.begin(), fact.shape.end(), [](const Dim& dim) { return dim.is_constant(); });
  if (!known) return;
  const Dim count = element_count(fact.shape);
  if (count.is_overflow() || *count.constant() > kMaxElements) {
    fail(Reason::Kind::TooLarge, concat("makes ", to_string(fact.shape), ", which is more than 2^40 elements"));
  }
}

}  // namespace
}  // namespace rules

Inferred infer(OpKind op, const GraphAttributes& attributes, std::span<const Fact* const> operands, const Request& request,
               const DimContext& context) {
  const rules::Input in{op, attributes, operands, request, context};
  try {
    std::vector<Fact> facts = rules::by_op(in);
    for (Fact& fact : facts) {
      for (Dim& size : fact.shape) size = context.simplify(size);
      rules::check_limits(in, fact);
    }
    return facts;
  } catch (Reason& reason) {
    return std::move(reason);
  }
}

}  // namespace linenc::graph
