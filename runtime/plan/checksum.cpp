// Eight lanes, each of which takes every eighth word: lane = rotate(lane ^ word) * odd. Every such step is a bijection of the
// lane, and so is the end, in which lanes are taken in one by one: what differs in one word stays different. A second word can
// take a difference back; the sum of all lanes after each step remembers that there was one.
//
// Tested by tests/runtime/plan/checksum_test.cpp.
#include "runtime/plan/checksum.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <vector>

namespace linenc {
namespace {

constexpr std::size_t kLanes = 8, kStep = kLanes * sizeof(std::uint64_t);
constexpr std::uint64_t kOdd = 0x9E3779B97F4A7C15u, kOtherOdd = 0xC2B2AE3D27D4EB4Fu;
constexpr std::size_t kBlock = std::size_t{1} << 20;

constexpr std::uint64_t mixed(std::uint64_t state, std::uint64_t word) { return std::rotl(state ^ word, 29) * kOdd; }

using Lanes = std::array<std::uint64_t, kLanes>;

// Gives the sum of the lanes.
std::uint64_t take_in(Lanes& lanes, const std::byte* bytes) {
  Lanes words;
  std::memcpy(words.data(), bytes, kStep);
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < kLanes; ++i) sum += lanes[i] = mixed(lanes[i], words[i]);
  return sum;
}

}  // namespace

std::uint64_t checksum(std::span<const std::byte> bytes, std::uint64_t seed) {
  Lanes lanes;
  for (std::size_t i = 0; i < kLanes; ++i) lanes[i] = seed + (i + 1) * kOtherOdd;
  const std::size_t whole = bytes.size() / kStep * kStep;
  std::uint64_t sum = 0;
  for (std::size_t at = 0; at < whole; at += kStep) sum += take_in(lanes, bytes.data() + at);
  if (whole < bytes.size()) {
    std::array<std::byte, kStep> rest{};
    std::memcpy(rest.data(), bytes.data() + whole, bytes.size() - whole);
    sum += take_in(lanes, rest.data());
  }
  std::uint64_t state = mixed(bytes.size(), sum);
  for (const std::uint64_t lane : lanes) state = mixed(state, lane);
  state = (state ^ state >> 32) * kOtherOdd;
  return state ^ state >> 29;
}

std::uint64_t checksum_of_pieces(std::span<const std::span<const std::byte>> pieces, runtime::Threads& threads) {
  std::vector<std::span<const std::byte>> blocks;
  for (const std::span<const std::byte> piece : pieces) {
    for (std::size_t at = 0; at < piece.size(); at += kBlock) blocks.push_back(piece.subspan(at, std::min(kBlock, piece.size() - at)));
  }
  std::vector<std::uint64_t> sums(blocks.size());
  threads.parallel_for(static_cast<std::int64_t>(blocks.size()), 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) sums[static_cast<std::size_t>(i)] = checksum(blocks[static_cast<std::size_t>(i)], static_cast<std::uint64_t>(i));
  });
  return checksum(std::as_bytes(std::span(sums)));
}

}  // namespace linenc
