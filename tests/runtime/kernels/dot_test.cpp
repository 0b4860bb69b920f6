#include "tests/reference/sums.h"
#include "tests/support/run_kernel.h"

namespace linenc::test {
namespace {

using Axes = std::vector<std::int64_t>;
using reference::tensor;

struct Row {
  Shape a, b;
  Axes a_batch, b_batch, a_contract, b_contract;
  Shape out;
  Shape bias = {};
  bool has_bias = false;
};

void check_dot(const Row& row, DType dtype, Activation activation = Activation::None) {
  CAPTURE(to_string(row.a));
  CAPTURE(to_string(row.b));
  CAPTURE(name(dtype));
  const DotAttributes d{row.a_batch, row.b_batch, row.a_contract, row.b_contract, activation};
  std::vector<Array> in = {random_array(dtype, row.a, 1), random_array(dtype, row.b, 2)};
  if (row.has_bias) in.push_back(random_array(dtype, row.bias, 3));
  reference::Tensor bias;
  if (row.has_bias) bias = tensor(in[2]);
  check_step({OpKind::DotGeneral, d}, in, {dtype, row.out}, reference::dot(d, tensor(in[0]), tensor(in[1]), row.has_bias ? &bias : nullptr, row.out));
}

TEST_SUITE("runtime/kernels/dot") {
  TEST_CASE("plain products of every shape of tile") {
    for (const std::int64_t m : {1, 2, 3, 5, 13, 14, 15, 29, 57}) {
      for (const std::int64_t n : {1, 15, 16, 17, 33, 130, 144}) {
        for (const std::int64_t k : {1, 7, 64}) check_dot({{m, k}, {k, n}, {}, {}, {1}, {0}, {m, n}}, DType::Float32);
      }
    }
    check_dot({{300, 40}, {40, 70}, {}, {}, {1}, {0}, {300, 70}}, DType::Float32);
  }

  TEST_CASE("rows a page apart") { check_dot({{30, 1024}, {1024, 40}, {}, {}, {1}, {0}, {30, 40}}, DType::Float32); }

  TEST_CASE("long sums stay exact") {
    for (const std::int64_t m : {1, 3, 40}) check_dot({{m, 4100}, {4100, 20}, {}, {}, {1}, {0}, {m, 20}}, DType::Float32);
  }

  TEST_CASE("axes may be contracted, kept and paired in any order") {
    for (const DType dtype : {DType::Float32, DType::BFloat16, DType::Float16, DType::Int32, DType::Int8}) {
      check_dot({{6, 30}, {20, 6}, {}, {}, {0}, {1}, {30, 20}}, dtype);
      check_dot({{30, 6}, {20, 6}, {}, {}, {1}, {1}, {30, 20}}, dtype);
      check_dot({{2, 9, 3, 8}, {2, 7, 3, 8}, {0, 2}, {0, 2}, {3}, {3}, {2, 3, 9, 7}}, dtype);  // attention scores
      check_dot({{2, 3, 9, 7}, {2, 7, 3, 8}, {0, 1}, {0, 2}, {3}, {1}, {2, 3, 9, 8}}, dtype);  // attention values
      check_dot({{2, 3, 4, 5}, {4, 5, 6}, {}, {}, {2, 3}, {0, 1}, {2, 3, 6}}, dtype);
      check_dot({{2, 3, 4, 5}, {5, 6, 3}, {}, {}, {1, 3}, {2, 0}, {2, 4, 6}}, dtype);
      check_dot({{5, 2, 4}, {4, 5, 3}, {0}, {1}, {2}, {0}, {5, 2, 3}}, dtype);
      check_dot({{7}, {7}, {}, {}, {0}, {0}, {}}, dtype);
      check_dot({{3}, {4}, {}, {}, {}, {}, {3, 4}}, dtype);
      check_dot({{6, 2}, {6, 2}, {0, 1}, {0, 1}, {}, {}, {6, 2}}, dtype);
      check_dot({{3, 0}, {0, 4}, {}, {}, {1}, {0}, {3, 4}}, dtype);
      check_dot({{0, 3}, {3, 4}, {}, {}, {1}, {0}, {0, 4}}, dtype);
    }
  }

  TEST_CASE("bias of a row, of a group of axes, of any shape") {
    for (const DType dtype : {DType::Float32, DType::BFloat16, DType::Int32}) {
      check_dot({{9, 5}, {5, 33}, {}, {}, {1}, {0}, {9, 33}, {33}, true}, dtype);
      check_dot({{9, 5}, {5, 33}, {}, {}, {1}, {0}, {9, 33}, {1, 33}, true}, dtype);
      check_dot({{9, 5}, {5, 33}, {}, {}, {1}, {0}, {9, 33}, {9, 33}, true}, dtype);
      check_dot({{9, 5}, {5, 33}, {}, {}, {1}, {0}, {9, 33}, {9, 1}, true}, dtype);
      check_dot({{9, 5}, {5, 33}, {}, {}, {1}, {0}, {9, 33}, {}, true}, dtype);
      check_dot({{9, 5}, {5, 3, 4}, {}, {}, {1}, {0}, {9, 3, 4}, {3, 4}, true}, dtype);
      check_dot({{9, 5}, {5, 3, 3}, {}, {}, {1}, {0}, {9, 3, 3}, {3}, true}, dtype);
      check_dot({{4, 5}, {5, 4}, {}, {}, {1}, {0}, {4, 4}, {4, 1}, true}, dtype);
    }
  }

  TEST_CASE("activations are applied after the bias") {
    for (const Activation activation :
         {Activation::Relu, Activation::GeluTanh, Activation::GeluErf, Activation::Silu, Activation::Tanh, Activation::Logistic}) {
      CAPTURE(name(activation));
      check_dot({{20, 7}, {7, 33}, {}, {}, {1}, {0}, {20, 33}, {33}, true}, DType::Float32, activation);
      check_dot({{20, 7}, {7, 33}, {}, {}, {1}, {0}, {20, 33}, {20, 1}, true}, DType::Float32, activation);
      check_dot({{1, 7}, {7, 33}, {}, {}, {1}, {0}, {1, 33}}, DType::BFloat16, activation);
    }
  }

  // A value of jax.lax.dot.
  TEST_CASE("small integers wrap around") {
    check_step({OpKind::DotGeneral, DotAttributes{{}, {}, {1}, {0}, Activation::None}},
               {converted(ints({1, 2}, {1, 2}), DType::Int8), converted(ints({2, 1}, {100, 100}), DType::Int8)}, {DType::Int8, {1, 1}},
               tensor(ints({1, 1}, {44})));
  }

}  // TEST_SUITE

}  // namespace
}  // namespace linenc::test
