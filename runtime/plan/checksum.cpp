// XXH3 of libxxhash, over blocks that do not depend on the number of threads.
// Tested by tests/runtime/plan/checksum_test.cpp.
#include "runtime/plan/checksum.h"

#include <xxhash.h>

#include <algorithm>
#include <vector>

namespace linenc {
namespace {

constexpr std::size_t kBlock = std::size_t{1} << 20;

}  // namespace

std::uint64_t checksum(std::span<const std::byte> bytes, std::uint64_t seed) { return XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed); }

std::uint64_t checksum_of_pieces(std::span<const std::span<const std::byte>> pieces, runtime::Threads& threads) {
  std::vector<std::span<const std::byte>> blocks;
  for (const std::span<const std::byte> piece : pieces) {
    for (std::size_t at = 0; at < piece.size(); at += kBlock) blocks.push_back(piece.subspan(at, std::min(kBlock, piece.size() - at)));
  }
  std::vector<std::uint64_t> sums(blocks.size());
  threads.parallel_for(static_cast<std::int64_t>(blocks.size()), 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i)
      sums[static_cast<std::size_t>(i)] = checksum(blocks[static_cast<std::size_t>(i)], static_cast<std::uint64_t>(i));
  });
  return checksum(std::as_bytes(std::span(sums)));
}

}  // namespace linenc
