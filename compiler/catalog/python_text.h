#pragma once

#include <string>

#include "compiler/catalog/context.h"

namespace linenc::catalog {

// Python's str(value) and repr(value) of static values: True, None, 1e-05, (1, 'a'), {'k': 1.0}. A list is a tuple, as the fields of
// Linen's modules keep it. Messages use `display` and `repr`, which spell values as the language does.
[[nodiscard]] std::string python_str(const Value& value);
[[nodiscard]] std::string python_repr(const Value& value);
// E0211 where a size without a number is in the value: its text would be another for each size.
void need_known_sizes(Context& context, const Value& value, Span place);

}  // namespace linenc::catalog
