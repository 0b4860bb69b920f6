#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "runtime/core/shape.h"
#include "runtime/core/threads.h"

namespace linenc::runtime {

inline constexpr int kMostOperands = 4;

// Nested loops over the elements of dense or strided arrays: sizes, outermost first, and for each operand the distance in
// elements between neighbours along each axis (0 where it is broadcast).
class Loops {
 public:
  explicit Loops(int operands) : operands_(operands) {}
  // Axes are added outermost first. Axes of size 1 vanish; an axis that continues the one before for every operand joins it.
  void add(std::int64_t size, const std::array<std::int64_t, kMostOperands>& strides);

  [[nodiscard]] int rank() const { return rank_; }
  [[nodiscard]] std::int64_t size(int axis) const { return size_[axis]; }
  [[nodiscard]] std::int64_t stride(int operand, int axis) const { return stride_[operand][axis]; }
  [[nodiscard]] std::int64_t elements() const;
  // The innermost loop; one element where there are no axes.
  [[nodiscard]] std::int64_t run() const { return rank_ == 0 ? 1 : size_[rank_ - 1]; }
  [[nodiscard]] std::int64_t run_stride(int operand) const { return rank_ == 0 ? 0 : stride_[operand][rank_ - 1]; }

  // Calls body(position, offsets, count) for the pieces of innermost loops that make up elements [begin, end): the position
  // in row-major order, the offset of each operand in elements, and the length.
  template <class Body>
  void for_runs(std::int64_t begin, std::int64_t end, const Body& body) const {
    if (begin >= end) return;  // there may be no element at all
    std::array<std::int64_t, kMaxRank> index;
    std::array<std::int64_t, kMostOperands> offset{};
    start_at(begin, index, offset);
    const int last = rank_ - 1;
    for (std::int64_t position = begin; position < end;) {
      const std::int64_t left = rank_ == 0 ? 1 : size_[last] - index[last];
      const std::int64_t count = left < end - position ? left : end - position;
      body(position, offset, count);
      position += count;
      if (rank_ == 0 || position >= end) return;
      step(index, offset, count);
    }
  }

 private:
  void start_at(std::int64_t position, std::array<std::int64_t, kMaxRank>& index, std::array<std::int64_t, kMostOperands>& offset) const;
  // Goes to the first element of the next innermost loop; `count` ends this one.
  void step(std::array<std::int64_t, kMaxRank>& index, std::array<std::int64_t, kMostOperands>& offset, std::int64_t count) const;

  int operands_;
  int rank_ = 0;
  std::array<std::int64_t, kMaxRank> size_{};
  std::array<std::array<std::int64_t, kMaxRank>, kMostOperands> stride_{};
};

using Strides = std::array<std::int64_t, kMaxRank>;
// Of a dense row-major array.
[[nodiscard]] Strides dense_strides(const Shape& shape);
// Of an array that is broadcast to `shape`, right-aligned.
[[nodiscard]] Strides broadcast_strides(const Shape& from, const Shape& shape);

// Copies elements of `element_size` (1, 2, 4 or 8) bytes; operand 0 of the loops is `to`, operand 1 is `from`.
void copy_strided(Threads& threads, const Loops& loops, std::size_t element_size, std::byte* to, const std::byte* from);
// A dense copy, split over the threads.
void copy_bytes(Threads& threads, std::byte* to, const std::byte* from, std::size_t bytes);
// Every one of `count` elements is `value`.
void fill(Threads& threads, std::byte* to, const std::byte* value, std::size_t element_size, std::int64_t count);

// Calls function.template operator()<T>() with an unsigned integer of that many bytes.
template <class Function>
void with_word(std::size_t element_size, const Function& function) {
  switch (element_size) {
    case 1: return function.template operator()<std::uint8_t>();
    case 2: return function.template operator()<std::uint16_t>();
    case 4: return function.template operator()<std::uint32_t>();
    default: return function.template operator()<std::uint64_t>();
  }
}

}  // namespace linenc::runtime
