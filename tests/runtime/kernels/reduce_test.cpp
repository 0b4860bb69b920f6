#include <limits>

#include "tests/reference/sums.h"
#include "tests/support/run_kernel.h"

namespace linenc::test {
namespace {

using reference::tensor;

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

Shape reduced(const Shape& shape, const std::vector<std::int64_t>& axes, bool keepdims) {
  Shape out;
  for (std::int64_t i = 0; i < static_cast<std::int64_t>(shape.size()); ++i) {
    const bool gone = std::find(axes.begin(), axes.end(), i) != axes.end();
    if (!gone)
      out.push_back(shape[i]);
    else if (keepdims)
      out.push_back(1);
  }
  return out;
}

void check_reduce(ReduceKind kind, DType dtype, const Shape& shape, const std::vector<std::int64_t>& axes, bool keepdims, double low = 0.5,
                  double high = 2) {
  CAPTURE(name(kind));
  CAPTURE(to_string(shape));
  CAPTURE(to_string(axes));
  const Array x = random_array(dtype, shape, 3, low, high);
  const Shape out = reduced(shape, axes, keepdims);
  check_step({OpKind::Reduce, ReduceAttributes{kind, axes, keepdims}}, {x}, {dtype, out}, reference::reduce(kind, tensor(x), axes, out));
}

TEST_SUITE("runtime/kernels/reduce") {
  TEST_CASE("reductions over any axes agree with the loops") {
    for (const ReduceKind kind : {ReduceKind::Sum, ReduceKind::Max, ReduceKind::Min}) {
      for (const DType dtype : {DType::Float32, DType::BFloat16, DType::Float16}) {
        check_reduce(kind, dtype, {5, 77}, {1}, false);
        check_reduce(kind, dtype, {77, 5}, {0}, true);
        check_reduce(kind, dtype, {3, 40, 7}, {1}, false);
        check_reduce(kind, dtype, {3, 4, 5, 70}, {0, 1, 2}, false);
        check_reduce(kind, dtype, {3, 4, 5, 6}, {1, 3}, true);
        check_reduce(kind, dtype, {3, 4, 5, 6}, {0, 2}, false);
        check_reduce(kind, dtype, {3, 4, 5, 2, 2}, {0, 2, 4}, false);
        check_reduce(kind, dtype, {9, 9}, {0, 1}, false);
        check_reduce(kind, dtype, {9, 9}, {}, false);
        check_reduce(kind, dtype, {}, {}, false);
        check_reduce(kind, dtype, {4, 0}, {0}, false);
        check_reduce(kind, dtype, {4, 0}, {1}, false);
        check_reduce(kind, dtype, {1, 6, 1}, {0, 2}, true);
      }
    }
    check_reduce(ReduceKind::Product, DType::Float32, {4, 9}, {1}, false);
    check_reduce(ReduceKind::Product, DType::Float32, {9, 4}, {0}, false);
    check_reduce(ReduceKind::Sum, DType::Int32, {7, 9}, {0}, false, -100, 100);
    check_reduce(ReduceKind::Max, DType::UInt8, {7, 9}, {1}, false, 0, 200);
    check_reduce(ReduceKind::Min, DType::Int8, {0, 9}, {1}, false);
    check_reduce(ReduceKind::All, DType::Bool, {7, 3}, {1}, false);
    check_reduce(ReduceKind::Any, DType::Bool, {7, 3}, {0}, true);
  }

  TEST_CASE("long sums stay exact, along rows and along columns") {
    check_reduce(ReduceKind::Sum, DType::Float32, {300000}, {0}, false, 0, 1);
    check_reduce(ReduceKind::Sum, DType::Float32, {60000, 5}, {0}, false, 0, 1);
    check_reduce(ReduceKind::Sum, DType::Float32, {5000, 3, 40}, {0, 2}, false, 0, 1);
    check_reduce(ReduceKind::Sum, DType::Float32, {2000, 70}, {1}, false, 0, 1);
    check_reduce(ReduceKind::Sum, DType::Float32, {200, 130, 66}, {0, 1}, false, 0, 1);
  }

  TEST_CASE("NaN wins in the largest and the smallest") {
    const Array x = floats({3, 3}, {1, kNan, 2, 4, 3, 5, 0, 1, 2});
    for (const ReduceKind kind : {ReduceKind::Max, ReduceKind::Min}) {
      for (const std::int64_t axis : {0, 1})
        check_step({OpKind::Reduce, ReduceAttributes{kind, {axis}, false}}, {x}, {DType::Float32, {3}},
                   reference::reduce(kind, tensor(x), {axis}, {3}));
    }
  }

}  // TEST_SUITE

}  // namespace
}  // namespace linenc::test
