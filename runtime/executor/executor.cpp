// Binding and running a plan.
//
// Binding walks the entry program and every program that it calls, and leaves a flat list of steps with resolved operands:
// the frame of a called program lies in the arena of its caller, and its inputs and outputs are the operands of the call. A loop
// is bound once for each of its runs, so that slices of operands and results are read and written where they lie.
// Only operands that are inputs or outputs of the entry program are still open; each run fills in their addresses.
//
// Tested by tests/runtime/executor/executor_test.cpp.
#include "runtime/executor/executor.h"

#include <algorithm>
#include <optional>
#include <string>

#include "runtime/executor/arena.h"
#include "runtime/executor/memory_limit.h"
#include "runtime/kernels/kernel.h"
#include "runtime/kernels/parallel.h"

namespace linenc::runtime {
namespace {

// Where an operand lies once calls are resolved.
struct Place {
  enum class In : std::uint8_t { Arena, Constant, Input, Output } in;
  std::uint64_t offset;    // in bytes
  std::uint32_t port = 0;  // of an input or output: its number

  [[nodiscard]] Place moved_by(std::uint64_t bytes) const { return {in, offset + bytes, port}; }
};

struct BoundStep {
  Kernel kernel;
  const Step* step;
  std::size_t first_input, inputs;    // in State::inputs
  std::size_t first_output, outputs;  // in State::outputs
  std::size_t scratch;
};

std::string plural(std::size_t count, std::string_view noun) { return std::to_string(count) + " " + std::string(noun) + (count == 1 ? "" : "s"); }

std::string fact(DType dtype, const Shape& shape) { return std::string(name(dtype)) + to_string(shape); }

RunError does_not_fit(std::string text) { return {RunError::Kind::DoesNotFit, std::move(text), {}}; }

RunError out_of_memory(std::uint64_t needed, std::uint64_t available) {
  return {RunError::Kind::OutOfMemory,
          "out of memory: the plan needs " + std::to_string(needed) + " bytes to run, " + std::to_string(available) + " bytes may be taken",
          {}};
}

}  // namespace

struct Executor::State {
  const Plan& plan;
  Threads& threads;
  Arena arena;
  std::span<std::byte> scratch;
  std::vector<BoundStep> steps;
  // The operands of all steps, step after step, and where each lies.
  std::vector<ConstView> inputs;
  std::vector<View> outputs;
  std::vector<Place> input_places, output_places;
  std::size_t scratch_bytes = 0;

  State(const Plan& bound, Threads& used) : plan(bound), threads(used) {}
  [[nodiscard]] const Program& entry() const { return plan.programs[plan.entry]; }

  // The places of the ports of a program, given by its caller.
  struct Frame {
    std::uint64_t base = 0;
    std::vector<Place> inputs, outputs;
  };
  static Place place_of(const PlanValue& value, const Frame& frame);
  void place_in_arena();
  void fill_in(std::span<const Array* const> given, std::span<Array> results);
  void bind_program(const Program& program, const Frame& frame);
  void bind_loop(const Program& program, const LoopAttributes<std::int64_t>& loop, const Frame& operands);
  void bind_step(const Program& program, const Step& step, const Frame& frame);
  [[nodiscard]] std::optional<RunError> mismatch(const std::vector<Port>& ports, std::size_t port, const Array& array, std::string_view noun) const;
};

Place Executor::State::place_of(const PlanValue& value, const Frame& frame) {
  switch (value.space) {
    case Space::Arena: return {Place::In::Arena, frame.base + value.offset};
    case Space::Constant: return {Place::In::Constant, value.offset};
    case Space::Input: return frame.inputs[value.offset];
    case Space::Output: return frame.outputs[value.offset];
  }
  return {Place::In::Arena, 0};
}

// Addresses of everything but the inputs and outputs of the entry program.
void Executor::State::place_in_arena() {
  const auto address = [&](const Place& place) -> std::byte* {
    switch (place.in) {
      case Place::In::Arena: return arena.data() + place.offset;
      // Only read: verify() has seen that no step writes to a constant.
      case Place::In::Constant: return const_cast<std::byte*>(plan.constants.data()) + place.offset;
      case Place::In::Input:
      case Place::In::Output: return nullptr;
    }
    return nullptr;
  };
  for (std::size_t i = 0; i < inputs.size(); ++i) inputs[i].data = address(input_places[i]);
  for (std::size_t i = 0; i < outputs.size(); ++i) outputs[i].data = address(output_places[i]);
}

// Addresses of the inputs and outputs of the entry program.
void Executor::State::fill_in(std::span<const Array* const> given, std::span<Array> results) {
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const Place& place = input_places[i];
    if (place.in == Place::In::Input) inputs[i].data = given[place.port]->data() + place.offset;
    if (place.in == Place::In::Output) inputs[i].data = results[place.port].data() + place.offset;
  }
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const Place& place = output_places[i];
    if (place.in == Place::In::Output) outputs[i].data = results[place.port].data() + place.offset;
  }
}

void Executor::State::bind_step(const Program& program, const Step& step, const Frame& frame) {
  BoundStep bound{kernel_of(step.op), &step, inputs.size(), step.inputs.size(), outputs.size(), step.outputs.size(), 0};
  for (const std::uint32_t id : step.inputs) {
    const PlanValue& value = program.values[id];
    inputs.push_back({nullptr, value.dtype, value.shape});
    input_places.push_back(place_of(value, frame));
  }
  for (const std::uint32_t id : step.outputs) {
    const PlanValue& value = program.values[id];
    outputs.push_back({nullptr, value.dtype, value.shape});
    output_places.push_back(place_of(value, frame));
  }
  bound.scratch = runtime::scratch_bytes(step.op, step.attributes, std::span(inputs).subspan(bound.first_input),
                                         std::span(outputs).subspan(bound.first_output), threads.count());
  scratch_bytes = std::max(scratch_bytes, bound.scratch);
  steps.push_back(bound);
}

void Executor::State::bind_program(const Program& program, const Frame& frame) {
  for (std::size_t i = 0; i < program.steps.size(); ++i) {
    const Step& step = program.steps[i];
    const std::uint32_t* called = called_program(step.attributes);
    if (called == nullptr) {
      bind_step(program, step, frame);
      continue;
    }
    Frame callee;
    callee.base = frame.base + program.callee_frames[i];
    for (const std::uint32_t id : step.inputs) callee.inputs.push_back(place_of(program.values[id], frame));
    for (const std::uint32_t id : step.outputs) callee.outputs.push_back(place_of(program.values[id], frame));
    if (const auto* loop = std::get_if<LoopAttributes<std::int64_t>>(&step.attributes)) {
      bind_loop(plan.programs[*called], *loop, callee);
    } else {
      bind_program(plan.programs[*called], callee);
    }
  }
}

// `operands` holds the places of the operands and results of the Loop step; behind the results those of the spare buffers, one
// for each carried value. A carried value is written by turns into its result and its spare buffer, into the result at last.
void Executor::State::bind_loop(const Program& program, const LoopAttributes<std::int64_t>& loop, const Frame& operands) {
  const auto carried = static_cast<std::size_t>(loop.carried), sliced = static_cast<std::size_t>(loop.sliced);
  const auto bytes = [&](const Port& port) { return bytes_of(program.values[port.value]); };
  const auto buffer = [&](std::size_t i, std::int64_t run) {
    return operands.outputs[(loop.length - 1 - run) % 2 == 0 ? i : program.outputs.size() + i];
  };
  for (std::int64_t run = 0; run < loop.length; ++run) {
    const auto slice = static_cast<std::uint64_t>(loop.reverse ? loop.length - 1 - run : run);
    Frame frame{operands.base, operands.inputs, operands.outputs};
    frame.outputs.resize(program.outputs.size());
    for (std::size_t i = 0; i < carried; ++i) {
      if (run > 0) frame.inputs[i] = buffer(i, run - 1);
      frame.outputs[i] = buffer(i, run);
    }
    for (std::size_t i = carried; i < carried + sliced; ++i) frame.inputs[i] = frame.inputs[i].moved_by(slice * bytes(program.inputs[i]));
    for (std::size_t i = carried; i < program.outputs.size(); ++i) frame.outputs[i] = frame.outputs[i].moved_by(slice * bytes(program.outputs[i]));
    bind_program(program, frame);
  }
}

std::optional<RunError> Executor::State::mismatch(const std::vector<Port>& ports, std::size_t port, const Array& array, std::string_view noun) const {
  const PlanValue& value = entry().values[ports[port].value];
  if (array.dtype() == value.dtype && array.shape() == value.shape) return std::nullopt;
  return does_not_fit(std::string(noun) + " `" + ports[port].name + "` is " + to_string(array) + ", the plan was made for " +
                      fact(value.dtype, value.shape));
}

Executor::Executor(std::unique_ptr<State> state) : state_(std::move(state)) {}
Executor::~Executor() = default;

Result<std::unique_ptr<Executor>> Executor::make(const Plan& plan, Threads& threads) {
  auto state = std::make_unique<State>(plan, threads);
  const Program& entry = state->entry();
  const std::uint64_t available = available_memory();
  const std::uint64_t arena_bytes = (entry.arena_bytes + kAlignment - 1) / kAlignment * kAlignment;
  if (entry.arena_bytes > available) return out_of_memory(entry.arena_bytes, available);
  State::Frame frame;
  for (std::size_t i = 0; i < entry.inputs.size(); ++i) frame.inputs.push_back({Place::In::Input, 0, static_cast<std::uint32_t>(i)});
  for (std::size_t i = 0; i < entry.outputs.size(); ++i) frame.outputs.push_back({Place::In::Output, 0, static_cast<std::uint32_t>(i)});
  state->bind_program(entry, frame);
  const std::uint64_t needed = arena_bytes + state->scratch_bytes;
  if (needed > available) return out_of_memory(needed, available);
  state->arena = Arena(needed);
  if (state->arena.data() == nullptr) return out_of_memory(needed, available);
  state->place_in_arena();
  state->scratch = {state->arena.data() + arena_bytes, state->scratch_bytes};
  return std::unique_ptr<Executor>(new Executor(std::move(state)));
}

Result<Done> Executor::run(std::span<const Array* const> inputs, std::span<Array> outputs) {
  State& s = *state_;
  const Program& entry = s.entry();
  if (inputs.size() != entry.inputs.size()) {
    return RunError{
        RunError::Kind::MissingInput, "the plan takes " + plural(entry.inputs.size(), "input") + ", " + std::to_string(inputs.size()) + " given", {}};
  }
  if (outputs.size() != entry.outputs.size()) {
    return does_not_fit("the plan gives " + plural(entry.outputs.size(), "output") + ", room for " + std::to_string(outputs.size()));
  }
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (auto error = s.mismatch(entry.inputs, i, *inputs[i], "input")) return *error;
  }
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    if (auto error = s.mismatch(entry.outputs, i, outputs[i], "output")) return *error;
  }
  s.fill_in(inputs, outputs);
  const FlushDenormals flush;
  const std::span<const ConstView> all_inputs(s.inputs);
  const std::span<const View> all_outputs(s.outputs);
  for (const BoundStep& step : s.steps) {
    step.kernel({all_inputs.subspan(step.first_input, step.inputs), all_outputs.subspan(step.first_output, step.outputs), step.step->attributes,
                 s.scratch.first(step.scratch), s.threads});
  }
  return Done{};
}

}  // namespace linenc::runtime
