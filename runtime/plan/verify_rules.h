#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "runtime/plan/plan.h"

namespace linenc {

// A step with its operands looked up.
struct StepFacts {
  const Step& step;
  std::vector<const PlanValue*> inputs, outputs;
};

// What is wrong with the operands, results or attributes of a step of any op but Call and Loop; none where its kernel can run it.
// Shapes must have been checked against the limits before.
[[nodiscard]] std::optional<std::string> step_problem(const StepFacts& facts);

}  // namespace linenc
