#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace linenc::syntax {

struct PythonForm {
  std::string form, names;  // the names that it binds, with commas
};

// How a statement of Python that controls others is written here: "`{for: i, over: range(3), do: […]}`" of `for i in range(3)`.
[[nodiscard]] std::optional<PythonForm> python_form(std::string_view text);

struct Assignment {
  std::string target, value;
};

// What `let` binds in the place of `a, b = f(x)`, `x += 1`, `x[0] = 1`.
[[nodiscard]] std::optional<Assignment> python_assignment(std::string_view text);

}  // namespace linenc::syntax
