// Graph -> plan. Programs are drafted by draft_program.cpp, their values placed by place_values.cpp.
// Tested by tests/compiler/lower/lower_test.cpp.
#include "compiler/lower/lower.h"

#include "compiler/lower/lower_program.h"
#include "runtime/core/array.h"

namespace linenc::lower {

std::uint32_t PlanBuilder::program(const graph::Graph& graph) {
  const auto [found, is_new] = programs_.try_emplace(&graph, static_cast<std::uint32_t>(plan_.programs.size()));
  const std::uint32_t number = found->second;
  if (!is_new) return number;
  // The number is taken before the programs that this one calls take theirs.
  plan_.programs.emplace_back();
  DraftProgram draft = draft_program(*this, graph);
  place_values(draft, options_);
  plan_.programs[number] = std::move(draft.program);
  return number;
}

std::uint64_t PlanBuilder::constant(std::vector<std::byte> bytes) {
  if (bytes.empty()) return 0;
  const auto found = constants_.find(bytes);
  if (found != constants_.end()) return found->second;
  constant_bytes_.resize((constant_bytes_.size() + kAlignment - 1) / kAlignment * kAlignment);
  const std::uint64_t offset = constant_bytes_.size();
  constant_bytes_.insert(constant_bytes_.end(), bytes.begin(), bytes.end());
  constants_.emplace(std::move(bytes), offset);
  return offset;
}

std::uint32_t PlanBuilder::origin(const graph::NodeOrigin& origin) {
  const auto key = std::tuple(origin.module, origin.span.file, origin.span.begin);
  const auto [found, is_new] = origin_numbers_.try_emplace(key, static_cast<std::uint32_t>(plan_.origins.size()));
  if (!is_new) return found->second;
  Origin place{origins_.modules[origin.module], {}, 0, 0};
  if (origin.span.exists()) {
    const source::SourceFile& file = sources_.file(origin.span.file);
    const source::Place at = file.place(origin.span.begin);
    place.path = file.path(), place.line = at.line, place.column = at.column;
  }
  if (place.module.empty() && place.path.empty()) return found->second = 0;
  plan_.origins.push_back(std::move(place));
  return found->second;
}

Plan lower(const graph::Graph& graph, const graph::Origins& origins, const source::SourceSet& sources, const LowerOptions& options) {
  PlanBuilder builder(origins, sources, options);
  const std::uint32_t entry = builder.program(graph);
  Plan plan = std::move(builder).take();
  plan.entry = entry;
  return plan;
}

}  // namespace linenc::lower
