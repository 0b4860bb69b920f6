#include "compiler/catalog/einsum.h"

#include "tests/support/catalog_context.h"

namespace linenc::catalog {

TEST_SUITE("compiler/catalog/einsum") {
  using test::CatalogContext;

  std::string product(const std::string& equation, const std::vector<std::string>& operands) {
    CatalogContext test;
    std::vector<Tensor> tensors;
    for (const std::string& operand : operands) tensors.push_back(test.input(operand));
    return test.result([&] { return einsum(test.context, equation, tensors); });
  }

  TEST_CASE("the shape is that of the result's labels") {
    CHECK(product("ij,jk->ik", {"float32[n, 4]", "float32[4, 5]"}) == "float32[n, 5]");
    CHECK(product("ij,jk->ki", {"float32[n, 4]", "float32[4, 5]"}) == "float32[5, n]");
    CHECK(product("...qhd,...khd->...hqk", {"float32[b, 3, 2, 4]", "float32[b, 7, 2, 4]"}) == "float32[b, 2, 3, 7]");
    CHECK(product("i,j->ij", {"bfloat16[2]", "float32[3]"}) == "float32[2, 3]");
    CHECK(product("ii->i", {"float32[3, 3]"}) == "float32[3]");
    CHECK(product("ii", {"float32[3, 3]"}) == "float32[]");
    CHECK(product("ba", {"float32[2, 3]"}) == "float32[3, 2]");
    CHECK(product("ij,jk,kl->il", {"float32[2, 3]", "float32[3, 4]", "float32[4, 5]"}) == "float32[2, 5]");
    CHECK(product("ij , jk -> ik", {"float32[2, 1]", "float32[4, 5]"}) == "float32[2, 5]");
    CHECK(product("...i->...", {"float16[a, b, 3]"}) == "float16[a, b]");
  }

  TEST_CASE("an equation that is malformed is E0207") {
    CHECK(product("ij,jk->ik", {"float32[2, 3]"}) == "E0207: the equation 'ij,jk->ik' names 2 operands, and 1 is given");
    CHECK(product("ij->ik", {"float32[2, 3]"}) == "E0207: the equation 'ij->ik' has `k` in its result, which no operand has");
    CHECK(product("ij->ii", {"float32[2, 3]"}) == "E0207: the equation 'ij->ii' has `i` twice in its result");
    CHECK(product("i1->i", {"float32[2, 3]"}).substr(0, 5) == "E0207");
  }

  TEST_CASE("sizes that disagree are E0203") {
    CHECK(product("ij,jk->ik", {"float32[2, 3]", "float32[4, 5]"}).substr(0, 5) == "E0203");
    CHECK(product("ijk->i", {"float32[2, 3]"}).substr(0, 5) == "E0203");
  }

}  // TEST_SUITE

}  // namespace linenc::catalog
