#pragma once

#include "compiler/graph/graph.h"

namespace linenc::optimize {

// Lets a product or convolution add the bias that follows it:
//
//   dot_general(x, w) + b   =>   dot_general(x, w, b)
//   convolution(x, w) + b   =>   convolution(x, w, b)
//
// Only in float32: in the half types the sum is rounded before the bias is added, as JAX does.
bool fuse_bias(graph::Graph& graph);

}  // namespace linenc::optimize
