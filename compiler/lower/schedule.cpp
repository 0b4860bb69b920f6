// Tested by tests/compiler/lower/schedule_test.cpp.
#include "compiler/lower/schedule.h"

#include <algorithm>

namespace linenc::lower {
namespace {

using graph::Graph;
using graph::Node;
using graph::NodeId;
using graph::ValueId;

std::vector<bool> live_nodes(const Graph& graph) {
  std::vector<bool> needed(graph.values.size()), live(graph.nodes.size());
  for (const graph::Port& output : graph.outputs) needed[index(output.value)] = true;
  for (std::size_t i = graph.nodes.size(); i-- > 0;) {
    const Node& node = graph.nodes[i];
    live[i] = std::any_of(node.outputs.begin(), node.outputs.end(), [&](ValueId id) { return needed[index(id)]; });
    if (!live[i]) continue;
    for (const ValueId input : node.inputs) needed[index(input)] = true;
  }
  return live;
}

}  // namespace

std::vector<NodeId> schedule(const Graph& graph) {
  const std::vector<bool> live = live_nodes(graph);
  std::vector<bool> placed(graph.nodes.size());
  std::vector<NodeId> order;
  const auto place = [&](NodeId node_id) {
    if (node_id == graph::kNoNode || placed[index(node_id)]) return;
    placed[index(node_id)] = true;
    order.push_back(node_id);
  };
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const Node& node = graph.nodes[i];
    if (!live[i] || node.inputs.empty()) continue;
    for (const ValueId input : node.inputs) place(graph.values[index(input)].producer);
    place(NodeId{static_cast<std::uint32_t>(i)});
  }
  for (const graph::Port& output : graph.outputs) place(graph.values[index(output.value)].producer);
  return order;
}

}  // namespace linenc::lower
