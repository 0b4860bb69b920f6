// out[i] = f(a[i], b[i], c[i]), each operand broadcast to out (NumPy, right-aligned).
//
// The axes are folded into as few loops as the operands allow; the innermost one runs over consecutive elements, or over one
// that stands for all, so that same shapes, scalars and rows (a bias) all meet a plain loop. 16-bit floats go through float32
// piece by piece and are rounded once. Out may be one of the operands of its own shape.
//
// Tested by tests/runtime/kernels/elementwise_test.cpp.
#include <algorithm>

#include "runtime/kernels/dtypes.h"
#include "runtime/kernels/elementwise_loops.h"
#include "runtime/kernels/kernels.h"
#include "runtime/kernels/loops.h"
#include "runtime/kernels/parallel.h"

namespace linenc::runtime {
namespace {

using Kind = ElementwiseKind;

InnerLoop loop_of(Kind kind, DType dtype) {
  if (dtype == DType::Float32) {
    if (const InnerLoop loop = vectors().elementwise(kind)) return loop;
  }
  return scalar_loop(kind, dtype);
}

// Whether the function is about bits or neighbours and must see the 16-bit floats themselves.
bool keeps_half(Kind kind) { return kind == Kind::Copy || kind == Kind::Select || kind == Kind::NextAfter; }

// A run of 16-bit floats, in pieces that fit the first cache.
void half_run(InnerLoop loop, DType dtype, bool half_result, std::byte* out, const std::byte* const* in, std::size_t operands, unsigned scalars,
              std::int64_t count) {
  constexpr std::int64_t kPiece = 512;
  alignas(64) float wide[3][kPiece];
  alignas(64) float result[kPiece];
  const VectorTable& v = vectors();
  const std::byte* wide_in[3] = {};
  for (std::size_t o = 0; o < operands; ++o) {
    wide_in[o] = reinterpret_cast<const std::byte*>(wide[o]);
    if (((scalars >> o) & 1u) != 0) v.half_to_float(dtype, reinterpret_cast<const std::uint16_t*>(in[o]), wide[o], 1);
  }
  for (std::int64_t i = 0; i < count; i += kPiece) {
    const std::int64_t n = std::min(kPiece, count - i);
    for (std::size_t o = 0; o < operands; ++o) {
      if (((scalars >> o) & 1u) == 0) v.half_to_float(dtype, reinterpret_cast<const std::uint16_t*>(in[o]) + i, wide[o], n);
    }
    if (half_result) {
      loop(reinterpret_cast<std::byte*>(result), wide_in, scalars, n);
      v.float_to_half(dtype, result, reinterpret_cast<std::uint16_t*>(out) + i, n);
    } else {
      loop(out + i, wide_in, scalars, n);
    }
  }
}

Loops loops_of(const KernelCall& call) {
  const Shape& shape = call.outputs[0].shape;
  Loops loops(kMostOperands);
  const Strides out = dense_strides(shape);
  std::array<Strides, 3> in{};
  for (std::size_t o = 0; o < call.inputs.size(); ++o) in[o] = broadcast_strides(call.inputs[o].shape, shape);
  for (std::size_t axis = 0; axis < shape.size(); ++axis) {
    loops.add(shape[axis], {out[axis], in[0][axis], in[1][axis], in[2][axis]});
  }
  return loops;
}

// Elements that are worth another thread: fewer where each costs more.
std::int64_t grain_of(Kind kind) {
  const bool cheap = operand_count(kind) > 1 || kind == Kind::Copy || kind == Kind::Negate || kind == Kind::Relu;
  return cheap ? kGrain : kGrain / 4;
}

}  // namespace

void run_elementwise(const KernelCall& call) {
  const Kind kind = std::get<ElementwiseAttributes>(call.attributes).kind;
  const std::size_t operands = call.inputs.size();
  const DType dtype = call.inputs[kind == Kind::Select ? 1 : 0].dtype;
  const bool half = is_half(dtype) && !keeps_half(kind);
  const InnerLoop loop = is_half(dtype) && kind == Kind::NextAfter ? half_next_after(dtype) : loop_of(kind, half ? DType::Float32 : dtype);
  const bool half_result = half && is_half(call.outputs[0].dtype);
  const Loops loops = loops_of(call);
  const std::int64_t out_size = static_cast<std::int64_t>(byte_size(call.outputs[0].dtype));
  unsigned scalars = 0;
  for (std::size_t o = 0; o < operands; ++o) {
    if (loops.run_stride(static_cast<int>(o) + 1) == 0) scalars |= 1u << o;
  }
  parallel(call.threads, loops.elements(), grain_of(kind), [&](std::int64_t begin, std::int64_t end) {
    loops.for_runs(begin, end, [&](std::int64_t position, const auto& offset, std::int64_t count) {
      const std::byte* in[3] = {};
      for (std::size_t o = 0; o < operands; ++o) {
        in[o] = call.inputs[o].data + offset[o + 1] * static_cast<std::int64_t>(byte_size(call.inputs[o].dtype));
      }
      std::byte* out = call.outputs[0].data + position * out_size;
      if (half) {
        half_run(loop, dtype, half_result, out, in, operands, scalars, count);
      } else {
        loop(out, in, scalars, count);
      }
    });
  });
}

}  // namespace linenc::runtime
