#pragma once

#include <optional>
#include <vector>

#include "compiler/catalog/context.h"
#include "compiler/catalog/function.h"
#include "compiler/catalog/numpy.h"

namespace linenc::functions {

// What reductions share: masks, counts, means of what a mask keeps.

// The argument `where`: none, or a bool array.
[[nodiscard]] std::optional<catalog::Tensor> mask_of(const catalog::Bound& args, std::size_t i);
// x where the mask holds, a number elsewhere; the type of x stays.
[[nodiscard]] catalog::Tensor masked(catalog::Context& context, catalog::Tensor x, std::optional<catalog::Tensor> mask, double otherwise);
// How many elements of x each result is made of.
[[nodiscard]] catalog::Tensor count_of(catalog::Context& context, catalog::Tensor x, const std::vector<std::int64_t>& axes, bool keepdims,
                                       std::optional<catalog::Tensor> mask, DType dtype);
[[nodiscard]] catalog::Tensor masked_mean(catalog::Context& context, catalog::Tensor x, const std::vector<std::int64_t>& axes, bool keepdims,
                                          std::optional<catalog::Tensor> mask);
// A number that is infinite, or extreme where the type has no infinity.
[[nodiscard]] catalog::Tensor extreme(catalog::Context& context, DType dtype, bool is_low);

}  // namespace linenc::functions
