#pragma once

#include <memory>
#include <span>
#include <vector>

#include "runtime/core/array.h"
#include "runtime/core/run_error.h"
#include "runtime/core/threads.h"
#include "runtime/plan/plan.h"

namespace linenc::runtime {

// Runs the entry program of a plan. Binding makes the arena and resolves every operand once; run() then walks a flat
// list of steps and takes no memory.
class Executor {
 public:
  // The plan must have passed verify() and outlive the executor.
  [[nodiscard]] static Result<std::unique_ptr<Executor>> make(const Plan& plan, Threads& threads);
  ~Executor();

  // Inputs and outputs by position, with the dtypes and shapes of the entry program's ports.
  [[nodiscard]] Result<Done> run(std::span<const Array* const> inputs, std::span<Array> outputs);

 private:
  struct State;
  explicit Executor(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace linenc::runtime
