#pragma once

#include "compiler/graph/graph.h"
#include "compiler/source/source_set.h"
#include "runtime/plan/plan.h"

namespace linenc::lower {

struct LowerOptions {
  // Off: every value has bytes of its own and nothing runs in place, to find out whether a wrong result comes from sharing.
  bool share_memory = true;
};

// The plan of a graph whose sizes are all known. Nodes run in the order of schedule(); the region of a call becomes a program.
//
//  - Inputs and outputs lie in the caller's arrays; an output that is also an input, a constant or another output is copied.
//  - Constants lie once in the constants of the plan; a large one that repeats one number is filled in by a step, or read as
//    that one number by the elementwise steps that may.
//  - A value that has the bytes of another one (reshape and the like) is a view: no step, the same place.
//  - Elementwise steps run in place where their operand is not needed any more.
//
// Cannot fail: what the user can get wrong was found before.
[[nodiscard]] Plan lower(const graph::Graph& graph, const graph::Origins& origins, const source::SourceSet& sources,
                         const LowerOptions& options = {});

}  // namespace linenc::lower
