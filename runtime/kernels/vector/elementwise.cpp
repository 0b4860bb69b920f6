// Elementwise functions of float32 on whole runs.
#include "runtime/kernels/vector/loops.h"
#include "runtime/kernels/vector/math.h"

namespace linenc::runtime::LINENC_ISA {
namespace {

// One operand of a run: consecutive elements, or one for all of them.
struct Operand {
  const float* data;
  bool scalar;
};
LINENC_INLINE Operand operand(const std::byte* const* in, unsigned scalars, int i) {
  return {reinterpret_cast<const float*>(in[i]), ((scalars >> i) & 1u) != 0};
}
LINENC_INLINE Vec at(const Operand& o, Vec same, std::int64_t i) { return o.scalar ? same : load(o.data + i); }
LINENC_INLINE Vec part_at(const Operand& o, Vec same, std::int64_t i, std::int64_t n) { return o.scalar ? same : load_part(o.data + i, n); }
LINENC_INLINE Vec same_of(const Operand& o) { return o.scalar ? all(*o.data) : Vec{}; }

template <class Function>
void map1(std::byte* out_bytes, const std::byte* const* in, unsigned scalars, std::int64_t count) {
  float* out = reinterpret_cast<float*>(out_bytes);
  const Operand a = operand(in, scalars, 0);
  const Vec sa = same_of(a);
  std::int64_t i = 0;
  for (; i + kLanes <= count; i += kLanes) store(out + i, Function::of(at(a, sa, i)));
  if (i < count) store_part(out + i, Function::of(part_at(a, sa, i, count - i)), count - i);
}

template <class Function>
LINENC_INLINE void map2_run(float* out, Operand a, Operand b, std::int64_t count) {
  const Vec sa = same_of(a), sb = same_of(b);
  std::int64_t i = 0;
  for (; i + kLanes <= count; i += kLanes) store(out + i, Function::of(at(a, sa, i), at(b, sb, i)));
  if (i < count) store_part(out + i, Function::of(part_at(a, sa, i, count - i), part_at(b, sb, i, count - i)), count - i);
}
template <class Function>
void map2(std::byte* out_bytes, const std::byte* const* in, unsigned scalars, std::int64_t count) {
  float* out = reinterpret_cast<float*>(out_bytes);
  const auto* a = reinterpret_cast<const float*>(in[0]);
  const auto* b = reinterpret_cast<const float*>(in[1]);
  switch (scalars & 3u) {  // one loop for each combination, without a test inside
    case 0: map2_run<Function>(out, {a, false}, {b, false}, count); break;
    case 1: map2_run<Function>(out, {a, true}, {b, false}, count); break;
    case 2: map2_run<Function>(out, {a, false}, {b, true}, count); break;
    default: map2_run<Function>(out, {a, true}, {b, true}, count); break;
  }
}

template <class Function>
void map3(std::byte* out_bytes, const std::byte* const* in, unsigned scalars, std::int64_t count) {
  float* out = reinterpret_cast<float*>(out_bytes);
  const Operand a = operand(in, scalars, 0), b = operand(in, scalars, 1), c = operand(in, scalars, 2);
  const Vec sa = same_of(a), sb = same_of(b), sc = same_of(c);
  std::int64_t i = 0;
  for (; i + kLanes <= count; i += kLanes) store(out + i, Function::of(at(a, sa, i), at(b, sb, i), at(c, sc, i)));
  if (const std::int64_t n = count - i; n > 0) {
    store_part(out + i, Function::of(part_at(a, sa, i, n), part_at(b, sb, i, n), part_at(c, sc, i, n)), n);
  }
}

// Comparisons give bytes; written so that the compiler can make vectors of them.
template <class Function>
void test2(std::byte* out_bytes, const std::byte* const* in, unsigned scalars, std::int64_t count) {
  auto* __restrict out = reinterpret_cast<std::uint8_t*>(out_bytes);
  const auto* a = reinterpret_cast<const float*>(in[0]);
  const auto* b = reinterpret_cast<const float*>(in[1]);
  const float a0 = *a, b0 = *b;
  switch (scalars & 3u) {
    case 0:
      for (std::int64_t i = 0; i < count; ++i) out[i] = Function::of(a[i], b[i]);
      break;
    case 1:
      for (std::int64_t i = 0; i < count; ++i) out[i] = Function::of(a0, b[i]);
      break;
    case 2:
      for (std::int64_t i = 0; i < count; ++i) out[i] = Function::of(a[i], b0);
      break;
    default:
      for (std::int64_t i = 0; i < count; ++i) out[i] = Function::of(a0, b0);
      break;
  }
}

#define LINENC_FUNCTION1(name, expression)             \
  struct name {                                        \
    LINENC_INLINE Vec of(Vec x) { return expression; } \
  };
#define LINENC_FUNCTION2(name, expression)                    \
  struct name {                                               \
    LINENC_INLINE Vec of(Vec a, Vec b) { return expression; } \
  };
#define LINENC_TEST2(name, expression)                             \
  struct name {                                                    \
    LINENC_INLINE bool of(float a, float b) { return expression; } \
  };

LINENC_FUNCTION1(Negate, -x)
LINENC_FUNCTION1(Abs, abs(x))
LINENC_FUNCTION1(Sign, x > 0.0f ? all(1.0f) : (x < 0.0f ? all(-1.0f) : x))
LINENC_FUNCTION1(Floor, floor(x))
LINENC_FUNCTION1(Ceil, ceil(x))
LINENC_FUNCTION1(RoundEven, round_even(x))
LINENC_FUNCTION1(Exp, exp(x))
LINENC_FUNCTION1(Exp2, exp2(x))
LINENC_FUNCTION1(Expm1, expm1(x))
LINENC_FUNCTION1(Log, log(x))
LINENC_FUNCTION1(Log1p, log1p(x))
LINENC_FUNCTION1(Log2, log(x) / 0.693147182f)
LINENC_FUNCTION1(Log10, log(x) / 2.30258512f)
LINENC_FUNCTION1(Sqrt, sqrt(x))
LINENC_FUNCTION1(Rsqrt, 1.0f / sqrt(x))
LINENC_FUNCTION1(Tanh, tanh(x))
LINENC_FUNCTION1(Logistic, logistic(x))
LINENC_FUNCTION1(Erf, erf(x))
LINENC_FUNCTION1(Erfc, erfc(x))
LINENC_FUNCTION1(ErfInv, erf_inv(x))
LINENC_FUNCTION1(Relu, maximum(x, Vec{}))
LINENC_FUNCTION1(GeluTanh, gelu_tanh(x))
LINENC_FUNCTION1(GeluErf, gelu_erf(x))
LINENC_FUNCTION1(Silu, silu(x))
LINENC_FUNCTION1(Softplus, softplus(x))
LINENC_FUNCTION2(Add, a + b)
LINENC_FUNCTION2(Subtract, a - b)
LINENC_FUNCTION2(Multiply, a* b)
LINENC_FUNCTION2(Divide, a / b)
LINENC_FUNCTION2(Maximum, maximum(a, b))
LINENC_FUNCTION2(Minimum, minimum(a, b))
LINENC_FUNCTION2(LogAddExp, log_add_exp(a, b))
LINENC_TEST2(Equal, a == b)
LINENC_TEST2(NotEqual, a != b)
LINENC_TEST2(Less, a < b)
LINENC_TEST2(LessEqual, a <= b)
LINENC_TEST2(Greater, a > b)
LINENC_TEST2(GreaterEqual, a >= b)
struct MulAdd {
  LINENC_INLINE Vec of(Vec a, Vec b, Vec c) { return fma(a, b, c); }
};
struct Clamp {
  LINENC_INLINE Vec of(Vec low, Vec x, Vec high) { return minimum(maximum(x, low), high); }
};

}  // namespace

// clang-format off
InnerLoop elementwise(ElementwiseKind kind) {
  using Kind = ElementwiseKind;
#define LINENC_CASE1(name) case Kind::name: return map1<name>;
#define LINENC_CASE2(name) case Kind::name: return map2<name>;
#define LINENC_CASET(name) case Kind::name: return test2<name>;
  switch (kind) {
    LINENC_CASE1(Negate) LINENC_CASE1(Abs) LINENC_CASE1(Sign) LINENC_CASE1(Floor) LINENC_CASE1(Ceil) LINENC_CASE1(RoundEven)
    LINENC_CASE1(Exp) LINENC_CASE1(Exp2) LINENC_CASE1(Expm1) LINENC_CASE1(Log) LINENC_CASE1(Log1p) LINENC_CASE1(Log2)
    LINENC_CASE1(Log10) LINENC_CASE1(Sqrt) LINENC_CASE1(Rsqrt) LINENC_CASE1(Tanh) LINENC_CASE1(Logistic) LINENC_CASE1(Erf)
    LINENC_CASE1(Erfc) LINENC_CASE1(ErfInv) LINENC_CASE1(Relu) LINENC_CASE1(GeluTanh) LINENC_CASE1(GeluErf) LINENC_CASE1(Silu)
    LINENC_CASE1(Softplus) LINENC_CASE2(Add) LINENC_CASE2(Subtract) LINENC_CASE2(Multiply) LINENC_CASE2(Divide)
    LINENC_CASE2(Maximum) LINENC_CASE2(Minimum) LINENC_CASE2(LogAddExp) LINENC_CASET(Equal) LINENC_CASET(NotEqual)
    LINENC_CASET(Less) LINENC_CASET(LessEqual) LINENC_CASET(Greater) LINENC_CASET(GreaterEqual)
    case Kind::MulAdd: return kFusesMultiplyAdd ? map3<MulAdd> : nullptr;
    case Kind::Clamp: return map3<Clamp>;
    // Rare enough to be left to the scalar loops.
    case Kind::Copy: case Kind::Cbrt: case Kind::Sin: case Kind::Cos: case Kind::Tan: case Kind::Asin: case Kind::Acos:
    case Kind::Atan: case Kind::Sinh: case Kind::Cosh: case Kind::Asinh: case Kind::Acosh: case Kind::Atanh: case Kind::Lgamma:
    case Kind::Digamma: case Kind::Not: case Kind::IsFinite: case Kind::IsNan: case Kind::IsInf: case Kind::Popcount:
    case Kind::Remainder: case Kind::Power: case Kind::Atan2: case Kind::NextAfter: case Kind::And: case Kind::Or: case Kind::Xor:
    case Kind::ShiftLeft: case Kind::ShiftRightLogical: case Kind::ShiftRightArithmetic: case Kind::Select: return nullptr;
  }
  return nullptr;
}
// clang-format on

void activate(Activation activation, float* values, std::int64_t count) {
  const std::byte* in[] = {reinterpret_cast<const std::byte*>(values)};
  std::byte* out = reinterpret_cast<std::byte*>(values);
  switch (activation) {
    case Activation::None: return;
    case Activation::Relu: return map1<Relu>(out, in, 0, count);
    case Activation::GeluTanh: return map1<GeluTanh>(out, in, 0, count);
    case Activation::GeluErf: return map1<GeluErf>(out, in, 0, count);
    case Activation::Silu: return map1<Silu>(out, in, 0, count);
    case Activation::Tanh: return map1<Tanh>(out, in, 0, count);
    case Activation::Logistic: return map1<Logistic>(out, in, 0, count);
  }
}

}  // namespace linenc::runtime::LINENC_ISA
