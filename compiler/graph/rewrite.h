#pragma once

#include <map>
#include <string>

#include "compiler/graph/graph.h"

namespace linenc::graph {

// The only way passes change a graph.

// Every use of `old` (operands and outputs) becomes `replacement`.
void replace_uses(Graph& graph, ValueId old, ValueId replacement);
// The node computes its results another way from now on: by another op, from other operands, which all stand before it. Results,
// their facts and the origin stay.
void replace_node(Graph& graph, NodeId node_id, OpKind op, GraphAttributes attributes, std::vector<ValueId> inputs);
// How often each value is used by nodes and outputs.
[[nodiscard]] std::vector<std::uint32_t> count_uses(const Graph& graph);
// Drops nodes none of whose results reaches an output, and the values they made; ids are renumbered; inputs stay. Regions too.
void drop_dead(Graph& graph);
// Named dimensions replaced by sizes in every fact and attribute, regions included.
void substitute(Graph& graph, const std::map<std::string, Dim>& sizes);

}  // namespace linenc::graph
