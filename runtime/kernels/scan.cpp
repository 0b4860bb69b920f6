// ArgReduce  out[...] = the first index along the axis whose element is the largest (smallest); NaN counts as such
// Cumulative out[..., i, ...] = reduction of x[..., 0 to i, ...] (of i to the end with `reverse`)
//
// Tested by tests/runtime/kernels/scan_test.cpp.
#include <algorithm>
#include <cmath>

#include "runtime/kernels/dtypes.h"
#include "runtime/kernels/kernels.h"
#include "runtime/kernels/loops.h"
#include "runtime/kernels/parallel.h"
#include "runtime/kernels/scratch.h"

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

// log(exp(a) + exp(b)), as jnp.logaddexp has it.
float log_add_exp(float a, float b) {
  const float distance = a - b;
  return std::isnan(distance) ? a + b : larger_of(a, b) + std::log1p(std::exp(-std::abs(distance)));
}

template <class T>
T combined(CumulativeKind kind, T a, T b) {
  switch (kind) {
    case CumulativeKind::Sum: return wrapping_add(a, b);
    case CumulativeKind::Product: return wrapping_multiply(a, b);
    case CumulativeKind::Max: return larger_of(a, b);
    case CumulativeKind::Min: return smaller_of(a, b);
    case CumulativeKind::LogSumExp:
      if constexpr (std::is_same_v<T, float>) return log_add_exp(a, b);
  }
  return a;
}

// XLA's order of a running reduction, which decides the last bits: blocks of 16 elements, each one after the other, then the blocks'
// results by the same rule, then those of the blocks before (`reverse`: behind) joined to each element. 16-bit floats are rounded
// at each step. Blocks begin at the front either way; backwards, every element of a block begins a sum of its own.
constexpr std::int64_t kBlock = 16;

template <class Element>
struct BlockScan {
  using Wide = typename Element::Wide;
  CumulativeKind kind;
  bool reverse;

  // In place; `spare` is free memory, for the results of blocks, of blocks of these, and so on.
  void run(Wide* values, std::int64_t count, Wide* spare) const {
    const std::int64_t blocks = (count + kBlock - 1) / kBlock;
    for (std::int64_t k = 0; k < blocks; ++k) scan_block(values + k * kBlock, std::min(kBlock, count - k * kBlock));
    if (blocks < 2) return;
    for (std::int64_t k = 0; k < blocks; ++k) spare[k] = values[reverse ? k * kBlock : std::min(count, (k + 1) * kBlock) - 1];
    run(spare, blocks, spare + blocks);
    for (std::int64_t i = 0; i < count; ++i) {
      const std::int64_t other = reverse ? i / kBlock + 1 : i / kBlock - 1;
      if (other >= 0 && other < blocks) values[i] = step(values[i], spare[other]);
    }
  }

 private:
  [[nodiscard]] Wide step(Wide a, Wide b) const { return Element::wide(Element::stored(combined(kind, a, b))); }

  void scan_block(Wide* values, std::int64_t count) const {
    if (!reverse) {
      for (std::int64_t i = 1; i < count; ++i) values[i] = step(values[i - 1], values[i]);
      return;
    }
    for (std::int64_t i = 0; i < count; ++i) {
      for (std::int64_t j = i + 1; j < count; ++j) values[i] = step(values[i], values[j]);
    }
  }
};

// Of one line, and what its blocks need beside it.
std::size_t line_bytes(std::int64_t size) { return float_bytes(size + size / (kBlock - 1) + kBlock); }

template <class Element>
void cumulative(const KernelCall& call, const Sizes& s, const CumulativeAttributes& attributes) {
  using Wide = typename Element::Wide;
  const auto* x = call.inputs[0].as<typename Element::Stored>();
  auto* out = call.outputs[0].as<typename Element::Stored>();
  const BlockScan<Element> scan{attributes.kind, attributes.reverse};
  const auto line = [&](std::int64_t slot, std::int64_t item) {
    Wide* values = reinterpret_cast<Wide*>(call.scratch.data() + static_cast<std::size_t>(slot) * line_bytes(s.size));
    const std::int64_t start = item / s.inner * s.size * s.inner + item % s.inner;
    for (std::int64_t i = 0; i < s.size; ++i) values[i] = Element::wide(x[start + i * s.inner]);
    scan.run(values, s.size, values + s.size);
    for (std::int64_t i = 0; i < s.size; ++i) out[start + i * s.inner] = Element::stored(values[i]);
  };
  const std::int64_t lines = s.outer * s.inner;
  if (lines * s.size > kGrain) return parallel_slots(call.threads, lines, line);
  const FlushDenormals flush;
  for (std::int64_t item = 0; item < lines; ++item) line(0, item);
}

}  // namespace

void run_arg_reduce(const KernelCall& call) {
  const auto& attributes = std::get<ArgReduceAttributes>(call.attributes);
  const Sizes s = sizes_of(call.inputs[0].shape, attributes.axis);
  with_element(call.inputs[0].dtype, [&]<class Element>() { arg_reduce<Element>(call, s, attributes.maximum); });
}

std::size_t cumulative_scratch(const ScratchRequest& request) {
  const std::int64_t axis = std::get<CumulativeAttributes>(request.attributes).axis;
  return line_bytes(request.inputs[0].shape[static_cast<std::size_t>(axis)]) * static_cast<std::size_t>(request.threads);
}

void run_cumulative(const KernelCall& call) {
  const auto& attributes = std::get<CumulativeAttributes>(call.attributes);
  const Sizes s = sizes_of(call.inputs[0].shape, attributes.axis);
  with_element(call.inputs[0].dtype, [&]<class Element>() { cumulative<Element>(call, s, attributes); });
}

}  // namespace linenc::runtime
