// Nested loops over strided arrays, and copies with them.
#include "runtime/kernels/loops.h"

#include <algorithm>
#include <cstring>

#include "runtime/kernels/parallel.h"

namespace linenc::runtime {

void Loops::add(std::int64_t size, const std::array<std::int64_t, kMostOperands>& strides) {
  if (size == 1) return;
  if (rank_ > 0) {
    bool joins = true;
    for (int o = 0; o < operands_; ++o) joins = joins && stride_[o][rank_ - 1] == strides[o] * size;
    if (joins) {
      size_[rank_ - 1] *= size;
      for (int o = 0; o < operands_; ++o) stride_[o][rank_ - 1] = strides[o];
      return;
    }
  }
  size_[rank_] = size;
  for (int o = 0; o < operands_; ++o) stride_[o][rank_] = strides[o];
  ++rank_;
}

std::int64_t Loops::elements() const {
  std::int64_t count = 1;
  for (int axis = 0; axis < rank_; ++axis) count *= size_[axis];
  return count;
}

void Loops::start_at(std::int64_t position, std::array<std::int64_t, kMaxRank>& index, std::array<std::int64_t, kMostOperands>& offset) const {
  for (int axis = rank_ - 1; axis >= 0; --axis) {
    index[axis] = position % size_[axis];
    position /= size_[axis];
    for (int o = 0; o < operands_; ++o) offset[o] += index[axis] * stride_[o][axis];
  }
}

void Loops::step(std::array<std::int64_t, kMaxRank>& index, std::array<std::int64_t, kMostOperands>& offset, std::int64_t count) const {
  int axis = rank_ - 1;
  index[axis] += count;
  for (int o = 0; o < operands_; ++o) offset[o] += count * stride_[o][axis];
  while (axis > 0 && index[axis] == size_[axis]) {
    index[axis] = 0;
    for (int o = 0; o < operands_; ++o) offset[o] += stride_[o][axis - 1] - size_[axis] * stride_[o][axis];
    --axis;
    ++index[axis];
  }
}

Strides dense_strides(const Shape& shape) {
  Strides strides{};
  std::int64_t stride = 1;
  for (std::size_t axis = shape.size(); axis-- > 0;) {
    strides[axis] = stride;
    stride *= shape[axis];
  }
  return strides;
}

Strides broadcast_strides(const Shape& from, const Shape& shape) {
  Strides strides{};
  std::int64_t stride = 1;
  const std::size_t missing = shape.size() - from.size();
  for (std::size_t axis = shape.size(); axis-- > missing;) {
    const std::int64_t size = from[axis - missing];
    strides[axis] = size == 1 && shape[axis] != 1 ? 0 : stride;
    stride *= size;
  }
  return strides;
}

namespace {

template <class Word>
void copy_run(Word* to, std::int64_t to_stride, const Word* from, std::int64_t from_stride, std::int64_t count) {
  if (to_stride == 1 && from_stride == 1) {
    if (count >= 16) {
      std::memcpy(to, from, static_cast<std::size_t>(count) * sizeof(Word));
    } else {
      for (std::int64_t i = 0; i < count; ++i) to[i] = from[i];
    }
  } else if (to_stride == 1 && from_stride == 0) {
    std::fill(to, to + count, *from);
  } else {
    for (std::int64_t i = 0; i < count; ++i) to[i * to_stride] = from[i * from_stride];
  }
}

constexpr std::int64_t kTile = 16;

// A transposition: `from` runs along `axis`, `to` along the last one. Goes tile by tile, so that both touch whole cache lines.
template <class Word>
void copy_transposed(Threads& threads, const Loops& loops, int axis, Word* to, const Word* from) {
  const int last = loops.rank() - 1;
  Loops outer(2);
  for (int i = 0; i < last; ++i) {
    if (i != axis) outer.add(loops.size(i), {loops.stride(0, i), loops.stride(1, i)});
  }
  const std::int64_t rows = loops.size(axis), columns = loops.size(last);
  const std::int64_t to_row = loops.stride(0, axis), from_column = loops.stride(1, last);
  const std::int64_t strips = (rows + kTile - 1) / kTile;
  parallel(threads, outer.elements() * strips, rows_grain(kTile * columns), [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t item = begin; item < end; ++item) {
      const std::int64_t row0 = item % strips * kTile, row1 = std::min(rows, row0 + kTile);
      outer.for_runs(item / strips, item / strips + 1, [&](std::int64_t, const auto& offset, std::int64_t) {
        for (std::int64_t column0 = 0; column0 < columns; column0 += kTile) {
          const std::int64_t column1 = std::min(columns, column0 + kTile);
          for (std::int64_t row = row0; row < row1; ++row) {
            Word* t = to + offset[0] + row * to_row;
            const Word* f = from + offset[1] + row;
            for (std::int64_t column = column0; column < column1; ++column) t[column] = f[column * from_column];
          }
        }
      });
    }
  });
}

template <class Word>
void copy_words(Threads& threads, const Loops& loops, Word* to, const Word* from) {
  const int last = loops.rank() - 1;
  if (last > 0 && loops.stride(0, last) == 1 && loops.stride(1, last) > 1) {
    for (int axis = 0; axis < last; ++axis) {
      if (loops.stride(1, axis) == 1) return copy_transposed(threads, loops, axis, to, from);
    }
  }
  parallel(threads, loops.elements(), kGrain, [&](std::int64_t begin, std::int64_t end) {
    loops.for_runs(begin, end, [&](std::int64_t, const auto& offset, std::int64_t count) {
      copy_run(to + offset[0], loops.run_stride(0), from + offset[1], loops.run_stride(1), count);
    });
  });
}

}  // namespace

void copy_strided(Threads& threads, const Loops& loops, std::size_t element_size, std::byte* to, const std::byte* from) {
  with_word(element_size, [&]<class Word>() { copy_words(threads, loops, reinterpret_cast<Word*>(to), reinterpret_cast<const Word*>(from)); });
}

void copy_bytes(Threads& threads, std::byte* to, const std::byte* from, std::size_t bytes) {
  if (to == from) return;
  parallel(threads, static_cast<std::int64_t>(bytes), 4 * kGrain,
           [&](std::int64_t begin, std::int64_t end) { std::memcpy(to + begin, from + begin, static_cast<std::size_t>(end - begin)); });
}

void fill(Threads& threads, std::byte* to, const std::byte* value, std::size_t element_size, std::int64_t count) {
  with_word(element_size, [&]<class Word>() {
    Word word;
    std::memcpy(&word, value, sizeof word);
    Word* words = reinterpret_cast<Word*>(to);
    parallel(threads, count, 4 * kGrain, [&](std::int64_t begin, std::int64_t end) { std::fill(words + begin, words + end, word); });
  });
}

}  // namespace linenc::runtime
