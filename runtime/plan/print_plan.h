#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "runtime/plan/plan.h"

namespace linenc {

// The plan as text: for each program its inputs, outputs and steps, a line each: number, op, attributes, operands with
// dtype, shape, space and offset, bytes, live range, module path, file:line.
[[nodiscard]] std::string print(const Plan& plan);
// The same as JSON, with `format_version`.
[[nodiscard]] nlohmann::ordered_json to_json(const Plan& plan);

}  // namespace linenc
