// The paddings that XLA calls SAME and SAME_LOWER, for sizes with names as well.
// Tested by tests/compiler/graph/same_padding_test.cpp.
#include "compiler/graph/same_padding.h"

namespace linenc::graph {

SamePadding same_padding(const DimContext& dims, const Dim& size, const Dim& kernel, std::int64_t stride, bool lower) {
  const Dim needed = (ceil_div(size, stride) - 1) * Dim(stride) + kernel - size;
  Dim total = maximum(needed, 0);
  Dim smaller = floor_div(total, 2);
  if (!needed.is_constant() && dims.holds(kernel, DimContext::Relation::LessEqual, 2) == Truth::Yes) {
    // Of a total of at most 1 nothing goes to the smaller side.
    smaller = 0;
  }
  // With a named size the maximum would hide that exactly ceil(size / stride) windows fit. It is not needed: where `needed` is
  // negative, the elements that it cuts off are in no window.
  if (!needed.is_constant()) total = needed;
  return lower ? SamePadding{total - smaller, smaller} : SamePadding{smaller, total - smaller};
}

}  // namespace linenc::graph
