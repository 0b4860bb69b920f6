#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "compiler/driver/model_file.h"
#include "runtime/plan/plan.h"

namespace linenc::driver {

// Which outputs of a run the plan computes; what only the others need is not computed.
struct Wanted {
  bool results = true;
  enum class Leaves : std::uint8_t { None, Written, All } variables = Leaves::None;
};

// A plan that can be run, and what its run will be told by.
struct Compiled {
  Plan plan;
  // Arithmetic on variables alone, run once when they are bound; its outputs are the inputs "prepared/…" of `plan`.
  std::optional<Plan> prepare;
  std::vector<graph::PortRole> input_roles;                 // parallel to the inputs of the entry program
  std::vector<graph::PortRole> output_roles;                // parallel to its outputs
  std::vector<std::pair<std::string, graph::Fact>> leaves;  // the variable tree afterwards, in Flax's order
  [[nodiscard]] const Program& entry() const { return plan.programs[plan.entry]; }
};

// Sees the value of a stage: "graph" (shapes inferred), "optimized".
using StageObserver = std::function<void(std::string_view stage, const graph::Graph& graph)>;

// The whole way from a parsed file to a plan. Nothing after a report.
[[nodiscard]] std::optional<Compiled> compile(ModelFile& file, const elaborate::RunRequest& request, const Wanted& wanted,
                                              const StageObserver& observe = {});

}  // namespace linenc::driver
