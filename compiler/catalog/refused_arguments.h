#pragma once

#include "compiler/catalog/function.h"

namespace linenc::catalog {

// Arguments of JAX and NumPy that cannot matter here: `device`, `out`, `casting`, … One table says which functions have them, with which
// values they are accepted, and why others are refused.
struct Refusal {
  std::string_view reason;
  List accepted;  // beside the default of the parameter
};

// Adds the arguments that the function has in its library and its own description leaves out, behind the others.
void add_refused_arguments(FunctionSpec& spec);
// None where the function reads the argument.
[[nodiscard]] const Refusal* refusal_of(const FunctionSpec& spec, std::string_view parameter);
// E0207 with the reason where an argument that cannot matter has another value than it is accepted with.
void refuse_what_cannot_matter(const FunctionSpec& spec, const Bound& args);

}  // namespace linenc::catalog
