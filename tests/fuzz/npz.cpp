// An archive of arrays. Checksums of members are repaired most of the time, or nothing behind them would be reached.
#include <array>

#include "tests/fuzz/arrays.h"

using namespace linenc;
using namespace linenc::fuzz;

namespace {

std::uint32_t crc32(const std::uint8_t* data, std::size_t size) {
  std::uint32_t crc = 0xFFFFFFFFu;
  for (std::size_t i = 0; i < size; ++i) {
    crc ^= data[i];
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ (0xEDB88320u & (0u - (crc & 1u)));
  }
  return ~crc;
}

std::uint32_t word(const std::uint8_t* at) {
  return std::uint32_t{at[0]} | std::uint32_t{at[1]} << 8 | std::uint32_t{at[2]} << 16 | std::uint32_t{at[3]} << 24;
}
void put_word(std::uint8_t* at, std::uint32_t value) {
  for (int i = 0; i < 4; ++i) at[i] = static_cast<std::uint8_t>(value >> (8 * i));
}
bool is_mark(const std::uint8_t* at, char third, char fourth) { return at[0] == 'P' && at[1] == 'K' && at[2] == third && at[3] == fourth; }

// Sets the CRC of each stored member, in its own record and, in the same order, in the directory.
void repair_checksums(std::uint8_t* data, std::size_t size) {
  std::array<std::uint32_t, 64> sums{};
  std::size_t members = 0, entries = 0;
  constexpr std::size_t kLocal = 30, kCentral = 46;
  for (std::size_t at = 0; at + kLocal <= size;) {
    if (is_mark(data + at, 3, 4) && members < sums.size()) {
      const std::size_t begin = at + kLocal + (data[at + 26] | data[at + 27] << 8) + static_cast<std::size_t>(data[at + 28] | data[at + 29] << 8);
      const std::size_t length = word(data + at + 18);
      if (begin <= size && length <= size - begin) {
        sums[members++] = crc32(data + begin, length);
        put_word(data + at + 14, sums[members - 1]);
        at = begin + length;
        continue;
      }
    } else if (is_mark(data + at, 1, 2) && at + kCentral <= size && entries < members) {
      put_word(data + at + 16, sums[entries++]);
    }
    ++at;
  }
}

}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size, unsigned seed) {
  size = LLVMFuzzerMutate(data, size, max_size);
  if (seed % 4 != 0) repair_checksums(data, size);
  return size;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto leaves = runtime::parse_npz(bytes_of_input(data, size));
  if (!leaves) return 0;
  for (const runtime::Leaf& leaf : *leaves) {
    const Wide bytes = announced_bytes(leaf.array);
    require(bytes >= 0 && bytes <= static_cast<Wide>(size) * 1032, "no member is larger than its packed bytes allow");
  }
  // Names that no other format has are refused together with the rest, where trees are read.
  const auto tree = runtime::parse_variables(bytes_of_input(data, size), nullptr);
  if (!tree) return 0;
  require_same(tree->leaves, *leaves);
  const auto text = runtime::serialize_variables(*tree, runtime::Format::Npz);
  require(static_cast<bool>(text), "a tree that was read is written");
  const auto again = runtime::parse_npz(bytes_of_text(*text));
  require(static_cast<bool>(again), "what was written is read");
  require_same(*again, *leaves);
  return 0;
}
