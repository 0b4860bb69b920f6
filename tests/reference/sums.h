#pragma once

// Reductions, products, convolutions, windows, normalisation: the formulas as nested loops in double.

#include <algorithm>

#include "runtime/plan/op.h"
#include "tests/reference/elementwise.h"

namespace linenc::reference {

// A running reduction and the size of its terms.
struct Total {
  double value, scale = 0;
  void sum(double x) { value += x, scale += std::abs(x); }
};

inline Tensor reduce(ReduceKind kind, const Tensor& x, const std::vector<std::int64_t>& axes, const Shape& out_shape) {
  Tensor out(out_shape);
  const double infinity = std::numeric_limits<double>::infinity();
  const double start = kind == ReduceKind::Sum || kind == ReduceKind::Any ? 0
                       : kind == ReduceKind::Max                          ? -infinity
                       : kind == ReduceKind::Min                          ? infinity
                                                                          : 1;
  std::fill(out.values.begin(), out.values.end(), start);
  out.scale.assign(out.values.size(), 0);
  for_each(x.shape, [&](const Index& i) {
    Index kept;
    for (std::size_t axis = 0; axis < i.size(); ++axis) {
      const bool gone = std::find(axes.begin(), axes.end(), static_cast<std::int64_t>(axis)) != axes.end();
      if (!gone)
        kept.push_back(i[axis]);
      else if (out_shape.size() == x.shape.size())
        kept.push_back(0);
    }
    double& o = out[kept];
    const double value = x[i];
    out.scale[out.place(kept)] += std::abs(value);
    switch (kind) {
      case ReduceKind::Sum: o += value; break;
      case ReduceKind::Product:
        o *= value;
        out.scale[out.place(kept)] = 10 * std::abs(o);
        break;
      case ReduceKind::Max: o = nan_max(o, value); break;
      case ReduceKind::Min: o = nan_min(o, value); break;
      case ReduceKind::All: o = o != 0 && value != 0; break;
      case ReduceKind::Any: o = o != 0 || value != 0; break;
    }
  });
  return out;
}

inline double activate(Activation activation, double x) {
  switch (activation) {
    case Activation::None: return x;
    case Activation::Relu: return apply(ElementwiseKind::Relu, x, 0, 0);
    case Activation::GeluTanh: return apply(ElementwiseKind::GeluTanh, x, 0, 0);
    case Activation::GeluErf: return apply(ElementwiseKind::GeluErf, x, 0, 0);
    case Activation::Silu: return apply(ElementwiseKind::Silu, x, 0, 0);
    case Activation::Tanh: return std::tanh(x);
    case Activation::Logistic: return apply(ElementwiseKind::Logistic, x, 0, 0);
  }
  return x;
}

// Adds the bias and applies the activation; their errors count too.
inline void finish(Tensor& out, const Tensor* bias, Activation activation) {
  for_each(out.shape, [&](const Index& i) {
    double& o = out[i];
    double& scale = out.scale[out.place(i)];
    if (bias != nullptr) o += bias->broadcast_at(i), scale += std::abs(bias->broadcast_at(i));
    o = activate(activation, o);
    if (activation != Activation::None) scale += 1;
  });
}

inline Tensor dot(const DotAttributes& d, const Tensor& a, const Tensor& b, const Tensor* bias, const Shape& out_shape) {
  const auto free_axes = [](const Tensor& t, const std::vector<std::int64_t>& batch, const std::vector<std::int64_t>& contract) {
    std::vector<std::int64_t> axes;
    for (std::int64_t axis = 0; axis < static_cast<std::int64_t>(t.shape.size()); ++axis) {
      if (std::find(batch.begin(), batch.end(), axis) == batch.end() && std::find(contract.begin(), contract.end(), axis) == contract.end())
        axes.push_back(axis);
    }
    return axes;
  };
  const auto a_free = free_axes(a, d.a_batch, d.a_contract), b_free = free_axes(b, d.b_batch, d.b_contract);
  Shape contracted;
  for (const std::int64_t axis : d.a_contract) contracted.push_back(a.shape[axis]);
  Tensor out(out_shape);
  out.scale.assign(out.values.size(), 0);
  for_each(out_shape, [&](const Index& o) {
    Index ia(a.shape.size()), ib(b.shape.size());
    std::size_t at = 0;
    for (std::size_t i = 0; i < d.a_batch.size(); ++i, ++at) ia[d.a_batch[i]] = ib[d.b_batch[i]] = o[at];
    for (const std::int64_t axis : a_free) ia[axis] = o[at++];
    for (const std::int64_t axis : b_free) ib[axis] = o[at++];
    Total total{0};
    for_each(contracted, [&](const Index& k) {
      for (std::size_t i = 0; i < k.size(); ++i) ia[d.a_contract[i]] = ib[d.b_contract[i]] = k[i];
      total.sum(a[ia] * b[ib]);
    });
    out[o] = total.value;
    out.scale[out.place(o)] = total.scale;
  });
  finish(out, bias, d.activation);
  return out;
}

inline Tensor convolution(const ConvolutionAttributes<std::int64_t>& c, const Tensor& x, const Tensor& kernel, const Tensor* bias,
                          const Shape& out_shape) {
  const std::size_t spatial = x.shape.size() - 2;
  const std::int64_t group_channels = kernel.shape[spatial], group_features = kernel.shape.back() / c.groups;
  Tensor out(out_shape);
  out.scale.assign(out.values.size(), 0);
  Shape window(kernel.shape.begin(), kernel.shape.end() - 1);
  for_each(out_shape, [&](const Index& o) {
    Total total{0};
    for_each(window, [&](const Index& k) {
      Index ix(x.shape.size()), ik(k);
      ix[0] = o[0];
      bool inside = true;
      for (std::size_t i = 0; i < spatial; ++i) {
        const std::int64_t at = o[i + 1] * c.strides[i] - c.low[i] + k[i] * c.kernel_dilation[i];
        inside = inside && at >= 0 && at % c.input_dilation[i] == 0 && at / c.input_dilation[i] < x.shape[i + 1];
        ix[i + 1] = at / c.input_dilation[i];
      }
      if (!inside) return;
      ix.back() = o.back() / group_features * group_channels + k.back();
      ik.push_back(o.back());
      total.sum(x[ix] * kernel[ik]);
    });
    out[o] = total.value;
    out.scale[out.place(o)] = total.scale;
  });
  finish(out, bias, c.activation);
  return out;
}

inline Tensor window(const WindowAttributes<std::int64_t>& w, const Tensor& x, const Shape& out_shape) {
  const double infinity = std::numeric_limits<double>::infinity();
  Tensor out(out_shape);
  out.scale.assign(out.values.size(), 0);
  for_each(out_shape, [&](const Index& o) {
    double value = w.kind == WindowKind::Sum ? 0 : w.kind == WindowKind::Product ? 1 : w.kind == WindowKind::Max ? -infinity : infinity;
    double scale = 0;
    for_each(w.window, [&](const Index& k) {
      Index i(o.size());
      for (std::size_t axis = 0; axis < o.size(); ++axis) {
        i[axis] = o[axis] * w.strides[axis] - w.low[axis] + k[axis] * w.window_dilation[axis];
        if (i[axis] < 0 || i[axis] >= x.shape[axis]) return;
      }
      const double term = x[i];
      scale += std::abs(term);
      value = w.kind == WindowKind::Sum       ? value + term
              : w.kind == WindowKind::Product ? value * term
              : w.kind == WindowKind::Max     ? nan_max(value, term)
                                              : nan_min(value, term);
    });
    out[o] = value;
    out.scale[out.place(o)] = w.kind == WindowKind::Product ? 10 * std::abs(value) : scale;
  });
  return out;
}

inline Tensor softmax(const Tensor& x) {
  Tensor out(x.shape);
  const std::size_t width = static_cast<std::size_t>(x.shape.back());
  for (std::size_t row = 0; row + width <= x.values.size() && width > 0; row += width) {
    const double peak = *std::max_element(x.values.begin() + row, x.values.begin() + row + width);
    double sum = 0;
    for (std::size_t i = 0; i < width; ++i) sum += out.values[row + i] = std::exp(x.values[row + i] - peak);
    for (std::size_t i = 0; i < width; ++i) out.values[row + i] /= sum;
  }
  return out;
}

inline Tensor normalize(const NormalizeAttributes& n, const Tensor& x, const Tensor* scale, const Tensor* bias) {
  Tensor out(x.shape);
  const std::size_t width = static_cast<std::size_t>(x.shape.back());
  for (std::size_t row = 0; row + width <= x.values.size() && width > 0; row += width) {
    double mean = 0, variance = 0;
    for (std::size_t i = 0; i < width && n.use_mean; ++i) mean += x.values[row + i] / static_cast<double>(width);
    for (std::size_t i = 0; i < width; ++i) variance += (x.values[row + i] - mean) * (x.values[row + i] - mean) / static_cast<double>(width);
    for (std::size_t i = 0; i < width; ++i) {
      out.values[row + i] = (x.values[row + i] - mean) / std::sqrt(variance + n.epsilon) * (scale != nullptr ? scale->values[i] : 1) +
                            (bias != nullptr ? bias->values[i] : 0);
    }
  }
  return out;
}

inline Tensor cumulative(const CumulativeAttributes& c, const Tensor& x) {
  Tensor out(x.shape);
  out.scale.assign(out.values.size(), 0);
  for_each(x.shape, [&](const Index& o) {
    const std::int64_t size = x.shape[c.axis];
    double value = c.kind == CumulativeKind::Product ? 1 : 0, scale = 0;
    bool begun = false;
    for (std::int64_t i = 0; i < size; ++i) {
      if (c.reverse ? i < o[c.axis] : i > o[c.axis]) continue;
      Index at = o;
      at[c.axis] = i;
      const double term = x[at];
      scale += std::abs(term);
      switch (c.kind) {
        case CumulativeKind::Sum: value += term; break;
        case CumulativeKind::Product: value *= term; break;
        case CumulativeKind::Max: value = begun ? nan_max(value, term) : term; break;
        case CumulativeKind::Min: value = begun ? nan_min(value, term) : term; break;
        case CumulativeKind::LogSumExp: value += std::exp(term); break;
      }
      begun = true;
    }
    out[o] = c.kind == CumulativeKind::LogSumExp ? std::log(value) : value;
    out.scale[out.place(o)] = c.kind == CumulativeKind::Product     ? 10 * std::abs(value)
                              : c.kind == CumulativeKind::LogSumExp ? 2 + std::abs(out[o])
                                                                    : scale;
  });
  return out;
}

}  // namespace linenc::reference
