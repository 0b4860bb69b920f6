// Walks a region and builds each node over one more axis; the rules are in rules_*.cpp.
// Tested by tests/compiler/vectorize/vectorize_test.cpp.
#include "compiler/vectorize/vectorize.h"

#include <algorithm>
#include <cassert>
#include <map>

#include "compiler/vectorize/rules.h"

namespace linenc::vectorize {
namespace {

using graph::Builder;
using graph::Dim;
using graph::Graph;
using graph::Node;
using graph::Tensor;
using graph::ValueId;
using rules::Op;

// Ops whose axes all stand behind the batch axis, or that have none: the same node, with a larger result.
std::vector<Tensor> same(const Op& op) {
  std::vector<Tensor> operands;
  for (const Batched& operand : op.operands) operands.push_back(operand.tensor);
  return op.b.add_many(op.kind, op.attributes, operands, op.request());
}

std::vector<Tensor> batched_results(const Op& op) {
  switch (op.kind) {
    case OpKind::Constant:
    case OpKind::Iota:
    case OpKind::Call:
    case OpKind::Loop: break;
    case OpKind::Elementwise: return {rules::elementwise(op)};
    case OpKind::Convert:
    case OpKind::Bitcast:
    case OpKind::Reshape:
    case OpKind::TopK:
    case OpKind::KeyDerive:
    case OpKind::KeySplit:
    case OpKind::KeyData:
    case OpKind::KeyWrap:
    case OpKind::Draw:
    case OpKind::Softmax:
    case OpKind::Orthogonalize: return same(op);
    case OpKind::Broadcast: return {rules::broadcast(op)};
    case OpKind::Transpose: return {rules::transpose(op)};
    case OpKind::Slice: return {rules::slice(op)};
    case OpKind::Reverse: return {rules::reverse(op)};
    case OpKind::Concatenate: return {rules::concatenate(op)};
    case OpKind::Pad: return {rules::pad(op)};
    case OpKind::Gather: return {rules::gather(op)};
    case OpKind::Scatter: return {rules::scatter(op)};
    case OpKind::DynamicSlice: return {rules::dynamic_slice(op)};
    case OpKind::DynamicUpdateSlice: return {rules::dynamic_update_slice(op)};
    case OpKind::Reduce: return {rules::reduce(op)};
    case OpKind::ArgReduce: return {rules::arg_reduce(op)};
    case OpKind::Cumulative: return {rules::cumulative(op)};
    case OpKind::Sort: return rules::sort(op);
    case OpKind::DotGeneral: return {rules::dot_general(op)};
    case OpKind::Convolution: return {rules::convolution(op)};
    case OpKind::ReduceWindow: return {rules::reduce_window(op)};
    case OpKind::KeySeed: return {rules::key_seed(op)};
    case OpKind::KeyFold: return {rules::key_fold(op)};
    case OpKind::RandomInt: return {rules::random_int(op)};
    case OpKind::Normalize: return {rules::normalize(op)};
  }
  assert(false && "an op without operands is never batched; calls and loops are built by Walk");
  return {};
}

class Walk {
 public:
  Walk(Builder& builder, const Dim& size, std::optional<std::uint32_t> map, const Graph& region)
      : b_(builder), size_(size), map_(map), region_(region), values_(region.values.size()) {}

  std::vector<Batched> run(std::span<const Batched> inputs) {
    assert(inputs.size() == region_.inputs.size());
    for (std::size_t i = 0; i < inputs.size(); ++i) values_[index(region_.inputs[i].value)] = inputs[i];
    for (const Node& node : region_.nodes) build(node);
    std::vector<Batched> outputs;
    for (const graph::Port& output : region_.outputs) outputs.push_back(values_[index(output.value)]);
    return outputs;
  }

 private:
  struct BuiltRegion {
    std::uint32_t number = 0;
    std::vector<bool> batched;  // of each output
  };
  Builder& b_;
  const Dim& size_;
  std::optional<std::uint32_t> map_;
  const Graph& region_;
  std::vector<Batched> values_;  // by ValueId of the region
  std::map<std::pair<std::uint32_t, std::vector<bool>>, BuiltRegion> regions_;

  void build(const Node& node) {
    const graph::Site site{node.origin.span, b_.site().what, {}};
    const graph::SiteGuard site_guard(b_, site);
    const graph::ModuleGuard module_guard(b_, node.origin.module);
    std::vector<Batched> operands;
    for (const ValueId input : node.inputs) operands.push_back(values_[index(input)]);
    const std::vector<Batched> results = node.op == OpKind::Call   ? build_call(node, operands)
                                         : node.op == OpKind::Loop ? build_loop(node, operands)
                                                                   : build_op(node, operands);
    for (std::size_t i = 0; i < results.size(); ++i) {
      const bool weak = region_.fact(node.outputs[i]).weak;
      values_[index(node.outputs[i])] = {graph::with_weak(b_, results[i].tensor, weak), results[i].batched};
    }
  }

  std::vector<Batched> build_op(const Node& node, const std::vector<Batched>& operands) {
    Op op{b_, size_, node.op, node.attributes, operands, {}, {}};
    for (const ValueId input : node.inputs) op.facts.push_back(region_.fact(input));
    for (const ValueId output : node.outputs) op.results.push_back(region_.fact(output));
    const bool batched = op.any_batched();
    std::vector<Batched> results;
    for (const Tensor& tensor : batched ? batched_results(op) : copied(op)) results.push_back({tensor, batched});
    return results;
  }

  static std::vector<Tensor> copied(const Op& op) {
    std::vector<Tensor> operands;
    for (const Batched& operand : op.operands) operands.push_back(operand.tensor);
    return op.b.add_many(op.kind, op.attributes, operands, {op.results[0].dtype, op.results[0].shape});
  }

  std::vector<Batched> build_call(const Node& node, const std::vector<Batched>& operands) {
    const auto& call = std::get<CallAttributes>(node.attributes);
    if (region_.regions[call.program]->collective) return {build_collective(*region_.regions[call.program], operands[0])};
    std::vector<bool> pattern;
    for (const Batched& operand : operands) pattern.push_back(operand.batched);
    const BuiltRegion& built = region_of(call.program, pattern);
    std::vector<Tensor> tensors;
    for (const Batched& operand : operands) tensors.push_back(operand.tensor);
    const std::vector<Tensor> outputs = b_.call(built.number, call.remat, tensors);
    std::vector<Batched> results;
    for (std::size_t i = 0; i < outputs.size(); ++i) results.push_back({outputs[i], built.batched[i]});
    return results;
  }

  // Over this map: a reduction, the same for every element.
  Batched build_collective(const Graph& region, const Batched& x) {
    const graph::Collective& collective = *region.collective;
    if (collective.map != map_) return {b_.collective(collective, x.tensor, region.name), x.batched};
    if (x.batched) return {graph::reduce(b_, collective.kind, x.tensor, {0}), false};
    if (collective.kind != ReduceKind::Sum) return x;
    return {graph::binary(b_, ElementwiseKind::Multiply, x.tensor, graph::size_scalar(b_, size_, x.tensor.dtype())), false};
  }

  // Of the first `carried` outputs those are batched whose inputs are, and perhaps more.
  const BuiltRegion& region_of(std::uint32_t program, const std::vector<bool>& pattern, std::size_t carried = 0) {
    const auto [found, is_new] = regions_.try_emplace({program, pattern});
    if (is_new) found->second = build_region(*region_.regions[program], pattern, carried);
    return found->second;
  }

  // A carried value is batched from the beginning where any run makes it so. What is sliced or stacked has the axis of the loop in
  // front, outside of the region, and the batch axis behind it.
  std::vector<Batched> build_loop(const Node& node, const std::vector<Batched>& operands) {
    const auto& loop = std::get<LoopAttributes<Dim>>(node.attributes);
    const auto carried = static_cast<std::size_t>(loop.carried), sliced = static_cast<std::size_t>(loop.sliced);
    std::vector<bool> pattern;
    for (const Batched& operand : operands) pattern.push_back(operand.batched);
    const BuiltRegion* built = &region_of(loop.program, pattern, carried);
    while (!std::equal(pattern.begin(), pattern.begin() + loop.carried, built->batched.begin())) {
      std::copy(built->batched.begin(), built->batched.begin() + loop.carried, pattern.begin());
      built = &region_of(loop.program, pattern, carried);
    }
    std::vector<Tensor> tensors;
    for (std::size_t i = 0; i < operands.size(); ++i) {
      Tensor tensor = pattern[i] ? rules::front(b_, size_, operands[i]) : operands[i].tensor;
      if (pattern[i] && i >= carried && i < carried + sliced) tensor = rules::move_axis(b_, tensor, 1, 0);
      tensors.push_back(tensor);
    }
    LoopAttributes<Dim> attributes = loop;
    attributes.program = built->number;
    const std::vector<Tensor> outputs = b_.loop(attributes, tensors);
    std::vector<Batched> results;
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      const bool stacked = built->batched[i] && i >= carried;
      results.push_back({stacked ? rules::move_axis(b_, outputs[i], 1, 0) : outputs[i], built->batched[i]});
    }
    return results;
  }

  BuiltRegion build_region(const Graph& callee, const std::vector<bool>& pattern, std::size_t carried) {
    BuiltRegion built;
    built.number = b_.enter_region(callee.name);
    Graph& target = b_.graph();
    std::vector<Batched> inputs;
    for (std::size_t i = 0; i < callee.inputs.size(); ++i) {
      const graph::Port& port = callee.inputs[i];
      graph::Fact fact = callee.fact(port.value);
      if (pattern[i]) fact = with_leading_axis(std::move(fact), size_);
      // The call hands over what the region had captured.
      const graph::PortRole role = port.role == graph::PortRole::Capture ? graph::PortRole::Argument : port.role;
      inputs.push_back({{&target, target.add_input(std::move(fact), role, port.name)}, pattern[i]});
    }
    std::vector<Batched> outputs = Walk(b_, size_, map_, callee).run(inputs);
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      if (i < carried && pattern[i]) outputs[i] = {rules::front(b_, size_, outputs[i]), true};
      const graph::Port& port = callee.outputs[i];
      target.outputs.push_back({b_.use(outputs[i].tensor).id, port.role, port.name});
      built.batched.push_back(outputs[i].batched);
    }
    b_.leave_region();
    return built;
  }
};

}  // namespace

std::vector<Batched> vectorize(Builder& builder, const Graph& region, std::span<const Batched> inputs, const Dim& size,
                               std::optional<std::uint32_t> map) {
  return Walk(builder, size, map, region).run(inputs);
}

}  // namespace linenc::vectorize
