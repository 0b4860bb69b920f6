#pragma once

#include <string>
#include <vector>

#include "compiler/graph/graph.h"

namespace linenc::graph {

// Broken invariants, each a sentence; empty when all hold: operands before users, ids in range, facts that infer() gives again,
// ports that exist, regions called with operands that fit. Called after every stage and every pass.
[[nodiscard]] std::vector<std::string> verify(const Graph& graph, const DimContext& context);

}  // namespace linenc::graph
