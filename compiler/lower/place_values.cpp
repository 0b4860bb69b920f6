// Live ranges, steps in place, offsets. Values that show the same bytes (views, results in place) share a storage; storages
// are what assign_memory() places.
#include <algorithm>

#include "compiler/lower/assign_memory.h"
#include "compiler/lower/lower_program.h"
#include "runtime/plan/in_place.h"

namespace linenc::lower {
namespace {

class Placement {
 public:
  Placement(DraftProgram& draft, bool share) : program_(draft.program), draft_(draft), share_(share), storage_(draft.root) {}

  void run() {
    find_live_ranges();
    if (share_) {
      for (std::size_t step = 0; step < program_.steps.size(); ++step) run_in_place(static_cast<std::uint32_t>(step));
    }
    place();
  }

 private:
  Program& program_;
  DraftProgram& draft_;
  bool share_;
  std::vector<std::uint32_t> storage_;                       // of each value: the value that stands for its storage
  std::vector<std::uint32_t> first_, last_;                  // of each value alone
  std::vector<std::uint32_t> storage_first_, storage_last_;  // of each storage, by the value that stands for it

  [[nodiscard]] std::uint64_t bytes(std::uint32_t value) const {
    return static_cast<std::uint64_t>(element_count(program_.values[value].shape)) * byte_size(program_.values[value].dtype);
  }

  void find_live_ranges() {
    const std::size_t count = program_.values.size();
    const auto end = program_.steps.empty() ? 0 : static_cast<std::uint32_t>(program_.steps.size() - 1);
    first_.assign(count, 0), last_.assign(count, 0);
    for (std::size_t i = 0; i < program_.steps.size(); ++i) {
      const auto step = static_cast<std::uint32_t>(i);
      for (const std::uint32_t output : program_.steps[i].outputs) first_[output] = last_[output] = step;
      for (const std::uint32_t input : program_.steps[i].inputs) last_[input] = step;
    }
    for (const Port& output : program_.outputs) last_[output.value] = end;
    for (std::uint32_t value = 0; value < count; ++value) {
      if (program_.values[value].space == Space::Output) last_[value] = end;
      first_[value] = first_[draft_.root[value]];
      last_[value] = std::max(first_[value], last_[value]);
    }
    storage_first_ = first_, storage_last_ = last_;
    for (std::uint32_t value = 0; value < count; ++value) {
      storage_last_[storage_[value]] = std::max(storage_last_[storage_[value]], last_[value]);
    }
  }

  // The result takes over the storage of an operand that nothing reads afterwards.
  void run_in_place(std::uint32_t step_number) {
    const Step& step = program_.steps[step_number];
    if (step.outputs.empty()) return;
    for (const std::uint32_t input : step.inputs) {
      const std::uint32_t from = storage_[input], to = storage_[step.outputs[0]];
      if (program_.values[from].space != Space::Arena || storage_last_[from] != step_number || from == to) continue;
      if (!every_read_allows(step, from)) continue;
      join(from, to);
      return;
    }
  }

  [[nodiscard]] bool every_read_allows(const Step& step, std::uint32_t from) const {
    for (std::size_t i = 0; i < step.inputs.size(); ++i) {
      if (storage_[step.inputs[i]] != from) continue;
      if (!may_run_in_place(step.op, i, program_.values[step.inputs[i]], program_.values[step.outputs[0]])) return false;
    }
    return true;
  }

  void join(std::uint32_t from, std::uint32_t to) {
    storage_last_[from] = storage_last_[to];
    for (std::uint32_t value = 0; value < storage_.size(); ++value) {
      if (storage_[value] == to) storage_[value] = from;
    }
    // In the output from the beginning, where the result is one.
    program_.values[from].space = program_.values[to].space;
    program_.values[from].offset = program_.values[to].offset;
  }

  void place() {
    std::vector<Block> blocks;
    std::vector<std::uint32_t> block_of(program_.values.size());
    for (std::uint32_t value = 0; value < program_.values.size(); ++value) {
      if (storage_[value] != value || program_.values[value].space != Space::Arena) continue;
      block_of[value] = static_cast<std::uint32_t>(blocks.size());
      blocks.push_back(block(bytes(value), storage_first_[value], storage_last_[value]));
    }
    const std::size_t first_frame = blocks.size();
    for (std::size_t step = 0; step < program_.steps.size(); ++step) {
      blocks.push_back(block(draft_.frame_bytes[step], static_cast<std::uint32_t>(step), static_cast<std::uint32_t>(step)));
    }
    const MemoryMap map = assign_memory(blocks);
    program_.arena_bytes = map.arena_bytes;
    for (std::size_t step = 0; step < program_.steps.size(); ++step) program_.callee_frames[step] = map.offset[first_frame + step];
    for (std::uint32_t value = 0; value < program_.values.size(); ++value) {
      PlanValue& placed = program_.values[value];
      const PlanValue& holder = program_.values[storage_[value]];
      placed.space = holder.space;
      placed.offset = holder.space == Space::Arena ? map.offset[block_of[storage_[value]]] : holder.offset;
      if (draft_.root[value] != value) placed.view_of = draft_.root[value];
      placed.first_step = first_[value];
      placed.last_step = last_[value];
    }
    // A value keeps its bytes while one of its views is read.
    for (std::uint32_t value = 0; value < program_.values.size(); ++value) {
      PlanValue& root = program_.values[draft_.root[value]];
      root.last_step = std::max(root.last_step, last_[value]);
    }
  }

  [[nodiscard]] Block block(std::uint64_t size, std::uint32_t first, std::uint32_t last) const {
    if (share_) return {size, first, last};
    return {size, 0, static_cast<std::uint32_t>(program_.steps.size())};
  }
};

}  // namespace

void place_values(DraftProgram& draft, const LowerOptions& options) { Placement(draft, options.share_memory).run(); }

}  // namespace linenc::lower
