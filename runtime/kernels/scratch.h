#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "runtime/core/array.h"

namespace linenc::runtime {

[[nodiscard]] inline std::size_t aligned(std::size_t bytes) { return (bytes + kAlignment - 1) / kAlignment * kAlignment; }
[[nodiscard]] inline std::size_t float_bytes(std::int64_t count) { return aligned(static_cast<std::size_t>(count) * sizeof(float)); }

// Hands out pieces of scratch memory, each aligned.
class Scratch {
 public:
  explicit Scratch(std::span<std::byte> memory) : memory_(memory) {}
  [[nodiscard]] std::byte* take(std::size_t bytes) {
    std::byte* piece = memory_.data();
    memory_ = memory_.subspan(aligned(bytes));
    return piece;
  }
  template <class T>
  [[nodiscard]] T* take(std::int64_t count) {
    return reinterpret_cast<T*>(take(static_cast<std::size_t>(count) * sizeof(T)));
  }
  [[nodiscard]] std::span<std::byte> rest() const { return memory_; }

 private:
  std::span<std::byte> memory_;
};

}  // namespace linenc::runtime
