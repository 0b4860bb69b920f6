#pragma once

#include <cstdint>

#include "runtime/core/threads.h"
#include "runtime/kernels/scratch.h"
#include "runtime/kernels/vector/vector_table.h"

namespace linenc::runtime {

[[nodiscard]] inline std::int64_t panels_of(std::int64_t columns) { return (columns + kPanel - 1) / kPanel; }
// Floats of a packed matrix.
[[nodiscard]] inline std::int64_t packed_size(std::int64_t depth, std::int64_t columns) { return panels_of(columns) * depth * kPanel; }

// A matrix [depth, columns] anywhere in memory.
struct Matrix {
  const float* data;
  std::int64_t row_stride, column_stride;
};

// Whether b is packed before a product with so many rows: not where it is read about as often as packing would read it.
[[nodiscard]] bool wants_packing(const Matrix& b, std::int64_t rows);
// Floats of scratch memory for the panels of b: all of them, or the last one alone.
[[nodiscard]] std::int64_t panel_room(const Matrix& b, std::int64_t rows, std::int64_t depth, std::int64_t columns);
// Points `operands` at b, packing into `room` what has to be; splits the packing over `threads` unless null.
void prepare_panels(GemmOperands& operands, const Matrix& b, std::int64_t rows, float* room, Threads* threads);

// The whole product, split over the threads by rows or by panels.
void gemm_parallel(Threads& threads, const GemmOperands& operands, std::int64_t rows);

}  // namespace linenc::runtime
