#pragma once

#include <cstddef>
#include <cstdint>

#include "runtime/plan/op.h"

// What is compiled once for each instruction set: the loops in which the time goes. Plain pointers and numbers only, so
// that no inline function is shared between code for different processors.
namespace linenc::runtime {

// in[i] points at `count` elements, or at one that stands for all of them where bit i of `scalars` is set.
using InnerLoop = void (*)(std::byte* out, const std::byte* const* in, unsigned scalars, std::int64_t count);

inline constexpr std::int64_t kPanel = 16;  // columns of a packed panel of weights: one cache line of floats

// c[i, j] = activation(sum_k a[i, k] b[k, j] + bias[j])
//
//   a  rows come in lines of `line_rows` (0: all rows are one line): row r of line l begins at l * a_line + r * a_row.
//      A row is `segments` pieces, each of depth / segments elements a_depth apart; piece s begins at segment_offsets[s]
//      (null: one piece at 0). A plain matrix is one line and one segment; a convolution without copies is more.
//   b  element (k, j) at k * b_row + j * b_column; with `packed`, panels of kPanel columns one after another, row k of a panel
//      at k * kPanel, the last one filled up with zeros
//   c  element (i, j) at i * c_row + j, rows counted through all lines
struct GemmOperands {
  std::int64_t depth = 0, columns = 0;
  const float* a = nullptr;
  std::int64_t a_row = 0, a_depth = 1;
  std::int64_t line_rows = 0, a_line = 0;
  std::int64_t segments = 1;
  const std::int64_t* segment_offsets = nullptr;
  const float* b = nullptr;
  std::int64_t b_row = 0, b_column = 1;
  bool packed = false;
  float* c = nullptr;
  std::int64_t c_row = 0;
  const float* bias = nullptr;  // one for each column, or none
  Activation activation = Activation::None;
};

enum class RowSum : std::uint8_t { Sum, Product, Max, Min };  // NaN wins in Max and Min

struct NormalizeRow {
  const float* scale = nullptr;
  const float* bias = nullptr;
  float epsilon = 0;
  bool fast_variance = true, use_mean = true;
};

struct VectorTable {
  const char* name;
  // Null where the set has no vector form of the function.
  InnerLoop (*elementwise)(ElementwiseKind kind);
  // Rows [0, rows) and panels [panel_begin, panel_end) of c. The bits of an element depend on nothing but the operands.
  void (*gemm)(const GemmOperands& operands, std::int64_t rows, std::int64_t panel_begin, std::int64_t panel_end);
  // packed[p][k][j] = b[k * row_stride + (p * kPanel + j) * column_stride], k < depth, zero past `columns`.
  void (*pack_panels)(const float* b, std::int64_t row_stride, std::int64_t column_stride, std::int64_t depth, std::int64_t columns, float* packed);
  // out[c] = activation(sum over t of taps[t][c] weights[t * channels + c] + bias[c]); a null tap counts as zero.
  void (*depthwise)(const float* const* taps, const float* weights, std::int64_t count, std::int64_t channels, const float* bias,
                    Activation activation, float* out);
  void (*activate)(Activation activation, float* values, std::int64_t count);
  // All elements of a contiguous run to one.
  float (*reduce_row)(RowSum kind, const float* x, std::int64_t count);
  // out[c] = reduction over r of x[r * stride + c]; with `accumulate`, of out[c] too.
  void (*reduce_columns)(RowSum kind, const float* x, std::int64_t stride, std::int64_t rows, std::int64_t columns, bool accumulate, float* out);
  // The same over `count` rows that lie anywhere.
  void (*combine_rows)(RowSum kind, const float* const* rows, std::int64_t count, std::int64_t columns, bool accumulate, float* out);
  void (*softmax_row)(const float* x, std::int64_t count, float* out);
  void (*normalize_row)(const NormalizeRow& row, const float* x, std::int64_t count, float* out);
  void (*half_to_float)(DType dtype, const std::uint16_t* from, float* to, std::int64_t count);
  void (*float_to_half)(DType dtype, const float* from, std::uint16_t* to, std::int64_t count);
};

// The tables that this processor can run, slowest first; the last is the one in use.
struct VectorTables {
  const VectorTable* const* tables;
  std::size_t count;
};
[[nodiscard]] VectorTables usable_vector_tables();
[[nodiscard]] const VectorTable& vectors();
// For tests: makes vectors() give `table` from now on.
void use_vectors(const VectorTable& table);

}  // namespace linenc::runtime
