#pragma once

#include <vector>

#include "compiler/graph/graph.h"

namespace linenc::lower {

// The nodes in the order in which they run: those that reach an output, each once, operands first. Nodes without operands
// come right before the first node that needs them, so that their results do not lie in memory for long.
[[nodiscard]] std::vector<graph::NodeId> schedule(const graph::Graph& graph);

}  // namespace linenc::lower
