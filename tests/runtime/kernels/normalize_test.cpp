#include <limits>

#include "tests/reference/sums.h"
#include "tests/support/run_kernel.h"

namespace linenc::test {
namespace {

using reference::tensor;

TEST_SUITE("runtime/kernels/normalize") {
  TEST_CASE("softmax of rows") {
    for (const DType dtype : {DType::Float32, DType::BFloat16, DType::Float16}) {
      for (const std::int64_t width : {1, 10, 64, 1000}) {
        const Array x = random_array(dtype, {3, 5, width}, 7, -8, 8);
        check_step({OpKind::Softmax, {}}, {x}, {dtype, {3, 5, width}}, reference::softmax(tensor(x)));
      }
    }
  }

  TEST_CASE("layer norm and RMS norm of rows") {
    for (const DType dtype : {DType::Float32, DType::BFloat16}) {
      for (const std::int64_t width : {1, 7, 64, 1000}) {
        for (const NormalizeAttributes& n :
             {NormalizeAttributes{1e-6, true, true}, NormalizeAttributes{1e-3, false, true}, NormalizeAttributes{1e-5, true, false}}) {
          const Array x = random_array(dtype, {4, width}, 8, -1, 3), scale = random_array(dtype, {width}, 9), bias = random_array(dtype, {width}, 10);
          const reference::Tensor tx = tensor(x), ts = tensor(scale), tb = tensor(bias);
          if (width == 1 && n.use_mean) continue;  // nothing but rounding errors is left
          check_step({OpKind::Normalize, n}, {x}, {dtype, {4, width}}, reference::normalize(n, tx, nullptr, nullptr));
          check_step({OpKind::Normalize, n}, {x, scale}, {dtype, {4, width}}, reference::normalize(n, tx, &ts, nullptr));
          check_step({OpKind::Normalize, n}, {x, scale, bias}, {dtype, {4, width}}, reference::normalize(n, tx, &ts, &tb));
        }
      }
    }
  }

}  // TEST_SUITE

}  // namespace
}  // namespace linenc::test
