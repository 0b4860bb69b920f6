#include <limits>

#include "tests/reference/sums.h"
#include "tests/support/run_kernel.h"

namespace linenc::test {
namespace {

using reference::tensor;

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

TEST_SUITE("runtime/kernels/scan") {
  TEST_CASE("running reductions agree with the loops, forwards and backwards") {
    for (const CumulativeKind kind :
         {CumulativeKind::Sum, CumulativeKind::Product, CumulativeKind::Max, CumulativeKind::Min, CumulativeKind::LogSumExp}) {
      for (const bool reverse : {false, true}) {
        for (const std::int64_t axis : {0, 1, 2}) {
          const CumulativeAttributes c{kind, axis, reverse};
          const Array x = random_array(DType::Float32, {4, 20, 3}, 11, -1.5, 1.5), half = converted(x, DType::BFloat16);
          check_step({OpKind::Cumulative, c}, {x}, {DType::Float32, x.shape()}, reference::cumulative(c, tensor(x)));
          if (kind == CumulativeKind::Max || kind == CumulativeKind::Min)
            check_step({OpKind::Cumulative, c}, {half}, {DType::BFloat16, x.shape()}, reference::cumulative(c, tensor(half)));
          if (kind == CumulativeKind::LogSumExp) continue;
          const Array whole = random_array(DType::Int32, {4, 20, 3}, 12, -3, 3);
          if (kind != CumulativeKind::Product)
            check_step({OpKind::Cumulative, c}, {whole}, {DType::Int32, x.shape()}, reference::cumulative(c, tensor(whole)));
        }
      }
    }
  }

  // The order of XLA for arrays of any length, in plain words.
  std::vector<float> in_blocks(const std::vector<float>& x, bool reverse, DType dtype) {
    const auto step = [&](float a, float b) { return converted(converted(floats({}, {a + b}), dtype), DType::Float32).as<float>()[0]; };
    std::vector<float> out, totals;
    for (std::size_t begin = 0; begin < x.size(); begin += 16) {
      const std::size_t end = std::min(x.size(), begin + 16);
      for (std::size_t i = begin; i < end; ++i) {
        float sum = reverse ? x[i] : x[begin];
        for (std::size_t j = (reverse ? i : begin) + 1; j < (reverse ? end : i + 1); ++j) sum = step(sum, x[j]);
        out.push_back(sum);
      }
      totals.push_back(reverse ? out[begin] : out.back());
    }
    if (totals.size() < 2) return out;
    totals = in_blocks(totals, reverse, dtype);
    for (std::size_t i = 0; i < x.size(); ++i) {
      if (!reverse && i >= 16) out[i] = step(out[i], totals[i / 16 - 1]);
      if (reverse && i / 16 + 1 < totals.size()) out[i] = step(out[i], totals[i / 16 + 1]);
    }
    return out;
  }

  TEST_CASE("running sums are added in blocks of 16, and 16-bit floats are rounded at each step") {
    for (const DType dtype : {DType::Float32, DType::BFloat16, DType::Float16}) {
      for (const std::int64_t size : {1, 16, 17, 40, 300, 5000}) {
        const Array x = random_array(dtype, {size}, 14, -2, 2), wide = converted(x, DType::Float32);
        const std::vector<float> values(wide.as<float>(), wide.as<float>() + size);
        for (const bool reverse : {false, true}) {
          const Array wanted = converted(floats({size}, in_blocks(values, reverse, dtype)), dtype);
          for_every_machine({OpKind::Cumulative, CumulativeAttributes{CumulativeKind::Sum, 0, reverse}}, {x}, {{dtype, {size}}},
                            [&](const std::vector<Array>& found) { CHECK(found[0].same_bits(wanted)); });
        }
      }
    }
  }

  // Values of jax.lax.
  TEST_CASE("running reductions of infinities and NaN") {
    const float infinity = std::numeric_limits<float>::infinity();
    check_step({OpKind::Cumulative, CumulativeAttributes{CumulativeKind::LogSumExp, 0, false}}, {floats({5}, {-infinity, -infinity, 1, 2, infinity})},
               {DType::Float32, {5}}, tensor(floats({5}, {-infinity, -infinity, 1, 2.3132617f, infinity})));
    for (const CumulativeKind kind : {CumulativeKind::LogSumExp, CumulativeKind::Max}) {
      check_step({OpKind::Cumulative, CumulativeAttributes{kind, 0, false}}, {floats({3}, {1, kNan, 2})}, {DType::Float32, {3}},
                 tensor(floats({3}, {1, kNan, kNan})));
    }
  }

  TEST_CASE("the first of the largest, NaN counting as such") {
    struct Row {
      bool maximum;
      std::vector<float> x;
      std::int32_t at;
    };
    for (const Row& row :
         {Row{true, {1, kNan, 3, kNan}, 1}, Row{false, {1, kNan, 3}, 1}, Row{true, {1, 3, 3}, 1}, Row{false, {2, 1, 1}, 1}, Row{true, {kNan}, 0}}) {
      check_step({OpKind::ArgReduce, ArgReduceAttributes{row.maximum, 0, false}}, {floats({static_cast<std::int64_t>(row.x.size())}, row.x)},
                 {DType::Int32, {}}, tensor(ints({}, {row.at})));
    }
    const Array x = random_array(DType::BFloat16, {3, 50, 4}, 13);
    const reference::Tensor t = tensor(x);
    reference::Tensor wanted({3, 1, 4});
    reference::for_each(wanted.shape, [&](const reference::Index& o) {
      for (std::int64_t i = 1; i < 50; ++i) {
        if (t[{o[0], i, o[2]}] > t[{o[0], static_cast<std::int64_t>(wanted[o]), o[2]}]) wanted[o] = static_cast<double>(i);
      }
    });
    check_step({OpKind::ArgReduce, ArgReduceAttributes{true, 1, true}}, {x}, {DType::Int32, {3, 1, 4}}, wanted);
  }

}  // TEST_SUITE

}  // namespace
}  // namespace linenc::test
