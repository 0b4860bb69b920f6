#pragma once

#include "compiler/catalog/arrange.h"
#include "compiler/catalog/function.h"

namespace linenc::functions {

// jnp.median along an axis, which stays as one of size 1.
[[nodiscard]] catalog::Tensor median_along(catalog::Context& context, catalog::Tensor x, std::int64_t axis, source::Span place);
// The first `keys` operands decide the order, the first one before the others: stable sorts by the last key first.
[[nodiscard]] std::vector<catalog::Tensor> sort_by_keys(catalog::Context& context, std::vector<catalog::Tensor> operands, std::size_t keys,
                                                        std::int64_t axis);
// How many elements of the sorted vector `a` stand before each of `v` (side 'left'; 'right': and are equal to it); NaN stands last.
[[nodiscard]] catalog::Tensor place_among(catalog::Context& context, catalog::Tensor a, catalog::Tensor v, bool is_right);

}  // namespace linenc::functions
