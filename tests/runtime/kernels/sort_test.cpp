#include <limits>

#include "tests/support/run_kernel.h"

namespace linenc::test {
namespace {

using reference::Index;
using reference::Tensor;
using reference::tensor;

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

TEST_SUITE("runtime/kernels/sort") {
  // Orders of jax.numpy.argsort.
  TEST_CASE("sorting is stable, NaN last, and first in descending order") {
    const Array keys = floats({4}, {1, kNan, 3, 1}), carried = ints({4}, {0, 1, 2, 3});
    for_every_machine({OpKind::Sort, SortAttributes{0, false}}, {keys, carried}, {{DType::Float32, {4}}, {DType::Int32, {4}}}, [&](const auto& out) {
      CHECK(difference(out[0], tensor(floats({4}, {1, 1, 3, kNan})), Accuracy::Exact) == "");
      CHECK(difference(out[1], tensor(ints({4}, {0, 3, 2, 1})), Accuracy::Exact) == "");
    });
    for_every_machine({OpKind::Sort, SortAttributes{0, true}}, {keys, carried}, {{DType::Float32, {4}}, {DType::Int32, {4}}}, [&](const auto& out) {
      CHECK(difference(out[0], tensor(floats({4}, {kNan, 3, 1, 1})), Accuracy::Exact) == "");
      CHECK(difference(out[1], tensor(ints({4}, {1, 2, 0, 3})), Accuracy::Exact) == "");
    });
  }

  TEST_CASE("every line along any axis is sorted by itself") {
    for (const DType dtype : {DType::Int8, DType::BFloat16, DType::Float32, DType::UInt32}) {
      for (const std::int64_t axis : {0, 1, 2}) {
        const Array x = random_array(dtype, {3, 40, 5}, 4, 0, 100);
        Tensor wanted = tensor(x);
        reference::for_each(x.shape(), [&](const Index& at) {
          if (at[axis] != 0) return;
          std::vector<double> line;
          for (Index i = at; i[axis] < x.shape()[axis]; ++i[axis]) line.push_back(wanted[i]);
          std::sort(line.begin(), line.end());
          for (Index i = at; i[axis] < x.shape()[axis]; ++i[axis]) wanted[i] = line[i[axis]];
        });
        check_step({OpKind::Sort, SortAttributes{axis, false}}, {x}, {dtype, x.shape()}, wanted);
      }
    }
  }

  // Values of jax.lax.top_k.
  TEST_CASE("the largest k come in order, NaN before all, 0 before -0") {
    const float infinity = std::numeric_limits<float>::infinity();
    struct Row {
      std::vector<float> x, values;
      std::vector<std::int32_t> indices;
    };
    for (const Row& row : {Row{{1, kNan, 3, kNan, 3, infinity}, {kNan, kNan, infinity, 3}, {1, 3, 5, 2}},
                           Row{{-0.0f, 0.0f, -0.0f, 0.0f}, {0, 0, 0, 0}, {1, 3, 0, 2}}}) {
      const std::int64_t k = static_cast<std::int64_t>(row.values.size());
      for_every_machine({OpKind::TopK, TopKAttributes<std::int64_t>{k}}, {floats({1, static_cast<std::int64_t>(row.x.size())}, row.x)},
                        {{DType::Float32, {1, k}}, {DType::Int32, {1, k}}}, [&](const auto& out) {
                          CHECK(difference(out[0], tensor(floats({1, k}, row.values)), Accuracy::Exact) == "");
                          CHECK(difference(out[1], tensor(ints({1, k}, row.indices)), Accuracy::Exact) == "");
                        });
    }
  }

}  // TEST_SUITE

}  // namespace
}  // namespace linenc::test
