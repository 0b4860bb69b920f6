// Sort: the operands in the order of the first one along an axis; stable; NaN counts as larger than everything, -0 equals 0.
// TopK: the largest k of the last axis and their indices; equal ones in their order; NaN largest, 0 above -0.
//
// Both order the indices of one line at a time, in scratch memory of the thread.
//
// Tested by tests/runtime/kernels/sort_test.cpp.
#include <algorithm>
#include <cmath>

#include "runtime/kernels/dtypes.h"
#include "runtime/kernels/kernels.h"
#include "runtime/kernels/loops.h"
#include "runtime/kernels/parallel.h"
#include "runtime/kernels/scratch.h"

namespace linenc::runtime {
namespace {

template <class T>
bool less(T a, T b) {
  return a < b || (a == a && b != b);
}  // NaN last

// By sign bit too where values are equal.
template <class T>
bool less_in_total(T a, T b) {
  if constexpr (std::is_same_v<T, float>) {
    if (a == b) return std::signbit(a) && !std::signbit(b);
  }
  return less(a, b);
}

std::int64_t axis_of(const Attributes& attributes, const Shape& x) {
  const auto* sort = std::get_if<SortAttributes>(&attributes);
  return sort != nullptr ? sort->axis : static_cast<std::int64_t>(x.size()) - 1;
}

std::size_t order_scratch(const ScratchRequest& request) {
  const Shape& x = request.inputs[0].shape;
  return aligned(static_cast<std::size_t>(x[axis_of(request.attributes, x)]) * sizeof(std::int32_t)) * static_cast<std::size_t>(request.threads);
}

// The operands along one line, in the given order.
void reorder(const KernelCall& call, std::int64_t start, std::int64_t inner, std::int64_t size, const std::int32_t* order) {
  for (std::size_t o = 0; o < call.inputs.size(); ++o) {
    with_word(byte_size(call.inputs[o].dtype), [&]<class Word>() {
      const Word* from = call.inputs[o].as<Word>() + start;
      Word* to = call.outputs[o].as<Word>() + start;
      for (std::int64_t i = 0; i < size; ++i) to[i * inner] = from[order[i] * inner];
    });
  }
}

template <class Element>
void sort_lines(const KernelCall& call, const SortAttributes& attributes) {
  const Shape& shape = call.inputs[0].shape;
  const std::int64_t size = shape[attributes.axis], inner = dense_strides(shape)[attributes.axis];
  const std::int64_t lines = element_count(shape) / std::max<std::int64_t>(1, size);
  std::int32_t* orders = reinterpret_cast<std::int32_t*>(call.scratch.data());
  const std::int64_t room = static_cast<std::int64_t>(aligned(static_cast<std::size_t>(size) * sizeof(std::int32_t)) / sizeof(std::int32_t));
  parallel_slots(call.threads, lines, [&](std::int64_t slot, std::int64_t line) {
    const std::int64_t start = line / inner * size * inner + line % inner;
    const auto* keys = call.inputs[0].as<typename Element::Stored>() + start;
    std::int32_t* order = orders + slot * room;
    for (std::int64_t i = 0; i < size; ++i) order[i] = static_cast<std::int32_t>(i);
    // Ties by index: as good as a stable sort, and takes no memory.
    const bool descending = attributes.descending;
    std::sort(order, order + size, [&](std::int32_t i, std::int32_t j) {
      const auto a = Element::wide(keys[i * inner]), b = Element::wide(keys[j * inner]);
      if (descending ? less(b, a) : less(a, b)) return true;
      if (descending ? less(a, b) : less(b, a)) return false;
      return i < j;
    });
    reorder(call, start, inner, size, order);
  });
}

template <class Element>
void top_k(const KernelCall& call) {
  const Shape& shape = call.inputs[0].shape;
  const std::int64_t size = shape.back(), k = call.outputs[0].shape.back();
  const std::int64_t lines = element_count(shape) / std::max<std::int64_t>(1, size);
  std::int32_t* orders = reinterpret_cast<std::int32_t*>(call.scratch.data());
  const std::int64_t room = static_cast<std::int64_t>(aligned(static_cast<std::size_t>(size) * sizeof(std::int32_t)) / sizeof(std::int32_t));
  parallel_slots(call.threads, lines, [&](std::int64_t slot, std::int64_t line) {
    const auto* x = call.inputs[0].as<typename Element::Stored>() + line * size;
    std::int32_t* order = orders + slot * room;
    for (std::int64_t i = 0; i < size; ++i) order[i] = static_cast<std::int32_t>(i);
    std::partial_sort(order, order + k, order + size, [&](std::int32_t i, std::int32_t j) {
      const auto a = Element::wide(x[i]), b = Element::wide(x[j]);
      if (less_in_total(b, a)) return true;
      if (less_in_total(a, b)) return false;
      return i < j;
    });
    auto* values = call.outputs[0].as<typename Element::Stored>() + line * k;
    std::int32_t* indices = call.outputs[1].as<std::int32_t>() + line * k;
    for (std::int64_t i = 0; i < k; ++i) {
      values[i] = x[order[i]];
      indices[i] = order[i];
    }
  });
}

}  // namespace

void run_sort(const KernelCall& call) {
  const auto& attributes = std::get<SortAttributes>(call.attributes);
  if (element_count(call.inputs[0].shape) == 0) return;
  with_element(call.inputs[0].dtype, [&]<class Element>() { sort_lines<Element>(call, attributes); });
}

void run_top_k(const KernelCall& call) {
  if (element_count(call.outputs[0].shape) == 0) return;
  with_element(call.inputs[0].dtype, [&]<class Element>() { top_k<Element>(call); });
}

std::size_t sort_scratch(const ScratchRequest& request) { return order_scratch(request); }
std::size_t top_k_scratch(const ScratchRequest& request) { return order_scratch(request); }

}  // namespace linenc::runtime
