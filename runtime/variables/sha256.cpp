// SHA-256 by nettle.
#include "runtime/variables/sha256.h"

#include <array>

#include "runtime/files/pieces.h"
#include "runtime/variables/formats.h"

namespace linenc::runtime {

Sha256::Sha256() : context_{} { sha256_init(&context_); }

void Sha256::update(std::span<const std::byte> bytes) { sha256_update(&context_, bytes.size(), reinterpret_cast<const std::uint8_t*>(bytes.data())); }

std::string Sha256::hex() {
  std::array<std::uint8_t, SHA256_DIGEST_SIZE> digest{};
  sha256_digest(&context_, digest.size(), digest.data());
  std::string out;
  for (const std::uint8_t byte : digest) {
    out += "0123456789abcdef"[byte >> 4];
    out += "0123456789abcdef"[byte & 15];
  }
  return out;
}

std::string sha256_hex(std::span<const std::byte> bytes) {
  Sha256 hash;
  for_each_piece(bytes, [&](std::span<const std::byte> piece) { hash.update(piece); });
  return hash.hex();
}

}  // namespace linenc::runtime
