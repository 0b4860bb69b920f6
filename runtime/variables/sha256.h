#pragma once

#include <nettle/sha2.h>
#include <cstddef>
#include <span>
#include <string>

namespace linenc::runtime {

// SHA-256 of bytes that come in pieces.
class Sha256 {
 public:
  Sha256();
  void update(std::span<const std::byte> bytes);
  // Lower-case hexadecimal; the object is done with.
  [[nodiscard]] std::string hex();

 private:
  sha256_ctx context_;
};

}  // namespace linenc::runtime
