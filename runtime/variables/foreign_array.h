#pragma once

#include <cstring>
#include <memory>

#include "runtime/core/array.h"

namespace linenc::runtime {

// An array of little-endian row-major bytes of a file: a view that keeps `owner` alive where there is one and the bytes
// are aligned, else a copy. The number of bytes was checked before.
[[nodiscard]] inline Array foreign_array(DType dtype, Shape shape, const std::byte* bytes, const std::shared_ptr<const void>& owner) {
  if (owner && reinterpret_cast<std::uintptr_t>(bytes) % kAlignment == 0) {
    return Array(dtype, std::move(shape), bytes, owner);
  }
  Array array(dtype, std::move(shape));
  if (array.bytes() > 0) std::memcpy(array.data(), bytes, array.bytes());
  return array;
}

}  // namespace linenc::runtime
