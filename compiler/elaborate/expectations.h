#pragma once

#include <map>
#include <string>
#include <vector>

#include "compiler/catalog/variables.h"
#include "compiler/elaborate/frame.h"
#include "compiler/elaborate/unit.h"

namespace linenc::elaborate {

// Checks `expect: output` (E0301) and `expect: variables` (E0303) against one run. `sizes` are those of the inputs' dimensions: a name that no
// input has is a mistake.
// `expect: at` names dimensions and inputs of the file (E0301).
void check_at(Context& context, const Unit& unit);
void check_output(Context& context, const Unit& unit, const Value& output, const std::map<std::string, Dim>& sizes);
void check_variables(Context& context, const Unit& unit, const std::vector<catalog::VariableLeaf>& leaves, const std::map<std::string, Dim>& sizes);

}  // namespace linenc::elaborate
