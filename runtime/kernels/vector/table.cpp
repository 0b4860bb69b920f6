// The table of one instruction set.
#include "runtime/kernels/vector/loops.h"

#define LINENC_TEXT_(x) #x
#define LINENC_TEXT(x) LINENC_TEXT_(x)

namespace linenc::runtime::LINENC_ISA {

const VectorTable kTable = {
    .name = LINENC_TEXT(LINENC_ISA),
    .elementwise = elementwise,
    .gemm = gemm,
    .pack_panels = pack_panels,
    .depthwise = depthwise,
    .activate = activate,
    .reduce_row = reduce_row,
    .reduce_columns = reduce_columns,
    .combine_rows = combine_rows,
    .softmax_row = softmax_row,
    .normalize_row = normalize_row,
    .half_to_float = half_to_float,
    .float_to_half = float_to_half,
};

}  // namespace linenc::runtime::LINENC_ISA
