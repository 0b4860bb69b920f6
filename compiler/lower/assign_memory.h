#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace linenc::lower {

// Bytes that must stay untouched during the steps [first_step, last_step].
struct Block {
  std::uint64_t bytes = 0;
  std::uint32_t first_step = 0, last_step = 0;
};

// Where each block lies in the arena: offsets are multiples of kAlignment.
struct MemoryMap {
  std::vector<std::uint64_t> offset;  // parallel to the blocks
  std::uint64_t arena_bytes = 0;
};

// Two blocks alive at the same step never overlap. The largest block is placed first, each into the smallest gap that holds
// it: not optimal, but stable, so that plans do not change without reason.
[[nodiscard]] MemoryMap assign_memory(std::span<const Block> blocks);

}  // namespace linenc::lower
