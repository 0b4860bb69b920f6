#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "runtime/core/threads.h"

namespace linenc {

// XXH3, 64 bits, as fast as memory: against accidents (files cut off, bits flipped, pages lost). It is no signature: who can
// change a file can change its checksum.
[[nodiscard]] std::uint64_t checksum(std::span<const std::byte> bytes, std::uint64_t seed = 0);

// The checksum of many bytes in several pieces, by blocks that threads share out; the same for every number of threads.
[[nodiscard]] std::uint64_t checksum_of_pieces(std::span<const std::span<const std::byte>> pieces, runtime::Threads& threads);

}  // namespace linenc
