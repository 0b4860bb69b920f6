// out[i] = f(a[i], b[i], c[i]), each operand broadcast to out (NumPy, right-aligned).
//
// The axes are folded into as few loops as the operands allow; the innermost one runs over consecutive elements, or over one
// that stands for all, so that same shapes, scalars and rows (a bias) all meet a plain loop. 16-bit floats go through float32
// piece by piece and are rounded once. Out may be one of the operands of its own shape.
//
// Tested by tests/runtime/kernels/elementwise_test.cpp.
#include <algorithm>
#include <cmath>
#include <span>

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

constexpr std::int64_t kPiece = 512;  // of a run, in the first cache

// a / b of a b that stands for several elements: XLA multiplies by 1 / b, which decides the last bit. That of float16 is rounded to
// float16, that of bfloat16 is not.
template <bool kRounded>
void multiply_by_reciprocal(std::byte* out, const std::byte* const* in, unsigned scalars, std::int64_t count) {
  static const float kOne = 1;
  const InnerLoop divide = loop_of(Kind::Divide, DType::Float32), multiply = loop_of(Kind::Multiply, DType::Float32);
  const std::int64_t step_a = (scalars & 1u) != 0 ? 0 : sizeof(float), step_b = (scalars & 2u) != 0 ? 0 : sizeof(float);
  alignas(64) float reciprocals[kPiece];
  for (std::int64_t i = 0; i < count; i += kPiece) {
    const std::int64_t n = std::min(kPiece, count - i);
    const std::byte* ones_and_b[] = {reinterpret_cast<const std::byte*>(&kOne), in[1] + i * step_b, nullptr};
    if (i == 0 || step_b != 0) divide(reinterpret_cast<std::byte*>(reciprocals), ones_and_b, 1u, step_b == 0 ? 1 : n);
    if (kRounded && (i == 0 || step_b != 0)) {
      for (float& value : std::span(reciprocals, static_cast<std::size_t>(step_b == 0 ? 1 : n))) value = float16_to_float(float_to_float16(value));
    }
    const std::byte* a_and_reciprocals[] = {in[0] + i * step_a, reinterpret_cast<const std::byte*>(reciprocals), nullptr};
    multiply(out + i * static_cast<std::int64_t>(sizeof(float)), a_and_reciprocals, scalars, n);
  }
}

InnerLoop loop_of_call(Kind kind, DType dtype, const KernelCall& call) {
  const bool by_few = kind == Kind::Divide && dtype == DType::Float32 && element_count(call.inputs[1].shape) < element_count(call.outputs[0].shape);
  if (!by_few) return loop_of(kind, dtype);
  return call.inputs[1].dtype == DType::Float16 ? multiply_by_reciprocal<true> : multiply_by_reciprocal<false>;
}

// The functions that XLA makes of several steps, of 16-bit floats: each step is rounded.
struct HalfSteps {
  const VectorTable& v;
  DType dtype;
  std::int64_t count;

  void rounded(float* x) const {
    alignas(64) std::uint16_t half[kPiece];
    v.float_to_half(dtype, x, half, count);
    v.half_to_float(dtype, half, x, count);
  }
  void apply(Kind kind, float* x) const {
    const std::byte* in[] = {reinterpret_cast<const std::byte*>(x), nullptr, nullptr};
    loop_of(kind, DType::Float32)(reinterpret_cast<std::byte*>(x), in, 0, count);
  }

  // 1 / (1 + exp(-x))
  void logistic(const float* x, float* out) const {
    for (std::int64_t i = 0; i < count; ++i) out[i] = -x[i];
    apply(Kind::Exp, out);
    rounded(out);
    for (std::int64_t i = 0; i < count; ++i) out[i] = 1 + out[i];
    rounded(out);
    for (std::int64_t i = 0; i < count; ++i) out[i] = 1 / out[i];
  }
  // x * logistic(x)
  void silu(const float* x, float* out) const {
    logistic(x, out);
    rounded(out);
    for (std::int64_t i = 0; i < count; ++i) out[i] = x[i] * out[i];
  }
  // max(x, 0) + log1p(exp(-|x|))
  void softplus(const float* x, float* out) const {
    for (std::int64_t i = 0; i < count; ++i) out[i] = -std::abs(x[i]);
    apply(Kind::Exp, out);
    rounded(out);
    apply(Kind::Log1p, out);
    rounded(out);
    for (std::int64_t i = 0; i < count; ++i) out[i] = (x[i] > 0 || x[i] != x[i] ? x[i] : 0) + out[i];
  }

  // False where `kind` is one step.
  bool run(Kind kind, const float* x, float* out) const {
    if (kind == Kind::Logistic) return logistic(x, out), true;
    if (kind == Kind::Silu) return silu(x, out), true;
    if (kind == Kind::Softplus) return softplus(x, out), true;
    return false;
  }
};

// A run of 16-bit floats, in pieces that fit the first cache.
void half_run(Kind kind, InnerLoop loop, DType dtype, bool half_result, std::byte* out, const std::byte* const* in, std::size_t operands,
              unsigned scalars, std::int64_t count) {
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
      if (!HalfSteps{v, dtype, n}.run(kind, wide[0], result)) loop(reinterpret_cast<std::byte*>(result), wide_in, scalars, n);
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
  const InnerLoop loop = is_half(dtype) && kind == Kind::NextAfter ? half_next_after(dtype) : loop_of_call(kind, half ? DType::Float32 : dtype, call);
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
        half_run(kind, loop, dtype, half_result, out, in, operands, scalars, count);
      } else {
        loop(out, in, scalars, count);
      }
    });
  });
}

}  // namespace linenc::runtime
