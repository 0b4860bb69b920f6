// Random keys and draws: KeySeed, KeyDerive, KeyFold, KeySplit, Draw, RandomInt. (KeyData and KeyWrap only copy.)
//
// Tested by tests/runtime/kernels/keys_test.cpp.
#include <algorithm>

#include "runtime/kernels/dtypes.h"
#include "runtime/kernels/kernels.h"
#include "runtime/kernels/loops.h"
#include "runtime/kernels/parallel.h"
#include "runtime/random/draw.h"
#include "runtime/random/threefry.h"

namespace linenc::runtime {
namespace {

// An integer scalar of any dtype.
std::int64_t number(const ConstView& x) {
  std::int64_t value = 0;
  with_element(x.dtype, [&]<class Element>() { value = static_cast<std::int64_t>(Element::wide(*x.as<typename Element::Stored>())); });
  return value;
}

constexpr std::int64_t kKeyGrain = 1024;

}  // namespace

void run_key_seed(const KernelCall& call) { *call.outputs[0].as<KeyWords>() = key_of_seed(number(call.inputs[0])); }

void run_key_derive(const KernelCall& call) {
  const std::uint32_t word = std::get<KeyDeriveAttributes>(call.attributes).word;
  const KeyWords* keys = call.inputs[0].as<KeyWords>();
  KeyWords* out = call.outputs[0].as<KeyWords>();
  parallel(call.threads, element_count(call.outputs[0].shape), kKeyGrain, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) out[i] = fold_in(keys[i], word);
  });
}

// out[i] = fold_in(key[i], data[i]), both broadcast to out
void run_key_fold(const KernelCall& call) {
  const KeyWords* keys = call.inputs[0].as<KeyWords>();
  const std::uint32_t* data = call.inputs[1].as<std::uint32_t>();
  KeyWords* out = call.outputs[0].as<KeyWords>();
  const Shape& shape = call.outputs[0].shape;
  Loops loops(2);
  const Strides key_strides = broadcast_strides(call.inputs[0].shape, shape), data_strides = broadcast_strides(call.inputs[1].shape, shape);
  for (std::size_t axis = 0; axis < shape.size(); ++axis) loops.add(shape[axis], {key_strides[axis], data_strides[axis]});
  parallel(call.threads, loops.elements(), kKeyGrain, [&](std::int64_t begin, std::int64_t end) {
    loops.for_runs(begin, end, [&](std::int64_t position, const auto& offset, std::int64_t count) {
      for (std::int64_t i = 0; i < count; ++i) {
        out[position + i] = fold_in(keys[offset[0] + i * loops.run_stride(0)], data[offset[1] + i * loops.run_stride(1)]);
      }
    });
  });
}

// out[b..., n...] = element n of split(key[b...])
void run_key_split(const KernelCall& call) {
  const KeyWords* keys = call.inputs[0].as<KeyWords>();
  KeyWords* out = call.outputs[0].as<KeyWords>();
  const std::int64_t count = element_count(call.outputs[0].shape);
  const std::int64_t each = count / std::max<std::int64_t>(1, element_count(call.inputs[0].shape));
  parallel(call.threads, count, kKeyGrain, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) out[i] = split_at(keys[i / each], static_cast<std::uint64_t>(i % each));
  });
}

void run_draw(const KernelCall& call) {
  const auto& attributes = std::get<DrawAttributes>(call.attributes);
  const ConstView& keys = call.inputs[0];
  const View& out = call.outputs[0];
  const std::int64_t count = element_count(keys.shape);
  if (element_count(out.shape) == 0) return;
  const std::int64_t each = element_count(out.shape) / count;
  for (std::int64_t k = 0; k < count; ++k) {
    draw(attributes, keys.as<KeyWords>()[k], out.dtype, 0, each, out.data + k * each * static_cast<std::int64_t>(byte_size(out.dtype)), call.threads);
  }
}

void run_random_int(const KernelCall& call) {
  const ConstView& keys = call.inputs[0];
  const View& out = call.outputs[0];
  const std::int64_t count = element_count(keys.shape);
  if (element_count(out.shape) == 0) return;
  const std::int64_t low = number(call.inputs[1]), high = number(call.inputs[2]);
  const std::int64_t each = element_count(out.shape) / count;
  for (std::int64_t k = 0; k < count; ++k) {
    random_int(keys.as<KeyWords>()[k], out.dtype, low, high, each, out.data + k * each * static_cast<std::int64_t>(byte_size(out.dtype)),
               call.threads);
  }
}

}  // namespace linenc::runtime
