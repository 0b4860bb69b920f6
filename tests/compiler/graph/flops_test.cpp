#include "compiler/graph/flops.h"

#include <doctest/doctest.h>

#include "compiler/graph/ops.h"

namespace linenc::graph {
namespace {

// A graph with inputs of these shapes.
struct Made {
  Graph graph;
  diagnostics::Diagnostics diagnostics;
  Origins origins;
  DimContext dims;
  Builder builder{graph, diagnostics, origins, dims};

  Tensor input(Dims shape) {
    Fact fact;
    fact.shape = std::move(shape);
    return {&graph, graph.add_input(std::move(fact), PortRole::Argument, "x")};
  }
  [[nodiscard]] std::int64_t flops() const { return work_of(graph).flops.constant().value(); }
  [[nodiscard]] std::int64_t macs() const { return work_of(graph).macs.constant().value(); }
};

ConvolutionAttributes<Dim> convolution_of(std::vector<std::int64_t> strides, Dims low, Dims high, std::vector<std::int64_t> input_dilation) {
  ConvolutionAttributes<Dim> attributes;
  attributes.kernel_dilation.assign(strides.size(), 1);
  attributes.strides = std::move(strides);
  attributes.low = std::move(low);
  attributes.high = std::move(high);
  attributes.input_dilation = std::move(input_dilation);
  return attributes;
}

}  // namespace

TEST_SUITE("compiler/graph/flops") {
  // 1216 is what XLA's cost analysis says of Dense 9 -> 4 on a batch of 16 (linen-semantics G).
  TEST_CASE("a dense layer is two operations for each product, and one for each bias") {
    Made made;
    DotAttributes attributes;
    attributes.a_contract = {1};
    attributes.b_contract = {0};
    const Tensor y = dot_general(made.builder, made.input({16, 9}), made.input({9, 4}), attributes);
    (void)binary(made.builder, ElementwiseKind::Add, y, broadcast_to(made.builder, made.input({4}), {16, 4}));
    CHECK(made.flops() == 1216);
    CHECK(made.macs() == 16 * 9 * 4);
  }

  // Along one axis of 5 with a kernel of 3 and padding 1, the border kernels miss once at each end: 13 pairs, not 15.
  TEST_CASE("a convolution counts the pairs that meet the input, not the padding") {
    Made made;
    (void)convolution(made.builder, made.input({2, 5, 3}), made.input({3, 3, 7}), convolution_of({1}, {1}, {1}, {1}));
    CHECK(made.macs() == 2 * 7 * 3 * 13);
    CHECK(made.flops() == 2 * made.macs());
  }

  TEST_CASE("a convolution does not count the holes of a dilated input") {
    Made made;
    (void)convolution(made.builder, made.input({1, 3, 1}), made.input({2, 1, 1}), convolution_of({1}, {0}, {0}, {2}));
    // Places 0 . 1 . 2 and four windows of two: each meets exactly one element.
    CHECK(made.macs() == 4);
  }

  TEST_CASE("transcendental functions and moves are free, other arithmetic is one for each element") {
    Made made;
    const Tensor x = made.input({4, 5});
    (void)unary(made.builder, ElementwiseKind::Exp, x);
    (void)transpose(made.builder, x, {1, 0});
    CHECK(made.flops() == 0);
    (void)unary(made.builder, ElementwiseKind::Negate, x);
    CHECK(made.flops() == 20);
    (void)reduce(made.builder, ReduceKind::Sum, x, {1});
    CHECK(made.flops() == 20 + 16);
  }

  TEST_CASE("more than 64 bits of work is said, not wrapped") {
    Made made;
    const Dim large(std::int64_t{1} << 20);
    DotAttributes attributes;
    attributes.a_contract = {1};
    attributes.b_contract = {0};
    const Tensor x = made.input({large, large});
    (void)dot_general(made.builder, x, x, attributes);
    CHECK(made.flops() == std::int64_t{1} << 61);
    for (int i = 0; i < 3; ++i) (void)dot_general(made.builder, x, x, attributes);
    CHECK(work_of(made.graph).flops.is_overflow());
    CHECK(made.macs() == std::int64_t{1} << 62);
  }

}  // TEST_SUITE

}  // namespace linenc::graph
