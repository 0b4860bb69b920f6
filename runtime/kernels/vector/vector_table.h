#pragma once

#include <cstdint>
#include <cstddef>

#include "runtime/plan/op.h"

// What is compiled once for each instruction set: the loops in which the time goes. Plain pointers and numbers only, so
// that no inline function is shared between code for different processors.
namespace linenc::runtime {

// in[i] points at `count` elements, or at one that stands for all of them where bit i of `scalars` is set.
using InnerLoop = void (*)(std::byte* out, const std::byte* const* in, unsigned scalars, std::int64_t count);

inline constexpr std::int64_t kPanel = 16;   // columns of a packed panel of weights: one cache line of floats

// c[i, j] = activation(sum_k a[i, k] b[k, j] + bias[j])
//
//   a  element (i, k) at i * a_row + k * a_depth
//   b  panel p of kPanel columns at p * b_panel, its row k at k * b_depth; the last panel, where `columns` is not a multiple
//      of kPanel, lies in `b_tail`, rows kPanel apart, filled up with zeros
//   c  element (i, j) at i * c_row + j
struct GemmOperands {
  std::int64_t depth = 0, columns = 0;
  const float* a = nullptr;
  std::int64_t a_row = 0, a_depth = 1;
  const float* b = nullptr;
  std::int64_t b_panel = 0, b_depth = 0;
  const float* b_tail = nullptr;
  float* c = nullptr;
  std::int64_t c_row = 0;
  const float* bias = nullptr;   // one for each column, or none
  Activation activation = Activation::None;
};

enum class RowSum : std::uint8_t { Sum, Product, Max, Min };   // NaN wins in Max and Min

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
  // packed[p][k][j] = b[k * depth_stride + (p * kPanel + j) * column_stride], zero past `columns`.
  void (*pack_panels)(const float* b, std::int64_t depth_stride, std::int64_t column_stride, std::int64_t depth,
                      std::int64_t columns, std::int64_t panel_begin, std::int64_t panel_end, float* packed);
  // out[c] = activation(sum over t of taps[t][c] weights[t * channels + c] + bias[c]); a null tap counts as zero.
  void (*depthwise)(const float* const* taps, const float* weights, std::int64_t count, std::int64_t channels, const float* bias,
                    Activation activation, float* out);
  void (*activate)(Activation activation, float* values, std::int64_t count);
  // All elements of a contiguous run to one.
  float (*reduce_row)(RowSum kind, const float* x, std::int64_t count);
  // out[c] = reduction over r of x[r * stride + c]; with `accumulate`, of out[c] too.
  void (*reduce_columns)(RowSum kind, const float* x, std::int64_t stride, std::int64_t rows, std::int64_t columns, bool accumulate,
                         float* out);
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
