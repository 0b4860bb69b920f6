// Tested by tests/compiler/optimize/split_prepare_test.cpp.
#include "compiler/optimize/merge_regions.h"

#include "compiler/graph/rewrite.h"

namespace linenc::optimize {
namespace {

using graph::Graph;
using graph::Node;
using graph::NodeId;

bool same_ports(const std::vector<graph::Port>& a, const std::vector<graph::Port>& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i].value != b[i].value) return false;  // names are those of variables: they differ, and do not matter
  }
  return true;
}

// The same computation on the same shapes, whatever its inputs are called and wherever it was written.
bool same_region(const Graph& a, const Graph& b) {
  if (a.nodes.size() != b.nodes.size() || a.values.size() != b.values.size() || a.regions.size() != b.regions.size()) return false;
  if (!same_ports(a.inputs, b.inputs) || !same_ports(a.outputs, b.outputs)) return false;
  for (std::size_t i = 0; i < a.values.size(); ++i) {
    if (a.values[i].fact.dtype != b.values[i].fact.dtype || !(a.values[i].fact.shape == b.values[i].fact.shape)) return false;
  }
  for (std::size_t i = 0; i < a.nodes.size(); ++i) {
    const Node& x = a.nodes[i];
    const Node& y = b.nodes[i];
    if (x.op != y.op || x.inputs != y.inputs || x.outputs != y.outputs || !(x.attributes == y.attributes)) return false;
  }
  for (std::size_t i = 0; i < a.regions.size(); ++i) {
    if (!same_region(*a.regions[i], *b.regions[i])) return false;
  }
  return true;
}

}  // namespace

bool merge_regions(Graph& graph) {
  bool changed = false;
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    const auto* call = std::get_if<CallAttributes>(&graph.nodes[i].attributes);
    if (call == nullptr) continue;
    for (std::uint32_t first = 0; first < call->program; ++first) {
      if (!same_region(*graph.regions[first], *graph.regions[call->program])) continue;
      replace_node(graph, NodeId(static_cast<std::uint32_t>(i)), OpKind::Call, CallAttributes{first, call->remat}, graph.nodes[i].inputs);
      changed = true;
      break;
    }
  }
  return changed;
}

}  // namespace linenc::optimize
