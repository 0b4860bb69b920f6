// The list of passes; runs and verifies them. Tested by tests/compiler/optimize/fuse_test.cpp.
#include "compiler/optimize/pipeline.h"

#include <array>
#include <stdexcept>
#include <string>

#include "compiler/graph/rewrite.h"
#include "compiler/graph/verify.h"
#include "compiler/optimize/fuse_activation.h"
#include "compiler/optimize/fuse_bias.h"
#include "compiler/optimize/merge_regions.h"

namespace linenc::optimize {
namespace {

bool remove_dead(graph::Graph& graph) {
  const std::size_t before = graph.nodes.size();
  graph::drop_dead(graph);
  return graph.nodes.size() != before;
}

constexpr std::array<Pass, 4> kPasses = {{
    {"fuse_bias", fuse_bias},
    // Needs the bias inside: the activation must follow the product directly.
    {"fuse_activation", fuse_activation},
    // Needs the insides finished: equal regions are found by comparing them.
    {"merge_regions", merge_regions},
    // Last: the passes above leave the nodes that they took over.
    {"remove_dead", remove_dead},
}};

bool run(const Pass& pass, graph::Graph& graph) {
  bool changed = pass.run(graph);
  for (const auto& region : graph.regions) changed = run(pass, *region) || changed;
  return changed;
}

}  // namespace

std::span<const Pass> passes() { return kPasses; }

void optimize(graph::Graph& graph, const graph::DimContext& dims, const PipelineOptions& options) {
  for (const Pass& pass : kPasses) {
    if (!run(pass, graph)) continue;
    const std::vector<std::string> problems = graph::verify(graph, dims);
    if (!problems.empty()) throw std::logic_error("the pass " + std::string(pass.name) + " broke the graph: " + problems.front());
    if (options.after) options.after(pass.name, graph);
  }
}

}  // namespace linenc::optimize
