#pragma once

#include <memory>
#include <string>
#include <vector>

#include "compiler/elaborate/frame.h"
#include "compiler/modules/module.h"

namespace linenc::elaborate {

// An entry of `functions:`; pure, unless its body is `compact`: that makes its submodules in the module that runs it.
[[nodiscard]] catalog::FunctionPtr make_user_function(Context& context, const Unit& unit, const syntax::FunctionTree& source);

}  // namespace linenc::elaborate
