#pragma once

#include <cstddef>
#include <span>

#include "runtime/core/shape.h"
#include "runtime/core/threads.h"
#include "runtime/plan/op.h"

namespace linenc::runtime {

// An operand as a kernel sees it: dense, row-major, aligned to kAlignment.
struct ConstView {
  const std::byte* data;
  DType dtype;
  const Shape& shape;
  template <class T>
  [[nodiscard]] const T* as() const {
    return reinterpret_cast<const T*>(data);
  }
};
struct View {
  std::byte* data;
  DType dtype;
  const Shape& shape;
  template <class T>
  [[nodiscard]] T* as() const {
    return reinterpret_cast<T*>(data);
  }
};

struct KernelCall {
  std::span<const ConstView> inputs;
  std::span<const View> outputs;
  const Attributes& attributes;
  std::span<std::byte> scratch;  // as many bytes as scratch_bytes() asked for, aligned
  Threads& threads;
};

// A kernel writes every element of its outputs, reads shapes that plan/verify has checked, takes no memory of its own, and
// gives the same bits for every number of threads. An output may share its bytes with an input of the same shape and
// element size only for Elementwise, Convert, Reshape, Copy-like ops (see may_run_in_place).
using Kernel = void (*)(const KernelCall&);

[[nodiscard]] Kernel kernel_of(OpKind op);

// Scratch memory that a step needs, from shapes and attributes alone. `threads` is the number of threads that will run it.
[[nodiscard]] std::size_t scratch_bytes(OpKind op, const Attributes& attributes, std::span<const ConstView> inputs, std::span<const View> outputs,
                                        int threads);

}  // namespace linenc::runtime
