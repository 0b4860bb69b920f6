#pragma once

#include <functional>
#include <span>
#include <string_view>

#include "compiler/graph/dim.h"
#include "compiler/optimize/pass.h"

namespace linenc::optimize {

// The passes in the order in which they run.
[[nodiscard]] std::span<const Pass> passes();

struct PipelineOptions {
  // Called after each pass that changed the graph, with the name of the pass: dumps and tests.
  std::function<void(std::string_view pass, const graph::Graph&)> after;
};

// Runs every pass on the graph and its regions; verifies the graph after each (a broken invariant is our bug: std::logic_error names the
// pass).
void optimize(graph::Graph& graph, const graph::DimContext& dims, const PipelineOptions& options = {});

}  // namespace linenc::optimize
