// Convolutions with one or two spatial axes, as products of matrices whose left one is x itself.
//
// The patch of a place of the output is one run of x for each line of the window, and the patches of neighbours in a line of
// the output begin stride * channels apart: the product reads them there (segments and lines of GemmOperands), and nothing is
// gathered. Where there is padding, or the input is spread, a band of lines is copied first, with zeros where nothing is; so
// is one group of channels at a time.
//
// Tested by tests/runtime/kernels/convolution_test.cpp.
#include "runtime/kernels/convolution.h"
#include "runtime/kernels/gemm.h"
#include "runtime/kernels/parallel.h"
#include "runtime/kernels/scratch.h"

namespace linenc::runtime {
namespace {

using Window = ConvolutionWindow;

// One spatial axis.
struct Axis {
  std::int64_t in = 1, out = 1, window = 1, stride = 1, low = 0, dilation = 1, spread = 1;
  // Padded elements that `places` neighbouring places read.
  [[nodiscard]] std::int64_t needed(std::int64_t places) const { return (places - 1) * stride + (window - 1) * dilation + 1; }
  [[nodiscard]] bool reads_only_x() const { return low == 0 && spread == 1 && needed(out) <= in; }
  // The element of x at a padded place, or -1.
  [[nodiscard]] std::int64_t source(std::int64_t padded) const {
    const std::int64_t at = padded - low;
    return at < 0 || at % spread != 0 || at / spread >= in ? -1 : at / spread;
  }
};

Axis axis_of(const Window& w, int i) {
  if (i < 0) return {};
  const auto& a = w.attributes;
  return {w.x_size[i], w.out_size[i], w.window[i], a.strides[i], a.low[i], a.kernel_dilation[i], a.input_dilation[i]};
}

constexpr std::int64_t kBandFloats = 32768, kBandPlaces = 196;

// How x is read and cut.
struct Layout {
  Axis y, x;
  bool in_place;
  std::int64_t pixel, line;              // floats from one element of x, and from one line, to the next
  std::int64_t segments, segment_depth;  // of a patch
  std::int64_t band, bands;              // lines of out in a band; bands of an image
  std::int64_t room;                     // floats of a copied band
  std::int64_t panel_parts;              // parts of the features, where there are too few bands for the threads
};

Layout layout_of(const Window& w, int threads) {
  Layout l{axis_of(w, w.spatial - 2), axis_of(w, w.spatial - 1), false, 0, 0, 0, 0, 0, 0, 0, 1};
  l.in_place = l.y.reads_only_x() && l.x.reads_only_x();
  // Places a multiple of a page apart would meet in one set of the first cache.
  l.pixel = l.in_place ? w.channels : w.group_channels % 512 == 0 ? w.group_channels + kPanel : w.group_channels;
  l.line = l.pixel * (l.in_place ? l.x.in : l.x.needed(l.x.out));
  const bool joined = l.pixel == w.group_channels && l.x.dilation == 1;
  l.segments = joined ? l.y.window : l.y.window * l.x.window;
  l.segment_depth = joined ? l.x.window * w.group_channels : w.group_channels;
  // As many lines as one copy of the weights serves well, and as the second cache holds.
  const std::int64_t by_places = (kBandPlaces + l.x.out - 1) / l.x.out;
  const std::int64_t by_cache = (kBandFloats / std::max<std::int64_t>(1, l.line) - l.y.needed(1)) / l.y.stride + 1;
  const std::int64_t most = std::clamp<std::int64_t>(l.in_place ? by_places : std::max(by_cache, (by_places + 3) / 4), 1, l.y.out);
  l.bands = (l.y.out + most - 1) / most;
  l.band = (l.y.out + l.bands - 1) / l.bands;
  l.room = l.in_place ? 0 : l.y.needed(l.band) * l.line;
  const std::int64_t items = std::max<std::int64_t>(1, w.batch * l.bands), wanted = threads == 1 ? 1 : 2 * threads;
  l.panel_parts = std::clamp<std::int64_t>((wanted + items - 1) / items, 1, (panels_of(w.group_features) + 1) / 2);
  return l;
}

// One padded line of x, of the channels of one group.
void copy_line(const Window& w, const Layout& l, const float* from, float* to) {
  const Axis& x = l.x;
  const std::int64_t width = x.needed(x.out), channels = w.group_channels;
  if (from == nullptr) return zero_floats(to, l.line);
  if (x.spread == 1 && l.pixel == w.channels) {
    // One run, cut at the edges.
    const std::int64_t before = std::clamp<std::int64_t>(x.low, 0, width), end = std::clamp<std::int64_t>(x.low + x.in, before, width);
    zero_floats(to, before * channels);
    copy_floats(to + before * channels, from + (before - x.low) * channels, (end - before) * channels);
    return zero_floats(to + end * channels, (width - end) * channels);
  }
  for (std::int64_t i = 0; i < width; ++i) {
    const std::int64_t source = x.source(i);
    if (source < 0) {
      zero_floats(to + i * l.pixel, l.pixel);
    } else {
      copy_floats(to + i * l.pixel, from + source * w.channels, channels);
    }
  }
}

// The lines of x that lines [first, first + lines) of out read.
void copy_band(const Window& w, const Layout& l, const float* image, std::int64_t first, std::int64_t lines, float* to) {
  const std::int64_t rows = l.y.needed(lines);
  for (std::int64_t r = 0; r < rows; ++r, to += l.line) {
    const std::int64_t source = l.y.source(first * l.y.stride + r);
    copy_line(w, l, source < 0 ? nullptr : image + source * l.x.in * w.channels, to);
  }
}

void segment_offsets(const Layout& l, std::int64_t* offsets) {
  const std::int64_t across = l.segments / l.y.window;
  for (std::int64_t s = 0; s < l.segments; ++s) offsets[s] = s / across * l.y.dilation * l.line + s % across * l.x.dilation * l.pixel;
}

}  // namespace

void convolve_bands(const KernelCall& call, const ConvolutionWindow& w, const ConvolutionOperands& o) {
  const Layout l = layout_of(w, call.threads.count());
  Scratch scratch(call.scratch);
  std::int64_t* offsets = scratch.take<std::int64_t>(l.segments);
  segment_offsets(l, offsets);
  const std::int64_t room = static_cast<std::int64_t>(float_bytes(l.room) / sizeof(float));
  float* rooms = scratch.take<float>(room * call.threads.count());
  const std::int64_t panels = panels_of(w.group_features), panel_step = (panels + l.panel_parts - 1) / l.panel_parts;
  const std::int64_t bands = w.batch * l.bands;
  parallel_slots(call.threads, w.attributes.groups * bands * l.panel_parts, [&](std::int64_t slot, std::int64_t item) {
    const std::int64_t panel = item % l.panel_parts * panel_step, place = item / l.panel_parts % bands, group = item / l.panel_parts / bands;
    const std::int64_t first = place % l.bands * l.band, lines = std::min(l.band, l.y.out - first);
    if (lines <= 0 || panel >= panels) return;
    const float* image = o.x + place / l.bands * w.x_image + group * w.group_channels;
    GemmOperands g = group_product(w, o, group);
    g.a = l.in_place ? image + first * l.y.stride * l.line : rooms + slot * room;
    if (!l.in_place) copy_band(w, l, image, first, lines, rooms + slot * room);
    g.a_row = l.x.stride * l.pixel;
    g.line_rows = l.x.out;
    g.a_line = l.y.stride * l.line;
    g.segments = l.segments;
    g.segment_offsets = offsets;
    g.c += (place / l.bands * w.places + first * l.x.out) * w.features;
    vectors().gemm(g, lines * l.x.out, panel, std::min(panels, panel + panel_step));
  });
}

std::size_t bands_scratch(const ConvolutionWindow& w, int threads) {
  const Layout l = layout_of(w, threads);
  return aligned(static_cast<std::size_t>(l.segments) * sizeof(std::int64_t)) + float_bytes(l.room) * static_cast<std::size_t>(threads);
}

}  // namespace linenc::runtime
