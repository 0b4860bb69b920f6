#pragma once

#include "runtime/plan/plan.h"

namespace linenc {

// Whether the kernel of `op` may write its first result over operand number `operand`: it reads every element of the operand
// before it writes the same place. Both then begin at the same byte and have as many bytes.
[[nodiscard]] bool may_run_in_place(OpKind op, std::size_t operand, const PlanValue& input, const PlanValue& output);

}  // namespace linenc
