// Functions that have another name for the same thing, or a small thing to do; the numbers are jax 0.10.2's.
#include <doctest/doctest.h>

#include <cmath>

#include "tests/support/compile_text.h"

namespace linenc::test {
namespace {

Results run(const std::string& expressions) {
  CompiledText text("linenc: 1\ninputs: {x: \"float32[4]\"}\nmodel:\n  compact:\n    - return: [" + expressions + "]\n");
  Array x(DType::Float32, {4});
  const float values[4] = {-2, -1, 0.5f, 3};
  std::copy(values, values + 4, x.as<float>());
  return text.apply({}, {{"x", x}});
}

void is(const Array& array, std::initializer_list<double> expected) {
  REQUIRE(static_cast<std::size_t>(array.size()) == expected.size());
  const Array floats = converted(array, DType::Float32);
  std::int64_t i = 0;
  for (const double value : expected) CHECK(std::abs(static_cast<double>(floats.as<float>()[i++]) - value) <= 1e-6);
}

}  // namespace

TEST_CASE("absolute, atan2, bit shifts and flatnonzero are jax.numpy's") {
  const Results done =
      run("absolute(x), \"atan2(x, 2.0)\", \"bitwise_left_shift(asarray(3), 2)\", \"bitwise_right_shift(asarray(12), 2)\", \"flatnonzero(x > 0, "
          "size=3)\"");
  is(done.outputs[0].array, {2, 1, 0.5, 3});
  is(done.outputs[1].array, {-0.7853982, -0.4636476, 0.24497867, 0.98279375});
  is(done.outputs[2].array, {12});
  is(done.outputs[3].array, {3});
  is(done.outputs[4].array, {2, 3, 0});
}

TEST_CASE("atleast_1d and atleast_3d add axes as NumPy does") {
  const Results done = run("atleast_1d(x.sum()), atleast_3d(x)");
  CHECK(done.outputs[0].array.shape() == Shape{1});
  CHECK(done.outputs[1].array.shape() == Shape{1, 4, 1});
}

TEST_CASE("key_data and wrap_key_data are inverse; result_type promotes; tuple and filter are Python's") {
  const Results done =
      run("\"random.key_data(random.key(7))\", \"random.key_data(random.wrap_key_data(random.key_data(random.key(9))))\", \"asarray(1, "
          "result_type(int32, bfloat16))\", \"asarray(tuple(filter(lambda n: n > 1, [1, 2, 3])))\"");
  is(done.outputs[0].array, {0, 7});
  is(done.outputs[1].array, {0, 9});
  CHECK(done.outputs[2].array.dtype() == DType::BFloat16);
  is(done.outputs[3].array, {2, 3});
}

TEST_CASE("dot_product_attention_weights are flax.linen's, and sharding helpers change no value") {
  const Results done = run("\"dot_product_attention_weights(arange(12.0).reshape(1, 3, 2, 2) / 10, arange(12.0).reshape(1, 3, 2, 2) / 10)\"");
  is(done.outputs[0].array, {0.32395092, 0.33324444, 0.34280458, 0.2529268, 0.32624823, 0.42082497, 0.19107783, 0.3090532, 0.49986902, 0.2874549,
                             0.33112216, 0.3814229, 0.22071643, 0.3188033, 0.46048018, 0.16416377, 0.2973275, 0.53850883});
  is(run("\"with_sharding_constraint(x, none)\"").outputs[0].array, {-2, -1, 0.5, 3});
}

}  // namespace linenc::test
