#include "compiler/catalog/arrange.h"

#include "tests/support/catalog_context.h"

namespace linenc::catalog {

TEST_SUITE("compiler/catalog/arrange") {
  using test::CatalogContext;

  std::string reshaped(const std::string& x, const Dims& shape) {
    CatalogContext test;
    return test.result([&] { return reshape(test.context, test.input(x), shape); });
  }

  TEST_CASE("-1 stands for what is left, symbolic or not") {
    const Dim n = Dim::named("n");
    CHECK(reshaped("float32[n, 4, 6]", {n, -1}) == "float32[n, 24]");
    CHECK(reshaped("float32[n, 4, 6]", {-1, 8}) == "float32[3*n, 8]");
    CHECK(reshaped("float32[n, 4]", {-1}) == "float32[4*n]");
    CHECK(reshaped("float32[2, 6]", {4, -1}) == "float32[4, 3]");
  }

  TEST_CASE("what does not come out even is E0203, what may not is E0216 with the fact") {
    CHECK(reshaped("float32[2, 5]", {4, -1}).substr(0, 5) == "E0203");
    CHECK(reshaped("float32[2, 5]", {-1, -1}).substr(0, 5) == "E0203");
    const std::string unproven = reshaped("float32[n]", {2, -1});
    CHECK(unproven.substr(0, 5) == "E0216");
    CHECK(unproven.find("n % 2 == 0") != std::string::npos);
  }

  TEST_CASE("moves, repetitions and cuts have the sizes of NumPy") {
    CatalogContext test;
    const auto fact = [&](auto f) { return test.result([&] { return f(test.context, test.input("float32[n, 3, 4]")); }); };
    CHECK(fact([](Context& c, Tensor x) { return move_axis(c, x, 0, 2); }) == "float32[3, 4, n]");
    CHECK(fact([](Context& c, Tensor x) { return swap_axes(c, x, 0, 2); }) == "float32[4, 3, n]");
    CHECK(fact([](Context& c, Tensor x) { return tile(c, x, {2, 1, 3}); }) == "float32[2*n, 3, 12]");
    CHECK(fact([](Context& c, Tensor x) { return tile(c, x, {5, 1, 1, 1}); }) == "float32[5, n, 3, 4]");
    CHECK(fact([](Context& c, Tensor x) { return repeat(c, x, 2, 1); }) == "float32[n, 6, 4]");
    CHECK(fact([](Context& c, Tensor x) { return roll(c, x, -1, 1); }) == "float32[n, 3, 4]");
    CHECK(fact([](Context& c, Tensor x) { return stack(c, {x, x}, 1); }) == "float32[n, 2, 3, 4]");
    CHECK(fact([](Context& c, Tensor x) { return split_at(c, x, {1}, 1)[1]; }) == "float32[n, 2, 4]");
  }

}  // TEST_SUITE

}  // namespace linenc::catalog
