#include "runtime/plan/checksum.h"

#include <doctest/doctest.h>

#include <set>
#include <string>
#include <vector>

namespace linenc::test {
namespace {

std::uint64_t sum(const std::string& text) { return checksum(std::as_bytes(std::span(text))); }

std::string numbers(std::size_t size) {
  std::string text;
  for (std::size_t i = 0; i < size; ++i) text += static_cast<char>(i * 131 + i / 7);
  return text;
}

TEST_SUITE("runtime/plan/checksum") {
  TEST_CASE("every single bit counts, wherever it is") {
    for (const std::size_t size : {1u, 63u, 64u, 65u, 200u, 1000u}) {
      const std::string text = numbers(size);
      std::set<std::uint64_t> sums{sum(text)};
      for (std::size_t bit = 0; bit < 8 * size; ++bit) {
        std::string changed = text;
        changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << bit % 8));
        CHECK(sums.insert(sum(changed)).second);
      }
    }
  }

  TEST_CASE("a second bit does not take back what the first one did") {
    const std::string text = numbers(256);
    std::set<std::uint64_t> sums;
    for (std::size_t first = 0; first < 64; ++first) {
      for (std::size_t second = 0; second < 64; ++second) {
        // In the same lane, one step later.
        std::string changed = text;
        changed[first / 8] = static_cast<char>(changed[first / 8] ^ (1 << first % 8));
        changed[64 + second / 8] = static_cast<char>(changed[64 + second / 8] ^ (1 << second % 8));
        sums.insert(sum(changed));
      }
    }
    CHECK(sums.size() == 64 * 64);
  }

  TEST_CASE("lengths count, and so do zeros and the order of words") {
    std::set<std::uint64_t> sums;
    for (std::size_t size = 0; size < 300; ++size) CHECK(sums.insert(sum(std::string(size, '\0'))).second);
    std::string text = numbers(256);
    CHECK(sums.insert(sum(text)).second);
    for (std::size_t word = 8; word < 256; word += 8) {
      std::string swapped = text;
      std::swap_ranges(swapped.begin(), swapped.begin() + 8, swapped.begin() + static_cast<std::ptrdiff_t>(word));
      CHECK(sums.insert(sum(swapped)).second);
    }
  }

  TEST_CASE("a seed gives another checksum") {
    const std::string text = numbers(100);
    CHECK(checksum(std::as_bytes(std::span(text)), 1) != checksum(std::as_bytes(std::span(text)), 2));
  }

  TEST_CASE("the checksum of pieces is the same for every number of threads, and depends on where they end") {
    const std::string text = numbers((std::size_t{3} << 20) + 12345);
    const auto bytes = std::as_bytes(std::span(text));
    const std::vector<std::span<const std::byte>> one{bytes}, two{bytes.first(100), bytes.subspan(100)};
    runtime::Threads single(1), several(3);
    CHECK(checksum_of_pieces(one, single) == checksum_of_pieces(one, several));
    CHECK(checksum_of_pieces(one, single) != checksum_of_pieces(two, single));
    std::string changed = text;
    changed[(std::size_t{2} << 20) + 5] ^= 1;
    const std::vector<std::span<const std::byte>> other{std::as_bytes(std::span(changed))};
    CHECK(checksum_of_pieces(one, single) != checksum_of_pieces(other, single));
  }

}  // TEST_SUITE

}  // namespace
}  // namespace linenc::test
