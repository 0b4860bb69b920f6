#include <limits>

#include "tests/reference/sums.h"
#include "tests/support/run_kernel.h"

namespace linenc::test {
namespace {

using reference::tensor;

WindowAttributes<std::int64_t> window_attributes(WindowKind kind, std::vector<std::int64_t> window, std::vector<std::int64_t> strides,
                                                 std::vector<std::int64_t> dilation, std::vector<std::int64_t> low, std::vector<std::int64_t> high) {
  return {kind, std::move(window), std::move(strides), std::move(dilation), std::move(low), std::move(high)};
}
Shape window_shape(const WindowAttributes<std::int64_t>& w, const Shape& x) {
  Shape out;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const std::int64_t room = x[i] + w.low[i] + w.high[i] - ((w.window[i] - 1) * w.window_dilation[i] + 1);
    out.push_back(room < 0 ? 0 : room / w.strides[i] + 1);
  }
  return out;
}

TEST_SUITE("runtime/kernels/window") {
  TEST_CASE("windows over any axes agree with the loops") {
    for (const WindowKind kind : {WindowKind::Sum, WindowKind::Max, WindowKind::Min, WindowKind::Product}) {
      for (const DType dtype : {DType::Float32, DType::BFloat16, DType::Int32}) {
        for (const auto& w : {window_attributes(kind, {1, 2, 2, 1}, {1, 2, 2, 1}, {1, 1, 1, 1}, {0, 0, 0, 0}, {0, 0, 0, 0}),
                              window_attributes(kind, {1, 3, 3, 1}, {1, 2, 1, 1}, {1, 1, 2, 1}, {0, 1, 2, 0}, {0, 1, 1, 0}),
                              window_attributes(kind, {1, 3, 1, 2}, {1, 1, 3, 1}, {1, 1, 1, 1}, {0, 3, 0, -1}, {0, 0, 0, 1}),
                              window_attributes(kind, {1, 9, 1, 1}, {1, 1, 1, 1}, {1, 1, 1, 1}, {0, 0, 0, 0}, {0, 0, 0, 0})}) {
          CAPTURE(to_string(w.window));
          const Array x = random_array(dtype, {2, 7, 6, 19}, 5, 0.5, 3);
          const Shape out = window_shape(w, x.shape());
          reference::Tensor wanted = reference::window(w, tensor(x), out);
          for (double& value : wanted.values) {
            if (dtype == DType::Int32 && std::isinf(value)) value = value < 0 ? -2147483648.0 : 2147483647.0;  // a window in the padding
          }
          check_step({OpKind::ReduceWindow, w}, {x}, {dtype, out}, wanted);
        }
      }
    }
  }

  // A value of jax.lax.reduce_window.
  TEST_CASE("a window in the padding alone gives the neutral element") {
    const float infinity = std::numeric_limits<float>::infinity();
    check_step({OpKind::ReduceWindow, window_attributes(WindowKind::Max, {2}, {2}, {1}, {2}, {3})}, {floats({5}, {0, 1, 2, 3, 4})},
               {DType::Float32, {5}}, tensor(floats({5}, {-infinity, 1, 3, 4, -infinity})));
    check_step({OpKind::ReduceWindow, window_attributes(WindowKind::Sum, {2}, {2}, {3}, {1}, {0})}, {floats({7}, {0, 1, 2, 3, 4, 5, 6})},
               {DType::Float32, {3}}, tensor(floats({3}, {2, 5, 9})));
  }

  TEST_CASE("a window may hold more places than are combined at once") {
    const auto w = window_attributes(WindowKind::Sum, {1, 11, 12, 1}, {1, 1, 1, 1}, {1, 1, 1, 1}, {0, 0, 0, 0}, {0, 0, 0, 0});
    const Array x = random_array(DType::Float32, {2, 12, 12, 33}, 6);
    check_step({OpKind::ReduceWindow, w}, {x}, {DType::Float32, {2, 2, 1, 33}}, reference::window(w, tensor(x), {2, 2, 1, 33}));
  }

}  // TEST_SUITE

}  // namespace
}  // namespace linenc::test
