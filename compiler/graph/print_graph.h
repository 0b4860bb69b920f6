#pragma once

#include <string>

#include "compiler/graph/graph.h"

namespace linenc::graph {

// The graph as text: inputs, a line for each node (`%7 = dot_general(%3, %5) a_contract=[1] ... : float32[batch, 10]`), outputs;
// regions indented after the node that calls them. For --dump=graph and tests.
[[nodiscard]] std::string print(const Graph& graph);

// "kind=add" and so on, of attributes with symbolic sizes.
[[nodiscard]] std::string to_string(const GraphAttributes& attributes);

}  // namespace linenc::graph
