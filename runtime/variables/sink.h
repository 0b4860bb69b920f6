#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "runtime/core/array.h"

namespace linenc::runtime {

// Where a writer of a format puts its bytes: a file, or a text in memory.
class Sink {
 public:
  virtual ~Sink() = default;
  virtual void write(std::string_view bytes) = 0;
  void write(std::span<const std::byte> bytes) { write(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size())); }
};

class StringSink final : public Sink {
 public:
  using Sink::write;
  void write(std::string_view bytes) override { text_ += bytes; }
  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

[[nodiscard]] inline std::span<const std::byte> bytes_of(const Array& array) { return {array.data(), array.bytes()}; }
[[nodiscard]] inline std::span<const std::byte> bytes_of(std::string_view text) { return std::as_bytes(std::span(text.data(), text.size())); }
[[nodiscard]] inline std::string_view text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace linenc::runtime
