#pragma once

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "runtime/core/dtype.h"
#include "runtime/random/threefry.h"

namespace linenc::runtime::test {

// What jax.random computes; written by make_vectors.py.
inline const nlohmann::json& vectors() {
  static const nlohmann::json read = nlohmann::json::parse(std::ifstream(LINENC_SOURCE_DIR "/tests/runtime/random/vectors.json"));
  return read;
}

inline std::uint32_t word(const std::string& hex) { return static_cast<std::uint32_t>(std::stoul(hex, nullptr, 16)); }

inline KeyWords key_in(const nlohmann::json& pair) { return {word(pair[0]), word(pair[1])}; }

inline std::vector<std::uint32_t> words_in(const std::string& text) {
  std::vector<std::uint32_t> words;
  std::istringstream in(text);
  for (std::string hex; in >> hex;) words.push_back(word(hex));
  return words;
}

inline DType dtype_in(const nlohmann::json& entry) { return *dtype_of(entry["dtype"].get<std::string>()); }

// Elements of 1, 2 or 4 bytes as words.
inline std::vector<std::uint32_t> words_of(const std::vector<std::byte>& bytes, std::size_t size) {
  std::vector<std::uint32_t> words;
  for (std::size_t at = 0; at < bytes.size(); at += size) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < size; ++i) value |= std::to_integer<std::uint32_t>(bytes[at + i]) << (8 * i);
    words.push_back(value);
  }
  return words;
}

}  // namespace linenc::runtime::test
