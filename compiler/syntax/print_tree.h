#pragma once

#include <string>

#include "compiler/syntax/tree.h"

namespace linenc::syntax {

// The tree as text, for --dump=tree and tests: definitions, fields, statements with their options, one a line.
[[nodiscard]] std::string print(const Tree& tree);

}  // namespace linenc::syntax
