#pragma once

// What the files of the convolution share: sizes by name, and which element lies under which tap.

#include <algorithm>
#include <cstring>

#include "runtime/kernels/kernels.h"
#include "runtime/kernels/loops.h"
#include "runtime/kernels/vector/vector_table.h"

namespace linenc::runtime {

struct ConvolutionWindow {
  const ConvolutionAttributes<std::int64_t>& attributes;
  int spatial;                   // number of spatial axes
  std::int64_t batch, channels;  // of x
  std::int64_t features, group_channels, group_features, taps;
  Strides x_size{}, x_stride{}, out_size{}, window{};  // by spatial axis
  std::int64_t x_image, places;                        // elements of an image of x; places of an image of out

  [[nodiscard]] std::int64_t patch() const { return taps * group_channels; }
  [[nodiscard]] bool is_depthwise() const { return group_channels == 1 && group_features == 1 && attributes.groups > 1; }
  // Rows of x are the patches themselves.
  [[nodiscard]] bool is_pointwise() const {
    if (taps != 1 || attributes.groups != 1) return false;
    for (int i = 0; i < spatial; ++i) {
      if (attributes.strides[i] != 1 || attributes.input_dilation[i] != 1 || attributes.low[i] != 0 || attributes.high[i] != 0) return false;
    }
    return true;
  }
};

[[nodiscard]] inline ConvolutionWindow convolution_window(const Attributes& any, const Shape& x, const Shape& kernel, const Shape& out) {
  const auto& attributes = std::get<ConvolutionAttributes<std::int64_t>>(any);
  ConvolutionWindow w{attributes,
                      static_cast<int>(x.size()) - 2,
                      x.front(),
                      x.back(),
                      kernel.back(),
                      kernel[kernel.size() - 2],
                      kernel.back() / std::max<std::int64_t>(1, attributes.groups),
                      1,
                      {},
                      {},
                      {},
                      {},
                      1,
                      1};
  std::int64_t stride = w.channels;
  for (int i = w.spatial - 1; i >= 0; --i) {
    w.x_size[i] = x[i + 1];
    w.x_stride[i] = stride;
    w.out_size[i] = out[i + 1];
    w.window[i] = kernel[i];
    stride *= x[i + 1];
    w.places *= out[i + 1];
    w.taps *= kernel[i];
  }
  w.x_image = stride;
  return w;
}

// The place of x under tap `k` of output `o` along one axis, or -1 where there is padding or a gap between spread elements.
[[nodiscard]] inline std::int64_t source(const ConvolutionWindow& w, int axis, std::int64_t o, std::int64_t k) {
  const ConvolutionAttributes<std::int64_t>& a = w.attributes;
  const std::int64_t spread = o * a.strides[axis] - a.low[axis] + k * a.kernel_dilation[axis];
  const std::int64_t gap = a.input_dilation[axis];
  if (spread < 0) return -1;
  if (gap == 1) return spread < w.x_size[axis] ? spread : -1;
  return spread % gap == 0 && spread / gap < w.x_size[axis] ? spread / gap : -1;
}

// Row-major counting through indices.
template <class Sizes>
bool next_index(Strides& index, const Sizes& sizes, int rank) {
  for (int axis = rank - 1; axis >= 0; --axis) {
    if (++index[axis] < sizes[axis]) return true;
    index[axis] = 0;
  }
  return false;
}

[[nodiscard]] inline Strides index_of(std::int64_t position, const Strides& sizes, int rank) {
  Strides index{};
  for (int axis = rank - 1; axis >= 0; --axis) {
    index[axis] = position % sizes[axis];
    position /= sizes[axis];
  }
  return index;
}

inline void copy_floats(float* to, const float* from, std::int64_t count) {
  if (count >= 32) {
    std::memcpy(to, from, static_cast<std::size_t>(count) * sizeof(float));
  } else {
    for (std::int64_t i = 0; i < count; ++i) to[i] = from[i];
  }
}
inline void zero_floats(float* to, std::int64_t count) {
  if (count >= 32) {
    std::memset(to, 0, static_cast<std::size_t>(count) * sizeof(float));
  } else {
    for (std::int64_t i = 0; i < count; ++i) to[i] = 0;
  }
}

struct ConvolutionOperands {
  const float* x;
  const float* kernel;
  const float* bias;  // or null
  float* out;
};

// The product for one group; a has still to be filled in, c begins at the group's first feature.
[[nodiscard]] inline GemmOperands group_product(const ConvolutionWindow& w, const ConvolutionOperands& o, std::int64_t group) {
  GemmOperands g;
  g.depth = w.patch();
  g.columns = w.group_features;
  g.b = o.kernel + group * w.group_features;
  g.b_row = w.features;
  g.c = o.out + group * w.group_features;
  g.c_row = w.features;
  g.bias = o.bias == nullptr ? nullptr : o.bias + group * w.group_features;
  g.activation = w.attributes.activation;
  return g;
}

// One or two spatial axes (convolution_bands.cpp).
void convolve_bands(const KernelCall& call, const ConvolutionWindow& w, const ConvolutionOperands& o);
[[nodiscard]] std::size_t bands_scratch(const ConvolutionWindow& w, int threads);

}  // namespace linenc::runtime
