#pragma once

#include <map>
#include <tuple>
#include <vector>

#include "compiler/lower/lower.h"

// One program at a time, for lower.cpp alone.
namespace linenc::lower {

// What the programs of a plan share while it is made.
class PlanBuilder {
 public:
  PlanBuilder(const graph::Origins& origins, const source::SourceSet& sources, const LowerOptions& options)
      : options_(options), origins_(origins), sources_(sources) {
    plan_.origins.emplace_back();
  }

  // Index of the program of the graph; made on the first call.
  std::uint32_t program(const graph::Graph& graph);
  [[nodiscard]] std::uint64_t arena_bytes(std::uint32_t program_number) const { return plan_.programs[program_number].arena_bytes; }
  // Offset of bytes in the constants of the plan; equal bytes lie there once.
  std::uint64_t constant(std::vector<std::byte> bytes);
  std::uint32_t origin(const graph::NodeOrigin& origin);
  [[nodiscard]] const LowerOptions& options() const { return options_; }
  [[nodiscard]] Plan take() && {
    plan_.constants = Bytes(std::move(constant_bytes_));
    return std::move(plan_);
  }

 private:
  LowerOptions options_;
  const graph::Origins& origins_;
  const source::SourceSet& sources_;
  Plan plan_;
  std::vector<std::byte> constant_bytes_;
  std::map<const graph::Graph*, std::uint32_t> programs_;
  std::map<std::vector<std::byte>, std::uint64_t> constants_;
  std::map<std::tuple<std::uint32_t, source::FileId, std::uint32_t>, std::uint32_t> origin_numbers_;
};

// A program whose values have no offsets yet.
struct DraftProgram {
  Program program;
  std::vector<std::uint32_t> root;         // of each value: the value whose bytes it shows; itself where it has its own
  std::vector<std::uint64_t> frame_bytes;  // of each step: what a called program needs
};

[[nodiscard]] DraftProgram draft_program(PlanBuilder& plan, const graph::Graph& graph);
// Gives every value its place and live range.
void place_values(DraftProgram& draft, const LowerOptions& options);

}  // namespace linenc::lower
