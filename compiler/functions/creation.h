#pragma once

#include "compiler/catalog/arrange.h"
#include "compiler/catalog/function.h"

namespace linenc::functions {

// jnp.linspace of `count` numbers in a dtype: from start towards stop along a new axis, without stop.
[[nodiscard]] catalog::Tensor open_linspace(catalog::Context& context, catalog::Tensor start, catalog::Tensor stop, std::int64_t count, DType dtype,
                                            std::int64_t axis);

}  // namespace linenc::functions
