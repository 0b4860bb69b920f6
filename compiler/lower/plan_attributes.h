#pragma once

#include "compiler/graph/graph.h"
#include "runtime/core/shape.h"

namespace linenc::lower {

// The numbers of sizes that are known: every size of a graph is one when it is lowered.
[[nodiscard]] Shape plan_shape(const graph::Dims& dims);
// Attributes with numbers in the place of sizes.
[[nodiscard]] Attributes plan_attributes(const graph::GraphAttributes& attributes);

}  // namespace linenc::lower
