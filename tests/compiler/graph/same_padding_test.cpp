#include "compiler/graph/same_padding.h"

#include <doctest/doctest.h>

#include <algorithm>

namespace linenc::graph {

TEST_SUITE("compiler/graph/same_padding") {
  // XLA: the total is max((ceil(size / stride) - 1) * stride + kernel - size, 0); of an odd total SAME puts the larger part at the end.
  TEST_CASE("numbers are those of XLA") {
    const DimContext dims;
    for (std::int64_t size = 1; size < 12; ++size) {
      for (std::int64_t kernel = 1; kernel < 7; ++kernel) {
        for (std::int64_t stride = 1; stride < 5; ++stride) {
          const std::int64_t total = std::max<std::int64_t>(((size + stride - 1) / stride - 1) * stride + kernel - size, 0);
          const SamePadding same = same_padding(dims, size, kernel, stride, false), lower = same_padding(dims, size, kernel, stride, true);
          CHECK(same.low.constant() == total / 2);
          CHECK(same.high.constant() == total - total / 2);
          CHECK(lower.low.constant() == total - total / 2);
          CHECK(lower.high.constant() == total / 2);
        }
      }
    }
  }

  TEST_CASE("a named size is padded so that exactly ceil(size / stride) windows fit") {
    const DimContext dims;
    const Dim s = Dim::named("s");
    for (const std::int64_t kernel : {1, 2, 3, 5}) {
      for (const std::int64_t stride : {1, 2, 3}) {
        const SamePadding same = same_padding(dims, s, kernel, stride, false);
        const Dim windows = floor_div(s + same.low + same.high - kernel, stride) + 1;
        CHECK(dims.equal(dims.simplify(windows), ceil_div(s, stride)) == Truth::Yes);
      }
    }
  }
}

}  // namespace linenc::graph
