#include "runtime/executor/executor.h"

#include <doctest/doctest.h>

#include <cstring>

#include "runtime/executor/memory_limit.h"
#include "tests/support/random_array.h"

namespace linenc::test {
namespace {

using runtime::Executor;
using runtime::RunError;

PlanValue value(const Shape& shape, Space space, std::uint64_t offset, std::uint32_t first = 0, std::uint32_t last = 0,
                DType dtype = DType::Float32) {
  return {dtype, shape, space, offset, first, last};
}
Step elementwise(ElementwiseKind kind, std::vector<std::uint32_t> inputs, std::uint32_t output) {
  return {OpKind::Elementwise, ElementwiseAttributes{kind}, std::move(inputs), {output}, 0};
}

// twice(x) = (x + x) * c, called two times: y = twice(twice(x)).
Plan nested_plan() {
  Plan plan;
  const float half = 0.5f;
  std::vector<std::byte> constants(kAlignment);
  std::memcpy(constants.data(), &half, sizeof half);
  plan.constants = Bytes(std::move(constants));
  Program outer, twice;
  twice.name = "twice";
  twice.values = {value({3}, Space::Input, 0), value({3}, Space::Arena, 64, 0, 1), value({}, Space::Constant, 0), value({3}, Space::Output, 0, 1, 1)};
  twice.inputs = {{"x", 0}};
  twice.outputs = {{"y", 3}};
  twice.steps = {elementwise(ElementwiseKind::Add, {0, 0}, 1), elementwise(ElementwiseKind::Add, {1, 2}, 3)};
  twice.arena_bytes = 128;
  twice.callee_frames = {0, 0};
  outer.name = "apply";
  outer.values = {value({3}, Space::Input, 0), value({3}, Space::Arena, 0, 0, 1), value({3}, Space::Output, 0, 1, 1)};
  outer.inputs = {{"x", 0}};
  outer.outputs = {{"y", 2}};
  outer.steps = {{OpKind::Call, CallAttributes{0, false}, {0}, {1}, 0}, {OpKind::Call, CallAttributes{0, false}, {1}, {2}, 0}};
  outer.arena_bytes = 256;
  outer.callee_frames = {64, 128};
  plan.programs = {twice, outer};
  plan.entry = 1;
  plan.origins = {{}};
  return plan;
}

TEST_SUITE("runtime/executor") {
  TEST_CASE("a plan runs with its calls, as often as wanted") {
    const Plan plan = nested_plan();
    REQUIRE(verify(plan) == std::vector<std::string>{});
    for (const int count : {1, 2}) {
      runtime::Threads threads(count);
      auto executor = Executor::make(plan, threads);
      REQUIRE(bool(executor));
      for (const float x : {1.0f, -2.0f}) {
        const Array input = floats({3}, {x, x + 1, x + 2});
        std::vector<Array> outputs = {Array(DType::Float32, {3})};
        const Array* inputs[] = {&input};
        REQUIRE(bool((*executor)->run(inputs, outputs)));
        for (int i = 0; i < 3; ++i) CHECK(outputs[0].as<float>()[i] == 4 * input.as<float>()[i] + 1.5f);
      }
    }
  }

  TEST_CASE("inputs and outputs that do not fit are named with both facts") {
    const Plan plan = nested_plan();
    runtime::Threads threads(1);
    auto executor = Executor::make(plan, threads);
    REQUIRE(bool(executor));
    const Array right = floats({3}, {1, 2, 3}), wrong = floats({2}, {1, 2}), whole = ints({3}, {1, 2, 3});
    std::vector<Array> outputs = {Array(DType::Float32, {3})}, small = {Array(DType::Float32, {2})}, none;
    const auto error = [&](const Array* input, std::vector<Array>& out) {
      const auto result = (*executor)->run(std::span(&input, 1), out);
      REQUIRE(!bool(result));
      return result.error();
    };
    CHECK(error(&wrong, outputs).text == "input `x` is float32[2], the plan was made for float32[3]");
    CHECK(error(&whole, outputs).text == "input `x` is int32[3], the plan was made for float32[3]");
    CHECK(error(&wrong, outputs).kind == RunError::Kind::DoesNotFit);
    CHECK(error(&right, small).text == "output `y` is float32[2], the plan was made for float32[3]");
    CHECK(error(&right, none).text == "the plan gives 1 output, room for 0");
    const auto missing = (*executor)->run({}, outputs);
    REQUIRE(!bool(missing));
    CHECK(missing.error().kind == RunError::Kind::MissingInput);
    CHECK(missing.error().text == "the plan takes 1 input, 0 given");
  }

  TEST_CASE("a plan larger than the machine is refused with both numbers") {
    Plan plan = nested_plan();
    plan.programs[1].arena_bytes = std::uint64_t{1} << 50;
    REQUIRE(verify(plan) == std::vector<std::string>{});
    runtime::Threads threads(1);
    const auto executor = Executor::make(plan, threads);
    REQUIRE(!bool(executor));
    CHECK(executor.error().kind == RunError::Kind::OutOfMemory);
    CHECK(executor.error().text.find("the plan needs 1125899906842624 bytes to run, ") != std::string::npos);
    CHECK(runtime::available_memory() > 0);
  }

  TEST_CASE("denormals count as zero while a plan runs, and only then") {
    Plan plan;
    Program program;
    program.values = {value({1}, Space::Input, 0), value({}, Space::Constant, 0), value({1}, Space::Output, 0)};
    program.inputs = {{"x", 0}};
    program.outputs = {{"y", 2}};
    program.steps = {elementwise(ElementwiseKind::Multiply, {0, 1}, 2)};
    program.callee_frames = {0};
    plan.programs = {program};
    const float tiny = 1e-30f;
    std::vector<std::byte> constants(kAlignment);
    std::memcpy(constants.data(), &tiny, sizeof tiny);
    plan.constants = Bytes(std::move(constants));
    REQUIRE(verify(plan) == std::vector<std::string>{});
    runtime::Threads threads(1);
    auto executor = Executor::make(plan, threads);
    REQUIRE(bool(executor));
    const Array input = floats({1}, {1e-10f});
    std::vector<Array> outputs = {Array(DType::Float32, {1})};
    const Array* inputs[] = {&input};
    REQUIRE(bool((*executor)->run(inputs, outputs)));
    CHECK(outputs[0].as<float>()[0] == 0.0f);
    volatile float a = 1e-30f, b = 1e-10f;
    CHECK(a * b != 0.0f);
  }

}  // TEST_SUITE

}  // namespace
}  // namespace linenc::test
