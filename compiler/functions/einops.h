#pragma once

#include "compiler/catalog/function.h"

namespace linenc::functions {

// einops on a tensor and a pattern (arguments 0 and 1); axis lengths are the keywords that are left.
[[nodiscard]] catalog::Value einops_repeat(const catalog::Bound& args);
[[nodiscard]] catalog::Value einops_reduce(const catalog::Bound& args);

}  // namespace linenc::functions
