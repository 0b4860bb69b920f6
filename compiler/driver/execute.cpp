// Binds arrays, variables and random streams to the inputs of a plan, and runs it.
// Tested by tests/compiler/driver/init_apply_test.cpp.
#include "compiler/driver/execute.h"

#include <limits>
#include <stdexcept>
#include <string_view>
#include <unordered_map>

#include "compiler/driver/limits.h"
#include "compiler/driver/made_up_data.h"
#include "compiler/driver/read_arrays.h"
#include "runtime/core/checked_size.h"
#include "runtime/executor/executor.h"

namespace linenc::driver {
namespace {

class Binder {
 public:
  Binder(const Executable& executable, const ProgramInputs& inputs, const std::vector<runtime::Leaf>& prepared, runtime::Threads& threads)
      : program_(executable.entry()), roles_(executable.input_roles), given_(inputs), threads_(threads) {
    if (given_.variables != nullptr) index(given_.variables->leaves, variables_);
    index(prepared, prepared_);
    made_.reserve(program_.inputs.size());
    for (std::size_t i = 0; i < program_.inputs.size(); ++i) bound_.push_back(find(roles_[i], program_.inputs[i]));
  }
  [[nodiscard]] const std::vector<const Array*>& bound() const { return bound_; }

 private:
  const Program& program_;
  const std::vector<PortRole>& roles_;
  const ProgramInputs& given_;
  using ByName = std::unordered_map<std::string_view, const Array*>;
  ByName variables_, prepared_;
  runtime::Threads& threads_;
  std::vector<Array> made_;  // reserved: addresses stay
  std::vector<const Array*> bound_;

  static void index(const std::vector<runtime::Leaf>& leaves, ByName& by_name) {
    for (const runtime::Leaf& leaf : leaves) by_name.emplace(leaf.key, &leaf.array);
  }
  const Array* keep(Array array) { return &made_.emplace_back(std::move(array)); }

  const Array* find(PortRole role, const Port& port) {
    const PlanValue& value = program_.values[port.value];
    switch (role) {
      case PortRole::Argument: {
        const auto found = given_.arrays.find(port.name);
        if (found != given_.arrays.end() && !has_data(found->second)) throw std::logic_error("the data of `" + port.name + "` were not read");
        return found != given_.arrays.end() ? &found->second : keep(stand_in(value));
      }
      case PortRole::Variable:
        if (const auto leaf = variables_.find(port.name); leaf != variables_.end()) return leaf->second;
        break;
      case PortRole::Stream: {
        const auto seed = given_.streams.find(port.name);
        if (seed != given_.streams.end()) return keep(*make_up({MadeUp::Kind::Key, seed->second}, DType::Key, {}, threads_));
        break;
      }
      case PortRole::Prepared:
        if (const auto leaf = prepared_.find(port.name); leaf != prepared_.end()) return leaf->second;
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

// Results, intermediate values, and the inputs that are made here. A plan may come from anywhere: sums may be out of range.
std::uint64_t bytes_of_run(const Program& program, const std::vector<PortRole>& roles, const std::map<std::string, Array>& given) {
  Size bytes(program.arena_bytes);
  for (const Port& output : program.outputs) bytes = bytes + bytes_of(program.values[output.value]);
  for (std::size_t i = 0; i < roles.size(); ++i) {
    const bool made = roles[i] == PortRole::Argument && !given.contains(program.inputs[i].name);
    if (made) bytes = bytes + bytes_of(program.values[program.inputs[i].value]);
  }
  return bytes.value().value_or(std::numeric_limits<std::uint64_t>::max());
}

}  // namespace

std::vector<runtime::Leaf> prepare(const Executable& executable, const runtime::Variables& variables, runtime::Threads& threads) {
  if (!executable.prepare) return {};
  const Plan& plan = *executable.prepare;
  const Program& program = plan.programs[plan.entry];
  require_memory(bytes_of_run(program, {}, {}), "preparing the variables");
  auto executor = runtime::Executor::make(plan, threads);
  if (!executor) stop_on_file(executor.error());
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

ProgramOutputs execute(const Executable& executable, const ProgramInputs& inputs, runtime::Threads& threads) {
  require_memory(bytes_of_run(executable.entry(), executable.input_roles, inputs.arrays), concat("running `", executable.entry().name, "`"));
  auto executor = runtime::Executor::make(executable.plan, threads);
  if (!executor) stop_on_file(executor.error());
  std::vector<runtime::Leaf> prepared;
  if (inputs.prepared == nullptr && inputs.variables != nullptr) prepared = prepare(executable, *inputs.variables, threads);
  const Binder binder(executable, inputs, inputs.prepared != nullptr ? *inputs.prepared : prepared, threads);
  const Program& program = executable.entry();
  std::vector<Array> arrays;
  for (const Port& port : program.outputs) arrays.emplace_back(program.values[port.value].dtype, program.values[port.value].shape);
  const auto done = (*executor)->run(binder.bound(), arrays);
  if (!done) stop_on_file(done.error());
  ProgramOutputs outputs;
  for (std::size_t i = 0; i < arrays.size(); ++i) {
    auto& leaves = executable.output_roles[i] == PortRole::Variable ? outputs.variables : outputs.results;
    leaves.push_back({program.outputs[i].name, std::move(arrays[i])});
  }
  return outputs;
}

std::string plan_facts(const Executable& executable, const runtime::Threads& threads) {
  const Program& entry = executable.entry();
  return concat("plan: ", counted(entry.steps.size(), "step"), ", ", byte_text(entry.arena_bytes), " for what lies between them, ",
                counted(static_cast<std::uint64_t>(threads.count()), "thread"), "\n");
}

int thread_count(std::int64_t threads) {
  if (threads < 0 || threads > 1024) stop(Exit::CannotDo, concat("`--threads` is 1 to 1024, or 0 for every core, and this is ", threads));
  return static_cast<int>(threads);
}

}  // namespace linenc::driver
