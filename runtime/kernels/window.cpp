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

bool is_whole(const Attributes_& a, std::size_t axis) {
  return a.window[axis] == 1 && a.strides[axis] == 1 && a.low[axis] == 0 && a.high[axis] == 0;
}

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
  const T* rows_[kMost] = {};
  std::int64_t count_ = 0;
  bool begun_ = false;
};

template <class T>
void window(const KernelCall& call) {
  const auto& a = std::get<Attributes_>(call.attributes);
  const Shape& x_shape = call.inputs[0].shape;
  const Shape& out_shape = call.outputs[0].shape;
  std::size_t rank = x_shape.size();
  std::int64_t width = 1;
  while (rank > 0 && is_whole(a, rank - 1)) width *= x_shape[--rank];
  const Strides x_stride = dense_strides(x_shape);
  const std::int64_t rows = element_count(out_shape) / std::max<std::int64_t>(1, width);
  const T* x = call.inputs[0].as<T>();
  T* out = call.outputs[0].as<T>();
  parallel(call.threads, rows, rows_grain(width * 4), [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t row = begin; row < end; ++row) {
      Strides first{}, tap_begin{}, tap_end{};   // by axis: the place under tap 0, the taps that are inside
      std::int64_t position = row;
      bool empty = false;
      for (std::size_t axis = rank; axis-- > 0;) {
        const std::int64_t o = position % out_shape[axis], dilation = a.window_dilation[axis];
        position /= out_shape[axis];
        first[axis] = o * a.strides[axis] - a.low[axis];
        tap_begin[axis] = first[axis] >= 0 ? 0 : (-first[axis] + dilation - 1) / dilation;
        const std::int64_t room = x_shape[axis] - first[axis];
        tap_end[axis] = room <= 0 ? 0 : std::min(a.window[axis], (room + dilation - 1) / dilation);
        empty = empty || tap_begin[axis] >= tap_end[axis];
      }
      RowCombiner<T> combiner(a.kind, width, out + row * width);
      Strides tap = tap_begin;
      for (bool more = !empty; more;) {
        std::int64_t offset = 0;
        for (std::size_t axis = 0; axis < rank; ++axis) offset += (first[axis] + tap[axis] * a.window_dilation[axis]) * x_stride[axis];
        combiner.add(x + offset);
        more = false;
        for (std::size_t axis = rank; axis-- > 0;) {
          if (++tap[axis] < tap_end[axis]) {
            more = true;
            break;
          }
          tap[axis] = tap_begin[axis];
        }
      }
      combiner.flush();
    }
  });
}

}  // namespace

void run_window(const KernelCall& call) {
  with_element(call.outputs[0].dtype, [&]<class Element>() {
    if constexpr (std::is_same_v<typename Element::Wide, typename Element::Stored>) window<typename Element::Stored>(call);
  });
}

}  // namespace linenc::runtime
