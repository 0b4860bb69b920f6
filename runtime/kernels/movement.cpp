// Kernels that only fill, convert or copy: Constant, Iota, Convert, Bitcast, Reshape, Broadcast, Transpose, Slice, Reverse,
// Concatenate, Pad, DynamicSlice, DynamicUpdateSlice.
//
// All of them are one copy between two strided views of the arrays; the views differ.
//
// Tested by tests/runtime/kernels/movement_test.cpp.
#include <algorithm>
#include <cstring>

#include "runtime/core/array.h"
#include "runtime/kernels/dtypes.h"
#include "runtime/kernels/kernels.h"
#include "runtime/kernels/loops.h"
#include "runtime/kernels/parallel.h"
#include "runtime/kernels/vector/vector_table.h"

namespace linenc::runtime {
namespace {

std::int64_t size_of(DType dtype) { return static_cast<std::int64_t>(byte_size(dtype)); }

// An integer as one element of the dtype.
void store_number(DType dtype, std::int64_t value, std::byte* to) {
  with_element(dtype, [&]<class Element>() {
    const typename Element::Stored stored = Element::stored(static_cast<typename Element::Wide>(value));
    std::memcpy(to, &stored, sizeof stored);
  });
}

// Copies a box of `shape` elements between views that begin at the given elements.
void copy_box(const KernelCall& call, std::span<const std::int64_t> shape, std::byte* to, const Strides& to_strides, const std::byte* from,
              const Strides& from_strides) {
  Loops loops(2);
  for (std::size_t axis = 0; axis < shape.size(); ++axis) loops.add(shape[axis], {to_strides[axis], from_strides[axis]});
  copy_strided(call.threads, loops, byte_size(call.outputs[0].dtype), to, from);
}

// Where a box of size `box` begins inside an axis of `size`, clamped so that it fits.
std::int64_t clamped_start(const ConstView& start, std::int64_t size, std::int64_t box) {
  return std::clamp<std::int64_t>(*start.as<std::int32_t>(), 0, size - box);
}

}  // namespace

void run_constant(const KernelCall& call) {
  const auto& attributes = std::get<ConstantAttributes<std::int64_t>>(call.attributes);
  const View& out = call.outputs[0];
  const std::size_t element = byte_size(out.dtype);
  std::byte number[8] = {};
  if (attributes.is_size) {
    store_number(out.dtype, attributes.size, number);
    fill(call.threads, out.data, number, element, element_count(out.shape));
  } else if (attributes.bytes.size() == element) {
    fill(call.threads, out.data, attributes.bytes.data(), element, element_count(out.shape));
  } else if (!attributes.bytes.empty()) {
    std::memcpy(out.data, attributes.bytes.data(), attributes.bytes.size());
  }
}

// out[..., i, ...] = i along the axis
void run_iota(const KernelCall& call) {
  const std::size_t axis = static_cast<std::size_t>(std::get<AxisAttributes>(call.attributes).axis);
  const View& out = call.outputs[0];
  const std::int64_t inner = dense_strides(out.shape)[axis], size = out.shape[axis];
  with_element(out.dtype, [&]<class Element>() {
    auto* to = out.as<typename Element::Stored>();
    parallel(call.threads, element_count(out.shape), kGrain, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t i = begin; i < end; ++i) to[i] = Element::stored(static_cast<typename Element::Wide>(i / inner % size));
    });
  });
}

void run_convert(const KernelCall& call) {
  const ConstView& x = call.inputs[0];
  const View& out = call.outputs[0];
  parallel(call.threads, element_count(out.shape), kGrain, [&](std::int64_t begin, std::int64_t end) {
    const std::byte* from = x.data + begin * size_of(x.dtype);
    std::byte* to = out.data + begin * size_of(out.dtype);
    if (is_half(x.dtype) && out.dtype == DType::Float32) {
      vectors().half_to_float(x.dtype, reinterpret_cast<const std::uint16_t*>(from), reinterpret_cast<float*>(to), end - begin);
    } else if (x.dtype == DType::Float32 && is_half(out.dtype)) {
      vectors().float_to_half(out.dtype, reinterpret_cast<const float*>(from), reinterpret_cast<std::uint16_t*>(to), end - begin);
    } else {
      convert_elements(x.dtype, from, out.dtype, to, end - begin);
    }
  });
}

void run_copy(const KernelCall& call) {
  const View& out = call.outputs[0];
  copy_bytes(call.threads, out.data, call.inputs[0].data, static_cast<std::size_t>(element_count(out.shape)) * byte_size(out.dtype));
}

void run_broadcast(const KernelCall& call) {
  const ConstView& x = call.inputs[0];
  const View& out = call.outputs[0];
  copy_box(call, out.shape, out.data, dense_strides(out.shape), x.data, broadcast_strides(x.shape, out.shape));
}

void run_transpose(const KernelCall& call) {
  const auto& permutation = std::get<TransposeAttributes>(call.attributes).permutation;
  const ConstView& x = call.inputs[0];
  const View& out = call.outputs[0];
  const Strides from = dense_strides(x.shape);
  Strides permuted{};
  for (std::size_t axis = 0; axis < permutation.size(); ++axis) permuted[axis] = from[static_cast<std::size_t>(permutation[axis])];
  copy_box(call, out.shape, out.data, dense_strides(out.shape), x.data, permuted);
}

void run_slice(const KernelCall& call) {
  const auto& attributes = std::get<SliceAttributes<std::int64_t>>(call.attributes);
  const ConstView& x = call.inputs[0];
  const View& out = call.outputs[0];
  Strides from = dense_strides(x.shape);
  std::int64_t start = 0;
  for (std::size_t axis = 0; axis < out.shape.size(); ++axis) {
    start += attributes.start[axis] * from[axis];
    from[axis] *= attributes.stride[axis];
  }
  copy_box(call, out.shape, out.data, dense_strides(out.shape), x.data + start * size_of(x.dtype), from);
}

void run_reverse(const KernelCall& call) {
  const ConstView& x = call.inputs[0];
  const View& out = call.outputs[0];
  if (element_count(out.shape) == 0) return;
  Strides from = dense_strides(x.shape);
  std::int64_t start = 0;
  for (const std::int64_t reversed : std::get<ReverseAttributes>(call.attributes).axes) {
    const std::size_t axis = static_cast<std::size_t>(reversed);
    start += (x.shape[axis] - 1) * from[axis];
    from[axis] = -from[axis];
  }
  copy_box(call, out.shape, out.data, dense_strides(out.shape), x.data + start * size_of(x.dtype), from);
}

void run_concatenate(const KernelCall& call) {
  const std::size_t axis = static_cast<std::size_t>(std::get<AxisAttributes>(call.attributes).axis);
  const View& out = call.outputs[0];
  const Strides to = dense_strides(out.shape);
  std::int64_t start = 0;
  for (const ConstView& x : call.inputs) {
    copy_box(call, x.shape, out.data + start * to[axis] * size_of(out.dtype), to, x.data, dense_strides(x.shape));
    start += x.shape[axis];
  }
}

// Fills out with the value, then copies the elements of x that are not cut off: element i of an axis goes to
// low + i * (interior + 1).
void run_pad(const KernelCall& call) {
  const auto& attributes = std::get<PadAttributes<std::int64_t>>(call.attributes);
  const ConstView& x = call.inputs[0];
  const View& out = call.outputs[0];
  fill(call.threads, out.data, call.inputs[1].data, byte_size(out.dtype), element_count(out.shape));
  Strides to = dense_strides(out.shape), from = dense_strides(x.shape);
  Strides box{};
  std::int64_t to_start = 0, from_start = 0;
  for (std::size_t axis = 0; axis < x.shape.size(); ++axis) {
    const std::int64_t step = attributes.interior[axis] + 1, low = attributes.low[axis];
    const std::int64_t first = low >= 0 ? 0 : (-low + step - 1) / step;
    const std::int64_t room = out.shape[axis] - 1 - low;  // the last place, counted from the first element
    const std::int64_t last = room < 0 ? -1 : std::min(x.shape[axis] - 1, room / step);
    box[axis] = std::max<std::int64_t>(0, last - first + 1);
    to_start += (low + first * step) * to[axis];
    from_start += first * from[axis];
    to[axis] *= step;
  }
  const std::span<const std::int64_t> sizes(box.data(), x.shape.size());
  if (std::find(sizes.begin(), sizes.end(), 0) != sizes.end()) return;
  copy_box(call, sizes, out.data + to_start * size_of(out.dtype), to, x.data + from_start * size_of(x.dtype), from);
}

void run_dynamic_slice(const KernelCall& call) {
  const ConstView& x = call.inputs[0];
  const View& out = call.outputs[0];
  const Strides from = dense_strides(x.shape);
  std::int64_t start = 0;
  for (std::size_t axis = 0; axis < x.shape.size(); ++axis) {
    start += clamped_start(call.inputs[axis + 1], x.shape[axis], out.shape[axis]) * from[axis];
  }
  copy_box(call, out.shape, out.data, dense_strides(out.shape), x.data + start * size_of(x.dtype), from);
}

void run_dynamic_update_slice(const KernelCall& call) {
  const ConstView& x = call.inputs[0];
  const ConstView& update = call.inputs[1];
  const View& out = call.outputs[0];
  const Strides to = dense_strides(out.shape);
  copy_bytes(call.threads, out.data, x.data, static_cast<std::size_t>(element_count(out.shape)) * byte_size(out.dtype));
  std::int64_t start = 0;
  for (std::size_t axis = 0; axis < x.shape.size(); ++axis) {
    start += clamped_start(call.inputs[axis + 2], x.shape[axis], update.shape[axis]) * to[axis];
  }
  copy_box(call, update.shape, out.data + start * size_of(out.dtype), to, update.data, dense_strides(update.shape));
}

}  // namespace linenc::runtime
