// orthogonal and delta_orthogonal (linen-semantics D.1).
// Tested by tests/compiler/initializers/orthogonal_test.cpp.
#include "compiler/catalog/registry.h"

namespace linenc::catalog {
namespace {

Initializer without_decomposition(std::string name) {
  return {name, [name](Context& context, Tensor, const Dims&, DType) -> Tensor {
            context.fail(Code::NotSupportedYet, concat("`", name, "` needs a QR decomposition, which does not exist yet"));
          }};
}

const RegisterInitializer orthogonal{InitializerSpec("orthogonal", "Orthonormal rows or columns, whichever are fewer.")
                                         .arg("scale", 1.0)
                                         .arg("column_axis", -1)
                                         .arg("dtype", Value())
                                         .does([](const Bound&) { return without_decomposition("orthogonal"); })};
const RegisterInitializer delta_orthogonal{InitializerSpec("delta_orthogonal", "Zeros but for an orthogonal matrix at the centre of the window.")
                                               .arg("scale", 1.0)
                                               .arg("column_axis", -1)
                                               .arg("dtype", Value())
                                               .does([](const Bound&) { return without_decomposition("delta_orthogonal"); })};

}  // namespace
}  // namespace linenc::catalog
