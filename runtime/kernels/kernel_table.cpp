// Which kernel runs which op, and how much scratch memory it takes.
#include "runtime/kernels/kernel.h"

#include "runtime/kernels/kernels.h"
#include "runtime/kernels/widen.h"

namespace linenc::runtime {
namespace {

// A kernel for float32 that takes 16-bit floats too.
template <Kernel kernel>
void widened(const KernelCall& call) {
  run_widened(kernel, call);
}

}  // namespace

Kernel kernel_of(OpKind op) {
  switch (op) {
    case OpKind::Constant: return run_constant;
    case OpKind::Iota: return run_iota;
    case OpKind::Elementwise: return run_elementwise;
    case OpKind::Convert: return run_convert;
    case OpKind::Bitcast:
    case OpKind::Reshape:
    case OpKind::KeyData:
    case OpKind::KeyWrap: return run_copy;
    case OpKind::Broadcast: return run_broadcast;
    case OpKind::Transpose: return run_transpose;
    case OpKind::Slice: return run_slice;
    case OpKind::Reverse: return run_reverse;
    case OpKind::Concatenate: return run_concatenate;
    case OpKind::Pad: return run_pad;
    case OpKind::Gather: return run_gather;
    case OpKind::Scatter: return run_scatter;
    case OpKind::DynamicSlice: return run_dynamic_slice;
    case OpKind::DynamicUpdateSlice: return run_dynamic_update_slice;
    case OpKind::Reduce: return widened<run_reduce>;
    case OpKind::ArgReduce: return run_arg_reduce;
    case OpKind::Cumulative: return run_cumulative;
    case OpKind::Sort: return run_sort;
    case OpKind::TopK: return run_top_k;
    case OpKind::Orthogonalize: return run_orthogonalize;
    case OpKind::DotGeneral: return widened<run_dot>;
    case OpKind::Convolution: return widened<run_convolution>;
    case OpKind::ReduceWindow: return widened<run_window>;
    case OpKind::KeySeed: return run_key_seed;
    case OpKind::KeyDerive: return run_key_derive;
    case OpKind::KeyFold: return run_key_fold;
    case OpKind::KeySplit: return run_key_split;
    case OpKind::Draw: return run_draw;
    case OpKind::RandomInt: return run_random_int;
    case OpKind::Softmax: return widened<run_softmax>;
    case OpKind::Normalize: return widened<run_normalize>;
    case OpKind::Call:
    case OpKind::Loop: return nullptr;  // the executor runs the steps of the program instead
  }
  return nullptr;
}

std::size_t scratch_bytes(OpKind op, const Attributes& attributes, std::span<const ConstView> inputs, std::span<const View> outputs, int threads) {
  const ScratchRequest request{attributes, inputs, outputs, threads};
  switch (op) {
    case OpKind::Reduce:
    case OpKind::ReduceWindow:
    case OpKind::Softmax:
    case OpKind::Normalize: return widened_scratch(nullptr, request);
    case OpKind::DotGeneral: return widened_scratch(dot_scratch, request);
    case OpKind::Convolution: return widened_scratch(convolution_scratch, request);
    case OpKind::Cumulative: return cumulative_scratch(request);
    case OpKind::Sort: return sort_scratch(request);
    case OpKind::TopK: return top_k_scratch(request);
    case OpKind::Orthogonalize: return orthogonalize_scratch(request);
    case OpKind::Constant:
    case OpKind::Iota:
    case OpKind::Elementwise:
    case OpKind::Convert:
    case OpKind::Bitcast:
    case OpKind::Reshape:
    case OpKind::Broadcast:
    case OpKind::Transpose:
    case OpKind::Slice:
    case OpKind::Reverse:
    case OpKind::Concatenate:
    case OpKind::Pad:
    case OpKind::Gather:
    case OpKind::Scatter:
    case OpKind::DynamicSlice:
    case OpKind::DynamicUpdateSlice:
    case OpKind::ArgReduce:
    case OpKind::KeySeed:
    case OpKind::KeyDerive:
    case OpKind::KeyFold:
    case OpKind::KeySplit:
    case OpKind::KeyData:
    case OpKind::KeyWrap:
    case OpKind::Draw:
    case OpKind::RandomInt:
    case OpKind::Call:
    case OpKind::Loop: return 0;
  }
  return 0;
}

}  // namespace linenc::runtime
