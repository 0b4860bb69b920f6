#pragma once

#include <doctest/doctest.h>

#include "runtime/core/array.h"
#include "runtime/plan/plan.h"

namespace linenc::test {

// y = relu(x @ w + b) through an arena, and a program of the same kind that calls it.
inline Plan small_plan() {
  const auto value = [](const Shape& shape, Space space, std::uint64_t offset, std::uint32_t first = 0, std::uint32_t last = 0) {
    return PlanValue{DType::Float32, shape, space, offset, first, last};
  };
  Plan plan;
  plan.constants = Bytes(std::vector<std::byte>(128));
  plan.origins = {{}, {"Dense_0", "model.yaml", 7, 3}};
  Program dense, apply;
  dense.name = "dense";
  dense.inputs = {{"x", 0}, {"params/kernel", 1}};
  dense.outputs = {{"y", 4}};
  dense.values = {value({2, 3}, Space::Input, 0), value({3, 4}, Space::Input, 1), value({4}, Space::Constant, 64),
                  value({2, 4}, Space::Arena, 64, 0, 1), value({2, 4}, Space::Output, 0, 1, 1)};
  dense.steps = {{OpKind::DotGeneral, DotAttributes{{}, {}, {1}, {0}, Activation::None}, {0, 1, 2}, {3}, 1},
                 {OpKind::Elementwise, ElementwiseAttributes{ElementwiseKind::Relu}, {3}, {4}, 1}};
  dense.arena_bytes = 128;
  dense.callee_frames = {0, 0};
  apply.name = "apply";
  apply.inputs = {{"x", 0}, {"params/kernel", 1}};
  apply.outputs = {{"y", 3}};
  apply.values = {value({2, 3}, Space::Input, 0), value({3, 4}, Space::Input, 1), value({2, 4}, Space::Arena, 0, 0, 1),
                  value({2, 4}, Space::Output, 0, 1, 1)};
  apply.steps = {{OpKind::Call, CallAttributes{0, false}, {0, 1}, {2}, 0},
                 {OpKind::Elementwise, ElementwiseAttributes{ElementwiseKind::Exp}, {2}, {3}, 0}};
  apply.arena_bytes = 256;
  apply.callee_frames = {64, 0};
  plan.programs = {dense, apply};
  plan.entry = 1;
  return plan;
}

}  // namespace linenc::test
