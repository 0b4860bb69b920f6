#pragma once

#include <string_view>

#include "compiler/diagnostics/diagnostics.h"
#include "compiler/syntax/tree.h"

namespace linenc::modules {

// The help where an option was written among the fields of a module; null for any other name.
[[nodiscard]] const char* stands_beside(std::string_view field);

// Checks what can be told without running anything, in every body and branch of a file, those that no call reaches included: the syntax
// of expressions, the names in them (E0201), the fields of layers and definitions (E0202). Names that a body binds anywhere count as bound
// in all of it. Also warns of names that hide a built-in one (W0203) and of `setup` entries that no body uses (W0204).
void resolve(const syntax::Tree& tree, diagnostics::Diagnostics& diagnostics);

}  // namespace linenc::modules
