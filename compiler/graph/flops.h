#pragma once

#include "compiler/graph/graph.h"

namespace linenc::graph {

// The arithmetic that running something takes; a multiply-add counts as two operations (and one of `macs`). A size outside of
// 64 bits makes the number `is_overflow()`.
struct Work {
  Dim flops, macs;
  Work& operator+=(const Work& other) {
    flops = flops + other.flops;
    macs = macs + other.macs;
    return *this;
  }
};

// Counted as XLA's cost analysis does (linen-semantics G): sums of products, 1 for each element of elementwise arithmetic and 0 for
// exp, tanh and the like, nothing for moving data. Sizes that matter must be numbers; a call costs what its region does.
[[nodiscard]] Work work_of(const Node& node, const Graph& graph);
[[nodiscard]] Work work_of(const Graph& graph);

}  // namespace linenc::graph
