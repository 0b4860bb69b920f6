// Tested by tests/compiler/optimize/fuse_test.cpp.
#include "compiler/optimize/fuse_bias.h"

#include <optional>

#include "compiler/graph/rewrite.h"

namespace linenc::optimize {
namespace {

using graph::Fact;
using graph::Graph;
using graph::Node;
using graph::NodeId;
using graph::ValueId;

bool takes_bias(const Node& node) {
  if (node.inputs.size() != 2) return false;
  if (const auto* dot = std::get_if<DotAttributes>(&node.attributes)) return dot->activation == Activation::None;
  const auto* convolution = std::get_if<ConvolutionAttributes<graph::Dim>>(&node.attributes);
  return convolution != nullptr && convolution->activation == Activation::None;
}

// A bias has at most as many axes as the result, and each is 1 or the result's; of a convolution it is one number for each channel.
bool is_bias(const Fact& bias, const Fact& result, OpKind op) {
  if (bias.dtype != DType::Float32 || bias.rank() > result.rank() || bias.rank() == 0) return false;
  if (op == OpKind::Convolution) return bias.rank() == 1 && bias.shape[0] == result.shape.back();
  for (std::size_t i = 1; i <= bias.rank(); ++i) {
    const graph::Dim& size = bias.shape[bias.rank() - i];
    if (!(size == graph::Dim(1)) && !(size == result.shape[result.rank() - i])) return false;
  }
  return true;
}

}  // namespace

bool fuse_bias(Graph& graph) {
  bool changed = false;
  const std::vector<std::uint32_t> uses = count_uses(graph);
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const Node& sum = graph.nodes[i];
    const auto* kind = std::get_if<ElementwiseAttributes>(&sum.attributes);
    if (kind == nullptr || kind->kind != ElementwiseKind::Add) continue;
    for (const bool swapped : {false, true}) {
      const ValueId product_id = sum.inputs[swapped ? 1 : 0];
      const ValueId bias_id = sum.inputs[swapped ? 0 : 1];
      const Node* product = graph.producer(product_id);
      const Fact& fact = graph.fact(product_id);
      if (product == nullptr || product_id == bias_id || uses[index(product_id)] != 1 || fact.dtype != DType::Float32 || !takes_bias(*product))
        continue;
      if (!is_bias(graph.fact(bias_id), fact, product->op) || !(graph.fact(sum.outputs[0]).shape == fact.shape)) continue;
      replace_node(graph, NodeId(i), product->op, product->attributes, {product->inputs[0], product->inputs[1], bias_id});
      changed = true;
      break;
    }
  }
  return changed;
}

}  // namespace linenc::optimize
