// Whether a plan may be run: indices, limits, places in memory, calls, and the rule of every step (verify_rules.h).
//
// A plan may come from anywhere, so nothing is used before it was checked. Values are checked first, then steps one by one,
// then who shares memory with whom; a program with an earlier problem is not looked at further.
//
// Tested by tests/runtime/plan/verify_test.cpp.
#include <algorithm>
#include <iterator>
#include <map>
#include <optional>

#include "runtime/core/array.h"
#include "runtime/plan/in_place.h"
#include "runtime/plan/plan.h"
#include "runtime/plan/verify_rules.h"

namespace linenc {
namespace {

constexpr std::uint64_t kMostArenaBytes = std::uint64_t{1} << 60;
constexpr std::size_t kMostProblems = 20;
constexpr std::uint32_t kNowhere = 0xFFFFFFFFu;

bool is_inside(std::uint64_t offset, std::uint64_t bytes, std::uint64_t limit) { return offset <= limit && bytes <= limit - offset; }

// One program of the plan.
class ProgramCheck {
 public:
  ProgramCheck(const Plan& plan, std::size_t index, std::vector<std::string>& problems)
      : plan_(plan), program_(plan.programs[index]), problems_(problems), before_(problems.size()) {
    where_ = "program " + std::to_string(index) + " `" + program_.name + "`";
  }
  void run() {
    lengths();
    values();
    if (failed()) return;
    ports(program_.inputs, Space::Input, "input");
    ports(program_.outputs, Space::Output, "output");
    if (failed()) return;
    steps();
    if (failed()) return;
    memory();
  }

 private:
  [[nodiscard]] bool failed() const { return problems_.size() > before_; }
  void problem(std::string text) {
    if (problems_.size() < kMostProblems) problems_.push_back(where_ + ": " + std::move(text));
  }
  void step_problem_at(std::size_t step, const std::string& text) {
    problem("step " + std::to_string(step) + " (" + std::string(name(program_.steps[step].op)) + ") " + text);
  }
  static std::string value_name(std::size_t id) { return "value " + std::to_string(id); }

  void lengths();
  void values();
  void place(std::size_t id, const PlanValue& value);
  void view(std::size_t id, const PlanValue& value);
  void ports(const std::vector<Port>& ports, Space space, std::string_view noun);
  void steps();
  bool operands(std::size_t index, const Step& step);
  void written(std::size_t index, const Step& step);
  void call(std::size_t index, const Step& step);
  [[nodiscard]] bool is_of_port(std::uint32_t id, const Program& callee, const Port& port, std::optional<std::int64_t> stacked) const;
  [[nodiscard]] bool fits_call(const Step& step, const Program& callee) const;
  [[nodiscard]] bool fits_loop(const LoopAttributes<std::int64_t>& loop, const Step& step, const Program& callee) const;
  void memory();
  [[nodiscard]] std::vector<std::uint32_t> by_last_step(std::vector<std::uint32_t> ids) const;
  void share_arena(std::vector<std::uint32_t> order);
  void share_output(const std::vector<std::uint32_t>& order);
  void enter(std::uint32_t id, std::map<std::uint64_t, std::uint32_t>& living);
  [[nodiscard]] bool replaces(std::uint32_t newer, std::uint32_t older) const;
  // The value that has the bytes: itself, or the one it shows.
  [[nodiscard]] std::uint32_t owner(std::uint32_t id) const { return program_.values[id].view_of == kNoView ? id : program_.values[id].view_of; }
  void frame(std::size_t step, const std::map<std::uint64_t, std::uint32_t>& living);

  const Plan& plan_;
  const Program& program_;
  std::vector<std::string>& problems_;
  std::size_t before_;
  std::string where_;
  std::vector<std::uint32_t> writer_;  // by value: the step that writes it, or kNowhere
};

void ProgramCheck::lengths() {
  if (program_.callee_frames.size() != program_.steps.size()) problem("has frames of calls for another number of steps");
  if (program_.arena_bytes > kMostArenaBytes) problem("needs an arena out of range");
  if (program_.values.size() >= kNowhere || program_.steps.size() >= kNowhere) problem("has too many values or steps");
}

void ProgramCheck::values() {
  for (std::size_t id = 0; id < program_.values.size(); ++id) {
    const PlanValue& value = program_.values[id];
    if (value.dtype > DType::Key) {
      problem(value_name(id) + " has a dtype that no kernel computes with");
      continue;
    }
    const auto elements = checked_element_count(value.shape);
    if (value.shape.size() > kMaxRank || !elements || *elements > kMaxElements ||
        std::ranges::any_of(value.shape, [](std::int64_t size) { return size < 0 || size > kMaxElements; })) {
      problem(value_name(id) + " has the shape " + to_string(value.shape) + ", which is out of range");
      continue;
    }
    if (value.first_step > value.last_step) problem(value_name(id) + " ends before it begins");
    place(id, value);
  }
  for (std::size_t id = 0; id < program_.values.size() && !failed(); ++id) {
    if (program_.values[id].view_of != kNoView) view(id, program_.values[id]);
  }
}

void ProgramCheck::view(std::size_t id, const PlanValue& value) {
  if (value.view_of >= program_.values.size() || program_.values[value.view_of].view_of != kNoView) {
    return problem(value_name(id) + " is a view of nothing");
  }
  const PlanValue& shown = program_.values[value.view_of];
  if (value.space != shown.space || value.offset != shown.offset || bytes_of(value) != bytes_of(shown)) {
    problem(value_name(id) + " is a view of value " + std::to_string(value.view_of) + ", but lies elsewhere");
  }
  if (value.space != Space::Input && value.space != Space::Constant && (value.first_step < shown.first_step || value.last_step > shown.last_step)) {
    problem(value_name(id) + " lives longer than what it shows");
  }
}

void ProgramCheck::place(std::size_t id, const PlanValue& value) {
  const auto check_bytes = [&](std::uint64_t limit, std::string_view space) {
    if (value.offset % kAlignment != 0) problem(value_name(id) + " is not aligned");
    if (!is_inside(value.offset, bytes_of(value), limit)) problem(value_name(id) + " reaches out of the " + std::string(space));
  };
  switch (value.space) {
    case Space::Arena: return check_bytes(program_.arena_bytes, "arena");
    case Space::Constant: return check_bytes(plan_.constants.size(), "constants");
    case Space::Input:
      if (value.offset >= program_.inputs.size() || program_.inputs[value.offset].value != owner(static_cast<std::uint32_t>(id))) {
        problem(value_name(id) + " stands for an input that is another value");
      }
      return;
    // Values may lie in an output before it gets its last one.
    case Space::Output: {
      const std::uint32_t last = value.offset < program_.outputs.size() ? program_.outputs[value.offset].value : kNowhere;
      if (last >= program_.values.size() || !checked_element_count(program_.values[last].shape) ||
          bytes_of(value) != bytes_of(program_.values[last])) {
        problem(value_name(id) + " lies in an output of another size");
      }
      return;
    }
  }
  problem(value_name(id) + " lies nowhere");
}

void ProgramCheck::ports(const std::vector<Port>& ports, Space space, std::string_view noun) {
  for (std::size_t i = 0; i < ports.size(); ++i) {
    const std::uint32_t id = ports[i].value;
    const bool fits = id < program_.values.size() && program_.values[id].space == space && program_.values[id].offset == i;
    if (!fits) problem(std::string(noun) + " " + std::to_string(i) + " `" + ports[i].name + "` has no value of its own");
  }
}

// Whether all operands and results exist.
bool ProgramCheck::operands(std::size_t index, const Step& step) {
  for (const auto* list : {&step.inputs, &step.outputs}) {
    for (const std::uint32_t id : *list) {
      if (id < program_.values.size()) continue;
      step_problem_at(index, "uses " + value_name(id) + ", which does not exist");
      return false;
    }
  }
  return true;
}

// Operands are written before, inside of their lives; results are written once, to where one may write.
void ProgramCheck::written(std::size_t index, const Step& step) {
  const std::uint32_t now = static_cast<std::uint32_t>(index);
  const auto lives = [&](const PlanValue& value) {
    return value.space == Space::Input || value.space == Space::Constant || (value.first_step <= now && now <= value.last_step);
  };
  for (const std::uint32_t id : step.inputs) {
    const PlanValue& value = program_.values[id];
    const bool given = value.space == Space::Input || value.space == Space::Constant;
    if (!given && writer_[owner(id)] == kNowhere) step_problem_at(index, "reads " + value_name(id) + " before it is written");
    if (!lives(value)) step_problem_at(index, "reads " + value_name(id) + " outside of its life");
  }
  for (const std::uint32_t id : step.outputs) {
    const PlanValue& value = program_.values[id];
    if (value.space == Space::Input || value.space == Space::Constant) step_problem_at(index, "writes to an input or a constant");
    if (value.view_of != kNoView) step_problem_at(index, "writes to a view");
    if (writer_[id] != kNowhere) step_problem_at(index, "writes " + value_name(id) + " a second time");
    if (!lives(value)) step_problem_at(index, "writes " + value_name(id) + " outside of its life");
    writer_[id] = now;
  }
}

void ProgramCheck::steps() {
  writer_.assign(program_.values.size(), kNowhere);
  for (std::size_t i = 0; i < program_.steps.size() && problems_.size() < kMostProblems; ++i) {
    const Step& step = program_.steps[i];
    if (static_cast<std::size_t>(step.op) >= kOpKinds) {
      problem("step " + std::to_string(i) + " is no op");
      continue;
    }
    if (step.origin >= plan_.origins.size() && step.origin != 0) step_problem_at(i, "has an origin that does not exist");
    if (!operands(i, step)) continue;
    written(i, step);
    const bool calls = step.op == OpKind::Call || step.op == OpKind::Loop;
    if (calls != (called_program(step.attributes) != nullptr)) {
      step_problem_at(i, "has the attributes of another op");
      continue;
    }
    if (calls) {
      call(i, step);
      continue;
    }
    if (program_.callee_frames[i] != 0) step_problem_at(i, "has a frame, but calls nothing");
    StepFacts facts{step, {}, {}};
    for (const std::uint32_t id : step.inputs) facts.inputs.push_back(&program_.values[id]);
    for (const std::uint32_t id : step.outputs) facts.outputs.push_back(&program_.values[id]);
    if (const auto text = step_problem(facts)) step_problem_at(i, *text);
  }
  for (std::size_t i = 0; i < program_.outputs.size(); ++i) {
    const std::uint32_t written_value = owner(program_.outputs[i].value);
    const std::string words = "output " + std::to_string(i) + " `" + program_.outputs[i].name + "` ";
    if (writer_[written_value] == kNowhere)
      problem(words + "is never written");
    else if (program_.values[written_value].last_step + 1 != program_.steps.size())
      problem(words + "does not live to the end");
  }
}

void ProgramCheck::call(std::size_t index, const Step& step) {
  const auto* loop = std::get_if<LoopAttributes<std::int64_t>>(&step.attributes);
  const std::uint32_t* called = called_program(step.attributes);
  if ((loop != nullptr) != (step.op == OpKind::Loop)) return step_problem_at(index, "has the attributes of another op");
  if (*called >= plan_.programs.size()) return step_problem_at(index, "calls a program that does not exist");
  const Program& callee = plan_.programs[*called];
  for (const auto* ports : {&callee.inputs, &callee.outputs}) {
    for (const Port& port : *ports) {
      if (port.value >= callee.values.size()) return step_problem_at(index, "calls a program whose ports have no values");
    }
  }
  if (!(loop != nullptr ? fits_loop(*loop, step, callee) : fits_call(step, callee))) {
    step_problem_at(index, "does not fit program " + std::to_string(*called) + " `" + callee.name + "`");
  }
  const std::uint64_t frame_offset = program_.callee_frames[index];
  if (frame_offset % kAlignment != 0) step_problem_at(index, "has a frame that is not aligned");
  if (!is_inside(frame_offset, callee.arena_bytes, program_.arena_bytes)) step_problem_at(index, "has a frame that reaches out of the arena");
}

// Whether the value is that of the port; where it is `stacked`, `length` of them along a new first axis.
bool ProgramCheck::is_of_port(std::uint32_t id, const Program& callee, const Port& port, std::optional<std::int64_t> stacked) const {
  const PlanValue &own = program_.values[id], &other = callee.values[port.value];
  Shape shape = other.shape;
  if (stacked) shape.insert(shape.begin(), *stacked);
  return own.dtype == other.dtype && own.shape == shape;
}

bool ProgramCheck::fits_call(const Step& step, const Program& callee) const {
  if (step.inputs.size() != callee.inputs.size() || step.outputs.size() != callee.outputs.size()) return false;
  for (std::size_t i = 0; i < step.inputs.size(); ++i) {
    if (!is_of_port(step.inputs[i], callee, callee.inputs[i], std::nullopt)) return false;
  }
  for (std::size_t i = 0; i < step.outputs.size(); ++i) {
    if (!is_of_port(step.outputs[i], callee, callee.outputs[i], std::nullopt)) return false;
  }
  return true;
}

// Behind the results stand the spare buffers of the carried values.
bool ProgramCheck::fits_loop(const LoopAttributes<std::int64_t>& loop, const Step& step, const Program& callee) const {
  const std::size_t inputs = callee.inputs.size(), outputs = callee.outputs.size();
  if (loop.length < 1 || loop.carried < 0 || loop.sliced < 0) return false;
  const auto carried = static_cast<std::uint64_t>(loop.carried), sliced = static_cast<std::uint64_t>(loop.sliced);
  if (carried > outputs || carried > inputs || sliced > inputs - carried) return false;
  if (step.inputs.size() != inputs || step.outputs.size() != outputs + carried) return false;
  const auto stacked = [&](bool is) { return is ? std::optional(loop.length) : std::nullopt; };
  for (std::size_t i = 0; i < inputs; ++i) {
    if (!is_of_port(step.inputs[i], callee, callee.inputs[i], stacked(i >= carried && i < carried + sliced))) return false;
  }
  for (std::size_t i = 0; i < outputs; ++i) {
    if (!is_of_port(step.outputs[i], callee, callee.outputs[i], stacked(i >= carried))) return false;
  }
  for (std::size_t i = 0; i < carried; ++i) {
    if (!is_of_port(step.outputs[outputs + i], callee, callee.outputs[i], std::nullopt)) return false;
    if (!is_of_port(step.inputs[i], callee, callee.outputs[i], std::nullopt)) return false;
  }
  return true;
}

// Whether `newer` is written over `older` by a step that may do so.
bool ProgramCheck::replaces(std::uint32_t newer, std::uint32_t older) const {
  const PlanValue &result = program_.values[newer], &operand = program_.values[older];
  if (writer_[newer] == kNowhere || result.offset != operand.offset) return false;
  const std::uint32_t now = writer_[newer];
  const Step& step = program_.steps[now];
  if (result.first_step != now || operand.last_step != now || step.outputs.front() != newer) return false;
  // Every place where the step reads the operand must allow it.
  bool reads = false;
  for (std::size_t i = 0; i < step.inputs.size(); ++i) {
    if (owner(step.inputs[i]) != older) continue;
    if (!may_run_in_place(step.op, i, program_.values[step.inputs[i]], result)) return false;
    reads = true;
  }
  return reads;
}

// `living` holds the living values by offset; they do not overlap.
void ProgramCheck::enter(std::uint32_t id, std::map<std::uint64_t, std::uint32_t>& living) {
  const PlanValue& value = program_.values[id];
  const std::uint64_t end = value.offset + bytes_of(value);
  auto next = living.lower_bound(value.offset);
  if (next != living.begin()) {
    const PlanValue& previous = program_.values[std::prev(next)->second];
    if (previous.offset + bytes_of(previous) > value.offset) return problem(value_name(id) + " overlaps " + value_name(std::prev(next)->second));
  }
  if (next != living.end() && program_.values[next->second].offset < end) {
    if (!replaces(id, next->second)) return problem(value_name(id) + " overlaps " + value_name(next->second));
    next->second = id;  // of the same size
    return;
  }
  living.emplace(value.offset, id);
}

// The frame of a call overlaps nothing that lives during the call.
void ProgramCheck::frame(std::size_t step, const std::map<std::uint64_t, std::uint32_t>& living) {
  const std::uint64_t begin = program_.callee_frames[step];
  const std::uint64_t end = begin + plan_.programs[*called_program(program_.steps[step].attributes)].arena_bytes;
  if (begin == end) return;
  auto next = living.lower_bound(begin);
  const auto clash = [&](std::uint32_t id) { step_problem_at(step, "has a frame that overlaps " + value_name(id)); };
  if (next != living.end() && next->first < end) return clash(next->second);
  if (next == living.begin()) return;
  const PlanValue& previous = program_.values[std::prev(next)->second];
  if (previous.offset + bytes_of(previous) > begin) clash(std::prev(next)->second);
}

// Who shares the arena, or one output, with whom. Values in the order of their first steps.
void ProgramCheck::memory() {
  std::vector<std::uint32_t> order;
  for (std::uint32_t id = 0; id < program_.values.size(); ++id) {
    const PlanValue& value = program_.values[id];
    if (value.view_of == kNoView && bytes_of(value) > 0) order.push_back(id);
  }
  std::ranges::stable_sort(order, {}, [&](std::uint32_t id) { return program_.values[id].first_step; });
  std::vector<std::uint32_t> in_arena;
  std::vector<std::vector<std::uint32_t>> in_output(program_.outputs.size());
  for (const std::uint32_t id : order) {
    const PlanValue& value = program_.values[id];
    if (value.space == Space::Arena) in_arena.push_back(id);
    if (value.space == Space::Output) in_output[value.offset].push_back(id);
  }
  share_arena(std::move(in_arena));
  for (std::size_t port = 0; port < in_output.size() && !failed(); ++port) share_output(in_output[port]);
}

std::vector<std::uint32_t> ProgramCheck::by_last_step(std::vector<std::uint32_t> ids) const {
  std::ranges::stable_sort(ids, {}, [&](std::uint32_t id) { return program_.values[id].last_step; });
  return ids;
}

void ProgramCheck::share_arena(std::vector<std::uint32_t> order) {
  const std::vector<std::uint32_t> by_end = by_last_step(order);
  std::map<std::uint64_t, std::uint32_t> living;
  std::size_t entered = 0, left = 0;
  for (std::uint32_t step = 0; step < program_.steps.size() && !failed(); ++step) {
    for (; left < by_end.size() && program_.values[by_end[left]].last_step < step; ++left) {
      const auto at = living.find(program_.values[by_end[left]].offset);
      if (at != living.end() && at->second == by_end[left]) living.erase(at);
    }
    for (; entered < order.size() && program_.values[order[entered]].first_step <= step; ++entered) enter(order[entered], living);
    if (called_program(program_.steps[step].attributes) != nullptr && !failed()) frame(step, living);
  }
}

// All of them have all bytes of the output: one at a time.
void ProgramCheck::share_output(const std::vector<std::uint32_t>& order) {
  for (std::size_t i = 1; i < order.size() && !failed(); ++i) {
    const PlanValue &older = program_.values[order[i - 1]], &newer = program_.values[order[i]];
    if (older.last_step < newer.first_step || replaces(order[i], order[i - 1])) continue;
    problem(value_name(order[i]) + " overlaps " + value_name(order[i - 1]));
  }
}

// Steps of the entry program with those of the programs it calls; problems of cycles.
class CallCheck {
 public:
  CallCheck(const Plan& plan, std::vector<std::string>& problems) : plan_(plan), problems_(problems), count_(plan.programs.size(), kUnknown) {}
  void run() {
    // Callees before callers, without recursion: a chain of calls may be as long as the plan.
    std::vector<std::pair<std::uint32_t, std::size_t>> stack = {{plan_.entry, 0}};
    count_[plan_.entry] = kOpen;
    while (!stack.empty()) {
      auto& [program, step] = stack.back();
      const std::vector<Step>& steps = plan_.programs[program].steps;
      while (step < steps.size() && (called_program(steps[step].attributes) == nullptr || count_[callee(steps[step])] < kOpen)) ++step;
      if (step == steps.size()) {
        count_[program] = total(steps);
        stack.pop_back();
        continue;
      }
      const std::uint32_t next = callee(steps[step]);
      if (count_[next] == kOpen) {
        problems_.push_back("program " + std::to_string(next) + " `" + plan_.programs[next].name + "` calls itself");
        return;
      }
      count_[next] = kOpen;
      stack.emplace_back(next, 0);
    }
    if (count_[plan_.entry] > kMostSteps || deepest() > kMostDepth) problems_.push_back("the plan runs too many steps, or calls too deep");
  }

 private:
  static constexpr std::uint64_t kUnknown = ~std::uint64_t{0}, kOpen = kUnknown - 1;
  static constexpr std::size_t kMostDepth = 1000;
  static std::uint32_t callee(const Step& step) { return *called_program(step.attributes); }
  static std::uint64_t times(std::uint64_t count, std::uint64_t length) {
    return count != 0 && length > kMostSteps / count ? kMostSteps + 1 : count * length;
  }

  std::uint64_t total(const std::vector<Step>& steps) const {
    std::uint64_t sum = 0;
    for (const Step& step : steps) {
      std::uint64_t runs = 1;
      if (const auto* loop = std::get_if<LoopAttributes<std::int64_t>>(&step.attributes)) runs = static_cast<std::uint64_t>(loop->length);
      sum = std::min(kMostSteps + 1, sum + (called_program(step.attributes) == nullptr ? 1 : times(count_[callee(step)] + 1, runs)));
    }
    return sum;
  }
  // Calls inside of calls, at most; a program is deeper than its callees, which were numbered before it is asked.
  std::size_t deepest() const {
    std::vector<std::size_t> depth(plan_.programs.size(), 0);
    bool changed = true;
    for (std::size_t round = 0; changed && round <= kMostDepth + 1; ++round) {
      changed = false;
      for (std::size_t p = 0; p < plan_.programs.size(); ++p) {
        if (count_[p] >= kOpen) continue;
        for (const Step& step : plan_.programs[p].steps) {
          if (called_program(step.attributes) == nullptr || depth[callee(step)] + 1 <= depth[p]) continue;
          depth[p] = depth[callee(step)] + 1;
          changed = true;
        }
      }
    }
    return *std::ranges::max_element(depth);
  }

  const Plan& plan_;
  std::vector<std::string>& problems_;
  std::vector<std::uint64_t> count_;  // by program, kUnknown or kOpen until it is known
};

}  // namespace

std::vector<std::string> verify(const Plan& plan) {
  std::vector<std::string> problems;
  if (plan.entry >= plan.programs.size()) return {"the plan has no program to run"};
  for (std::size_t i = 0; i < plan.programs.size() && problems.size() < kMostProblems; ++i) ProgramCheck(plan, i, problems).run();
  if (problems.empty()) CallCheck(plan, problems).run();
  return problems;
}

}  // namespace linenc
