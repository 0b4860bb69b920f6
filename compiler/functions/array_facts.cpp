// What is known of an array while compiling: its shape, its rank, how many elements it has. Tested by tests/compiler/functions/goldens_test.cpp.
#include "compiler/catalog/registry.h"

namespace linenc::functions {
namespace {

using namespace catalog;

// Parameters: a axis.
Value size_of(const Bound& args) {
  const Tensor x = args.tensor(0);
  Dim count = 1;
  for (const std::int64_t axis : args.axes(1, x.rank())) count = count * x.dim(axis);
  return count;
}

// Bare, these words are common names of models.
const RegisterFunctions family{{
    FunctionSpec("shape", "The sizes of the axes of an array, as a list.").in({"jnp"}).arg("a").behind_prefix().does([](const Bound& args) -> Value {
      return args.tensor(0).shape();
    }),
    FunctionSpec("ndim", "How many axes an array has.").in({"jnp"}).arg("a").behind_prefix().does([](const Bound& args) -> Value {
      return args.tensor(0).rank();
    }),
    FunctionSpec("size", "How many elements an array has, or the size of some axes.")
        .in({"jnp"})
        .arg("a")
        .arg("axis", None{})
        .behind_prefix()
        .does(&size_of),
}};

}  // namespace
}  // namespace linenc::functions
