// out = reduction of x over some axes.
//
// After folding neighbouring axes of one kind, x has kept and reduced axes in turn. Where the last one is reduced, an output
// is made of contiguous runs; where it is kept, outputs are columns that are summed row by row. Sums go in blocks that are
// added pairwise (vector/rows.cpp). The threads split outputs, never a sum.
//
// Tested by tests/runtime/kernels/reduce_test.cpp.
#include <algorithm>
#include <limits>

#include "runtime/kernels/dtypes.h"
#include "runtime/kernels/kernels.h"
#include "runtime/kernels/loops.h"
#include "runtime/kernels/parallel.h"
#include "runtime/kernels/vector/vector_table.h"

namespace linenc::runtime {
namespace {

template <class T>
T neutral(ReduceKind kind) {
  using Limits = std::numeric_limits<T>;
  switch (kind) {
    case ReduceKind::Sum:
    case ReduceKind::Any: return T{0};
    case ReduceKind::Product:
    case ReduceKind::All: return T{1};
    case ReduceKind::Max: return Limits::has_infinity ? static_cast<T>(-Limits::infinity()) : Limits::lowest();
    case ReduceKind::Min: return Limits::has_infinity ? Limits::infinity() : Limits::max();
  }
  return T{0};
}
template <class T>
T combine(ReduceKind kind, T a, T b) {
  switch (kind) {
    case ReduceKind::Sum: return wrapping_add(a, b);
    case ReduceKind::Product: return wrapping_multiply(a, b);
    case ReduceKind::Max: return larger_of(a, b);
    case ReduceKind::Min: return smaller_of(a, b);
    case ReduceKind::All: return static_cast<T>(a != T{0} && b != T{0});
    case ReduceKind::Any: return static_cast<T>(a != T{0} || b != T{0});
  }
  return a;
}

// Loops over the kept and over the reduced axes, with offsets into x.
struct Split {
  Loops kept{1}, reduced{1};
  std::int64_t outputs = 1, terms = 1;  // elements of out; elements of x in each of them
};

Split split_axes(const Shape& x, const std::vector<std::int64_t>& axes) {
  Split split;
  const Strides strides = dense_strides(x);
  for (std::size_t axis = 0; axis < x.size(); ++axis) {
    const bool reduced = std::find(axes.begin(), axes.end(), static_cast<std::int64_t>(axis)) != axes.end();
    (reduced ? split.reduced : split.kept).add(x[axis], {strides[axis]});
    (reduced ? split.terms : split.outputs) *= x[axis];
  }
  return split;
}

// Contiguous runs: the innermost reduced axis has stride 1.
void reduce_runs(const KernelCall& call, const Split& split, RowSum kind) {
  const VectorTable& v = vectors();
  const float* x = call.inputs[0].as<float>();
  float* out = call.outputs[0].as<float>();
  parallel(call.threads, split.outputs, rows_grain(split.terms), [&](std::int64_t begin, std::int64_t end) {
    split.kept.for_runs(begin, end, [&](std::int64_t position, const auto& offset, std::int64_t count) {
      for (std::int64_t i = 0; i < count; ++i) {
        const float* from = x + offset[0] + i * split.kept.run_stride(0);
        if (split.reduced.rank() <= 1) {
          out[position + i] = v.reduce_row(kind, from, split.terms);
          continue;
        }
        double sum = 0;  // of runs; in double so that many short ones are as exact as a long one
        float result = 0;
        bool begun = false;
        split.reduced.for_runs(0, split.terms, [&](std::int64_t, const auto& run, std::int64_t length) {
          const float part = v.reduce_row(kind, from + run[0], length);
          sum += static_cast<double>(part);
          const float pair[] = {result, part};
          result = begun ? v.reduce_row(kind, pair, 2) : part;
          begun = true;
        });
        out[position + i] = kind == RowSum::Sum ? static_cast<float>(sum) : result;
      }
    });
  });
}

// Columns: the innermost kept axis has stride 1. Pieces of out that lie in one run of it.
void reduce_columns(const KernelCall& call, const Split& split, RowSum kind) {
  constexpr std::int64_t kStrip = 64;
  const VectorTable& v = vectors();
  const float* x = call.inputs[0].as<float>();
  float* out = call.outputs[0].as<float>();
  const Loops& reduced = split.reduced;
  const std::int64_t grain = std::max<std::int64_t>(kPanel, rows_grain(split.terms));
  parallel(call.threads, split.outputs, grain, [&](std::int64_t begin, std::int64_t end) {
    split.kept.for_runs(begin, end, [&](std::int64_t position, const auto& offset, std::int64_t count) {
      for (std::int64_t c = 0; c < count; c += kStrip) {
        const std::int64_t columns = std::min(kStrip, count - c);
        bool begun = false;
        reduced.for_runs(0, split.terms, [&](std::int64_t, const auto& run, std::int64_t rows) {
          v.reduce_columns(kind, x + offset[0] + c + run[0], reduced.run_stride(0), rows, columns, begun, out + position + c);
          begun = true;
        });
      }
    });
  });
}

template <class T>
void reduce_any(const KernelCall& call, const Split& split, ReduceKind kind) {
  const T* x = call.inputs[0].as<T>();
  T* out = call.outputs[0].as<T>();
  parallel(call.threads, split.outputs, rows_grain(split.terms), [&](std::int64_t begin, std::int64_t end) {
    split.kept.for_runs(begin, end, [&](std::int64_t position, const auto& offset, std::int64_t count) {
      for (std::int64_t i = 0; i < count; ++i) {
        const T* from = x + offset[0] + i * split.kept.run_stride(0);
        T result = neutral<T>(kind);
        split.reduced.for_runs(0, split.terms, [&](std::int64_t, const auto& run, std::int64_t length) {
          for (std::int64_t j = 0; j < length; ++j) result = combine(kind, result, from[run[0] + j * split.reduced.run_stride(0)]);
        });
        out[position + i] = result;
      }
    });
  });
}

RowSum row_sum(ReduceKind kind) {
  switch (kind) {
    case ReduceKind::Product: return RowSum::Product;
    case ReduceKind::Max: return RowSum::Max;
    case ReduceKind::Min: return RowSum::Min;
    case ReduceKind::Sum:
    case ReduceKind::All:
    case ReduceKind::Any: return RowSum::Sum;
  }
  return RowSum::Sum;
}

}  // namespace

void run_reduce(const KernelCall& call) {
  const auto& attributes = std::get<ReduceAttributes>(call.attributes);
  const Split split = split_axes(call.inputs[0].shape, attributes.axes);
  const DType dtype = call.outputs[0].dtype;
  if (split.outputs == 0) return;
  const bool plain_float = dtype == DType::Float32 && split.terms > 0;
  if (plain_float && split.reduced.run_stride(0) <= 1) return reduce_runs(call, split, row_sum(attributes.kind));
  if (plain_float && split.kept.run_stride(0) == 1) return reduce_columns(call, split, row_sum(attributes.kind));
  with_element(dtype, [&]<class Element>() {
    if constexpr (std::is_same_v<typename Element::Wide, typename Element::Stored>) {
      reduce_any<typename Element::Stored>(call, split, attributes.kind);
    }
  });
}

}  // namespace linenc::runtime
