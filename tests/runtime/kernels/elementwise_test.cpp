#include <cmath>
#include <limits>

#include "tests/reference/elementwise.h"
#include "tests/support/run_kernel.h"

namespace linenc::test {
namespace {

using Kind = ElementwiseKind;
using reference::tensor;

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInf = std::numeric_limits<float>::infinity();

OneStep step(Kind kind) { return {OpKind::Elementwise, ElementwiseAttributes{kind}}; }

bool gives_bool(Kind kind) {
  return kind == Kind::IsFinite || kind == Kind::IsNan || kind == Kind::IsInf || (kind >= Kind::Equal && kind <= Kind::GreaterEqual);
}

// Where the function is defined and well-conditioned.
std::pair<double, double> domain(Kind kind) {
  switch (kind) {
    case Kind::Log:
    case Kind::Log2:
    case Kind::Log10:
    case Kind::Sqrt:
    case Kind::Rsqrt:
    case Kind::Lgamma:
    case Kind::Digamma:
    case Kind::Power: return {0.1, 5};
    case Kind::Log1p: return {-0.9, 5};
    case Kind::Asin:
    case Kind::Acos:
    case Kind::Atanh:
    case Kind::ErfInv: return {-0.95, 0.95};
    case Kind::Acosh: return {1.01, 9};
    case Kind::Tan: return {-1.4, 1.4};
    case Kind::Exp:
    case Kind::Exp2:
    case Kind::Expm1:
    case Kind::Sinh:
    case Kind::Cosh: return {-10, 10};
    case Kind::Divide: return {0.5, 3};
    default: return {-5, 5};
  }
}

const std::vector<Kind> kFloatKinds = {
    Kind::Copy,     Kind::Negate,    Kind::Abs,      Kind::Sign,         Kind::Floor,   Kind::Ceil,   Kind::RoundEven, Kind::Exp,     Kind::Exp2,
    Kind::Expm1,    Kind::Log,       Kind::Log1p,    Kind::Log2,         Kind::Log10,   Kind::Sqrt,   Kind::Rsqrt,     Kind::Cbrt,    Kind::Sin,
    Kind::Cos,      Kind::Tan,       Kind::Asin,     Kind::Acos,         Kind::Atan,    Kind::Sinh,   Kind::Cosh,      Kind::Tanh,    Kind::Asinh,
    Kind::Acosh,    Kind::Atanh,     Kind::Logistic, Kind::Erf,          Kind::Erfc,    Kind::ErfInv, Kind::Lgamma,    Kind::Digamma, Kind::IsFinite,
    Kind::IsNan,    Kind::IsInf,     Kind::Relu,     Kind::GeluTanh,     Kind::GeluErf, Kind::Silu,   Kind::Softplus,  Kind::Add,     Kind::Subtract,
    Kind::Multiply, Kind::Divide,    Kind::Power,    Kind::Maximum,      Kind::Minimum, Kind::Atan2,  Kind::LogAddExp, Kind::Equal,   Kind::NotEqual,
    Kind::Less,     Kind::LessEqual, Kind::Greater,  Kind::GreaterEqual, Kind::Clamp,   Kind::MulAdd};

void check_floats(Kind kind, DType dtype, const std::vector<Shape>& shapes, const Shape& out_shape, std::uint64_t seed) {
  CAPTURE(name(kind));
  CAPTURE(seed);
  std::vector<Array> inputs;
  std::vector<reference::Tensor> tensors;
  const auto [low, high] = domain(kind);
  for (int o = 0; o < operand_count(kind); ++o) {
    inputs.push_back(random_array(dtype, shapes[o % shapes.size()], seed + o, low, high));
    tensors.push_back(tensor(inputs.back()));
  }
  check_step(step(kind), inputs, {gives_bool(kind) ? DType::Bool : dtype, out_shape}, reference::elementwise(kind, tensors, out_shape));
}

TEST_SUITE("runtime/kernels/elementwise") {
  TEST_CASE("every function of floats agrees with its formula") {
    for (const Kind kind : kFloatKinds) {
      for (const DType dtype : {DType::Float32, DType::Float16, DType::BFloat16}) {
        CAPTURE(name(dtype));
        const bool in_steps = kind == Kind::Logistic || kind == Kind::Silu || kind == Kind::Softplus;
        if (in_steps && dtype != DType::Float32) continue;
        check_floats(kind, dtype, {{7, 131}}, {7, 131}, 1);
      }
    }
  }

  TEST_CASE("sigmoid, silu and softplus of 16-bit floats are the steps of their formulas, each rounded") {
    for (const DType dtype : {DType::Float16, DType::BFloat16}) {
      const FactOf fact{dtype, {1300}};
      const Array x = random_array(dtype, {1300}, 21, -9, 9), one = converted(floats({}, {1}), dtype), zero = converted(floats({}, {0}), dtype);
      const auto run = [&](Kind kind, const std::vector<Array>& in) { return run_step(step(kind), in, {fact}, threads_of(1))[0]; };
      const auto steps = [&] {
        const Array sum = run(Kind::Add, {one, run(Kind::Exp, {run(Kind::Negate, {x})})});
        return run(Kind::Divide, {one, sum});
      };
      for_every_machine(step(Kind::Logistic), {x}, {fact}, [&](const std::vector<Array>& found) { CHECK(found[0].same_bits(steps())); });
      for_every_machine(step(Kind::Silu), {x}, {fact}, [&](const std::vector<Array>& found) {
        CHECK(found[0].same_bits(run(Kind::Multiply, {x, steps()})));
      });
      for_every_machine(step(Kind::Softplus), {x}, {fact}, [&](const std::vector<Array>& found) {
        const Array tail = run(Kind::Log1p, {run(Kind::Exp, {run(Kind::Negate, {run(Kind::Abs, {x})})})});
        CHECK(found[0].same_bits(run(Kind::Add, {run(Kind::Maximum, {x, zero}), tail})));
      });
    }
  }

  // As XLA has it: of an array by one as large the quotients are those of IEEE 754.
  TEST_CASE("an array is divided by fewer numbers by multiplying with their reciprocals") {
    const Array x = random_array(DType::Float32, {7, 1301}, 31, -5, 5);
    for (const Shape& shape : {Shape{}, Shape{1301}, Shape{7, 1}, Shape{7, 1301}}) {
      const Array by = random_array(DType::Float32, shape, 32, 0.5, 3);
      for_every_machine(step(Kind::Divide), {x, by}, {{DType::Float32, x.shape()}}, [&](const std::vector<Array>& found) {
        std::int64_t wrong = 0;
        for (std::int64_t i = 0; i < x.size(); ++i) {
          const float a = x.as<float>()[i], b = by.as<float>()[by.size() == 1 ? 0 : by.size() == 7 ? i / 1301 : by.size() == 1301 ? i % 1301 : i];
          const float reciprocal = 1 / b;
          wrong += found[0].as<float>()[i] != (by.size() == x.size() ? a / b : a * reciprocal);
        }
        CHECK(wrong == 0);
      });
    }
  }

  TEST_CASE("mul_add of float32 rounds once on every machine") {
    const Array x = random_array(DType::Float32, {5, 1301}, 33, -5, 5), y = random_array(DType::Float32, {1301}, 34, -3, 3), z = floats({}, {0.37F});
    for_every_machine(step(Kind::MulAdd), {x, y, z}, {{DType::Float32, x.shape()}}, [&](const std::vector<Array>& found) {
      std::int64_t wrong = 0;
      for (std::int64_t i = 0; i < x.size(); ++i) wrong += found[0].as<float>()[i] != std::fma(x.as<float>()[i], y.as<float>()[i % 1301], 0.37F);
      CHECK(wrong == 0);
    });
  }

  TEST_CASE("operands broadcast: scalars, rows, columns, both at once") {
    for (const Kind kind : {Kind::Add, Kind::Less, Kind::MulAdd, Kind::LogAddExp}) {
      for (const DType dtype : {DType::Float32, DType::BFloat16}) {
        check_floats(kind, dtype, {{}, {5, 33}}, {5, 33}, 2);
        check_floats(kind, dtype, {{5, 33}, {}}, {5, 33}, 3);
        check_floats(kind, dtype, {{4, 5, 33}, {33}, {5, 1}}, {4, 5, 33}, 4);
        check_floats(kind, dtype, {{4, 1, 33}, {5, 1}}, {4, 5, 33}, 5);
        check_floats(kind, dtype, {{1, 3}, {2, 1}}, {2, 3}, 6);
        check_floats(kind, dtype, {{0, 3}, {1, 3}}, {0, 3}, 7);
      }
    }
  }

  TEST_CASE("large arrays are split over the threads") {
    check_floats(Kind::Tanh, DType::Float32, {{70001}}, {70001}, 8);
    check_floats(Kind::Add, DType::Float32, {{300, 333}, {333}}, {300, 333}, 9);
  }

  TEST_CASE("select takes elements of every width") {
    for (const DType dtype : {DType::Bool, DType::Int16, DType::BFloat16, DType::Float32}) {
      const std::vector<Array> in = {random_array(DType::Bool, {9, 1}, 1), random_array(dtype, {9, 20}, 2), random_array(dtype, {20}, 3)};
      const std::vector<reference::Tensor> tensors = {tensor(in[0]), tensor(in[1]), tensor(in[2])};
      check_step(step(Kind::Select), in, {dtype, {9, 20}}, reference::elementwise(Kind::Select, tensors, {9, 20}));
    }
    const std::vector<Array> keys = {random_array(DType::Bool, {}, 1), random_array(DType::Key, {5}, 2), random_array(DType::Key, {5}, 3)};
    for_every_machine(step(Kind::Select), keys, {{DType::Key, {5}}},
                      [&](const std::vector<Array>& out) { CHECK(out[0].same_bits(keys[reference::element(keys[0], 0) != 0 ? 1 : 2])); });
  }

  // Values of jax.lax 0.10.2.
  struct IntRow {
    Kind kind;
    DType dtype;
    std::vector<std::int32_t> a, b, out;
  };
  TEST_CASE("integers wrap around, divide towards zero, and shift past their width as XLA does") {
    constexpr std::int32_t kLeast = std::numeric_limits<std::int32_t>::min();
    for (const IntRow& row : {
             IntRow{Kind::Add, DType::Int32, {kLeast, 2147483647}, {-1, 1}, {2147483647, kLeast}},
             IntRow{Kind::Multiply, DType::Int32, {65536, -3}, {65536, 7}, {0, -21}},
             IntRow{Kind::Divide, DType::Int32, {7, -7, 5, kLeast}, {2, 2, 0, -1}, {3, -3, -1, kLeast}},
             IntRow{Kind::Remainder, DType::Int32, {7, -7, 5, kLeast}, {2, 2, 0, -1}, {1, -1, 5, 0}},
             IntRow{Kind::Divide, DType::UInt8, {7, 5}, {2, 0}, {3, 255}},
             IntRow{Kind::Remainder, DType::UInt8, {7, 5}, {2, 0}, {1, 5}},
             IntRow{Kind::Subtract, DType::UInt8, {1}, {2}, {255}},
             IntRow{Kind::ShiftLeft, DType::Int8, {-5, 5, -128, 1}, {1, 8, 9, -1}, {-10, 0, 0, 0}},
             IntRow{Kind::ShiftRightLogical, DType::Int8, {-5, 5, -128, 1}, {1, 8, 9, -1}, {125, 0, 0, 0}},
             IntRow{Kind::ShiftRightArithmetic, DType::Int8, {-5, 5, -128, 1}, {1, 8, 9, -1}, {-3, 0, -1, 0}},
             IntRow{Kind::Maximum, DType::Int16, {-5, 5}, {3, 4}, {3, 5}},
             IntRow{Kind::And, DType::Int32, {12}, {10}, {8}},
             IntRow{Kind::Xor, DType::Bool, {1, 1, 0}, {1, 0, 0}, {0, 1, 0}},
             IntRow{Kind::Or, DType::Bool, {1, 1, 0}, {1, 0, 0}, {1, 1, 0}},
             IntRow{Kind::Not, DType::Bool, {1, 0}, {}, {0, 1}},
             IntRow{Kind::Not, DType::Int8, {5}, {}, {-6}},
             IntRow{Kind::Popcount, DType::Int8, {-1, 5, 0}, {}, {8, 2, 0}},
             IntRow{Kind::Abs, DType::Int8, {-128, -3}, {}, {-128, 3}},
             IntRow{Kind::Negate, DType::UInt8, {1}, {}, {255}},
             IntRow{Kind::Sign, DType::Int32, {-7, 0, 9}, {}, {-1, 0, 1}},
             IntRow{Kind::Power, DType::Int32, {3, 2, 0, 5}, {4, 31, 0, 0}, {81, kLeast, 1, 1}},
         }) {
      CAPTURE(name(row.kind));
      const Shape shape = {static_cast<std::int64_t>(row.a.size())};
      std::vector<Array> in = {converted(ints(shape, row.a), row.dtype)};
      if (!row.b.empty()) in.push_back(converted(ints(shape, row.b), row.dtype));
      check_step(step(row.kind), in, {row.dtype, shape}, tensor(converted(ints(shape, row.out), row.dtype)));
    }
  }

  TEST_CASE("NaN wins in maximum and minimum, and passes through activations") {
    const Array a = floats({4}, {kNan, 1, kNan, 2}), b = floats({4}, {1, kNan, kNan, 3});
    check_step(step(Kind::Maximum), {a, b}, {DType::Float32, {4}}, tensor(floats({4}, {kNan, kNan, kNan, 3})));
    check_step(step(Kind::Minimum), {a, b}, {DType::Float32, {4}}, tensor(floats({4}, {kNan, kNan, kNan, 2})));
    const Array x = floats({1}, {kNan});
    for (const Kind kind : {Kind::Relu, Kind::GeluTanh, Kind::GeluErf, Kind::Silu, Kind::Softplus, Kind::Exp, Kind::Log, Kind::Log1p, Kind::Tanh,
                            Kind::Erf, Kind::Erfc, Kind::ErfInv, Kind::Expm1, Kind::Exp2, Kind::Logistic, Kind::Sign}) {
      CAPTURE(name(kind));
      check_step(step(kind), {x}, {DType::Float32, {1}}, tensor(x));
    }
  }

  TEST_CASE("the ends of the number line come out as in IEEE arithmetic") {
    struct Row {
      Kind kind;
      std::vector<float> x, out;
    };
    for (const Row& row :
         {Row{Kind::Exp, {kInf, -kInf, 100, -100, 0}, {kInf, 0, kInf, 0, 1}}, Row{Kind::Log, {0, -1, kInf, 1}, {-kInf, kNan, kInf, 0}},
          Row{Kind::Log1p, {-1, -2, kInf, 0}, {-kInf, kNan, kInf, 0}}, Row{Kind::Tanh, {kInf, -kInf, 30}, {1, -1, 1}},
          Row{Kind::Erf, {kInf, -kInf, 9}, {1, -1, 1}}, Row{Kind::ErfInv, {1, -1, 0}, {kInf, -kInf, 0}},
          Row{Kind::Expm1, {kInf, -kInf, 0}, {kInf, -1, 0}}, Row{Kind::Logistic, {kInf, -kInf, 0}, {1, 0, 0.5f}},
          Row{Kind::Softplus, {kInf, -kInf}, {kInf, 0}}, Row{Kind::Rsqrt, {0, kInf, 4}, {kInf, 0, 0.5f}},
          Row{Kind::Exp2, {kInf, -kInf, 10, 0.5f}, {kInf, 0, 1024, 1.41421356f}},
          Row{Kind::RoundEven, {0.5f, 1.5f, 2.5f, -0.5f, 1e20f}, {0, 2, 2, -0.0f, 1e20f}},
          Row{Kind::Floor, {-0.5f, 1.5f, -3, 1e20f}, {-1, 1, -3, 1e20f}}, Row{Kind::Erfc, {kInf, -kInf, 5, -5}, {0, 2, 1.5374597e-12f, 2}}}) {
      CAPTURE(name(row.kind));
      const Shape shape = {static_cast<std::int64_t>(row.x.size())};
      check_step(step(row.kind), {floats(shape, row.x)}, {DType::Float32, shape}, tensor(floats(shape, row.out)));
    }
  }

  TEST_CASE("the neighbours of 16-bit floats are their own") {
    const Array a = converted(floats({2}, {1, 0}), DType::BFloat16), b = converted(floats({2}, {2, -1}), DType::BFloat16);
    for_every_machine(step(Kind::NextAfter), {a, b}, {{DType::BFloat16, {2}}}, [&](const std::vector<Array>& out) {
      CHECK(out[0].as<std::uint16_t>()[0] == 0x3F81);
      CHECK(out[0].as<std::uint16_t>()[1] == 0x8001);
    });
  }

}  // TEST_SUITE

}  // namespace
}  // namespace linenc::test
