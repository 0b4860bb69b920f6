// Elementwise functions one element at a time: integers, bool, copies, and the rarer functions of float32.
//
// Integers wrap around; division by zero gives -1 and its remainder the dividend; a shift past the width leaves zeros (or
// the sign), as in XLA.
#include <bit>
#include <cmath>
#include <limits>
#include <type_traits>

#include "runtime/kernels/dtypes.h"
#include "runtime/kernels/elementwise_loops.h"

// Each table names the functions that its type has; the others are refused by verify().
#pragma GCC diagnostic ignored "-Wswitch-enum"

namespace linenc::runtime {
namespace {

using Kind = ElementwiseKind;

template <class A, class R, auto F>
void loop1(std::byte* out_bytes, const std::byte* const* in, unsigned scalars, std::int64_t count) {
  R* out = reinterpret_cast<R*>(out_bytes);
  const A* a = reinterpret_cast<const A*>(in[0]);
  if ((scalars & 1u) != 0) {
    const R value = F(*a);
    for (std::int64_t i = 0; i < count; ++i) out[i] = value;
  } else {
    for (std::int64_t i = 0; i < count; ++i) out[i] = F(a[i]);
  }
}
template <class A, class R, auto F>
void loop2(std::byte* out_bytes, const std::byte* const* in, unsigned scalars, std::int64_t count) {
  R* out = reinterpret_cast<R*>(out_bytes);
  const A* a = reinterpret_cast<const A*>(in[0]);
  const A* b = reinterpret_cast<const A*>(in[1]);
  const A a0 = *a, b0 = *b;
  switch (scalars & 3u) {
    case 0:
      for (std::int64_t i = 0; i < count; ++i) out[i] = F(a[i], b[i]);
      break;
    case 1:
      for (std::int64_t i = 0; i < count; ++i) out[i] = F(a0, b[i]);
      break;
    case 2:
      for (std::int64_t i = 0; i < count; ++i) out[i] = F(a[i], b0);
      break;
    default:
      for (std::int64_t i = 0; i < count; ++i) out[i] = F(a0, b0);
      break;
  }
}
template <class T, auto F>
void loop3(std::byte* out_bytes, const std::byte* const* in, unsigned scalars, std::int64_t count) {
  T* out = reinterpret_cast<T*>(out_bytes);
  const T* a = reinterpret_cast<const T*>(in[0]);
  const T* b = reinterpret_cast<const T*>(in[1]);
  const T* c = reinterpret_cast<const T*>(in[2]);
  const std::int64_t sa = (scalars & 1u) == 0, sb = (scalars & 2u) == 0, sc = (scalars & 4u) == 0;
  for (std::int64_t i = 0; i < count; ++i) out[i] = F(a[i * sa], b[i * sb], c[i * sc]);
}
// T is an unsigned integer as wide as the elements: their bits are all that matters.
template <class T>
void select_loop(std::byte* out_bytes, const std::byte* const* in, unsigned scalars, std::int64_t count) {
  T* out = reinterpret_cast<T*>(out_bytes);
  const auto* condition = reinterpret_cast<const std::uint8_t*>(in[0]);
  const T* yes = reinterpret_cast<const T*>(in[1]);
  const T* no = reinterpret_cast<const T*>(in[2]);
  if (scalars == 0) {
    for (std::int64_t i = 0; i < count; ++i) out[i] = condition[i] != 0 ? yes[i] : no[i];
    return;
  }
  const std::int64_t sc = (scalars & 1u) == 0, sy = (scalars & 2u) == 0, sn = (scalars & 4u) == 0;
  for (std::int64_t i = 0; i < count; ++i) out[i] = condition[i * sc] != 0 ? yes[i * sy] : no[i * sn];
}
template <class T>
T identity(T v) {
  return v;
}

InnerLoop copy_loop(std::size_t element_size) {
  switch (element_size) {
    case 1: return loop1<std::uint8_t, std::uint8_t, identity<std::uint8_t>>;
    case 2: return loop1<std::uint16_t, std::uint16_t, identity<std::uint16_t>>;
    case 4: return loop1<std::uint32_t, std::uint32_t, identity<std::uint32_t>>;
    default: return loop1<std::uint64_t, std::uint64_t, identity<std::uint64_t>>;
  }
}
InnerLoop select_loop_of(std::size_t element_size) {
  switch (element_size) {
    case 1: return select_loop<std::uint8_t>;
    case 2: return select_loop<std::uint16_t>;
    case 4: return select_loop<std::uint32_t>;
    default: return select_loop<std::uint64_t>;
  }
}

template <class T>
T divide(T a, T b) {
  if (b == 0) return static_cast<T>(-1);
  if constexpr (std::is_signed_v<T>) {
    if (b == -1) return static_cast<T>(-static_cast<std::int64_t>(a));  // the smallest stays itself
  }
  return static_cast<T>(a / b);
}
template <class T>
T remainder(T a, T b) {
  if (b == 0) return a;
  if constexpr (std::is_signed_v<T>) {
    if (b == -1) return 0;
  }
  return static_cast<T>(a % b);
}
// By squaring; a negative exponent gives what 1 / x^-n truncates to.
template <class T>
T power(T base, T exponent) {
  if constexpr (std::is_signed_v<T>) {
    if (exponent < 0) return static_cast<T>(base == 1 ? 1 : base == -1 ? (exponent % 2 == 0 ? 1 : -1) : 0);
  }
  T result = 1;
  for (T left = exponent; left > 0; left = static_cast<T>(left / 2)) {
    if (left % 2 != 0) result = wrapping_multiply(result, base);
    base = wrapping_multiply(base, base);
  }
  return result;
}
template <class T>
constexpr int kBits = static_cast<int>(sizeof(T) * 8);
template <class T>
bool shift_is_inside(T b) {
  return b >= 0 && static_cast<std::uint64_t>(b) < static_cast<std::uint64_t>(kBits<T>);
}
template <class T>
T shift_left(T a, T b) {
  using U = std::make_unsigned_t<T>;
  return shift_is_inside(b) ? static_cast<T>(static_cast<U>(static_cast<std::uint64_t>(static_cast<U>(a)) << b)) : T{0};
}
template <class T>
T shift_right_logical(T a, T b) {
  using U = std::make_unsigned_t<T>;
  return shift_is_inside(b) ? static_cast<T>(static_cast<U>(static_cast<U>(a) >> b)) : T{0};
}
template <class T>
T shift_right_arithmetic(T a, T b) {
  using S = std::make_signed_t<T>;
  const int by = shift_is_inside(b) ? static_cast<int>(b) : kBits<T> - 1;
  return static_cast<T>(static_cast<S>(static_cast<S>(a) >> by));
}

// Functions that only compare, for any type.
template <class T>
InnerLoop comparison_loop(Kind kind) {
  switch (kind) {
    case Kind::Equal: return loop2<T, bool, [](T a, T b) { return a == b; }>;
    case Kind::NotEqual: return loop2<T, bool, [](T a, T b) { return a != b; }>;
    case Kind::Less: return loop2<T, bool, [](T a, T b) { return a < b; }>;
    case Kind::LessEqual: return loop2<T, bool, [](T a, T b) { return a <= b; }>;
    case Kind::Greater: return loop2<T, bool, [](T a, T b) { return b < a; }>;
    case Kind::GreaterEqual: return loop2<T, bool, [](T a, T b) { return a >= b; }>;
    case Kind::Maximum: return loop2<T, T, [](T a, T b) { return larger_of(a, b); }>;
    case Kind::Minimum: return loop2<T, T, [](T a, T b) { return smaller_of(a, b); }>;
    case Kind::Clamp: return loop3<T, [](T low, T x, T high) { return smaller_of(larger_of(x, low), high); }>;
    default: return nullptr;
  }
}

InnerLoop bool_loop(Kind kind) {
  using T = std::uint8_t;
  switch (kind) {
    case Kind::Not: return loop1<T, T, [](T a) { return static_cast<T>(a == 0); }>;
    case Kind::And: return loop2<T, T, [](T a, T b) { return static_cast<T>(a & b); }>;
    case Kind::Or: return loop2<T, T, [](T a, T b) { return static_cast<T>(a | b); }>;
    case Kind::Xor: return loop2<T, T, [](T a, T b) { return static_cast<T>(a ^ b); }>;
    default: return comparison_loop<T>(kind);
  }
}

template <class T>
InnerLoop integer_loop(Kind kind) {
  switch (kind) {
    case Kind::Negate: return loop1<T, T, [](T a) { return static_cast<T>(-static_cast<std::int64_t>(a)); }>;
    case Kind::Abs: return loop1<T, T, [](T a) { return a < 0 ? static_cast<T>(-static_cast<std::int64_t>(a)) : a; }>;
    case Kind::Sign: return loop1<T, T, [](T a) { return static_cast<T>((a > 0) - (a < 0)); }>;
    case Kind::Relu: return loop1<T, T, [](T a) { return a < 0 ? T{0} : a; }>;
    case Kind::Not: return loop1<T, T, [](T a) { return static_cast<T>(~a); }>;
    case Kind::Popcount: return loop1<T, T, [](T a) { return static_cast<T>(std::popcount(std::make_unsigned_t<T>(a))); }>;
    case Kind::Floor:
    case Kind::Ceil:
    case Kind::RoundEven: return copy_loop(sizeof(T));
    case Kind::IsFinite: return loop1<T, bool, [](T) { return true; }>;
    case Kind::IsNan:
    case Kind::IsInf: return loop1<T, bool, [](T) { return false; }>;
    case Kind::Add: return loop2<T, T, [](T a, T b) { return wrapping_add(a, b); }>;
    case Kind::Subtract: return loop2<T, T, [](T a, T b) { return static_cast<T>(static_cast<std::int64_t>(a) - static_cast<std::int64_t>(b)); }>;
    case Kind::Multiply: return loop2<T, T, [](T a, T b) { return wrapping_multiply(a, b); }>;
    case Kind::Divide: return loop2<T, T, divide<T>>;
    case Kind::Remainder: return loop2<T, T, remainder<T>>;
    case Kind::Power: return loop2<T, T, power<T>>;
    case Kind::And: return loop2<T, T, [](T a, T b) { return static_cast<T>(a & b); }>;
    case Kind::Or: return loop2<T, T, [](T a, T b) { return static_cast<T>(a | b); }>;
    case Kind::Xor: return loop2<T, T, [](T a, T b) { return static_cast<T>(a ^ b); }>;
    case Kind::ShiftLeft: return loop2<T, T, shift_left<T>>;
    case Kind::ShiftRightLogical: return loop2<T, T, shift_right_logical<T>>;
    case Kind::ShiftRightArithmetic: return loop2<T, T, shift_right_arithmetic<T>>;
    case Kind::MulAdd: return loop3<T, [](T a, T b, T c) { return wrapping_add(wrapping_multiply(a, b), c); }>;
    default: return comparison_loop<T>(kind);
  }
}

// The derivative of lgamma: reflection below 1/2, recurrence up to 10, then the asymptotic series.
double digamma(double x) {
  constexpr double kPi = 3.14159265358979323846;
  if (x <= 0 && x == std::floor(x)) return std::numeric_limits<double>::quiet_NaN();
  if (x < 0.5) return digamma(1 - x) - kPi / std::tan(kPi * x);
  double sum = 0;
  for (; x < 10; x += 1) sum -= 1 / x;
  const double y = 1 / (x * x);
  return sum + std::log(x) - 0.5 / x - y * (1.0 / 12 - y * (1.0 / 120 - y * (1.0 / 252 - y * (1.0 / 240 - y * (1.0 / 132)))));
}
float log_gamma(float x) {
  int sign = 0;
  return static_cast<float>(lgamma_r(static_cast<double>(x), &sign));
}

template <auto F>
InnerLoop float1() {
  return loop1<float, float, F>;
}

InnerLoop float_loop(Kind kind) {
  using T = float;
  switch (kind) {
    case Kind::Cbrt: return float1<[](T x) { return std::cbrt(x); }>();
    case Kind::Sin: return float1<[](T x) { return std::sin(x); }>();
    case Kind::Cos: return float1<[](T x) { return std::cos(x); }>();
    case Kind::Tan: return float1<[](T x) { return std::tan(x); }>();
    case Kind::Asin: return float1<[](T x) { return std::asin(x); }>();
    case Kind::Acos: return float1<[](T x) { return std::acos(x); }>();
    case Kind::Atan: return float1<[](T x) { return std::atan(x); }>();
    case Kind::Sinh: return float1<[](T x) { return std::sinh(x); }>();
    case Kind::Cosh: return float1<[](T x) { return std::cosh(x); }>();
    case Kind::Asinh: return float1<[](T x) { return std::asinh(x); }>();
    case Kind::Acosh: return float1<[](T x) { return std::acosh(x); }>();
    case Kind::Atanh: return float1<[](T x) { return std::atanh(x); }>();
    case Kind::Lgamma: return float1<log_gamma>();
    case Kind::Digamma: return float1<[](T x) { return static_cast<T>(digamma(static_cast<double>(x))); }>();
    case Kind::IsFinite: return loop1<T, bool, [](T x) { return std::isfinite(x); }>;
    case Kind::IsNan: return loop1<T, bool, [](T x) { return std::isnan(x); }>;
    case Kind::IsInf: return loop1<T, bool, [](T x) { return std::isinf(x); }>;
    case Kind::Remainder: return loop2<T, T, [](T a, T b) { return std::fmod(a, b); }>;
    case Kind::Power: return loop2<T, T, [](T a, T b) { return std::pow(a, b); }>;
    case Kind::Atan2: return loop2<T, T, [](T a, T b) { return std::atan2(a, b); }>;
    case Kind::NextAfter: return loop2<T, T, [](T a, T b) { return std::nextafter(a, b); }>;
    case Kind::MulAdd: return loop3<T, [](T a, T b, T c) { return std::fma(a, b, c); }>;
    default: return nullptr;
  }
}

template <class Element>
std::uint16_t next_half(std::uint16_t a, std::uint16_t b) {
  const float from = Element::wide(a), to = Element::wide(b);
  if (from != from || to != to) return Element::stored(std::numeric_limits<float>::quiet_NaN());
  if (from == to) return b;
  if ((a & 0x7FFFu) == 0) return static_cast<std::uint16_t>((b & 0x8000u) | 1u);
  const bool away_from_zero = (to > from) == ((a & 0x8000u) == 0);
  return static_cast<std::uint16_t>(away_from_zero ? a + 1 : a - 1);
}

}  // namespace

InnerLoop half_next_after(DType dtype) {
  using T = std::uint16_t;
  return dtype == DType::BFloat16 ? loop2<T, T, next_half<BFloat16Element>> : loop2<T, T, next_half<Float16Element>>;
}

InnerLoop scalar_loop(Kind kind, DType dtype) {
  if (kind == Kind::Copy) return copy_loop(byte_size(dtype));
  if (kind == Kind::Select) return select_loop_of(byte_size(dtype));
  switch (dtype) {
    case DType::Bool: return bool_loop(kind);
    case DType::Int8: return integer_loop<std::int8_t>(kind);
    case DType::Int16: return integer_loop<std::int16_t>(kind);
    case DType::Int32: return integer_loop<std::int32_t>(kind);
    case DType::UInt8: return integer_loop<std::uint8_t>(kind);
    case DType::UInt16: return integer_loop<std::uint16_t>(kind);
    case DType::UInt32: return integer_loop<std::uint32_t>(kind);
    case DType::Float32: return float_loop(kind);
    case DType::BFloat16:
    case DType::Float16:
    case DType::Key:
    case DType::Int64:
    case DType::UInt64:
    case DType::Float64:
    case DType::Complex64: return nullptr;
  }
  return nullptr;
}

}  // namespace linenc::runtime
