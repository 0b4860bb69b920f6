#pragma once

#include <cstddef>
#include <span>

#include "runtime/kernels/kernel.h"

// The kernels by name, for kernel_table.cpp; what each computes stands in ops.def and at the head of its file.
namespace linenc::runtime {

void run_constant(const KernelCall& call);
void run_iota(const KernelCall& call);
void run_elementwise(const KernelCall& call);
void run_convert(const KernelCall& call);
void run_copy(const KernelCall& call);  // Bitcast, Reshape
void run_broadcast(const KernelCall& call);
void run_transpose(const KernelCall& call);
void run_slice(const KernelCall& call);
void run_reverse(const KernelCall& call);
void run_concatenate(const KernelCall& call);
void run_pad(const KernelCall& call);
void run_gather(const KernelCall& call);
void run_scatter(const KernelCall& call);
void run_dynamic_slice(const KernelCall& call);
void run_dynamic_update_slice(const KernelCall& call);
void run_reduce(const KernelCall& call);
void run_arg_reduce(const KernelCall& call);
void run_cumulative(const KernelCall& call);
void run_sort(const KernelCall& call);
void run_top_k(const KernelCall& call);
void run_orthogonalize(const KernelCall& call);
void run_dot(const KernelCall& call);
void run_convolution(const KernelCall& call);
void run_window(const KernelCall& call);
void run_key_seed(const KernelCall& call);
void run_key_derive(const KernelCall& call);
void run_key_fold(const KernelCall& call);
void run_key_split(const KernelCall& call);
void run_draw(const KernelCall& call);
void run_random_int(const KernelCall& call);
void run_softmax(const KernelCall& call);
void run_normalize(const KernelCall& call);

// Scratch bytes; see scratch_bytes() in kernel.h.
struct ScratchRequest {
  const Attributes& attributes;
  std::span<const ConstView> inputs;
  std::span<const View> outputs;
  int threads;
};
[[nodiscard]] std::size_t cumulative_scratch(const ScratchRequest& request);
[[nodiscard]] std::size_t sort_scratch(const ScratchRequest& request);
[[nodiscard]] std::size_t top_k_scratch(const ScratchRequest& request);
[[nodiscard]] std::size_t orthogonalize_scratch(const ScratchRequest& request);
[[nodiscard]] std::size_t dot_scratch(const ScratchRequest& request);
[[nodiscard]] std::size_t convolution_scratch(const ScratchRequest& request);

}  // namespace linenc::runtime
