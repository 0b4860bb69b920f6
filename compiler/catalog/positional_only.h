#pragma once

#include "compiler/catalog/function.h"

namespace linenc::catalog {

// An expression calls as Python does: E0207 where it names a parameter that JAX takes by its place alone. The map form of a statement,
// which has nothing but names, may name each.
void refuse_names_of_places(Context& context, const Function& function, const Arguments& arguments);

}  // namespace linenc::catalog
