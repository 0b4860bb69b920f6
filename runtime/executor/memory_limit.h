#pragma once

#include <cstdint>

namespace linenc::runtime {

// Bytes that this process may still take: 80 % of the least of the memory that the machine has available, what its control
// group leaves, and the address space limit.
[[nodiscard]] std::uint64_t available_memory();

// Makes this the answer of available_memory() from now on.
void limit_memory(std::uint64_t bytes);

}  // namespace linenc::runtime
