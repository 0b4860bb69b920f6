#pragma once

#include "compiler/graph/graph.h"

namespace linenc::optimize {

// Lets a product or convolution apply the activation that follows it to each element it has just finished:
//
//   relu(dot_general(x, w, b))   =>   dot_general(x, w, b) activation=relu
//
// Only in float32: in the half types the sum is rounded before the activation, as JAX does.
bool fuse_activation(graph::Graph& graph);

}  // namespace linenc::optimize
