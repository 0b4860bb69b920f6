// Matrix products: packing and splitting; the loops are in vector/gemm.cpp.
#include "runtime/kernels/gemm.h"

#include <algorithm>

#include "runtime/kernels/parallel.h"

namespace linenc::runtime {
namespace {

constexpr std::int64_t kUnpackedRows = 28;   // rows up to which b is read where it lies
constexpr std::int64_t kRowsPerItem = 196;   // what one call of the row loop takes well
constexpr std::int64_t kGemmGrain = 65536;   // multiplications that are worth another thread

}  // namespace

bool wants_packing(const Matrix& b, std::int64_t rows) { return b.column_stride != 1 || rows > kUnpackedRows; }

std::int64_t panel_room(const Matrix& b, std::int64_t rows, std::int64_t depth, std::int64_t columns) {
  if (wants_packing(b, rows)) return packed_size(depth, columns);
  return columns % kPanel == 0 ? 0 : depth * kPanel;
}

void prepare_panels(GemmOperands& operands, const Matrix& b, std::int64_t rows, float* room, Threads* threads) {
  const VectorTable& v = vectors();
  const std::int64_t depth = operands.depth, columns = operands.columns, panels = panels_of(columns);
  if (!wants_packing(b, rows)) {
    operands.b = b.data;
    operands.b_panel = kPanel;
    operands.b_depth = b.row_stride;
    if (columns % kPanel != 0) {
      const std::int64_t whole = columns / kPanel * kPanel;
      v.pack_panels(b.data + whole, b.row_stride, 1, depth, columns - whole, 0, 1, room);
      operands.b_tail = room;
    }
    return;
  }
  operands.b = room;
  operands.b_panel = depth * kPanel;
  operands.b_depth = kPanel;
  const auto pack = [&](std::int64_t begin, std::int64_t end) {
    v.pack_panels(b.data, b.row_stride, b.column_stride, depth, columns, begin, end, room);
  };
  if (threads == nullptr) return pack(0, panels);
  parallel(*threads, panels, rows_grain(depth * kPanel), pack);
}

void gemm_parallel(Threads& threads, const GemmOperands& operands, std::int64_t rows) {
  const VectorTable& v = vectors();
  const std::int64_t panels = panels_of(operands.columns), count = threads.count();
  const std::int64_t work = rows * std::max<std::int64_t>(1, operands.depth) * operands.columns;
  if (count == 1 || work < kGemmGrain) {
    const FlushDenormals flush;
    return v.gemm(operands, rows, 0, panels);
  }
  // Items are blocks of rows times groups of panels: enough of them that every thread is busy to the end, each large enough
  // to use its operands more than once.
  const std::int64_t row_items = std::max<std::int64_t>(1, std::min((rows + 13) / 14, std::max(2 * count, (rows + kRowsPerItem - 1) / kRowsPerItem)));
  const std::int64_t row_step = (rows + row_items - 1) / row_items;
  const std::int64_t row_parts = (rows + row_step - 1) / row_step;
  const std::int64_t panel_items = row_parts >= 2 * count ? 1 : std::min(panels, (2 * count + row_parts - 1) / row_parts);
  const std::int64_t panel_step = ((panels + panel_items - 1) / panel_items + 1) / 2 * 2;
  const std::int64_t panel_parts = (panels + panel_step - 1) / panel_step;
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
