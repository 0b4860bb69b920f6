#pragma once

#include <array>
#include <string>
#include <string_view>

#include "compiler/catalog/function.h"

namespace linenc::functions {

// The modes of jnp.pad and np.pad.
[[nodiscard]] bool is_statistic(std::string_view mode);
// The mode, parameter 2. E0206 where there is no such mode, E0207 where an argument is given that belongs to other modes: `arguments` names
// the parameters from 3 on.
[[nodiscard]] std::string pad_mode(const catalog::Bound& args, const std::array<std::string_view, 4>& arguments);

}  // namespace linenc::functions
