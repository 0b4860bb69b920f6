#pragma once

#include "compiler/driver/apply_options.h"
#include "compiler/driver/command.h"
#include "compiler/driver/plan_files.h"

namespace linenc::driver {

// `linenc apply FILE.plan`: nothing is elaborated or compiled. What was decided when the plan was compiled cannot be changed: an
// option that tries to ends the command (exit 2). `result` knows the files of the options.
[[nodiscard]] CommandResult apply_plan(const ApplyOptions& options, const PlanSource& source, CommandResult result);

// Ends the command where `--set`, `--dim` or `--method` ask for another variant than the one that was compiled.
void require_same_variant(const ModelOptions& options, const PlanFile& plan);

}  // namespace linenc::driver
