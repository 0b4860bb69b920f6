// Rules of random keys and draws.
#include "compiler/graph/infer_rules.h"

namespace linenc::graph::rules {
namespace {

void expect_key(const Input& in) {
  if (in.operand(0).dtype == DType::Key) return;
  fail(Reason::Kind::Dtype, concat("needs a random key, not ", in.operand(0).dtype), 0);
}

// The whole result begins with the axes of the keys.
Fact after_key(const Input& in, DType dtype) {
  const Fact& key = in.operand(0);
  Fact fact = fact_of(dtype, requested_shape(in));
  const std::string text = concat("has keys ", to_string(key.shape), " for a result ", to_string(fact.shape));
  if (fact.rank() < key.rank()) fail(Reason::Kind::Shape, text, 0);
  for (std::size_t axis = 0; axis < key.rank(); ++axis) {
    expect_equal(in, key.shape[axis], fact.shape[axis], text, 0, static_cast<int>(axis));
    set_origin(fact, axis, key, axis);
  }
  return fact;
}

}  // namespace

Facts key_seed(const Input& in) {
  expect_operands(in, 1, 1);
  expect_scalar(in, 0);
  const DType dtype = in.operand(0).dtype;
  if (dtype != DType::Int32 && dtype != DType::UInt32) fail(Reason::Kind::Dtype, concat("needs an int32 or uint32 seed, not ", dtype), 0);
  return {fact_of(DType::Key, {})};
}

Facts key_derive(const Input& in) {
  expect_operands(in, 1, 1);
  expect_key(in);
  return {in.operand(0)};
}

Facts key_fold(const Input& in) {
  expect_operands(in, 2, 2);
  expect_key(in);
  expect_dtype(in, 1, DType::UInt32);
  auto shape = broadcast_shapes(in.operand(0).shape, in.operand(1).shape, in.context);
  if (auto* reason = std::get_if<Reason>(&shape)) throw std::move(*reason);
  return {fact_of(DType::Key, std::get<Dims>(std::move(shape)))};
}

Facts key_split(const Input& in) {
  expect_operands(in, 1, 1);
  expect_key(in);
  return {after_key(in, DType::Key)};
}

Facts key_data(const Input& in) {
  expect_operands(in, 1, 1);
  expect_key(in);
  Fact fact = in.operand(0);
  fact.dtype = DType::UInt32;
  push_axis(fact, 2);
  return {std::move(fact)};
}

Facts key_wrap(const Input& in) {
  expect_operands(in, 1, 1);
  expect_dtype(in, 0, DType::UInt32);
  Fact fact = in.operand(0);
  const std::string text = concat("needs two words along the last axis, not ", to_string(fact.shape));
  if (fact.rank() == 0) fail(Reason::Kind::Shape, text, 0);
  expect_equal(in, fact.shape.back(), 2, text, 0, static_cast<int>(fact.rank()) - 1);
  fact.dtype = DType::Key;
  fact.weak = false;
  fact.shape.pop_back();
  if (!fact.axis_origins.empty()) fact.axis_origins.pop_back();
  return {std::move(fact)};
}

Facts draw(const Input& in) {
  expect_operands(in, 1, 1);
  expect_key(in);
  const DType dtype = requested_dtype(in);
  if (attributes<DrawAttributes>(in).kind == DrawKind::Bits) {
    if (!is_unsigned(dtype)) fail(Reason::Kind::Dtype, concat("draws bits as unsigned integers, not ", dtype));
  } else if (!is_float(dtype)) {
    fail(Reason::Kind::Dtype, concat("draws floating-point numbers, not ", dtype));
  }
  return {after_key(in, dtype)};
}

Facts random_int(const Input& in) {
  expect_operands(in, 3, 3);
  expect_key(in);
  const DType dtype = requested_dtype(in);
  if (!is_integer(dtype)) fail(Reason::Kind::Dtype, concat("draws integers, not ", dtype));
  for (const std::size_t bound : {1, 2}) {
    expect_scalar(in, bound);
    expect_dtype(in, bound, dtype);
  }
  return {after_key(in, dtype)};
}

}  // namespace linenc::graph::rules
