#pragma once

#include <algorithm>
#include <cstddef>
#include <span>

namespace linenc::runtime {

// Bytes that were read and are not needed for the time being: where they belong to a mapped file, its pages stop counting as memory of
// this process (they come back when they are read again). Other bytes are left alone.
void release_pages(std::span<const std::byte> bytes);

inline constexpr std::size_t kPieceBytes = 1 << 20;

// Calls body(piece) for pieces of a large run of bytes, from its beginning to its end, and releases each one afterwards.
template <class Body>
void for_each_piece(std::span<const std::byte> bytes, Body body) {
  while (!bytes.empty()) {
    const auto piece = bytes.first(std::min(bytes.size(), kPieceBytes));
    body(piece);
    release_pages(piece);
    bytes = bytes.subspan(piece.size());
  }
}

}  // namespace linenc::runtime
