#include "compiler/lower/lower.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "compiler/diagnostics/concat.h"
#include "compiler/graph/ops.h"
#include "compiler/graph/verify.h"
#include "runtime/executor/executor.h"

namespace linenc::lower {
namespace {

using namespace graph;
using Numbers = std::vector<float>;

struct Bench {
  Graph graph;
  diagnostics::Diagnostics diagnostics;
  Origins origins;
  DimContext dims;
  source::SourceSet sources;
  Builder builder{graph, diagnostics, origins, dims};

  Tensor input(std::string name, Dims shape, DType dtype = DType::Float32) {
    return {&graph, graph.add_input({dtype, std::move(shape), false, {}}, PortRole::Argument, std::move(name))};
  }
  void output(const Tensor& tensor, std::string name = "y") { graph.outputs.push_back({tensor.id, PortRole::Argument, std::move(name)}); }
  [[nodiscard]] Plan plan(bool share_memory = true) const { return lower(graph, origins, sources, {share_memory}); }
};

Array array(Shape shape, const Numbers& numbers) {
  Array result(DType::Float32, std::move(shape));
  std::copy(numbers.begin(), numbers.end(), result.as<float>());
  return result;
}

// The outputs of the plan, every one as numbers.
std::vector<Numbers> run(const Plan& plan, const std::vector<Array>& inputs) {
  REQUIRE(verify(plan) == std::vector<std::string>{});
  runtime::Threads threads(1);
  auto executor = runtime::Executor::make(plan, threads);
  REQUIRE(static_cast<bool>(executor));
  const Program& entry = plan.programs[plan.entry];
  std::vector<const Array*> pointers;
  for (const Array& input : inputs) pointers.push_back(&input);
  std::vector<Array> outputs;
  for (const linenc::Port& port : entry.outputs) outputs.emplace_back(entry.values[port.value].dtype, entry.values[port.value].shape);
  const auto done = (*executor)->run(pointers, outputs);
  REQUIRE(static_cast<bool>(done));
  std::vector<Numbers> numbers;
  for (const Array& output : outputs) {
    const Array floats = output.dtype() == DType::Float32 ? output : converted(output, DType::Float32);
    numbers.emplace_back(floats.as<float>(), floats.as<float>() + floats.size());
  }
  return numbers;
}

std::vector<OpKind> ops(const Program& program) {
  std::vector<OpKind> kinds;
  for (const Step& step : program.steps) kinds.push_back(step.op);
  return kinds;
}

}  // namespace

TEST_SUITE("compiler/lower/lower") {
  TEST_CASE("a dense layer runs, with and without sharing of memory") {
    Bench t;
    Builder& b = t.builder;
    const Tensor x = t.input("x", {2, 3}), kernel = t.input("kernel", {3, 2}), bias = t.input("bias", {2});
    const Tensor dot = dot_general(b, x, kernel, {{}, {}, {1}, {0}, Activation::None});
    t.output(unary(b, ElementwiseKind::Relu, binary(b, ElementwiseKind::Add, dot, bias)));
    const std::vector<Array> inputs = {array({2, 3}, {1, 2, 3, -1, 0, 1}), array({3, 2}, {1, 0, 0, 1, 1, 1}), array({2}, {0.5f, -4})};
    // numpy: maximum(x @ kernel + bias, 0)
    const std::vector<Numbers> expected = {{4.5f, 1, 0.5f, 0}};
    CHECK(run(t.plan(), inputs) == expected);
    CHECK(run(t.plan(false), inputs) == expected);
    // Everything runs in the array of the output.
    CHECK(t.plan().programs[0].arena_bytes == 0);
    CHECK(t.plan(false).programs[0].arena_bytes == 128);
  }

  TEST_CASE("reshapes and the like take no step") {
    Bench t;
    Builder& b = t.builder;
    const Tensor x = t.input("x", {2, 1, 3});
    const Tensor flat = reshape(b, x, {6});
    const Tensor moved = transpose(b, x, {1, 0, 2});
    const Tensor sum = binary(b, ElementwiseKind::Add, reshape(b, flat, {1, 2, 3}), broadcast_to(b, moved, {1, 1, 2, 3}));
    t.output(reshape(b, sum, {3, 2}));
    const Plan plan = t.plan();
    CHECK(ops(plan.programs[0]) == std::vector<OpKind>{OpKind::Elementwise});
    CHECK(run(plan, {array({2, 1, 3}, {1, 2, 3, 4, 5, 6})}) == std::vector<Numbers>{{2, 4, 6, 8, 10, 12}});
  }

  TEST_CASE("a transpose that moves data, and a broadcast that repeats it, are steps") {
    Bench t;
    const Tensor x = t.input("x", {2, 3});
    t.output(broadcast_to(t.builder, transpose(t.builder, x, {1, 0}), {2, 3, 2}));
    const Plan plan = t.plan();
    CHECK(ops(plan.programs[0]) == std::vector<OpKind>{OpKind::Transpose, OpKind::Broadcast});
    CHECK(run(plan, {array({2, 3}, {1, 2, 3, 4, 5, 6})}) == std::vector<Numbers>{{1, 4, 2, 5, 3, 6, 1, 4, 2, 5, 3, 6}});
  }

  TEST_CASE("an output that is an input, a constant, or appears twice is copied") {
    Bench t;
    Builder& b = t.builder;
    const Tensor x = t.input("x", {2});
    const Tensor y = unary(b, ElementwiseKind::Negate, x);
    t.output(x, "x again");
    t.output(y, "y");
    t.output(y, "y again");
    t.output(full(b, 7, DType::Float32, {3}), "sevens");
    t.output(reshape(b, x, {2, 1}), "x reshaped");
    const Plan plan = t.plan();
    CHECK(run(plan, {array({2}, {3, -4})}) == std::vector<Numbers>{{3, -4}, {-3, 4}, {-3, 4}, {7, 7, 7}, {3, -4}});
    CHECK(plan.programs[0].outputs[4].name == "x reshaped");
  }

  TEST_CASE("a value that is an output is not overwritten by a step in place") {
    Bench t;
    Builder& b = t.builder;
    const Tensor x = t.input("x", {2});
    const Tensor y = unary(b, ElementwiseKind::Negate, x), z = unary(b, ElementwiseKind::Abs, y);
    t.output(y, "y");
    t.output(z, "z");
    CHECK(run(t.plan(), {array({2}, {3, -4})}) == std::vector<Numbers>{{-3, 4}, {3, 4}});
  }

  TEST_CASE("a view keeps the bytes it shows alive") {
    Bench t;
    Builder& b = t.builder;
    const Tensor x = t.input("x", {2, 2});
    const Tensor y = unary(b, ElementwiseKind::Negate, x);
    const Tensor view = reshape(b, y, {4});
    const Tensor z = unary(b, ElementwiseKind::Abs, y);  // may not run in place: the view is read below
    const Tensor total = reduce(b, ReduceKind::Sum, view, {0});
    t.output(binary(b, ElementwiseKind::Add, z, total));
    CHECK(run(t.plan(), {array({2, 2}, {1, 2, 3, -10})}) == std::vector<Numbers>{{5, 6, 7, 14}});
  }

  TEST_CASE("equal constants lie in the plan once; a repeated number is read as one") {
    Bench t;
    Builder& b = t.builder;
    const Tensor x = t.input("x", {100, 100});
    const Tensor twos = full(b, 2, DType::Float32, {100, 100}), two = scalar(b, 2, DType::Float32);
    const Tensor y = binary(b, ElementwiseKind::Multiply, x, twos);
    t.output(reduce(b, ReduceKind::Sum, binary(b, ElementwiseKind::Multiply, y, two), {0, 1}));
    const Plan plan = t.plan();
    CHECK(plan.constants.size() == 4);
    CHECK(ops(plan.programs[0]) == std::vector<OpKind>{OpKind::Elementwise, OpKind::Elementwise, OpKind::Reduce});
    CHECK(run(plan, {array({100, 100}, Numbers(10000, 1))}) == std::vector<Numbers>{{40000}});
  }

  TEST_CASE("a repeated number is filled in where it must exist") {
    Bench t;
    Builder& b = t.builder;
    const Tensor big = full(b, 3, DType::Float32, {50, 50}), small = full(b, 2, DType::Float32, {2, 2});
    t.output(reduce(b, ReduceKind::Sum, big, {0, 1}));
    t.output(reduce(b, ReduceKind::Sum, small, {0}));
    t.output(binary(b, ElementwiseKind::Add, full(b, 1, DType::Float32, {2, 1}), full(b, 4, DType::Float32, {1, 2})));
    CHECK(run(t.plan(), {}) == std::vector<Numbers>{{7500}, {4, 4}, {5, 5, 5, 5}});
  }

  TEST_CASE("a size becomes a number once it is known") {
    Bench t;
    Builder& b = t.builder;
    const Tensor x = t.input("x", {Dim::named("n")});
    const Tensor sum = reduce(b, ReduceKind::Sum, x, {0});
    t.output(binary(b, ElementwiseKind::Divide, sum, size_scalar(b, Dim::named("n"), DType::Float32)));
    t.graph.inputs[0].name = "x";
    for (ValueInfo& value : t.graph.values) {
      for (Dim& dim : value.fact.shape) dim = dim.substitute({{"n", 4}});
    }
    for (Node& node : t.graph.nodes) {
      if (auto* constant = std::get_if<ConstantAttributes<Dim>>(&node.attributes)) constant->size = constant->size.substitute({{"n", 4}});
    }
    CHECK(run(t.plan(), {array({4}, {1, 2, 3, 4})}) == std::vector<Numbers>{{2.5f}});
  }

  TEST_CASE("regions become programs, each once, and run in frames of their caller") {
    Bench t;
    Builder& b = t.builder;
    const Tensor x = t.input("x", {2, 2}), scale = t.input("scale", {});
    const std::uint32_t region = b.enter_region("square and scale");
    const Tensor argument{&b.graph(), b.graph().add_input(x.fact(), PortRole::Argument, "a")};
    const Tensor square = dot_general(b, argument, argument, {{}, {}, {1}, {0}, Activation::None});
    const Tensor shifted = binary(b, ElementwiseKind::Add, transpose(b, square, {1, 0}), square);
    const Tensor scaled = binary(b, ElementwiseKind::Multiply, shifted, scale);
    b.graph().outputs.push_back({scaled.id, PortRole::Argument, "out"});
    b.leave_region();
    const Tensor first[] = {x};
    const Tensor once = b.call(region, false, first)[0];
    const Tensor second[] = {once};
    const Tensor twice = b.call(region, false, second)[0];
    t.output(binary(b, ElementwiseKind::Add, once, twice));
    const Plan plan = t.plan();
    REQUIRE(plan.programs.size() == 2);
    CHECK(plan.programs[1].name == "square and scale");
    CHECK(plan.programs[0].arena_bytes >= plan.programs[1].arena_bytes);
    // numpy: f = lambda a: ((a @ a).T + a @ a) * 0.5; f(x) + f(f(x))
    const std::vector<Numbers> expected = {{212.25f, 375, 375, 662.25f}};
    CHECK(run(plan, {array({2, 2}, {1, 2, 3, 4}), array({}, {0.5f})}) == expected);
    CHECK(run(t.plan(false), {array({2, 2}, {1, 2, 3, 4}), array({}, {0.5f})}) == expected);
  }

  // The carry c becomes 2 c + scale x; the result of a step is the c before it.
  Plan loop_plan(std::int64_t length, bool reverse, bool share_memory) {
    Bench t;
    Builder& b = t.builder;
    const Tensor start = t.input("start", {2}), x = t.input("x", {length, 2}), scale = t.input("scale", {});
    const std::uint32_t region = b.enter_region("step");
    const Tensor c{&b.graph(), b.graph().add_input(start.fact(), PortRole::Argument, "c")};
    const Tensor slice{&b.graph(), b.graph().add_input({DType::Float32, {2}, false, {}}, PortRole::Argument, "slice")};
    const Tensor next = binary(b, ElementwiseKind::Add, binary(b, ElementwiseKind::Add, c, c), binary(b, ElementwiseKind::Multiply, slice, scale));
    b.graph().outputs = {{next.id, PortRole::Argument, "c"}, {c.id, PortRole::Argument, "before"}};
    b.leave_region();
    const Tensor operands[] = {start, x};
    const std::vector<Tensor> results = b.loop({region, length, 1, 1, reverse}, operands);
    t.output(results[0], "last");
    t.output(results[1], "all");
    REQUIRE(graph::verify(t.graph, t.dims).empty());
    return t.plan(share_memory);
  }

  TEST_CASE("a loop hands its carry from run to run, takes slices and stacks results") {
    const Array start = array({2}, {1, 1}), x = array({3, 2}, {1, 2, 3, 4, 5, 6}), half = array({}, {0.5f});
    for (const bool share : {true, false}) {
      const Plan plan = loop_plan(3, false, share);
      CHECK(plan.programs.size() == 2);
      CHECK(ops(plan.programs[0]) == std::vector{OpKind::Loop});
      CHECK(run(plan, {start, x, half}) == std::vector<Numbers>{{15.5f, 19}, {1, 1, 2.5f, 3, 6.5f, 8}});
      CHECK(run(loop_plan(3, true, share), {start, x, half}) == std::vector<Numbers>{{21.5f, 25}, {10.5f, 12, 4.5f, 5, 1, 1}});
      CHECK(run(loop_plan(1, false, share), {start, array({1, 2}, {2, 4}), half}) == std::vector<Numbers>{{3, 4}, {1, 1}});
      CHECK(run(loop_plan(0, false, share), {start, array({0, 2}, {}), half}) == std::vector<Numbers>{{1, 1}, {}});
    }
  }

  TEST_CASE("steps know the module and the place they come from") {
    Bench t;
    Builder& b = t.builder;
    const source::FileId file = t.sources.add("models/m.yaml", "line one\n  - Dense\n");
    t.origins.modules.push_back("encoder/Dense_0");
    const ModuleGuard module(b, 1);
    const Site site{{file, 13, 18}, "`Dense`", {}};
    const SiteGuard guard(b, site);
    t.output(unary(b, ElementwiseKind::Negate, t.input("x", {2})));
    const Plan plan = t.plan();
    const Origin& origin = plan.origins[plan.programs[0].steps[0].origin];
    CHECK(origin.module == "encoder/Dense_0");
    CHECK(origin.path == "models/m.yaml");
    CHECK(origin.line == 2);
    CHECK(origin.column == 5);
  }

  TEST_CASE("sharing memory never changes a result") {
    std::mt19937 random(5);
    const auto number = [&](int low, int high) { return std::uniform_int_distribution<int>(low, high)(random); };
    for (int round = 0; round < 150; ++round) {
      CAPTURE(round);
      Bench t;
      Builder& b = t.builder;
      const std::vector<Dims> shapes = {{12}, {3, 4}, {4, 3}, {2, 6}, {1, 12}};
      std::vector<Tensor> tensors = {t.input("x", {3, 4}), t.input("y", {12}), full(b, 2, DType::Float32, {3, 4})};
      const auto any = [&] { return tensors[number(0, static_cast<int>(tensors.size()) - 1)]; };
      for (int step = 0, steps = number(1, 14); step < steps; ++step) {
        const Tensor x = any();
        const Dims& shape = shapes[number(0, 4)];
        switch (number(0, 6)) {
          case 0: tensors.push_back(reshape(b, x, shape)); break;
          case 1: tensors.push_back(unary(b, ElementwiseKind::Negate, x)); break;
          case 2: tensors.push_back(binary(b, ElementwiseKind::Add, reshape(b, x, shape), reshape(b, any(), shape))); break;
          case 3: tensors.push_back(transpose(b, reshape(b, x, {3, 4}), {1, 0})); break;
          case 4: tensors.push_back(cumulative(b, CumulativeKind::Max, reshape(b, x, shape), 0)); break;
          case 5: tensors.push_back(binary(b, ElementwiseKind::Maximum, x, scalar(b, 1, DType::Float32))); break;
          case 6: {
            const std::uint32_t region = b.enter_region("region");
            const Tensor inside = binary(b, ElementwiseKind::Subtract, unary(b, ElementwiseKind::Abs, x), scalar(b, 3, DType::Float32));
            b.graph().outputs.push_back({reshape(b, inside, {12}).id, PortRole::Argument, "out"});
            b.leave_region();
            tensors.push_back(b.call(region, false, {})[0]);
            break;
          }
        }
      }
      for (int i = 0, count = number(1, 4); i < count; ++i) t.output(any(), concat("out ", i));
      const std::vector<Array> inputs = {array({3, 4}, {1, -2, 3, -4, 5, -6, 7, -8, 9, -10, 11, -12}),
                                         array({12}, {5, 4, 3, 2, 1, 0, -1, -2, -3, -4, -5, -6})};
      CHECK(run(t.plan(true), inputs) == run(t.plan(false), inputs));
    }
  }

  TEST_CASE("empty arrays and plans without steps are lowered") {
    Bench t;
    const Tensor x = t.input("x", {0, 3});
    t.output(unary(t.builder, ElementwiseKind::Exp, x));
    t.output(constant(t.builder, {}, DType::Float32, {0}));
    CHECK(run(t.plan(), {array({0, 3}, {})}) == std::vector<Numbers>{{}, {}});
    CHECK(Bench().plan().programs[0].steps.empty());
  }

}  // TEST_SUITE
}  // namespace linenc::lower
