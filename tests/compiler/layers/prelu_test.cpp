// PReLU against flax 0.12.8: nn.PReLU() and nn.PReLU(negative_slope_init=0.5) on [-2, -1, 0, 3].
#include <doctest/doctest.h>

#include "tests/support/compile_text.h"

namespace linenc::test {

TEST_CASE("PReLU scales what is below zero by a learned slope") {
  struct Row {
    const char* literal;
    float slope;
    float expected[4];
  };
  for (const Row& row :
       {Row{"PReLU", 0.01f, {-0.02f, -0.01f, 0.0f, 3.0f}}, Row{"PReLU: {negative_slope_init: 0.5}", 0.5f, {-1.0f, -0.5f, 0.0f, 3.0f}}}) {
    CAPTURE(row.literal);
    CompiledText text(std::string("linenc: 1\ninputs: {x: \"float32[n]\"}\nmodel:\n  compact:\n    - ") + row.literal + "\n");
    Array x(DType::Float32, {4});
    const float values[4] = {-2, -1, 0, 3};
    std::copy(values, values + 4, x.as<float>());
    const Results made = text.init({{"x", x}}, {{"params", 0}});
    REQUIRE(made.variables.size() == 1);
    CHECK(made.variables[0].key == "params/PReLU_0/negative_slope");
    CHECK(made.variables[0].array.shape().empty());
    CHECK(made.variables[0].array.as<float>()[0] == row.slope);
    const Results done = text.apply(made.variables, {{"x", x}});
    for (int i = 0; i < 4; ++i) CHECK(done.outputs[0].array.as<float>()[i] == row.expected[i]);
  }
}

}  // namespace linenc::test
