#pragma once

#include "compiler/catalog/function.h"

namespace linenc::functions {

// jnp.nonzero of the first argument: one vector for each axis, cut or filled to the size that the argument `size` gives (E0211 where it is none).
[[nodiscard]] catalog::Value nonzero_of(const catalog::Bound& args, std::size_t size, std::size_t fill_value, std::string_view function);

}  // namespace linenc::functions
