// Tested by tests/compiler/optimize/fuse_test.cpp.
#include "compiler/optimize/fuse_activation.h"

#include "compiler/graph/rewrite.h"

namespace linenc::optimize {
namespace {

using graph::Graph;
using graph::GraphAttributes;
using graph::Node;
using graph::NodeId;
using graph::ValueId;

Activation activation_of(const Node& node, const Graph& graph) {
  const auto* attributes = std::get_if<ElementwiseAttributes>(&node.attributes);
  if (attributes == nullptr || graph.fact(node.outputs[0]).dtype != DType::Float32) return Activation::None;
  if (attributes->kind == ElementwiseKind::Relu) return Activation::Relu;
  if (attributes->kind == ElementwiseKind::GeluTanh) return Activation::GeluTanh;
  if (attributes->kind == ElementwiseKind::GeluErf) return Activation::GeluErf;
  if (attributes->kind == ElementwiseKind::Silu) return Activation::Silu;
  if (attributes->kind == ElementwiseKind::Tanh) return Activation::Tanh;
  if (attributes->kind == ElementwiseKind::Logistic) return Activation::Logistic;
  return Activation::None;
}

// The attributes with the activation, where the op has none yet.
bool set_activation(GraphAttributes& attributes, Activation activation) {
  if (auto* dot = std::get_if<DotAttributes>(&attributes)) {
    if (dot->activation != Activation::None) return false;
    dot->activation = activation;
    return true;
  }
  auto* convolution = std::get_if<ConvolutionAttributes<graph::Dim>>(&attributes);
  if (convolution == nullptr || convolution->activation != Activation::None) return false;
  convolution->activation = activation;
  return true;
}

}  // namespace

bool fuse_activation(Graph& graph) {
  bool changed = false;
  const std::vector<std::uint32_t> uses = count_uses(graph);
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const Activation activation = activation_of(graph.nodes[i], graph);
    if (activation == Activation::None) continue;
    const ValueId product_id = graph.nodes[i].inputs[0];
    const Node* product = graph.producer(product_id);
    if (product == nullptr || uses[index(product_id)] != 1) continue;
    GraphAttributes attributes = product->attributes;
    if (!set_activation(attributes, activation)) continue;
    replace_node(graph, NodeId(i), product->op, std::move(attributes), product->inputs);
    changed = true;
  }
  return changed;
}

}  // namespace linenc::optimize
