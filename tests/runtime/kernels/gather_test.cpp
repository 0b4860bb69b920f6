#include <limits>

#include "tests/support/run_kernel.h"

namespace linenc::test {
namespace {

using reference::Index;
using reference::Tensor;
using reference::tensor;

Index joined(std::initializer_list<Index> parts) {
  Index all;
  for (const Index& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

TEST_SUITE("runtime/kernels/gather") {
  TEST_CASE("gather and scatter follow their formulas, with common axes and axes before") {
    struct Row {
      Shape x, indices;
      std::int64_t axis, batch;
    };
    for (const Row& row : {Row{{7, 5}, {4}, 0, 0}, Row{{3, 7, 5}, {2, 4}, 1, 0}, Row{{3, 7}, {4}, 1, 0}, Row{{3, 7, 5}, {3, 4}, 1, 1},
                           Row{{3, 2, 7, 5}, {3, 4}, 2, 1}, Row{{7}, {}, 0, 0}}) {
      CAPTURE(to_string(row.x));
      const Array x = random_array(DType::Float32, row.x, 1);
      const Array indices = random_array(DType::Int32, row.indices, 2, -2, 9);
      const Tensor tx = tensor(x), ti = tensor(indices);
      Shape shape(row.x.begin(), row.x.begin() + row.axis);
      shape.insert(shape.end(), row.indices.begin() + row.batch, row.indices.end());
      shape.insert(shape.end(), row.x.begin() + row.axis + 1, row.x.end());
      const std::int64_t index_axes = static_cast<std::int64_t>(row.indices.size()) - row.batch;
      // Index of x for an index of out; the looked-up number is not limited.
      const auto source = [&](const Index& o) {
        const Index before(o.begin(), o.begin() + row.axis), middle(o.begin() + row.axis, o.begin() + row.axis + index_axes),
            after(o.begin() + row.axis + index_axes, o.end());
        const Index batch(o.begin(), o.begin() + row.batch);
        return joined({before, {static_cast<std::int64_t>(ti[joined({batch, middle})])}, after});
      };
      for (const GatherMode mode : {GatherMode::Clip, GatherMode::Fill}) {
        Tensor wanted(shape);
        reference::for_each(shape, [&](const Index& o) {
          Index i = source(o);
          const std::int64_t size = row.x[row.axis];
          const bool inside = i[row.axis] >= 0 && i[row.axis] < size;
          i[row.axis] = std::clamp<std::int64_t>(i[row.axis], 0, size - 1);
          wanted[o] = mode == GatherMode::Clip || inside ? tx[i] : std::nan("");
        });
        check_step({OpKind::Gather, GatherAttributes{row.axis, row.batch, mode}}, {x, indices}, {DType::Float32, shape}, wanted);
        for (const ScatterKind kind : {ScatterKind::Set, ScatterKind::Add, ScatterKind::Multiply, ScatterKind::Min, ScatterKind::Max}) {
          CAPTURE(name(kind));
          const Array updates = random_array(DType::Float32, shape, 3);
          const Tensor tu = tensor(updates);
          Tensor result = tx;
          result.scale.assign(result.values.size(), 16);
          reference::for_each(shape, [&](const Index& o) {
            Index i = source(o);
            const std::int64_t size = row.x[row.axis];
            if (mode == GatherMode::Fill && (i[row.axis] < 0 || i[row.axis] >= size)) return;
            i[row.axis] = std::clamp<std::int64_t>(i[row.axis], 0, size - 1);
            double& to = result[i];
            to = kind == ScatterKind::Set        ? tu[o]
                 : kind == ScatterKind::Add      ? to + tu[o]
                 : kind == ScatterKind::Multiply ? to * tu[o]
                 : kind == ScatterKind::Min      ? std::min(to, tu[o])
                                                 : std::max(to, tu[o]);
          });
          check_step({OpKind::Scatter, ScatterAttributes{kind, row.axis, row.batch, mode}}, {x, indices, updates}, {DType::Float32, row.x}, result);
        }
      }
    }
  }

  // Values of jax.numpy.
  TEST_CASE("what an index outside gives depends on the dtype") {
    const Array outside = ints({1}, {9});
    const GatherAttributes fill{0, 0, GatherMode::Fill};
    check_step({OpKind::Gather, fill}, {ints({4}, {0, 1, 2, 3}), outside}, {DType::Int32, {1}},
               tensor(ints({1}, {std::numeric_limits<std::int32_t>::min()})));
    check_step({OpKind::Gather, fill}, {random_array(DType::UInt8, {4}, 1, 0, 9), outside}, {DType::UInt8, {1}}, Tensor({1}, 255));
    check_step({OpKind::Gather, fill}, {random_array(DType::Bool, {4}, 1), outside}, {DType::Bool, {1}}, Tensor({1}, 1));
    check_step({OpKind::Gather, fill}, {random_array(DType::BFloat16, {4}, 1), outside}, {DType::BFloat16, {1}}, Tensor({1}, std::nan("")));
    const ScatterAttributes add{ScatterKind::Add, 0, 0, GatherMode::Fill}, set{ScatterKind::Set, 0, 0, GatherMode::Fill};
    check_step({OpKind::Scatter, add}, {floats({3}, {0, 0, 0}), ints({3}, {0, 0, 5}), floats({3}, {1, 2, 4})}, {DType::Float32, {3}},
               tensor(floats({3}, {3, 0, 0})));
    check_step({OpKind::Scatter, set}, {floats({3}, {0, 0, 0}), ints({3}, {0, 0, 1}), floats({3}, {1, 2, 4})}, {DType::Float32, {3}},
               tensor(floats({3}, {2, 4, 0})));
  }

}  // TEST_SUITE

}  // namespace
}  // namespace linenc::test
