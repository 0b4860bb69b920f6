#include <doctest/doctest.h>

#include "runtime/plan/plan.h"

namespace linenc {
namespace {

using Problems = std::vector<std::string>;

// y = -reshape(-x), where the reshape is a view and the second step runs in the output, over the first.
Plan plan_with_view() {
  Program program;
  program.name = "apply";
  program.values = {{DType::Float32, {2, 3}, Space::Input, 0, 0, 0},
                    {DType::Float32, {2, 3}, Space::Output, 0, 0, 1},
                    {DType::Float32, {6}, Space::Output, 0, 0, 1, 1},
                    {DType::Float32, {6}, Space::Output, 0, 1, 1}};
  const ElementwiseAttributes negate{ElementwiseKind::Negate};
  program.steps = {{OpKind::Elementwise, negate, {0}, {1}, 0}, {OpKind::Elementwise, negate, {2}, {3}, 0}};
  program.callee_frames = {0, 0};
  program.inputs = {{"x", 0}};
  program.outputs = {{"y", 3}};
  Plan plan;
  plan.programs = {program};
  plan.origins.emplace_back();
  return plan;
}

}  // namespace

TEST_SUITE("runtime/plan/verify") {
  TEST_CASE("views and steps in place over an output are fine") { CHECK(verify(plan_with_view()) == Problems{}); }

  TEST_CASE("a view must show a value of its own size, place and life") {
    Plan plan = plan_with_view();
    PlanValue& view = plan.programs[0].values[2];
    SUBCASE("of another size") {
      view.shape = {5};
      view.space = Space::Arena;
      plan.programs[0].arena_bytes = 64;
      CHECK(verify(plan) == Problems{"program 0 `apply`: value 2 is a view of value 1, but lies elsewhere"});
    }
    SUBCASE("of a view") {
      view.view_of = 2;
      CHECK(verify(plan) == Problems{"program 0 `apply`: value 2 is a view of nothing"});
    }
    SUBCASE("of what does not exist") {
      view.view_of = 9;
      CHECK(verify(plan) == Problems{"program 0 `apply`: value 2 is a view of nothing"});
    }
    SUBCASE("that is gone") {
      plan.programs[0].values[1].last_step = 0;
      CHECK(verify(plan) == Problems{"program 0 `apply`: value 2 lives longer than what it shows"});
    }
    SUBCASE("and is not written") {
      plan.programs[0].steps[1].outputs = {2};
      plan.programs[0].outputs[0].value = 2;
      CHECK(verify(plan)[0] == "program 0 `apply`: step 1 (elementwise) writes to a view");
    }
  }

  TEST_CASE("an output keeps its last value to the end, and nothing overlaps it") {
    Plan plan = plan_with_view();
    SUBCASE("written over while it is read") {
      plan.programs[0].steps[1].op = OpKind::Reverse;
      plan.programs[0].steps[1].attributes = ReverseAttributes{{0}};
      CHECK(verify(plan) == Problems{"program 0 `apply`: value 3 overlaps value 1"});
    }
    SUBCASE("gone before the end") {
      plan.programs[0].outputs[0].value = 1;
      plan.programs[0].values[1].last_step = 0;
      plan.programs[0].values[2].last_step = 0;
      CHECK(verify(plan)[0] == "program 0 `apply`: step 1 (elementwise) reads value 2 outside of its life");
    }
  }

}  // TEST_SUITE
}  // namespace linenc
