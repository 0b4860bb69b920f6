// 16-bit floats for kernels that compute in float32.
#include "runtime/kernels/widen.h"

#include <algorithm>
#include <memory>

#include "runtime/kernels/dtypes.h"
#include "runtime/kernels/parallel.h"
#include "runtime/kernels/scratch.h"
#include "runtime/kernels/vector/vector_table.h"

namespace linenc::runtime {
namespace {

constexpr std::size_t kMostArrays = 4;

// A list of views with room of its own: views hold references and cannot be assigned.
template <class AnyView>
class ViewList {
 public:
  void add(AnyView view) { std::construct_at(at(count_++), view); }
  [[nodiscard]] std::span<const AnyView> views() const { return {reinterpret_cast<const AnyView*>(room_), count_}; }

 private:
  AnyView* at(std::size_t i) { return reinterpret_cast<AnyView*>(room_) + i; }
  alignas(AnyView) std::byte room_[kMostArrays * sizeof(AnyView)];
  std::size_t count_ = 0;
};

}  // namespace

bool has_half(const ScratchRequest& request) {
  const auto half = [](const auto& view) { return is_half(view.dtype); };
  return std::ranges::any_of(request.inputs, half) || std::ranges::any_of(request.outputs, half);
}

void run_widened(Kernel kernel, const KernelCall& call) {
  if (!has_half({call.attributes, call.inputs, call.outputs, 1})) return kernel(call);
  const VectorTable& v = vectors();
  Scratch scratch(call.scratch);
  ViewList<ConstView> inputs;
  ViewList<View> outputs;
  for (const ConstView& in : call.inputs) {
    if (!is_half(in.dtype)) {
      inputs.add(in);
      continue;
    }
    const std::int64_t count = element_count(in.shape);
    float* wide = scratch.take<float>(count);
    parallel(call.threads, count, kGrain,
             [&](std::int64_t begin, std::int64_t end) { v.half_to_float(in.dtype, in.as<std::uint16_t>() + begin, wide + begin, end - begin); });
    inputs.add({reinterpret_cast<const std::byte*>(wide), DType::Float32, in.shape});
  }
  for (const View& out : call.outputs) {
    if (is_half(out.dtype)) {
      outputs.add({scratch.take(static_cast<std::size_t>(element_count(out.shape)) * sizeof(float)), DType::Float32, out.shape});
    } else {
      outputs.add(out);
    }
  }
  kernel({inputs.views(), outputs.views(), call.attributes, scratch.rest(), call.threads});
  for (std::size_t o = 0; o < call.outputs.size(); ++o) {
    const View& out = call.outputs[o];
    if (!is_half(out.dtype)) continue;
    const float* wide = reinterpret_cast<const float*>(outputs.views()[o].data);
    parallel(call.threads, element_count(out.shape), kGrain,
             [&](std::int64_t begin, std::int64_t end) { v.float_to_half(out.dtype, wide + begin, out.as<std::uint16_t>() + begin, end - begin); });
  }
}

std::size_t widened_scratch(ScratchOf scratch_of, const ScratchRequest& request) {
  if (!has_half(request)) return scratch_of == nullptr ? 0 : scratch_of(request);
  std::size_t bytes = 0;
  ViewList<ConstView> inputs;
  ViewList<View> outputs;
  for (const ConstView& in : request.inputs) {
    if (is_half(in.dtype)) bytes += float_bytes(element_count(in.shape));
    inputs.add({in.data, is_half(in.dtype) ? DType::Float32 : in.dtype, in.shape});
  }
  for (const View& out : request.outputs) {
    if (is_half(out.dtype)) bytes += float_bytes(element_count(out.shape));
    outputs.add({out.data, is_half(out.dtype) ? DType::Float32 : out.dtype, out.shape});
  }
  if (scratch_of != nullptr) bytes += scratch_of({request.attributes, inputs.views(), outputs.views(), request.threads});
  return bytes;
}

}  // namespace linenc::runtime
