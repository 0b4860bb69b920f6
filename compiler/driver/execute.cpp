// Binds arrays, variables and random streams to the inputs of a plan, and runs it.
// Tested by tests/compiler/driver/commands_test.cpp.
#include "compiler/driver/execute.h"

#include <cstring>
#include <stdexcept>

#include "compiler/driver/limits.h"
#include "compiler/driver/made_up_data.h"
#include "compiler/driver/read_arrays.h"
#include "runtime/executor/executor.h"

namespace linenc::driver {
namespace {

using graph::PortRole;

class Binder {
 public:
  Binder(const Compiled& compiled, const ProgramInputs& inputs, const std::vector<runtime::Leaf>& prepared, runtime::Threads& threads)
      : program_(compiled.entry()), roles_(compiled.input_roles), given_(inputs), prepared_(prepared), threads_(threads) {
    made_.reserve(program_.inputs.size());
    for (std::size_t i = 0; i < program_.inputs.size(); ++i) bound_.push_back(find(roles_[i], program_.inputs[i]));
  }
  [[nodiscard]] const std::vector<const Array*>& bound() const { return bound_; }

 private:
  const Program& program_;
  const std::vector<PortRole>& roles_;
  const ProgramInputs& given_;
  const std::vector<runtime::Leaf>& prepared_;
  runtime::Threads& threads_;
  std::vector<Array> made_;  // reserved: addresses stay
  std::vector<const Array*> bound_;

  const Array* keep(Array array) { return &made_.emplace_back(std::move(array)); }

  const Array* find(PortRole role, const Port& port) {
    const PlanValue& value = program_.values[port.value];
    switch (role) {
      case PortRole::Argument: {
        const auto found = given_.arrays.find(port.name);
        return found != given_.arrays.end() ? &found->second : keep(stand_in(value));
      }
      case PortRole::Variable:
        if (const Array* leaf = given_.variables->find(port.name)) return leaf;
        break;
      case PortRole::Stream: {
        const auto seed = given_.streams.find(port.name);
        if (seed != given_.streams.end()) return keep(*make_up({MadeUp::Kind::Key, seed->second}, DType::Key, {}, threads_));
        break;
      }
      case PortRole::Capture:
        for (const runtime::Leaf& leaf : prepared_) {
          if (leaf.key == port.name) return &leaf.array;
        }
        break;
    }
    throw std::logic_error("the plan reads `" + port.name + "`, which nothing gives");
  }

  // Flax's init is called with zeros where no array is given.
  Array stand_in(const PlanValue& value) {
    const MadeUp::Kind kind = value.dtype == DType::Key ? MadeUp::Kind::Key : MadeUp::Kind::Zeros;
    return *make_up({kind, 0}, value.dtype, value.shape, threads_);
  }
};

std::uint64_t bytes_of(const PlanValue& value) { return static_cast<std::uint64_t>(element_count(value.shape)) * byte_size(value.dtype); }

// Results, intermediate values, and the inputs that are made here. A sum of at most 2^42 elements each cannot overflow.
std::uint64_t bytes_of_run(const Compiled& compiled, const ProgramInputs& inputs) {
  const Program& program = compiled.entry();
  std::uint64_t bytes = program.arena_bytes;
  for (const Port& output : program.outputs) bytes += bytes_of(program.values[output.value]);
  for (std::size_t i = 0; i < program.inputs.size(); ++i) {
    const bool made = compiled.input_roles[i] == PortRole::Argument && !inputs.arrays.contains(program.inputs[i].name);
    if (made) bytes += bytes_of(program.values[program.inputs[i].value]);
  }
  return bytes;
}

}  // namespace

namespace {

// Runs the `prepare` program, whose inputs are variables.
std::vector<runtime::Leaf> run_prepare(const Plan& plan, const runtime::Variables& variables, runtime::Threads& threads) {
  auto executor = runtime::Executor::make(plan, threads);
  if (!executor) stop_on_file(executor.error());
  const Program& program = plan.programs[plan.entry];
  std::vector<const Array*> bound;
  for (const Port& port : program.inputs) bound.push_back(variables.find(port.name));
  std::vector<Array> arrays;
  for (const Port& port : program.outputs) arrays.emplace_back(program.values[port.value].dtype, program.values[port.value].shape);
  const auto done = (*executor)->run(bound, arrays);
  if (!done) stop_on_file(done.error());
  std::vector<runtime::Leaf> prepared;
  for (std::size_t i = 0; i < arrays.size(); ++i) prepared.push_back({program.outputs[i].name, std::move(arrays[i])});
  return prepared;
}

}  // namespace

ProgramOutputs execute(const Compiled& compiled, const ProgramInputs& inputs, runtime::Threads& threads) {
  require_memory(bytes_of_run(compiled, inputs), concat("running `", compiled.entry().name, "`"));
  auto executor = runtime::Executor::make(compiled.plan, threads);
  if (!executor) stop_on_file(executor.error());
  std::vector<runtime::Leaf> prepared;
  if (compiled.prepare) prepared = run_prepare(*compiled.prepare, *inputs.variables, threads);
  const Binder binder(compiled, inputs, prepared, threads);
  const Program& program = compiled.entry();
  std::vector<Array> arrays;
  for (const Port& port : program.outputs) arrays.emplace_back(program.values[port.value].dtype, program.values[port.value].shape);
  const auto done = (*executor)->run(binder.bound(), arrays);
  if (!done) stop_on_file(done.error());
  ProgramOutputs outputs;
  for (std::size_t i = 0; i < arrays.size(); ++i) {
    auto& leaves = compiled.output_roles[i] == PortRole::Variable ? outputs.variables : outputs.results;
    leaves.push_back({program.outputs[i].name, std::move(arrays[i])});
  }
  return outputs;
}

int thread_count(std::int64_t threads) {
  if (threads < 0 || threads > 1024) stop(Exit::CannotDo, concat("`--threads` is 1 to 1024, or 0 for every core, and this is ", threads));
  return static_cast<int>(threads);
}

}  // namespace linenc::driver
