#pragma once

#include "compiler/graph/graph.h"

namespace linenc::optimize {

// Calls of equal regions call one of them: a jitted module is compiled once for each of its signatures.
bool merge_regions(graph::Graph& graph);

}  // namespace linenc::optimize
