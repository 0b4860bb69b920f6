// Changes of graphs that keep their invariants.
// Tested by tests/compiler/optimize/split_prepare_test.cpp.
#include "compiler/graph/rewrite.h"

#include <algorithm>

namespace linenc::graph {
namespace {

void mark_live_nodes(const Graph& graph, std::vector<bool>& live) {
  std::vector<bool> needed(graph.values.size());
  for (const Port& output : graph.outputs) needed[index(output.value)] = true;
  for (std::size_t i = graph.nodes.size(); i-- > 0;) {
    const Node& node = graph.nodes[i];
    live[i] = std::any_of(node.outputs.begin(), node.outputs.end(), [&](ValueId id) { return needed[index(id)]; });
    if (!live[i]) continue;
    for (const ValueId input : node.inputs) needed[index(input)] = true;
  }
}

// New numbers of the values that stay, old ones ascending; the others keep none.
std::vector<ValueId> renumber_values(Graph& graph, const std::vector<bool>& live, const std::vector<NodeId>& new_nodes) {
  std::vector<ValueId> new_ids(graph.values.size());
  std::deque<ValueInfo> kept;
  for (std::size_t i = 0; i < graph.values.size(); ++i) {
    ValueInfo& value = graph.values[i];
    if (value.producer != kNoNode) {
      if (!live[index(value.producer)]) continue;
      value.producer = new_nodes[index(value.producer)];
    }
    new_ids[i] = ValueId{static_cast<std::uint32_t>(kept.size())};
    kept.push_back(std::move(value));
  }
  graph.values = std::move(kept);
  return new_ids;
}

void drop_dead_nodes(Graph& graph) {
  std::vector<bool> live(graph.nodes.size());
  mark_live_nodes(graph, live);
  std::vector<NodeId> new_nodes(graph.nodes.size(), kNoNode);
  std::vector<Node> kept;
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    if (!live[i]) continue;
    new_nodes[i] = NodeId{static_cast<std::uint32_t>(kept.size())};
    kept.push_back(std::move(graph.nodes[i]));
  }
  graph.nodes = std::move(kept);
  const std::vector<ValueId> new_ids = renumber_values(graph, live, new_nodes);
  const auto renumber = [&](ValueId& id) { id = new_ids[index(id)]; };
  for (Node& node : graph.nodes) {
    std::for_each(node.inputs.begin(), node.inputs.end(), renumber);
    std::for_each(node.outputs.begin(), node.outputs.end(), renumber);
  }
  for (Port& port : graph.inputs) renumber(port.value);
  for (Port& port : graph.outputs) renumber(port.value);
}

void drop_dead_regions(Graph& graph) {
  std::vector<bool> called(graph.regions.size());
  for (const Node& node : graph.nodes) {
    if (const std::uint32_t* region = called_program(node.attributes)) called[*region] = true;
  }
  std::vector<std::uint32_t> numbers(graph.regions.size());
  std::vector<std::unique_ptr<Graph>> kept;
  for (std::size_t i = 0; i < graph.regions.size(); ++i) {
    if (!called[i]) continue;
    numbers[i] = static_cast<std::uint32_t>(kept.size());
    kept.push_back(std::move(graph.regions[i]));
  }
  graph.regions = std::move(kept);
  for (Node& node : graph.nodes) {
    if (std::uint32_t* region = called_program(node.attributes)) *region = numbers[*region];
  }
}

using Sizes = std::map<std::string, Dim>;

void substitute_in(Dims& dims, const Sizes& sizes) {
  for (Dim& dim : dims) dim = dim.substitute(sizes);
}

void substitute_in(GraphAttributes& attributes, const Sizes& sizes) {
  if (auto* constant = std::get_if<ConstantAttributes<Dim>>(&attributes)) constant->size = constant->size.substitute(sizes);
  if (auto* slice = std::get_if<SliceAttributes<Dim>>(&attributes)) substitute_in(slice->start, sizes);
  if (auto* pad = std::get_if<PadAttributes<Dim>>(&attributes)) substitute_in(pad->low, sizes), substitute_in(pad->high, sizes);
  if (auto* top = std::get_if<TopKAttributes<Dim>>(&attributes)) top->k = top->k.substitute(sizes);
  if (auto* convolution = std::get_if<ConvolutionAttributes<Dim>>(&attributes)) {
    substitute_in(convolution->low, sizes), substitute_in(convolution->high, sizes);
  }
  if (auto* loop = std::get_if<LoopAttributes<Dim>>(&attributes)) loop->length = loop->length.substitute(sizes);
  if (auto* window = std::get_if<WindowAttributes<Dim>>(&attributes)) substitute_in(window->low, sizes), substitute_in(window->high, sizes);
}

}  // namespace

void replace_uses(Graph& graph, ValueId old, ValueId replacement) {
  for (Node& node : graph.nodes) std::replace(node.inputs.begin(), node.inputs.end(), old, replacement);
  for (Port& output : graph.outputs) {
    if (output.value == old) output.value = replacement;
  }
}

void replace_node(Graph& graph, NodeId node_id, OpKind op, GraphAttributes attributes, std::vector<ValueId> inputs) {
  Node& node = graph.node(node_id);
  node.op = op;
  node.attributes = std::move(attributes);
  node.inputs = std::move(inputs);
}

std::vector<std::uint32_t> count_uses(const Graph& graph) {
  std::vector<std::uint32_t> counts(graph.values.size());
  for (const Node& node : graph.nodes) {
    for (const ValueId input : node.inputs) ++counts[index(input)];
  }
  for (const Port& output : graph.outputs) ++counts[index(output.value)];
  return counts;
}

void drop_dead(Graph& graph) {
  drop_dead_nodes(graph);
  drop_dead_regions(graph);
  for (const auto& region : graph.regions) drop_dead(*region);
}

void substitute(Graph& graph, const std::map<std::string, Dim>& sizes) {
  for (ValueInfo& value : graph.values) substitute_in(value.fact.shape, sizes);
  for (Node& node : graph.nodes) substitute_in(node.attributes, sizes);
  for (const auto& region : graph.regions) substitute(*region, sizes);
}

}  // namespace linenc::graph
