#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "compiler/catalog/numpy.h"

namespace linenc::catalog {

// jnp.einsum: letters, `...`, with or without `->`, any number of operands; sizes of 1 stretch. Operands are promoted to their
// common type; E0207 where the equation is malformed, E0203 where sizes disagree.
[[nodiscard]] Tensor einsum(Context& context, std::string_view equation, std::vector<Tensor> operands);

}  // namespace linenc::catalog
