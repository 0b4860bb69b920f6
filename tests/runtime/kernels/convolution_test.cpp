#include "tests/reference/sums.h"
#include "tests/support/run_kernel.h"

namespace linenc::test {
namespace {

using reference::tensor;

ConvolutionAttributes<std::int64_t> same(std::size_t spatial) {
  ConvolutionAttributes<std::int64_t> c;
  c.strides.assign(spatial, 1);
  c.low.assign(spatial, 0);
  c.high.assign(spatial, 0);
  c.input_dilation.assign(spatial, 1);
  c.kernel_dilation.assign(spatial, 1);
  return c;
}
void check_convolution(const ConvolutionAttributes<std::int64_t>& c, const Shape& x_shape, const Shape& kernel_shape, DType dtype = DType::Float32,
                       bool biased = true) {
  CAPTURE(to_string(x_shape));
  CAPTURE(to_string(kernel_shape));
  CAPTURE(name(dtype));
  Shape out = {x_shape[0]};
  for (std::size_t i = 0; i < c.strides.size(); ++i) {
    const std::int64_t room =
        (x_shape[i + 1] - 1) * c.input_dilation[i] + 1 + c.low[i] + c.high[i] - (kernel_shape[i] - 1) * c.kernel_dilation[i] - 1;
    out.push_back(room < 0 ? 0 : room / c.strides[i] + 1);
  }
  out.push_back(kernel_shape.back());
  std::vector<Array> in = {random_array(dtype, x_shape, 1), random_array(dtype, kernel_shape, 2)};
  if (biased) in.push_back(random_array(dtype, {kernel_shape.back()}, 3));
  reference::Tensor bias;
  if (biased) bias = tensor(in[2]);
  check_step({OpKind::Convolution, c}, in, {dtype, out}, reference::convolution(c, tensor(in[0]), tensor(in[1]), biased ? &bias : nullptr, out));
}

TEST_SUITE("runtime/kernels/convolution") {
  TEST_CASE("one, two and three spatial axes") {
    auto c1 = same(1), c2 = same(2), c3 = same(3);
    c1.low = {1}, c1.high = {1};
    c2.low = {1, 1}, c2.high = {1, 1};
    c3.low = {0, 1, 1}, c3.high = {1, 0, 1};
    for (const DType dtype : {DType::Float32, DType::BFloat16, DType::Int32}) {
      check_convolution(c1, {2, 17, 5}, {3, 5, 7}, dtype);
      check_convolution(c2, {2, 9, 8, 3}, {3, 3, 3, 20}, dtype);
      check_convolution(c2, {2, 9, 8, 1}, {3, 3, 1, 32}, dtype, false);
      check_convolution(c3, {2, 5, 4, 6, 3}, {2, 2, 3, 3, 4}, dtype);
    }
  }

  TEST_CASE("strides, dilations, negative padding and spread inputs") {
    for (const std::int64_t stride : {1, 2, 3}) {
      for (const std::int64_t input_dilation : {1, 2}) {
        for (const std::int64_t kernel_dilation : {1, 2}) {
          for (const auto& [low, high] : {std::pair<std::int64_t, std::int64_t>{0, 0}, {2, 1}, {-1, 0}, {3, -2}}) {
            auto c = same(2);
            c.strides = {stride, 1};
            c.input_dilation = {1, input_dilation};
            c.kernel_dilation = {kernel_dilation, kernel_dilation};
            c.low = {low, high};
            c.high = {high, low};
            check_convolution(c, {2, 9, 8, 4}, {3, 2, 4, 17});
          }
        }
      }
    }
  }

  TEST_CASE("windows of one place are plain products, with stride and padding too") {
    auto c = same(2);
    check_convolution(c, {2, 7, 9, 33}, {1, 1, 33, 40});
    check_convolution(c, {1, 1, 1, 33}, {1, 1, 33, 150});
    c.strides = {2, 2};
    check_convolution(c, {2, 7, 9, 33}, {1, 1, 33, 40});
    c = same(2);
    c.low = {1, 0}, c.high = {0, 1};
    check_convolution(c, {2, 7, 9, 33}, {1, 1, 33, 40});
  }

  TEST_CASE("groups, and single channels") {
    auto c = same(2);
    c.low = c.high = {1, 1};
    c.groups = 3;
    check_convolution(c, {2, 6, 7, 12}, {3, 3, 4, 9});
    c.groups = 70;
    check_convolution(c, {2, 6, 7, 70}, {3, 3, 1, 70});
    check_convolution(c, {2, 6, 7, 70}, {3, 3, 1, 140});
    c.strides = {2, 2};
    check_convolution(c, {2, 6, 7, 70}, {3, 3, 1, 70});
    c.groups = 3;
    check_convolution(c, {2, 6, 7, 3}, {3, 3, 1, 3}, DType::Int8);
  }

  TEST_CASE("activations, large patches, batches of nothing") {
    auto c = same(2);
    c.activation = Activation::Relu;
    check_convolution(c, {1, 8, 8, 128}, {4, 4, 128, 20});
    check_convolution(c, {1, 4, 4, 512}, {3, 3, 512, 35});
    check_convolution(c, {1, 40, 30, 20}, {3, 3, 20, 70});
    check_convolution(c, {0, 8, 8, 2}, {4, 4, 2, 20});
    check_convolution(c, {1, 3, 3, 2}, {4, 4, 2, 20});
    c.activation = Activation::GeluTanh;
    check_convolution(c, {1, 8, 8, 2}, {3, 3, 2, 20});
  }

  // Values of jax.lax.conv_general_dilated.
  TEST_CASE("a dilated, spread, padded convolution gives JAX's numbers") {
    auto c = same(1);
    c.strides = {2}, c.low = {1}, c.high = {2}, c.input_dilation = {2}, c.kernel_dilation = {3};
    std::vector<float> x(12), kernel(12);
    for (int i = 0; i < 12; ++i) x[i] = static_cast<float>(i), kernel[i] = static_cast<float>(i) - 5;
    check_step({OpKind::Convolution, c}, {floats({1, 4, 3}, x), floats({2, 3, 2}, kernel)}, {DType::Float32, {1, 4, 2}},
               tensor(floats({1, 4, 2}, {40, 52, 67, 88, 94, 124, 0, 0})));
    auto negative = same(2);
    negative.low = {-1, 0}, negative.high = {0, -1};
    std::vector<float> image(16);
    for (int i = 0; i < 16; ++i) image[i] = static_cast<float>(i);
    check_step({OpKind::Convolution, negative}, {floats({1, 4, 4, 1}, image), floats({2, 2, 1, 1}, {1, 2, 3, 4})}, {DType::Float32, {1, 2, 2, 1}},
               tensor(floats({1, 2, 2, 1}, {74, 84, 114, 124})));
  }

}  // TEST_SUITE

}  // namespace
}  // namespace linenc::test
