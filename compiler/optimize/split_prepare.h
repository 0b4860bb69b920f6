#pragma once

#include <memory>

#include "compiler/graph/graph.h"

namespace linenc::optimize {

// Arithmetic on variables alone (the scale of a normalisation, a masked kernel) leaves the graph of a call and becomes a graph of its
// own, which runs once when the variables are bound:
//
//   apply(x, v) = f(x, g(v))   =>   prepare(v) = g(v),   apply(x, v, prepared) = f(x, prepared)
//
// Its outputs are "prepared/0", …; they are inputs of `graph` by the same names, of role Capture. Null where nothing moves. The caller
// drops what is dead in `graph` afterwards.
[[nodiscard]] std::unique_ptr<graph::Graph> split_prepare(graph::Graph& graph);

}  // namespace linenc::optimize
