// out[n, o..., f] = activation(sum over k..., c of x[n, o * stride - low + k * kernel_dilation, g(f) + c] kernel[k..., c, f] + bias[f])
//
//   x      [N, spatial..., C], its spatial axes spread by input_dilation
//   kernel [window..., C / groups, O]     bias [O] or absent
//   out    [N, spatial..., O]             group g(f) of feature f reads its own C / groups channels
//
// A product of matrices: rows are places of the output, columns are features, and the sum runs over the window and the
// channels ("patch"). A window of one place with stride 1 is that product as it stands. With one or two spatial axes, x is read
// where it is (convolution_bands.cpp); with more, patches of a block of places are gathered into scratch memory of the thread,
// block by block. A window over single channels (depthwise) is summed place by place.
//
// Tested by tests/runtime/kernels/convolution_test.cpp.
#include <algorithm>

#include "runtime/kernels/convolution.h"
#include "runtime/kernels/dtypes.h"
#include "runtime/kernels/gemm.h"
#include "runtime/kernels/parallel.h"
#include "runtime/kernels/scratch.h"

namespace linenc::runtime {
namespace {

using Window = ConvolutionWindow;
using Operands = ConvolutionOperands;

// One line of taps along the last axis: `row` is the line of x, or null in the padding.
void gather_line(const Window& w, const float* row, std::int64_t place, std::int64_t first_channel, float* to) {
  const int axis = w.spatial - 1;
  const std::int64_t taps = w.window[axis], channels = w.group_channels;
  if (row == nullptr) return zero_floats(to, taps * channels);
  const auto& a = w.attributes;
  if (a.kernel_dilation[axis] == 1 && a.input_dilation[axis] == 1 && channels == w.channels) {
    // The taps lie side by side: one run, cut at the edges.
    const std::int64_t start = place * a.strides[axis] - a.low[axis];
    const std::int64_t before = std::clamp<std::int64_t>(-start, 0, taps);
    const std::int64_t inside = std::clamp<std::int64_t>(w.x_size[axis] - start, before, taps);
    zero_floats(to, before * channels);
    copy_floats(to + before * channels, row + (start + before) * channels, (inside - before) * channels);
    zero_floats(to + inside * channels, (taps - inside) * channels);
    return;
  }
  for (std::int64_t k = 0; k < taps; ++k) {
    const std::int64_t from = source(w, axis, place, k);
    if (from < 0) {
      zero_floats(to + k * channels, channels);
    } else {
      copy_floats(to + k * channels, row + from * w.channels + first_channel, channels);
    }
  }
}

// The patch of one place of the output.
void gather_patch(const Window& w, const float* image, const Strides& place, std::int64_t first_channel, float* to) {
  const int last = w.spatial - 1;
  Strides tap{};
  const std::int64_t line = w.window[last] * w.group_channels;
  do {
    const float* row = image;
    for (int axis = 0; axis < last && row != nullptr; ++axis) {
      const std::int64_t from = source(w, axis, place[axis], tap[axis]);
      row = from < 0 ? nullptr : row + from * w.x_stride[axis];
    }
    gather_line(w, row, place[last], first_channel, to);
    to += line;
  } while (next_index(tap, w.window, last));
}

// Patches of places [begin, end), counted over all images.
void gather(const Window& w, const float* x, std::int64_t begin, std::int64_t end, std::int64_t first_channel, float* to, std::int64_t row_stride) {
  std::int64_t image = begin / w.places;
  Strides place = index_of(begin % w.places, w.out_size, w.spatial);
  for (std::int64_t i = begin; i < end; ++i, to += row_stride) {
    gather_patch(w, x + image * w.x_image, place, first_channel, to);
    if (!next_index(place, w.out_size, w.spatial)) ++image;
  }
}

// Rows of a block of patches: a multiple of every tile, small enough for the second cache.
constexpr std::int64_t kBlockFloats = 32768, kRowUnit = 84;
std::int64_t block_rows(std::int64_t patch, std::int64_t rows, int threads) {
  const std::int64_t fits = std::max<std::int64_t>(1, kBlockFloats / std::max<std::int64_t>(1, patch) / kRowUnit) * kRowUnit;
  const std::int64_t share = (rows + threads - 1) / threads;
  return std::max<std::int64_t>(1, std::min(fits, share));
}
// Rows whose stride is a multiple of a page would meet in one set of the first cache.
std::int64_t padded_row(std::int64_t patch) { return patch % 512 == 0 ? patch + kPanel : patch; }

void run_patches(const KernelCall& call, const Window& w, const Operands& o, Scratch scratch) {
  const std::int64_t rows = w.batch * w.places, patch = w.patch();
  const std::int64_t block = block_rows(patch, rows, call.threads.count()), row_stride = padded_row(patch);
  const std::int64_t room = static_cast<std::int64_t>(float_bytes(block * row_stride) / sizeof(float));
  float* blocks = scratch.take<float>(room * call.threads.count());
  for (std::int64_t group = 0; group < w.attributes.groups; ++group) {
    const GemmOperands g = group_product(w, o, group);
    parallel_slots(call.threads, (rows + block - 1) / block, [&](std::int64_t slot, std::int64_t item) {
      const std::int64_t begin = item * block, end = std::min(rows, begin + block);
      float* patches = blocks + slot * room;
      gather(w, o.x, begin, end, group * w.group_channels, patches, row_stride);
      GemmOperands part = g;
      part.a = patches;
      part.a_row = row_stride;
      part.c += begin * w.features;
      vectors().gemm(part, end - begin, 0, panels_of(w.group_features));
    });
  }
}

void run_pointwise(const KernelCall& call, const Window& w, const Operands& o) {
  GemmOperands g = group_product(w, o, 0);
  g.a = o.x;
  g.a_row = w.channels;
  gemm_parallel(call.threads, g, w.batch * w.places);
}

void run_depthwise(const KernelCall& call, const Window& w, const Operands& o, Scratch scratch) {
  const float** rooms = scratch.take<const float*>(w.taps * call.threads.count());
  const std::int64_t lines = w.batch * w.places / std::max<std::int64_t>(1, w.out_size[w.spatial - 1]);
  const std::int64_t length = w.out_size[w.spatial - 1];
  parallel_slots(call.threads, lines, [&](std::int64_t slot, std::int64_t item) {
    const float** taps = rooms + slot * w.taps;
    const std::int64_t image = item * length / w.places;
    Strides place = index_of(item * length % w.places, w.out_size, w.spatial);
    for (std::int64_t i = 0; i < length; ++i, ++place[w.spatial - 1]) {
      Strides tap{};
      std::int64_t t = 0;
      do {
        const float* from = o.x + image * w.x_image;
        for (int axis = 0; axis < w.spatial && from != nullptr; ++axis) {
          const std::int64_t at = source(w, axis, place[axis], tap[axis]);
          from = at < 0 ? nullptr : from + at * w.x_stride[axis];
        }
        taps[t++] = from;
      } while (next_index(tap, w.window, w.spatial));
      vectors().depthwise(taps, o.kernel, w.taps, w.channels, o.bias, w.attributes.activation, o.out + (item * length + i) * w.features);
    }
  });
}

// Integers, element by element; they wrap around.
template <class T>
void run_integers(const KernelCall& call, const Window& w) {
  const T* x = call.inputs[0].as<T>();
  const T* kernel = call.inputs[1].as<T>();
  const T* bias = call.inputs.size() > 2 ? call.inputs[2].as<T>() : nullptr;
  T* out = call.outputs[0].as<T>();
  parallel(call.threads, w.batch * w.places, 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t row = begin; row < end; ++row) {
      const T* image = x + row / w.places * w.x_image;
      const Strides place = index_of(row % w.places, w.out_size, w.spatial);
      for (std::int64_t f = 0; f < w.features; ++f) {
        T sum = 0;
        Strides tap{};
        std::int64_t t = 0;
        do {
          const T* from = image + f / w.group_features * w.group_channels;
          for (int axis = 0; axis < w.spatial && from != nullptr; ++axis) {
            const std::int64_t at = source(w, axis, place[axis], tap[axis]);
            from = at < 0 ? nullptr : from + at * w.x_stride[axis];
          }
          for (std::int64_t c = 0; from != nullptr && c < w.group_channels; ++c) {
            sum = wrapping_add(sum, wrapping_multiply(from[c], kernel[(t * w.group_channels + c) * w.features + f]));
          }
          ++t;
        } while (next_index(tap, w.window, w.spatial));
        out[row * w.features + f] = bias == nullptr ? sum : wrapping_add(sum, bias[f]);
      }
    }
  });
}

}  // namespace

void run_convolution(const KernelCall& call) {
  const Window w = convolution_window(call.attributes, call.inputs[0].shape, call.inputs[1].shape, call.outputs[0].shape);
  if (element_count(call.outputs[0].shape) == 0) return;
  if (call.outputs[0].dtype != DType::Float32) {
    with_element(call.outputs[0].dtype, [&]<class Element>() {
      if constexpr (!std::is_same_v<typename Element::Wide, float>) {
        if (w.taps > 0) run_integers<typename Element::Stored>(call, w);
      }
    });
    return;
  }
  const Operands o{call.inputs[0].as<float>(), call.inputs[1].as<float>(), call.inputs.size() > 2 ? call.inputs[2].as<float>() : nullptr,
                   call.outputs[0].as<float>()};
  const Scratch scratch(call.scratch);
  if (w.is_pointwise()) return run_pointwise(call, w, o);
  if (w.is_depthwise()) return run_depthwise(call, w, o, scratch);
  if (w.spatial <= 2) return convolve_bands(call, w, o);
  run_patches(call, w, o, scratch);
}

std::size_t convolution_scratch(const ScratchRequest& request) {
  const Window w = convolution_window(request.attributes, request.inputs[0].shape, request.inputs[1].shape, request.outputs[0].shape);
  if (request.outputs[0].dtype != DType::Float32 || element_count(request.outputs[0].shape) == 0) return 0;
  const std::size_t threads = static_cast<std::size_t>(request.threads);
  if (w.is_pointwise()) return 0;
  if (w.is_depthwise()) return aligned(static_cast<std::size_t>(w.taps) * sizeof(float*) * threads);
  if (w.spatial <= 2) return bands_scratch(w, request.threads);
  return float_bytes(block_rows(w.patch(), w.batch * w.places, request.threads) * padded_row(w.patch())) * threads;
}

}  // namespace linenc::runtime
