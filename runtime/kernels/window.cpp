// out[o...] = sum, max, min or product over k... of x[o * stride - low + k * window_dilation]; padding is neutral.
//
// The trailing axes over which no window goes (channels) are taken as one row: rows of x are combined into rows of out.
//
// Tested by tests/runtime/kernels/window_test.cpp.
#include <algorithm>
#include <limits>

#include "runtime/kernels/dtypes.h"
#include "runtime/kernels/kernels.h"
#include "runtime/kernels/loops.h"
#include "runtime/kernels/parallel.h"
#include "runtime/kernels/vector/vector_table.h"

namespace linenc::runtime {
namespace {

using Attributes_ = WindowAttributes<std::int64_t>;

bool is_whole(const Attributes_& a, std::size_t axis) { return a.window[axis] == 1 && a.strides[axis] == 1 && a.low[axis] == 0 && a.high[axis] == 0; }

template <class T>
T neutral(WindowKind kind) {
  using Limits = std::numeric_limits<T>;
  switch (kind) {
    case WindowKind::Sum: return T{0};
    case WindowKind::Product: return T{1};
    case WindowKind::Max: return Limits::has_infinity ? static_cast<T>(-Limits::infinity()) : Limits::lowest();
    case WindowKind::Min: return Limits::has_infinity ? Limits::infinity() : Limits::max();
  }
  return T{0};
}
template <class T>
T combine(WindowKind kind, T a, T b) {
  switch (kind) {
    case WindowKind::Sum: return wrapping_add(a, b);
    case WindowKind::Product: return wrapping_multiply(a, b);
    case WindowKind::Max: return larger_of(a, b);
    case WindowKind::Min: return smaller_of(a, b);
  }
  return a;
}
RowSum row_sum(WindowKind kind) {
  switch (kind) {
    case WindowKind::Sum: return RowSum::Sum;
    case WindowKind::Product: return RowSum::Product;
    case WindowKind::Max: return RowSum::Max;
    case WindowKind::Min: return RowSum::Min;
  }
  return RowSum::Sum;
}

// Combines rows that lie anywhere, some at a time.
template <class T>
class RowCombiner {
 public:
  RowCombiner(WindowKind kind, std::int64_t width, T* out) : kind_(kind), width_(width), out_(out) {}
  void add(const T* row) {
    rows_[count_++] = row;
    if (count_ == kMost) flush();
  }
  // To be called at the end.
  void flush() {
    if constexpr (std::is_same_v<T, float>) {
      vectors().combine_rows(row_sum(kind_), rows_, count_, width_, begun_, out_);
    } else {
      for (std::int64_t c = 0; c < width_; ++c) {
        T value = begun_ ? out_[c] : neutral<T>(kind_);
        for (std::int64_t r = 0; r < count_; ++r) value = combine(kind_, value, rows_[r][c]);
        out_[c] = value;
      }
    }
    begun_ = true;
    count_ = 0;
  }

 private:
  static constexpr std::int64_t kMost = 64;
  WindowKind kind_;
  std::int64_t width_;
  T* out_;
  const T* rows_[kMost];  // the first count_ are set
  std::int64_t count_ = 0;
  bool begun_ = false;
};

// The taps of one axis that lie inside of x, for one place of out.
struct Taps {
  std::int64_t first = 0;  // the place of x under tap 0
  std::int64_t begin = 0, end = 0;
};
Taps taps_of(const Attributes_& a, std::size_t axis, std::int64_t size, std::int64_t place) {
  const std::int64_t dilation = a.window_dilation[axis], first = place * a.strides[axis] - a.low[axis], room = size - first;
  Taps taps{first, 0, a.window[axis]};
  if (dilation == 1) {
    taps.begin = std::max<std::int64_t>(0, -first);
    taps.end = std::min(taps.end, room);
  } else {
    if (first < 0) taps.begin = (-first + dilation - 1) / dilation;
    taps.end = room <= 0 ? 0 : std::min(taps.end, (room + dilation - 1) / dilation);
  }
  return taps;
}

// Arrays as [outer..., last, width]: windows go over the first `axes` axes, rows of `width` elements are combined whole.
struct Layout {
  std::size_t axes = 0;
  std::int64_t width = 1;
};
Layout layout_of(const Attributes_& a, const Shape& x) {
  Layout l{x.size(), 1};
  while (l.axes > 1 && is_whole(a, l.axes - 1)) l.width *= x[--l.axes];
  return l;
}

template <class T>
class Windows {
 public:
  Windows(const KernelCall& call, const Layout& layout)
      : a_(std::get<Attributes_>(call.attributes)),
        x_shape_(call.inputs[0].shape),
        out_shape_(call.outputs[0].shape),
        layout_(layout),
        stride_(dense_strides(x_shape_)),
        x_(call.inputs[0].as<T>()),
        out_(call.outputs[0].as<T>()) {}

  // One line of out: all places of the last axis, those of the axes before given by `line`.
  void run_line(std::int64_t line) {
    const std::size_t last = layout_.axes - 1;
    std::int64_t position = line;
    bool empty = false;
    for (std::size_t axis = last; axis-- > 0;) {
      outer_[axis] = taps_of(a_, axis, x_shape_[axis], position % out_shape_[axis]);
      position /= out_shape_[axis];
      empty = empty || outer_[axis].begin >= outer_[axis].end;
    }
    T* out = out_ + line * out_shape_[last] * layout_.width;
    for (std::int64_t place = 0; place < out_shape_[last]; ++place, out += layout_.width) {
      RowCombiner<T> combiner(a_.kind, layout_.width, out);
      const Taps taps = taps_of(a_, last, x_shape_[last], place);
      if (!empty) add_rows(0, x_, taps, combiner);
      combiner.flush();
    }
  }

 private:
  // Rows under the taps of the axes from `axis` on.
  void add_rows(std::size_t axis, const T* from, const Taps& last_taps, RowCombiner<T>& combiner) {
    const Taps& taps = axis + 1 == layout_.axes ? last_taps : outer_[axis];
    for (std::int64_t tap = taps.begin; tap < taps.end; ++tap) {
      const T* row = from + (taps.first + tap * a_.window_dilation[axis]) * stride_[axis];
      if (axis + 1 == layout_.axes)
        combiner.add(row);
      else
        add_rows(axis + 1, row, last_taps, combiner);
    }
  }

  const Attributes_& a_;
  const Shape& x_shape_;
  const Shape& out_shape_;
  Layout layout_;
  Strides stride_;
  const T* x_;
  T* out_;
  std::array<Taps, kMaxRank> outer_{};
};

template <class T>
void window(const KernelCall& call) {
  const Layout layout = layout_of(std::get<Attributes_>(call.attributes), call.inputs[0].shape);
  const std::int64_t count = element_count(call.outputs[0].shape);
  if (count == 0) return;
  if (layout.axes == 0) {  // a scalar
    *call.outputs[0].as<T>() = *call.inputs[0].as<T>();
    return;
  }
  const std::int64_t line = call.outputs[0].shape[layout.axes - 1] * layout.width;
  parallel(call.threads, count / line, rows_grain(line * 4), [&](std::int64_t begin, std::int64_t end) {
    Windows<T> windows(call, layout);
    for (std::int64_t i = begin; i < end; ++i) windows.run_line(i);
  });
}

}  // namespace

void run_window(const KernelCall& call) {
  with_element(call.outputs[0].dtype, [&]<class Element>() {
    if constexpr (std::is_same_v<typename Element::Wide, typename Element::Stored>) window<typename Element::Stored>(call);
  });
}

}  // namespace linenc::runtime
