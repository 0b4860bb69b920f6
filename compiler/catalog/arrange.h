#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "compiler/catalog/numpy.h"

namespace linenc::catalog {

// jax.numpy's functions that move elements about, for functions and layers. Axes are 0 <= axis < rank unless said otherwise.

// `wanted` with its one -1 replaced by what is left of `count` elements; E0203 or E0216 where it does not come out even.
[[nodiscard]] Dims fill_in_shape(Context& context, Tensor x, Dims wanted);
// jnp.reshape: one size may be -1.
[[nodiscard]] Tensor reshape(Context& context, Tensor x, Dims shape);
[[nodiscard]] Tensor flatten(Context& context, Tensor x);
[[nodiscard]] Tensor move_axis(Context& context, Tensor x, std::int64_t from, std::int64_t to);
[[nodiscard]] Tensor swap_axes(Context& context, Tensor x, std::int64_t a, std::int64_t b);
// With promotion to the common type.
[[nodiscard]] Tensor concatenate(Context& context, std::vector<Tensor> parts, std::int64_t axis);
[[nodiscard]] Tensor stack(Context& context, std::vector<Tensor> parts, std::int64_t axis);
// Inserts axes of size 1 in front until the rank is `rank`.
[[nodiscard]] Tensor with_rank(Context& context, Tensor x, std::int64_t rank);
[[nodiscard]] Tensor tile(Context& context, Tensor x, Dims repetitions);
// Every element `times` times, one beside the other.
[[nodiscard]] Tensor repeat(Context& context, Tensor x, const Dim& times, std::int64_t axis);
[[nodiscard]] Tensor roll(Context& context, Tensor x, const Dim& shift, std::int64_t axis);
// The parts between the borders (each a position on the axis).
[[nodiscard]] std::vector<Tensor> split_at(Context& context, Tensor x, const Dims& borders, std::int64_t axis);
// Whether the sizes are equal for all values of the named dimensions.
[[nodiscard]] bool is_equal(Context& context, const Dim& a, const Dim& b);
[[nodiscard]] bool is_equal(Context& context, const Dims& a, const Dims& b);
// Reports `text` about these operands at the current site and throws.
[[noreturn]] void fail_shape(Context& context, std::string text, const std::vector<Tensor>& operands);
[[noreturn]] void fail_dtype(Context& context, std::string text, const std::vector<Tensor>& operands);
// `a == b` must hold for all sizes; else E0203, or E0216 that names the fact.
void require_equal(Context& context, const Dim& a, const Dim& b, const std::string& text, const std::vector<Tensor>& operands);

}  // namespace linenc::catalog
