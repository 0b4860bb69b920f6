#pragma once

#include <string>
#include <vector>

#include "compiler/driver/apply_options.h"
#include "compiler/driver/command.h"
#include "compiler/driver/execute.h"

namespace linenc::driver {

// Ends the command (exit 2) where what the options want written cannot be: files that clash, a suffix of no format.
void check_outputs(const ApplyOptions& options, CommandFiles& files);
// What `--expect` compares with; nothing without it. Read before anything runs.
[[nodiscard]] std::vector<runtime::Leaf> expected_outputs(const ApplyOptions& options);

// Exit 1, each line as an error.
[[noreturn]] void stop_on_lines(const std::vector<std::string>& lines);

// Exit 1 where a result has a NaN or an infinity, with the module that made it.
void require_finite(const Executable& executable, const std::vector<runtime::Leaf>& results);

// Checks what `--expect` asks (exit 1 where the answer is no), then adds the files and what is printed.
// `old` are the variables that the run began with.
void finish_apply(const ApplyOptions& options, const Executable& executable, const ProgramOutputs& outputs, const runtime::Variables& old,
                  const std::vector<runtime::Leaf>& expected, bool writes_intermediates, CommandResult& result);

}  // namespace linenc::driver
