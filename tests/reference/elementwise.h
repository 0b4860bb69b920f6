#pragma once

// out[i] = f(a[i], b[i], c[i]) in double, straight from the definitions.

#include <algorithm>

#include "runtime/plan/op.h"
#include "tests/reference/tensor.h"

namespace linenc::reference {

inline double nan_max(double a, double b) { return std::isnan(a) || std::isnan(b) ? std::nan("") : std::max(a, b); }
inline double nan_min(double a, double b) { return std::isnan(a) || std::isnan(b) ? std::nan("") : std::min(a, b); }

inline double erf_inv(double y) {
  if (std::abs(y) == 1) return y * std::numeric_limits<double>::infinity();
  double x = 0;  // Newton's method on erf(x) - y, from a rough guess
  const double w = std::log((1 - y) * (1 + y)), t = 2 / (3.14159265358979 * 0.147) + w / 2;
  x = std::copysign(std::sqrt(std::sqrt(t * t - w / 0.147) - t), y);
  for (int i = 0; i < 50; ++i) x -= (std::erf(x) - y) / (2 / std::sqrt(3.14159265358979323846) * std::exp(-x * x));
  return x;
}

inline double digamma(double x) {  // the derivative of lgamma, by recurrence and series
  double sum = 0;
  for (; x < 20; x += 1) sum -= 1 / x;
  const double y = 1 / (x * x);
  return sum + std::log(x) - 0.5 / x - y / 12 + y * y / 120 - y * y * y / 252;
}

inline double apply(ElementwiseKind kind, double a, double b, double c) {
  using enum ElementwiseKind;
  switch (kind) {
    case Copy: return a;
    case Negate: return -a;
    case Abs: return std::abs(a);
    case Sign: return a > 0 ? 1 : a < 0 ? -1 : a;
    case Floor: return std::floor(a);
    case Ceil: return std::ceil(a);
    case RoundEven: return std::nearbyint(a);
    case Exp: return std::exp(a);
    case Exp2: return std::exp2(a);
    case Expm1: return std::expm1(a);
    case Log: return std::log(a);
    case Log1p: return std::log1p(a);
    case Log2: return std::log2(a);
    case Log10: return std::log10(a);
    case Sqrt: return std::sqrt(a);
    case Rsqrt: return 1 / std::sqrt(a);
    case Cbrt: return std::cbrt(a);
    case Sin: return std::sin(a);
    case Cos: return std::cos(a);
    case Tan: return std::tan(a);
    case Asin: return std::asin(a);
    case Acos: return std::acos(a);
    case Atan: return std::atan(a);
    case Sinh: return std::sinh(a);
    case Cosh: return std::cosh(a);
    case Tanh: return std::tanh(a);
    case Asinh: return std::asinh(a);
    case Acosh: return std::acosh(a);
    case Atanh: return std::atanh(a);
    case Logistic: return 1 / (1 + std::exp(-a));
    case Erf: return std::erf(a);
    case Erfc: return std::erfc(a);
    case ErfInv: return erf_inv(a);
    case Lgamma: return std::lgamma(a);
    case Digamma: return digamma(a);
    case IsFinite: return std::isfinite(a);
    case IsNan: return std::isnan(a);
    case IsInf: return std::isinf(a);
    case Relu: return nan_max(a, 0);
    case GeluTanh: return a * 0.5 * (1 + std::tanh(std::sqrt(2 / 3.14159265358979323846) * (a + 0.044715 * a * a * a)));
    case GeluErf: return 0.5 * a * std::erfc(-a * std::sqrt(0.5));
    case Silu: return a / (1 + std::exp(-a));
    case Softplus: return nan_max(a, 0) + std::log1p(std::exp(-std::abs(a)));
    case Add: return a + b;
    case Subtract: return a - b;
    case Multiply: return a * b;
    case Divide: return a / b;
    case Remainder: return std::fmod(a, b);
    case Power: return std::pow(a, b);
    case Maximum: return nan_max(a, b);
    case Minimum: return nan_min(a, b);
    case Atan2: return std::atan2(a, b);
    case LogAddExp: return std::max(a, b) + std::log1p(std::exp(-std::abs(a - b)));
    case Equal: return a == b;
    case NotEqual: return a != b;
    case Less: return a < b;
    case LessEqual: return a <= b;
    case Greater: return a > b;
    case GreaterEqual: return a >= b;
    case Select: return a != 0 ? b : c;
    case Clamp: return nan_min(nan_max(b, a), c);
    case MulAdd: return a * b + c;
    case Not:
    case Popcount:
    case NextAfter:
    case And:
    case Or:
    case Xor:
    case ShiftLeft:
    case ShiftRightLogical:
    case ShiftRightArithmetic: break;
  }
  return std::nan("");  // functions of bits, which tests give values for
}

inline Tensor elementwise(ElementwiseKind kind, const std::vector<Tensor>& in, const Shape& shape) {
  Tensor out(shape);
  for_each(shape, [&](const Index& i) {
    const auto at = [&](std::size_t o) { return o < in.size() ? in[o].broadcast_at(i) : 0.0; };
    out[i] = apply(kind, at(0), at(1), at(2));
  });
  return out;
}

}  // namespace linenc::reference
