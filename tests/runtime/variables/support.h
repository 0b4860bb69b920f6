#pragma once

#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include "runtime/variables/formats.h"

namespace linenc::runtime {

inline std::string fixture(const std::string& name) {
  std::ifstream file(std::string(LINENC_SOURCE_DIR) + "/tests/runtime/variables/fixtures/" + name, std::ios::binary);
  REQUIRE_MESSAGE(file, name);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

inline std::string from_hex(std::string_view hex) {
  std::string out;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) out += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
  return out;
}

inline std::span<const std::byte> as_bytes(std::string_view text) { return std::as_bytes(std::span(text.data(), text.size())); }

inline Array array_of(DType dtype, Shape shape, std::string_view bytes) {
  Array array(dtype, std::move(shape));
  REQUIRE(array.bytes() == bytes.size());
  if (!bytes.empty()) std::memcpy(array.data(), bytes.data(), bytes.size());
  return array;
}

// {"dtype", "shape", "hex"} of a fixture.
inline Array array_of(const nlohmann::json& entry) {
  const auto dtype = dtype_of(entry["dtype"].get<std::string>());
  REQUIRE(dtype);
  return array_of(*dtype, entry["shape"].get<Shape>(), from_hex(entry["hex"].get<std::string>()));
}

template <class T>
std::string error_of(const Result<T>& result) {
  return result ? "accepted" : result.error().text;
}

inline bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

inline constexpr DType kFileDTypes[] = {DType::Bool,    DType::Int8,    DType::Int16,   DType::Int32,    DType::Int64,
                                        DType::UInt8,   DType::UInt16,  DType::UInt32,  DType::UInt64,   DType::BFloat16,
                                        DType::Float16, DType::Float32, DType::Float64, DType::Complex64};

// Every dtype in every kind of shape, with every byte value somewhere: NaNs, infinities and subnormals included.
inline Variables every_leaf() {
  Variables variables;
  unsigned state = 1;
  for (const DType dtype : kFileDTypes) {
    for (const Shape& shape : {Shape{}, Shape{0}, Shape{1}, Shape{3, 5}, Shape{2, 0, 3}, Shape{1, 2, 1, 2, 1}, Shape{67}}) {
      Array array(dtype, shape);
      for (std::size_t i = 0; i < array.bytes(); ++i) {
        state = state * 1103515245u + 12345u;
        const unsigned byte = state >> 16;
        array.data()[i] = static_cast<std::byte>(dtype == DType::Bool ? byte & 1 : byte);
      }
      std::string key = "tree/" + std::string(name(dtype)) + "/rank" + std::to_string(shape.size()) + "_" + std::to_string(array.size());
      variables.leaves.push_back({.key = std::move(key), .array = std::move(array)});
    }
  }
  const std::uint16_t halves[] = {0x7C01, 0xFE00, 0xFC00, 0x7C00, 0x8000, 0x0001, 0x7F80, 0xFFC0};
  const std::uint32_t floats[] = {0x7F800001, 0xFFC00000, 0xFF800000, 0x7F800000, 0x80000000, 0x00000001, 0x7F7FFFFF, 0x4B800000};
  const std::string_view half_bytes(reinterpret_cast<const char*>(halves), sizeof halves);
  const std::string_view float_bytes(reinterpret_cast<const char*>(floats), sizeof floats);
  variables.leaves.push_back({.key = "odd/half", .array = array_of(DType::Float16, {8}, half_bytes)});
  variables.leaves.push_back({.key = "odd/brain", .array = array_of(DType::BFloat16, {2, 4}, half_bytes)});
  variables.leaves.push_back({.key = "odd/single", .array = array_of(DType::Float32, {8}, float_bytes)});
  variables.leaves.push_back({.key = "odd/double", .array = array_of(DType::Float64, {4}, float_bytes)});
  variables.leaves.push_back({.key = "odd/Dense_0%2Fkernel%2Fscale", .array = array_of(DType::Complex64, {4}, float_bytes)});
  variables.leaves.push_back({.key = "odd/100%", .array = array_of(DType::Float32, {}, float_bytes.substr(0, 4))});
  return variables;
}

// A small tree for tests that go through every byte.
inline Variables small_tree() {
  Variables variables;
  variables.leaves.push_back({.key = "params/Dense_0/kernel", .array = array_of(DType::Float32, {2, 1}, "abcdefgh")});
  variables.leaves.push_back({.key = "params/Dense_0/bias", .array = array_of(DType::BFloat16, {3}, "ABCDEF")});
  variables.leaves.push_back({.key = "state/n", .array = array_of(DType::Int32, {}, std::string_view("\x07\0\0\0", 4))});
  variables.meta = {{"model", "sha256:0123"}, {"seed", "42"}};
  return variables;
}

inline void check_same(const std::vector<Leaf>& found, const std::vector<Leaf>& expected) {
  REQUIRE(found.size() == expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    CAPTURE(expected[i].key);
    CHECK(found[i].key == expected[i].key);
    CHECK(to_string(found[i].array) == to_string(expected[i].array));
    CHECK(found[i].array.same_bits(expected[i].array));
  }
}

}  // namespace linenc::runtime
