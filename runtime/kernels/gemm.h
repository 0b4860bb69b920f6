#pragma once

#include <cstdint>

#include "runtime/core/threads.h"
#include "runtime/kernels/vector/vector_table.h"

namespace linenc::runtime {

[[nodiscard]] inline std::int64_t panels_of(std::int64_t columns) { return (columns + kPanel - 1) / kPanel; }

// A whole product of plain matrices (one line, one segment), split over the threads by rows and panels.
void gemm_parallel(Threads& threads, const GemmOperands& operands, std::int64_t rows);

}  // namespace linenc::runtime
