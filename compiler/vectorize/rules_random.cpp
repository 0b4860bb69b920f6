// Rules of random keys and draws. Most of these ops take arrays of keys as they are.
#include "compiler/diagnostics/concat.h"
#include "compiler/vectorize/rules.h"

namespace linenc::vectorize::rules {
namespace {

// What has no form of its own over a batch is built for each element, and joined.
Tensor unrolled(const Op& op) {
  const auto count = op.size.constant();
  if (!count) op.b.fail({graph::Reason::Kind::Range, concat("needs a number for the mapped size ", op.size), -1, -1, -1, -1, {}}, {});
  std::vector<Tensor> parts;
  for (std::int64_t i = 0; i < *count; ++i) {
    std::vector<Tensor> operands;
    for (const Batched& operand : op.operands) {
      const Tensor& x = operand.tensor;
      operands.push_back(operand.batched ? graph::squeeze(op.b, graph::slice_axis(op.b, x, 0, i, 1), 0) : x);
    }
    const Request request{op.results[0].dtype, op.results[0].shape};
    parts.push_back(graph::expand_dims(op.b, op.b.add(op.kind, op.attributes, operands, request), 0));
  }
  if (parts.empty()) return graph::constant(op.b, {}, op.results[0].dtype, *op.request().shape);
  return graph::concatenate(op.b, parts, 0);
}

}  // namespace

// The op takes one seed: its two words are 0 and the seed.
Tensor key_seed(const Op& op) {
  Tensor seed = op.front(0);
  if (seed.dtype() != DType::UInt32) seed = op.b.add(OpKind::Bitcast, NoAttributes{}, {seed}, Request{DType::UInt32, std::nullopt});
  const Tensor low = graph::expand_dims(op.b, seed, 1);
  const Tensor words[] = {graph::full(op.b, 0, DType::UInt32, low.shape()), low};
  return op.b.add(OpKind::KeyWrap, NoAttributes{}, {graph::concatenate(op.b, words, 1)});
}

Tensor key_fold(const Op& op) {
  const std::size_t rank = op.results[0].rank();
  return op.add(op.attributes, {op.aligned(0, rank), op.aligned(1, rank)});
}

Tensor random_int(const Op& op) {
  if (op.any_batched(1)) return unrolled(op);
  return op.add(op.attributes, {op.operands[0].tensor, op.operands[1].tensor, op.operands[2].tensor});
}

}  // namespace linenc::vectorize::rules
