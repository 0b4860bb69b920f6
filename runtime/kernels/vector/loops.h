#pragma once

// The functions that vector_table.h collects, in the namespace of the instruction set being compiled.

#include "runtime/kernels/vector/vector_table.h"

namespace linenc::runtime::LINENC_ISA {

InnerLoop elementwise(ElementwiseKind kind);
void gemm(const GemmOperands& operands, std::int64_t rows, std::int64_t panel_begin, std::int64_t panel_end);
void pack_panels(const float* b, std::int64_t row_stride, std::int64_t column_stride, std::int64_t depth, std::int64_t columns, float* packed);
void depthwise(const float* const* taps, const float* weights, std::int64_t count, std::int64_t channels, const float* bias, Activation activation,
               float* out);
void activate(Activation activation, float* values, std::int64_t count);
float reduce_row(RowSum kind, const float* x, std::int64_t count);
void reduce_columns(RowSum kind, const float* x, std::int64_t stride, std::int64_t rows, std::int64_t columns, bool accumulate, float* out);
void combine_rows(RowSum kind, const float* const* rows, std::int64_t count, std::int64_t columns, bool accumulate, float* out);
void softmax_row(const float* x, std::int64_t count, float* out);
void normalize_row(const NormalizeRow& row, const float* x, std::int64_t count, float* out);
void half_to_float(DType dtype, const std::uint16_t* from, float* to, std::int64_t count);
void float_to_half(DType dtype, const float* from, std::uint16_t* to, std::int64_t count);

extern const VectorTable kTable;

}  // namespace linenc::runtime::LINENC_ISA
