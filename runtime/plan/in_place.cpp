// Which kernels may overwrite an operand. Tested by tests/runtime/kernels/in_place_test.cpp.
#include "runtime/plan/in_place.h"

namespace linenc {

bool may_run_in_place(OpKind op, std::size_t operand, const PlanValue& input, const PlanValue& output) {
  const auto bytes = [](const PlanValue& v) { return static_cast<std::uint64_t>(element_count(v.shape)) * byte_size(v.dtype); };
  const bool same = input.shape == output.shape && byte_size(input.dtype) == byte_size(output.dtype);
  switch (op) {
    // Element by element.
    case OpKind::Elementwise:
    case OpKind::Convert:
    case OpKind::KeyDerive: return same;
    case OpKind::KeyFold: return same && operand == 0;
    // Nothing is copied where both begin at the same byte.
    case OpKind::Reshape:
    case OpKind::Bitcast:
    case OpKind::KeyData:
    case OpKind::KeyWrap: return bytes(input) == bytes(output);
    // The first operand is copied, then changed here and there.
    case OpKind::DynamicUpdateSlice:
    case OpKind::Scatter: return same && operand == 0;
    // Row by row, or line by line, each element after it was read.
    case OpKind::Softmax:
    case OpKind::Normalize:
    case OpKind::Cumulative: return same && operand == 0;
    case OpKind::Constant:
    case OpKind::Iota:
    case OpKind::Broadcast:
    case OpKind::Transpose:
    case OpKind::Slice:
    case OpKind::Reverse:
    case OpKind::Concatenate:
    case OpKind::Pad:
    case OpKind::Gather:
    case OpKind::DynamicSlice:
    case OpKind::Reduce:
    case OpKind::ArgReduce:
    case OpKind::Sort:
    case OpKind::TopK:
    case OpKind::Orthogonalize:
    case OpKind::DotGeneral:
    case OpKind::Convolution:
    case OpKind::ReduceWindow:
    case OpKind::KeySeed:
    case OpKind::KeySplit:
    case OpKind::Draw:
    case OpKind::RandomInt:
    case OpKind::Call:
    case OpKind::Loop: return false;
  }
  return false;
}

}  // namespace linenc
