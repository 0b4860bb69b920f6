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
  LINENC_GOLDENS("pure loops and branches", "control_flow")
  LINENC_GOLDENS("what lies at the edges", "edges")

  // Whole families over every argument set, shape and dtype.
  LINENC_GOLDENS("functions of one array", "cross_unary")
  LINENC_GOLDENS("functions of two arrays, for each pair of dtypes", "cross_binary")
  LINENC_GOLDENS("an array and a Python number", "cross_scalars")
  LINENC_GOLDENS("new arrays of each dtype", "cross_creation")
  LINENC_GOLDENS("functions along each axis", "cross_along_axes")
  LINENC_GOLDENS("moves of elements", "cross_moves")
  LINENC_GOLDENS("products of each pair of dtypes", "cross_products")
  LINENC_GOLDENS("reductions over each set of axes", "cross_reductions")
  LINENC_GOLDENS("what the checks of JAX let through", "cross_checked")
  LINENC_GOLDENS("every mode of pad", "cross_paddings")
  LINENC_GOLDENS("arguments that are seldom given", "cross_arguments")

}  // TEST_SUITE

}  // namespace linenc::test
