// Times one call of a compiled model inside of the process: `linenc_call_time MODEL.yaml VARS INPUT.npy CALLS [THREADS]` prints the
// seconds of each call, a line each. The first call is among them.

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include "compiler/driver/checkpoint_fit.h"
#include "compiler/driver/command.h"
#include "compiler/driver/compile.h"
#include "compiler/driver/input_arrays.h"
#include "compiler/driver/model_runs.h"
#include "runtime/executor/executor.h"
#include "runtime/variables/formats.h"

namespace {

using namespace linenc;
using namespace linenc::driver;

const Program& entry_of(const Plan& plan) { return plan.programs[plan.entry]; }

std::vector<const Array*> inputs_of(const Program& program, const std::map<std::string, Array>& known) {
  std::vector<const Array*> bound;
  for (const Port& port : program.inputs) bound.push_back(&known.at(port.name));
  return bound;
}

std::vector<Array> outputs_of(const Program& program) {
  std::vector<Array> outputs;
  for (const Port& port : program.outputs) outputs.emplace_back(program.values[port.value].dtype, program.values[port.value].shape);
  return outputs;
}

int time_calls(const std::string& model, const std::string& variables_path, const std::string& input, int calls, int thread_count) {
  runtime::Threads threads(thread_count);
  ModelOptions options;
  options.path = model;
  const auto file = open_model(options, {}, {});
  const auto variables = runtime::read_variables(variables_path);
  if (!variables) return 2;
  InputOptions inputs;
  inputs.positional = {input};
  const GivenInputs given = read_inputs(*file, inputs, "", {}, threads);
  elaborate::RunRequest request;
  request.initializing = false;
  given.put_into(request);
  const StoredFacts stored = facts_of(*variables);
  request.variables = &stored;
  const auto compiled = compile(*file, request, {});
  if (!compiled) return 1;

  std::map<std::string, Array> known = given.arrays;
  for (const runtime::Leaf& leaf : variables->leaves) known.emplace(leaf.key, leaf.array);
  if (compiled->prepare) {
    const Plan& prepare = *compiled->prepare;
    std::vector<Array> prepared = outputs_of(entry_of(prepare));
    const auto once = runtime::Executor::make(prepare, threads);
    if (!once || !(*once)->run(inputs_of(entry_of(prepare), known), prepared)) return 1;
    for (std::size_t i = 0; i < prepared.size(); ++i) known.emplace(entry_of(prepare).outputs[i].name, std::move(prepared[i]));
  }
  const std::vector<const Array*> bound = inputs_of(compiled->entry(), known);
  std::vector<Array> outputs = outputs_of(compiled->entry());
  auto executor = runtime::Executor::make(compiled->plan, threads);
  if (!executor) return 1;
  for (int i = 0; i < calls; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    if (!(*executor)->run(bound, outputs)) return 1;
    std::printf("%.9f\n", std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
  }
  return 0;
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 5) return 2;
  try {
    return time_calls(arguments[1], arguments[2], arguments[3], std::atoi(arguments[4]), count > 5 ? std::atoi(arguments[5]) : 0);
  } catch (const Stop& stop) {
    std::fputs(stop.text.c_str(), stderr);
    return static_cast<int>(stop.exit);
  }
}
