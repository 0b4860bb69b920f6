// ArgReduce  out[...] = the first index along the axis whose element is the largest (smallest); NaN counts as such
// Cumulative out[..., i, ...] = reduction of x[..., 0 to i, ...] (of i to the end with `reverse`)
//
// Tested by tests/runtime/kernels/scan_test.cpp.
#include <algorithm>
#include <cmath>
#include <limits>

#include "runtime/kernels/dtypes.h"
#include "runtime/kernels/kernels.h"
#include "runtime/kernels/loops.h"
#include "runtime/kernels/parallel.h"

namespace linenc::runtime {
namespace {

// x as [outer, size, inner], `size` being the axis.
struct Sizes {
  std::int64_t outer = 1, size = 1, inner = 1;
};
Sizes sizes_of(const Shape& x, std::int64_t axis) {
  Sizes s;
  for (std::int64_t i = 0; i < static_cast<std::int64_t>(x.size()); ++i) (i < axis ? s.outer : i == axis ? s.size : s.inner) *= x[i];
  return s;
}

template <class Element>
void arg_reduce(const KernelCall& call, const Sizes& s, bool maximum) {
  using Wide = typename Element::Wide;
  const auto* x = call.inputs[0].as<typename Element::Stored>();
  std::int32_t* out = call.outputs[0].as<std::int32_t>();
  parallel(call.threads, s.outer * s.inner, rows_grain(s.size), [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t item = begin; item < end; ++item) {
      const auto* from = x + item / s.inner * s.size * s.inner + item % s.inner;
      std::int64_t best = 0;
      Wide best_value = s.size > 0 ? Element::wide(*from) : Wide{};
      for (std::int64_t i = 1; i < s.size && best_value == best_value; ++i) {
        const Wide value = Element::wide(from[i * s.inner]);
        if (value != value || (maximum ? value > best_value : value < best_value)) {
          best = i;
          best_value = value;
        }
      }
      out[item] = static_cast<std::int32_t>(best);
    }
  });
}

// Sum is what running sums are kept in: double, so that long ones stay exact.
template <class T>
struct Running {
  using Sum = std::conditional_t<std::is_same_v<T, float>, double, T>;
};

template <class T>
struct State {
  CumulativeKind kind;
  typename Running<T>::Sum sum{};  // Sum, LogSumExp (of exp(x - peak))
  T value{};                       // Product, Max, Min; the peak of LogSumExp
  bool begun = false;

  T next(T x) {
    switch (kind) {
      case CumulativeKind::Sum:
        sum = wrapping_add<typename Running<T>::Sum>(sum, static_cast<typename Running<T>::Sum>(x));
        return static_cast<T>(sum);
      case CumulativeKind::Product: value = begun ? wrapping_multiply(value, x) : x; break;
      case CumulativeKind::Max: value = begun ? larger_of(value, x) : x; break;
      case CumulativeKind::Min: value = begun ? smaller_of(value, x) : x; break;
      case CumulativeKind::LogSumExp: return log_sum_exp(x);
    }
    begun = true;
    return value;
  }

 private:
  T log_sum_exp(T x) {
    if constexpr (std::is_same_v<T, float>) {
      const float peak = begun ? larger_of(value, x) : x;
      // Infinite peaks are not subtracted: inf - inf is NaN.
      const double center = std::isfinite(peak) ? static_cast<double>(peak) : 0.0;
      const double old_center = std::isfinite(value) ? static_cast<double>(value) : 0.0;
      sum = (begun ? sum * std::exp(old_center - center) : 0.0) + std::exp(static_cast<double>(x) - center);
      value = peak;
      begun = true;
      if (std::isinf(peak)) return peak;
      return static_cast<float>(std::log(sum) + center);
    }
    return x;
  }
};

template <class T>
void cumulative(const KernelCall& call, const Sizes& s, const CumulativeAttributes& attributes) {
  const T* x = call.inputs[0].as<T>();
  T* out = call.outputs[0].as<T>();
  parallel(call.threads, s.outer * s.inner, rows_grain(s.size), [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t item = begin; item < end; ++item) {
      const std::int64_t start = item / s.inner * s.size * s.inner + item % s.inner;
      State<T> state{attributes.kind};
      for (std::int64_t i = 0; i < s.size; ++i) {
        const std::int64_t at = start + (attributes.reverse ? s.size - 1 - i : i) * s.inner;
        out[at] = state.next(x[at]);
      }
    }
  });
}

}  // namespace

void run_arg_reduce(const KernelCall& call) {
  const auto& attributes = std::get<ArgReduceAttributes>(call.attributes);
  const Sizes s = sizes_of(call.inputs[0].shape, attributes.axis);
  with_element(call.inputs[0].dtype, [&]<class Element>() { arg_reduce<Element>(call, s, attributes.maximum); });
}

void run_cumulative(const KernelCall& call) {
  const auto& attributes = std::get<CumulativeAttributes>(call.attributes);
  const Sizes s = sizes_of(call.inputs[0].shape, attributes.axis);
  with_element(call.inputs[0].dtype, [&]<class Element>() {
    if constexpr (std::is_same_v<typename Element::Wide, typename Element::Stored>) cumulative<typename Element::Stored>(call, s, attributes);
  });
}

}  // namespace linenc::runtime
