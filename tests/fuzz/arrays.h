#pragma once

// Claims about arrays that a reader accepted.

#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "runtime/variables/formats.h"
#include "tests/fuzz/require.h"

namespace linenc::fuzz {

inline std::span<const std::byte> bytes_of_text(std::string_view text) { return std::as_bytes(std::span(text.data(), text.size())); }

// The bytes that a shape announces, without any of the arithmetic of the readers; too large ones are -1.
inline Wide announced_bytes(const Array& array) {
  Wide bytes = static_cast<Wide>(byte_size(array.dtype()));
  for (const std::int64_t size : array.shape()) {
    require(size >= 0, "sizes are not negative");
    bytes *= size;
    if (bytes > (Wide{1} << 62)) return -1;
  }
  return bytes;
}

inline void require_same(const std::vector<runtime::Leaf>& found, const std::vector<runtime::Leaf>& expected) {
  require(found.size() == expected.size(), "as many arrays as before");
  for (std::size_t i = 0; i < found.size(); ++i) {
    require(found[i].key == expected[i].key, "the names of before, in the same order");
    require(found[i].array.same_bits(expected[i].array), "dtypes, shapes and bits as before");
  }
}

// Files are mapped: readers may view the bytes, and shall read the same as from a copy.
struct Mapped {
  std::shared_ptr<const void> owner;
  std::span<const std::byte> bytes;
};
inline Mapped mapped(const std::uint8_t* data, std::size_t size) {
  auto storage = std::make_shared<Array>(DType::UInt8, Shape{static_cast<std::int64_t>(size)});
  if (size > 0) std::memcpy(storage->data(), data, size);
  return {storage, {storage->data(), size}};
}

}  // namespace linenc::fuzz
