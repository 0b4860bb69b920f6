#pragma once

#include <cstdint>

#include "compiler/graph/dim.h"

namespace linenc::graph {

// What `SAME` (or `SAME_LOWER`) adds before and after an axis so that ceil(size / stride) windows fit; `kernel` is the dilated size.
struct SamePadding {
  Dim low, high;
};
[[nodiscard]] SamePadding same_padding(const DimContext& dims, const Dim& size, const Dim& kernel, std::int64_t stride, bool lower);

}  // namespace linenc::graph
