#pragma once

#include <string>

#include "compiler/catalog/initializer.h"

namespace linenc::catalog {

// Initializers whose scale is an array such as `1 / jnp.sqrt(2.0)`, which is known when the model runs.

// scaled_draw by an array, which is converted to the dtype. E0208 in a compiled region, where `text` names the initializer.
[[nodiscard]] Tensor draw_scaled_by(Context& context, Tensor scale, Tensor key, const DrawAttributes& attributes, const Dims& shape, DType dtype,
                                    const std::string& text);
// variance_scaling with an array in place of `options.scale`: jax divides it in its own dtype, and takes the root in the wanted one.
[[nodiscard]] Initializer variance_scaling_by(Tensor scale, VarianceScaling options, std::string text);

}  // namespace linenc::catalog
