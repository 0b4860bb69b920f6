#include "tests/support/run_kernel.h"

namespace linenc::test {
namespace {

using reference::Index;
using reference::Tensor;
using reference::tensor;

// out[o] = x[source(o)], with the elements of x numbered so that each is another.
Array numbered(DType dtype, const Shape& shape) {
  Array x(DType::Int32, shape);
  for (std::int64_t i = 0; i < x.size(); ++i) x.as<std::int32_t>()[i] = static_cast<std::int32_t>(i % 251 - 100);
  return dtype == DType::Int32 ? x : converted(x, dtype);
}
template <class Source>
Tensor moved(const Array& x, const Shape& shape, const Source& source) {
  const Tensor from = tensor(x);
  Tensor out(shape);
  reference::for_each(shape, [&](const Index& o) { out[o] = from[source(o)]; });
  return out;
}

constexpr DType kDTypes[] = {DType::Int8, DType::BFloat16, DType::Int32, DType::Float32};

TEST_SUITE("runtime/kernels/movement") {
  TEST_CASE("a constant fills an array, is a table, or is a size") {
    ConstantAttributes<std::int64_t> one, table, size;
    const float value = 2.5f;
    one.bytes.assign(reinterpret_cast<const std::byte*>(&value), reinterpret_cast<const std::byte*>(&value) + 4);
    check_step({OpKind::Constant, one}, {}, {DType::Float32, {3, 5}}, Tensor({3, 5}, 2.5));
    for (const std::int8_t v : {3, 1, 2}) table.bytes.push_back(static_cast<std::byte>(v));
    check_step({OpKind::Constant, table}, {}, {DType::Int8, {3}}, tensor(converted(ints({3}, {3, 1, 2}), DType::Int8)));
    size.is_size = true;
    size.size = 96;
    for (const DType dtype : {DType::Float32, DType::BFloat16, DType::Int32}) check_step({OpKind::Constant, size}, {}, {dtype, {}}, Tensor({}, 96));
  }

  TEST_CASE("iota counts along its axis") {
    for (const DType dtype : kDTypes) {
      for (const std::int64_t axis : {0, 1, 2}) {
        Tensor wanted({3, 4, 5});
        reference::for_each(wanted.shape, [&](const Index& i) { wanted[i] = static_cast<double>(i[axis]); });
        check_step({OpKind::Iota, AxisAttributes{axis}}, {}, {dtype, {3, 4, 5}}, wanted);
      }
    }
  }

  TEST_CASE("convert rounds to nearest even and saturates") {
    const Array x = floats({6}, {1.0f + 0x1p-9f, 1.0f + 0x1p-8f + 0x1p-16f, 1e20f, -1e20f, -1.9f, 65520.0f});
    for_every_machine({OpKind::Convert, {}}, {x}, {{DType::BFloat16, {6}}},
                      [&](const auto& out) { CHECK(out[0].same_bits(converted(x, DType::BFloat16))); });
    for_every_machine({OpKind::Convert, {}}, {x}, {{DType::Float16, {6}}},
                      [&](const auto& out) { CHECK(out[0].same_bits(converted(x, DType::Float16))); });
    check_step({OpKind::Convert, {}}, {x}, {DType::Int32, {6}}, tensor(ints({6}, {1, 1, 2147483647, -2147483647 - 1, -1, 65520})));
    check_step({OpKind::Convert, {}}, {x}, {DType::Bool, {6}}, Tensor({6}, 1));
  }

  TEST_CASE("every 16-bit float converts to float32 and back") {
    Array all(DType::UInt16, {65536});
    for (int i = 0; i < 65536; ++i) all.as<std::uint16_t>()[i] = static_cast<std::uint16_t>(i);
    for (const DType dtype : {DType::Float16, DType::BFloat16}) {
      Array half(dtype, {65536});
      std::copy(all.data(), all.data() + all.bytes(), half.data());
      Array wide = converted(half, DType::Float32);
      for_every_machine({OpKind::Convert, {}}, {half}, {{DType::Float32, {65536}}}, [&](const auto& out) {
        int different = 0;
        for (int i = 0; i < 65536; ++i) {
          const float a = out[0].template as<float>()[i], b = wide.as<float>()[i];
          different += !(a == b || (std::isnan(a) && std::isnan(b)));
        }
        CHECK(different == 0);
      });
      for_every_machine({OpKind::Convert, {}}, {wide}, {{dtype, {65536}}}, [&](const auto& out) {
        int different = 0;
        for (int i = 0; i < 65536; ++i) different += !(out[0].template as<std::uint16_t>()[i] == i || std::isnan(wide.as<float>()[i]));
        CHECK(different == 0);
      });
    }
  }

  TEST_CASE("reshape and bitcast keep the bytes") {
    const Array x = random_array(DType::Float32, {6, 4}, 1);
    for_every_machine({OpKind::Reshape, {}}, {x}, {{DType::Float32, {3, 8}}},
                      [&](const auto& out) { CHECK(std::equal(x.data(), x.data() + x.bytes(), out[0].data())); });
    for_every_machine({OpKind::Bitcast, {}}, {x}, {{DType::Int32, {6, 4}}},
                      [&](const auto& out) { CHECK(std::equal(x.data(), x.data() + x.bytes(), out[0].data())); });
  }

  TEST_CASE("broadcast repeats axes of size 1 and adds axes in front") {
    for (const DType dtype : kDTypes) {
      const Array x = numbered(dtype, {4, 1, 3});
      check_step({OpKind::Broadcast, {}}, {x}, {dtype, {2, 4, 70, 3}}, moved(x, {2, 4, 70, 3}, [](const Index& o) { return Index{o[1], 0, o[3]}; }));
    }
  }

  TEST_CASE("transpose moves axes, small and large") {
    struct Row {
      Shape shape;
      std::vector<std::int64_t> permutation;
    };
    for (const Row& row : {Row{{3, 4}, {1, 0}}, Row{{2, 3, 4, 5}, {0, 2, 1, 3}}, Row{{2, 3, 4, 5}, {3, 1, 0, 2}}, Row{{130, 75}, {1, 0}},
                           Row{{4, 60, 70}, {2, 0, 1}}, Row{{4, 60, 70}, {0, 2, 1}}, Row{{5, 1, 7}, {1, 2, 0}}, Row{{0, 3}, {1, 0}}, Row{{}, {}}}) {
      for (const DType dtype : kDTypes) {
        const Array x = numbered(dtype, row.shape);
        Shape shape;
        for (const std::int64_t axis : row.permutation) shape.push_back(row.shape[axis]);
        check_step({OpKind::Transpose, TransposeAttributes{row.permutation}}, {x}, {dtype, shape}, moved(x, shape, [&](const Index& o) {
                     Index i(o.size());
                     for (std::size_t axis = 0; axis < o.size(); ++axis) i[row.permutation[axis]] = o[axis];
                     return i;
                   }));
      }
    }
  }

  TEST_CASE("slice takes every so-many-th element from a start") {
    for (const DType dtype : kDTypes) {
      const Array x = numbered(dtype, {7, 9, 5});
      check_step({OpKind::Slice, SliceAttributes<std::int64_t>{{1, 2, 0}, {2, 1, 3}}}, {x}, {dtype, {3, 6, 2}},
                 moved(x, {3, 6, 2}, [](const Index& o) {
                   return Index{1 + 2 * o[0], 2 + o[1], 3 * o[2]};
                 }));
    }
  }

  TEST_CASE("reverse turns some axes round") {
    for (const DType dtype : kDTypes) {
      const Array x = numbered(dtype, {3, 4, 5});
      check_step({OpKind::Reverse, ReverseAttributes{{0, 2}}}, {x}, {dtype, {3, 4, 5}}, moved(x, {3, 4, 5}, [](const Index& o) {
                   return Index{2 - o[0], o[1], 4 - o[2]};
                 }));
    }
  }

  TEST_CASE("concatenate joins along an axis") {
    for (const DType dtype : kDTypes) {
      const Array a = numbered(dtype, {3, 2, 4}), b = numbered(dtype, {3, 5, 4}), c = numbered(dtype, {3, 0, 4});
      const Tensor ta = tensor(a), tb = tensor(b);
      Tensor wanted({3, 7, 4});
      reference::for_each(wanted.shape, [&](const Index& o) { wanted[o] = o[1] < 2 ? ta[o] : tb[Index{o[0], o[1] - 2, o[2]}]; });
      check_step({OpKind::Concatenate, AxisAttributes{1}}, {a, c, b}, {dtype, {3, 7, 4}}, wanted);
    }
  }

  // Values of jax.lax.pad.
  TEST_CASE("pad cuts off where the padding is negative, and spreads elements") {
    struct Row {
      std::int64_t low, high, interior;
      std::vector<std::int32_t> out;
    };
    for (const Row& row : {Row{-1, 2, 1, {9, 1, 9, 2, 9, 3, 9, 9}}, Row{2, -3, 2, {9, 9, 0, 9, 9, 1, 9, 9, 2}}, Row{0, 0, 0, {0, 1, 2, 3}},
                           Row{-2, -2, 0, {}}, Row{-5, 3, 0, {9, 9}}}) {
      const Shape shape = {static_cast<std::int64_t>(row.out.size())};
      check_step({OpKind::Pad, PadAttributes<std::int64_t>{{row.low}, {row.high}, {row.interior}}}, {ints({4}, {0, 1, 2, 3}), ints({}, {9})},
                 {DType::Int32, shape}, tensor(ints(shape, row.out)));
    }
  }

  TEST_CASE("pad of several axes") {
    const Array x = numbered(DType::Float32, {3, 4, 2});
    const Tensor from = tensor(x);
    Tensor wanted({6, 3, 5}, 7);
    reference::for_each(wanted.shape, [&](const Index& o) {
      const Index i = {o[0] - 2, o[1] + 1, (o[2] - 1) / 2};
      if (i[0] >= 0 && i[0] < 3 && i[1] < 4 && o[2] >= 1 && (o[2] - 1) % 2 == 0 && i[2] < 2) wanted[o] = from[i];
    });
    check_step({OpKind::Pad, PadAttributes<std::int64_t>{{2, -1, 1}, {1, 0, 1}, {0, 0, 1}}}, {x, floats({}, {7})}, {DType::Float32, {6, 3, 5}},
               wanted);
  }

  // Values of jax.lax.
  TEST_CASE("dynamic slices are moved until they fit") {
    const Array x = ints({5}, {0, 1, 2, 3, 4});
    struct Row {
      std::int32_t start;
      std::vector<std::int32_t> slice, updated;
    };
    for (const Row& row : {Row{4, {2, 3, 4}, {0, 1, 2, 7, 8}}, Row{-2, {0, 1, 2}, {7, 8, 2, 3, 4}}, Row{1, {1, 2, 3}, {0, 7, 8, 3, 4}}}) {
      check_step({OpKind::DynamicSlice, {}}, {x, ints({}, {row.start})}, {DType::Int32, {3}}, tensor(ints({3}, row.slice)));
      check_step({OpKind::DynamicUpdateSlice, {}}, {x, ints({2}, {7, 8}), ints({}, {row.start})}, {DType::Int32, {5}},
                 tensor(ints({5}, row.updated)));
    }
    const Array square = numbered(DType::Float32, {6, 7});
    check_step({OpKind::DynamicSlice, {}}, {square, ints({}, {2}), ints({}, {9})}, {DType::Float32, {3, 4}},
               moved(square, {3, 4}, [](const Index& o) {
                 return Index{o[0] + 2, o[1] + 3};
               }));
  }

}  // TEST_SUITE

}  // namespace
}  // namespace linenc::test
