// `np.`: arrays that are known while compiling, against what NumPy gave for them.
#include "tests/support/golden_cases.h"

namespace linenc::test {

TEST_SUITE("compiler/functions") {
#define LINENC_GOLDENS(what, file) \
  TEST_CASE(what ": values and dtypes are NumPy's") { check_goldens("functions/" file ".json"); }

  LINENC_GOLDENS("operators of static arrays", "numpy_operators")
  LINENC_GOLDENS("functions of static arrays", "numpy_elementwise")
  LINENC_GOLDENS("new static arrays", "numpy_creation")
  LINENC_GOLDENS("shapes and indices of static arrays", "numpy_shapes")
  LINENC_GOLDENS("reductions of static arrays", "numpy_reductions")
  LINENC_GOLDENS("arguments of functions of static arrays", "numpy_arguments")
  LINENC_GOLDENS("position tables", "numpy_tables")

}  // TEST_SUITE

}  // namespace linenc::test
