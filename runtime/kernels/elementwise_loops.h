#pragma once

#include "runtime/kernels/vector/vector_table.h"

namespace linenc::runtime {

// The scalar loops of an elementwise function, for every kind and dtype of operand but the 16-bit floats; null where the
// function is not defined for the dtype. `dtype` is that of the operands (of the second one in Select).
[[nodiscard]] InnerLoop scalar_loop(ElementwiseKind kind, DType dtype);

// NextAfter of 16-bit floats, whose neighbours are not those of float32.
[[nodiscard]] InnerLoop half_next_after(DType dtype);

}  // namespace linenc::runtime
