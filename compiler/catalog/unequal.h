#pragma once

#include <vector>

#include "compiler/catalog/context.h"
#include "compiler/graph/infer.h"

namespace linenc::catalog {

// Reports that two sizes are not equal, or may not be (E0216, with the fact), and throws. `reason` says the text and whose axes they are.
[[noreturn]] void fail_unequal(Context& context, const Dim& a, const Dim& b, graph::Reason reason, const std::vector<Tensor>& operands);

}  // namespace linenc::catalog
