#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compiler/catalog/context.h"

namespace linenc::elaborate {

// Python's methods of a str, bound to the text: `'a,b'.split(',')`. None where there is no such method.
[[nodiscard]] std::optional<catalog::Value> text_method(const std::string& text, const std::string& name);
[[nodiscard]] std::vector<std::string> text_method_names();

}  // namespace linenc::elaborate
