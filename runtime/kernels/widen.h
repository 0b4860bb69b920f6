#pragma once

#include "runtime/kernels/kernels.h"

namespace linenc::runtime {

// Whether a step has operands or results of a 16-bit float.
[[nodiscard]] bool has_half(const ScratchRequest& request);

// Runs a kernel for float32 on 16-bit floats: operands are converted into scratch memory first, results rounded once at the end.
using ScratchOf = std::size_t (*)(const ScratchRequest&);
void run_widened(Kernel kernel, const KernelCall& call);
// The scratch memory that takes, that of the kernel included (`scratch_of` may be null).
[[nodiscard]] std::size_t widened_scratch(ScratchOf scratch_of, const ScratchRequest& request);

}  // namespace linenc::runtime
