#pragma once

#include "compiler/diagnostics/diagnostics.h"
#include "compiler/syntax/tree.h"

namespace linenc::modules {

// The help where a module's name was written among its fields.
inline constexpr const char* kNameBeside = "the name of a submodule stands beside its type: {Type: {fields}, name: text}";

// Checks what can be told without running anything, in every body and branch of a file, those that no call reaches included: the syntax
// of expressions, the names in them (E0201), the fields of layers and definitions (E0202). Names that a body binds anywhere count as bound
// in all of it. Also warns of names that hide a built-in one (W0203) and of `setup` entries that no body uses (W0204).
void resolve(const syntax::Tree& tree, diagnostics::Diagnostics& diagnostics);

}  // namespace linenc::modules
