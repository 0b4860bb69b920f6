// The threefry2x32 block function, one block at a time; loops_body.h has it for many.
#include "runtime/random/threefry.h"

#include <bit>

namespace linenc::runtime {

KeyWords threefry2x32(KeyWords key, std::uint32_t c0, std::uint32_t c1) {
  constexpr int kRotations[2][4] = {{13, 15, 26, 6}, {17, 29, 16, 24}};
  const std::uint32_t schedule[3] = {key[0], key[1], key[0] ^ key[1] ^ 0x1BD11BDAu};
  std::uint32_t x0 = c0 + schedule[0];
  std::uint32_t x1 = c1 + schedule[1];
  for (std::uint32_t group = 0; group < 5; ++group) {
    for (const int rotation : kRotations[group % 2]) {
      x0 += x1;
      x1 = std::rotl(x1, rotation) ^ x0;
    }
    x0 += schedule[(group + 1) % 3];
    x1 += schedule[(group + 2) % 3] + group + 1;
  }
  return {x0, x1};
}

}  // namespace linenc::runtime
