#include "compiler/lower/assign_memory.h"

#include <doctest/doctest.h>

#include <random>

namespace linenc::lower {

TEST_SUITE("compiler/lower/assign_memory") {
  TEST_CASE("blocks of different times share bytes, of the same time they do not") {
    const MemoryMap map = assign_memory(std::vector<Block>{{100, 0, 1}, {64, 1, 2}, {100, 2, 3}});
    CHECK(map.offset == std::vector<std::uint64_t>{0, 128, 0});
    CHECK(map.arena_bytes == 192);
  }

  TEST_CASE("the smallest gap that fits is taken") {
    // Two holes, of 256 and of 64 bytes, below a block at the top.
    const MemoryMap map = assign_memory(std::vector<Block>{{1024, 0, 9}, {256, 0, 1}, {512, 0, 9}, {128, 0, 1}, {448, 0, 9}, {64, 2, 9}});
    CHECK(map.offset == std::vector<std::uint64_t>{0, 1984, 1024, 2240, 1536, 1984});
  }

  TEST_CASE("empty blocks take nothing") {
    CHECK(assign_memory(std::vector<Block>{{0, 0, 5}, {0, 1, 2}}).arena_bytes == 0);
    CHECK(assign_memory({}).arena_bytes == 0);
  }

  TEST_CASE("no two blocks that live together overlap; offsets are aligned; the bound is met") {
    std::mt19937 random(11);
    const auto number = [&](int low, int high) { return static_cast<std::uint32_t>(std::uniform_int_distribution<int>(low, high)(random)); };
    for (int round = 0; round < 200; ++round) {
      CAPTURE(round);
      std::vector<Block> blocks;
      for (std::uint32_t i = 0, count = number(1, 40); i < count; ++i) {
        const std::uint32_t first = number(0, 30);
        blocks.push_back({number(0, 3000), first, first + number(0, 8)});
      }
      const MemoryMap map = assign_memory(blocks);
      for (std::size_t i = 0; i < blocks.size(); ++i) {
        CHECK(map.offset[i] % 64 == 0);
        CHECK(map.offset[i] + blocks[i].bytes <= map.arena_bytes);
        for (std::size_t j = 0; j < i; ++j) {
          const bool together = blocks[i].first_step <= blocks[j].last_step && blocks[j].first_step <= blocks[i].last_step;
          const bool overlap = map.offset[i] < map.offset[j] + blocks[j].bytes && map.offset[j] < map.offset[i] + blocks[i].bytes;
          CHECK_FALSE((together && overlap && blocks[i].bytes > 0 && blocks[j].bytes > 0));
        }
      }
    }
  }

}  // TEST_SUITE
}  // namespace linenc::lower
