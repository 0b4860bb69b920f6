// Tested by tests/compiler/lower/assign_memory_test.cpp.
#include "compiler/lower/assign_memory.h"

#include <algorithm>
#include <numeric>

#include "runtime/core/array.h"

namespace linenc::lower {
namespace {

struct Placed {
  std::uint64_t begin, end;
  std::uint32_t first_step, last_step;
};

std::uint64_t aligned(std::uint64_t bytes) { return (bytes + kAlignment - 1) / kAlignment * kAlignment; }

// The begin of the smallest gap between blocks alive at the same time, or the end of the last of them. `placed` is sorted by
// begin.
std::uint64_t best_gap(const std::vector<Placed>& placed, const Block& block, std::uint64_t bytes) {
  std::uint64_t free_from = 0, best = 0, best_size = UINT64_MAX;
  for (const Placed& other : placed) {
    if (other.last_step < block.first_step || block.last_step < other.first_step) continue;
    if (other.begin > free_from) {
      const std::uint64_t size = other.begin - free_from;
      if (size >= bytes && size < best_size) best = free_from, best_size = size;
    }
    free_from = std::max(free_from, other.end);
  }
  return best_size == UINT64_MAX ? free_from : best;
}

}  // namespace

MemoryMap assign_memory(std::span<const Block> blocks) {
  std::vector<std::size_t> by_size(blocks.size());
  std::iota(by_size.begin(), by_size.end(), std::size_t{0});
  std::stable_sort(by_size.begin(), by_size.end(), [&](std::size_t a, std::size_t b) { return blocks[a].bytes > blocks[b].bytes; });
  MemoryMap map;
  map.offset.resize(blocks.size());
  std::vector<Placed> placed;
  for (const std::size_t i : by_size) {
    const std::uint64_t bytes = aligned(blocks[i].bytes);
    if (bytes == 0) break;
    const std::uint64_t begin = best_gap(placed, blocks[i], bytes);
    map.offset[i] = begin;
    map.arena_bytes = std::max(map.arena_bytes, begin + bytes);
    const Placed at{begin, begin + bytes, blocks[i].first_step, blocks[i].last_step};
    placed.insert(std::upper_bound(placed.begin(), placed.end(), at, [](const Placed& a, const Placed& b) { return a.begin < b.begin; }), at);
  }
  return map;
}

}  // namespace linenc::lower
