// Products of matrices, split over the threads; the loops are in vector/gemm.cpp.
#include "runtime/kernels/gemm.h"

#include <algorithm>

#include "runtime/kernels/parallel.h"

namespace linenc::runtime {
namespace {

constexpr std::int64_t kGemmGrain = 65536;  // multiplications that are worth another thread
// Rows that one item takes at least, where there are as many: each panel of b is copied once for them.
constexpr std::int64_t kLeastRows = 56;

std::int64_t divided(std::int64_t size, std::int64_t parts) { return (size + parts - 1) / parts; }

}  // namespace

void gemm_parallel(Threads& threads, const GemmOperands& operands, std::int64_t rows) {
  const VectorTable& v = vectors();
  const std::int64_t panels = panels_of(operands.columns), count = threads.count();
  if (count == 1 || rows * std::max<std::int64_t>(1, operands.depth) * operands.columns < kGemmGrain) {
    const FlushDenormals flush;
    return v.gemm(operands, rows, 0, panels);
  }
  // Blocks of rows times groups of panels: enough of them that every thread is busy to the end.
  const std::int64_t items = 2 * count;
  const std::int64_t row_step = divided(rows, std::clamp<std::int64_t>(rows / kLeastRows, 1, items));
  const std::int64_t row_parts = divided(rows, row_step);
  const std::int64_t panel_step = (divided(panels, std::clamp<std::int64_t>(divided(items, row_parts), 1, panels)) + 1) / 2 * 2;
  const std::int64_t panel_parts = divided(panels, panel_step);
  parallel(threads, row_parts * panel_parts, 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t item = begin; item < end; ++item) {
      const std::int64_t row = item / panel_parts * row_step, panel = item % panel_parts * panel_step;
      GemmOperands part = operands;
      part.a += row * operands.a_row;
      part.c += row * operands.c_row;
      v.gemm(part, std::min(row_step, rows - row), panel, std::min(panels, panel + panel_step));
    }
  });
}

}  // namespace linenc::runtime
