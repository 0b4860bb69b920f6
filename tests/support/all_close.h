#pragma once

// Comparison of results with references, with the tolerance that the op declares in ops.def.

#include <cmath>
#include <sstream>
#include <string>

#include "runtime/plan/op.h"
#include "tests/reference/tensor.h"

namespace linenc::test {

// Relative distance of neighbouring numbers.
inline double spacing(DType dtype) {
  switch (dtype) {
    case DType::BFloat16: return 0x1p-7;
    case DType::Float16: return 0x1p-10;
    case DType::Float32: return 0x1p-23;
    default: return 0;
  }
}

inline double tolerance(Accuracy accuracy, DType dtype, double wanted, double scale) {
  if (!is_float(dtype)) return 0;
  const double rounding = dtype == DType::Float32 ? 0 : spacing(dtype) * std::abs(wanted) + (dtype == DType::Float16 ? 0x1p-24 : 0);
  switch (accuracy) {
    case Accuracy::Exact: return 0;
    case Accuracy::Elementwise: return rounding + 1e-6 * std::abs(wanted) + 1e-6;
    case Accuracy::Reduction:
    case Accuracy::Dot: return rounding + 1e-6 * scale + 1e-30;
    case Accuracy::Softmax: return rounding + 2e-6 * std::abs(wanted) + 1e-30;
    case Accuracy::Normalization: return rounding + 1e-5 * std::abs(wanted) + 1e-5;
  }
  return 0;
}

// Empty where every element is close enough; else the worst one.
inline std::string difference(const Array& found, const reference::Tensor& wanted, Accuracy accuracy) {
  if (found.shape() != wanted.shape) return to_string(found.shape()) + " is not " + to_string(wanted.shape);
  double worst = 0;
  std::int64_t worst_at = -1;
  for (std::int64_t i = 0; i < found.size(); ++i) {
    const double a = reference::element(found, i), b = wanted.values[static_cast<std::size_t>(i)];
    if ((std::isnan(a) && std::isnan(b)) || a == b) continue;
    const double scale = wanted.scale.empty() ? std::abs(b) : wanted.scale[static_cast<std::size_t>(i)];
    const double excess = std::abs(a - b) - tolerance(accuracy, found.dtype(), b, scale);
    if (excess <= 0) continue;
    if (worst_at < 0 || !(excess <= worst)) {
      worst = excess;
      worst_at = i;
    }
  }
  if (worst_at < 0) return {};
  std::ostringstream text;
  text.precision(10);
  text << "element " << worst_at << " of " << to_string(found) << " is " << reference::element(found, worst_at) << ", wanted "
       << wanted.values[static_cast<std::size_t>(worst_at)];
  return text.str();
}

}  // namespace linenc::test
