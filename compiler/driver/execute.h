#pragma once

#include <map>
#include <string>
#include <vector>

#include "compiler/driver/options.h"
#include "runtime/core/threads.h"
#include "runtime/plan/plan_file.h"
#include "runtime/variables/variables.h"

namespace linenc::driver {

// What a plan reads, by role and name.
struct ProgramInputs {
  const std::map<std::string, Array>& arrays;  // arguments; those that are not given are zeros
  const runtime::Variables* variables = nullptr;
  const Seeds& streams;                                  // random streams
  const std::vector<runtime::Leaf>* prepared = nullptr;  // by name; else the program `prepare` makes them
};

struct ProgramOutputs {
  std::vector<runtime::Leaf> results;
  std::vector<runtime::Leaf> variables;
};

// Runs the entry program. Ends the command where memory is short.
[[nodiscard]] ProgramOutputs execute(const Executable& executable, const ProgramInputs& inputs, runtime::Threads& threads);

// What the program `prepare` makes of variables; nothing where there is none. Ends the command where memory is short.
[[nodiscard]] std::vector<runtime::Leaf> prepare(const Executable& executable, const runtime::Variables& variables, runtime::Threads& threads);

// For `--verbose`: "plan: 8 steps, 1.2 MiB for what lies between them, 2 threads".
[[nodiscard]] std::string plan_facts(const Executable& executable, const runtime::Threads& threads);

// `--threads N`; 0 takes every core. Ends the command where the number makes no sense.
[[nodiscard]] int thread_count(std::int64_t threads);

}  // namespace linenc::driver
