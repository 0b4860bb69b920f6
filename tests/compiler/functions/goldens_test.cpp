// Functions of expressions against what JAX gave for them.
#include "tests/support/golden_cases.h"

namespace linenc::test {

TEST_SUITE("compiler/functions") {
#define LINENC_GOLDENS(what, file) \
  TEST_CASE(what ": values and dtypes are JAX's") { check_goldens("functions/" file ".json"); }

  LINENC_GOLDENS("operators", "operators")
  LINENC_GOLDENS("elementwise functions and activations", "elementwise")
  LINENC_GOLDENS("casts", "casts")
  LINENC_GOLDENS("new arrays", "creation")
  LINENC_GOLDENS("indexing", "indexing")
  LINENC_GOLDENS("shapes", "shapes")
  LINENC_GOLDENS("reductions", "reductions")
  LINENC_GOLDENS("products", "products")
  LINENC_GOLDENS("random draws", "random")
  LINENC_GOLDENS("images and pooling", "images")
  LINENC_GOLDENS("the rest of the vocabulary", "kin")

}  // TEST_SUITE

}  // namespace linenc::test
