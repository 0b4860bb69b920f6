#include "compiler/lower/schedule.h"

#include <doctest/doctest.h>

#include "compiler/graph/ops.h"

namespace linenc::lower {
namespace {

using namespace graph;

}  // namespace

TEST_SUITE("compiler/lower/schedule") {
  TEST_CASE("dead nodes are left out; nodes without operands come right before their user") {
    Graph graph;
    diagnostics::Diagnostics diagnostics;
    Origins origins;
    const DimContext dims;
    Builder b(graph, diagnostics, origins, dims);
    const Tensor x{&graph, graph.add_input({DType::Float32, {4}, false, {}}, PortRole::Argument, "x")};
    const Tensor count = iota(b, DType::Float32, {4}, 0);               // node 0
    const Tensor first = unary(b, ElementwiseKind::Exp, x);             // node 1
    (void)unary(b, ElementwiseKind::Sin, x);                            // node 2, dead
    const Tensor last = binary(b, ElementwiseKind::Add, first, count);  // node 3
    graph.outputs.push_back({last.id, PortRole::Argument, "y"});
    CHECK(schedule(graph) == std::vector<NodeId>{NodeId{1}, NodeId{0}, NodeId{3}});
  }

  TEST_CASE("an output without operands is scheduled too") {
    Graph graph;
    diagnostics::Diagnostics diagnostics;
    Origins origins;
    const DimContext dims;
    Builder b(graph, diagnostics, origins, dims);
    graph.outputs.push_back({iota(b, DType::Int32, {4}, 0).id, PortRole::Argument, "y"});
    CHECK(schedule(graph) == std::vector<NodeId>{NodeId{0}});
  }

}  // TEST_SUITE
}  // namespace linenc::lower
