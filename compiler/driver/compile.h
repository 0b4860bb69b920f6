#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/driver/model_file.h"
#include "runtime/plan/plan_file.h"

namespace linenc::driver {

// Which outputs of a run the plan computes; what only the others need is not computed.
struct Wanted {
  bool results = true;
  enum class Leaves : std::uint8_t { None, Written, All } variables = Leaves::None;
};

// Sees the value of a stage: "graph" (shapes inferred), "optimized".
using StageObserver = std::function<void(std::string_view stage, const graph::Graph& graph)>;

// A fact without names; a size that is not known is 0.
[[nodiscard]] ArrayFact array_fact(const graph::Fact& fact);

// E0211 of a named dimension that nobody gave a size, at `place`.
void report_unknown_size(ModelFile& file, const std::string& name, source::Span place);

// The whole way from a parsed file to a plan. Nothing after a report.
[[nodiscard]] std::optional<Executable> compile(ModelFile& file, const elaborate::RunRequest& request, const Wanted& wanted,
                                                const StageObserver& observe = {});
// The rest of the way, from a run of the model by this request.
[[nodiscard]] std::optional<Executable> compile(ModelFile& file, elaborate::Run run, const elaborate::RunRequest& request, const Wanted& wanted,
                                                const StageObserver& observe = {});

}  // namespace linenc::driver
