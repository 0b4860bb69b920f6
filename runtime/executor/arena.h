#pragma once

#include <cstddef>
#include <utility>

namespace linenc::runtime {

// Memory of one run, taken from the system once; zeros that cost nothing until they are touched.
class Arena {
 public:
  Arena() = default;
  // data() is null where the system refuses.
  explicit Arena(std::size_t bytes);
  ~Arena();
  Arena(Arena&& other) noexcept : data_(std::exchange(other.data_, nullptr)), bytes_(std::exchange(other.bytes_, 0)) {}
  Arena& operator=(Arena&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(bytes_, other.bytes_);
    return *this;
  }

  [[nodiscard]] std::byte* data() const { return data_; }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }

 private:
  std::byte* data_ = nullptr;
  std::size_t bytes_ = 0;
};

}  // namespace linenc::runtime
