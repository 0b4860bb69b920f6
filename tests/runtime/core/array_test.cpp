#include "runtime/core/array.h"

#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

#include "runtime/core/half.h"

using linenc::Array;
using linenc::DType;

namespace {

template <class T>
Array array_of(DType dtype, const std::vector<T>& values) {
  Array result(dtype, {static_cast<std::int64_t>(values.size())});
  std::memcpy(result.data(), values.data(), values.size() * sizeof(T));
  return result;
}

template <class T>
std::vector<T> values_of(const Array& array) {
  return std::vector<T>(array.as<T>(), array.as<T>() + array.size());
}

// FNV-1a over the bytes.
std::uint64_t hash(const Array& array) {
  std::uint64_t h = 0xcbf29ce484222325u;
  for (std::size_t i = 0; i < array.bytes(); ++i) {
    h = (h ^ std::to_integer<std::uint64_t>(array.data()[i])) * 0x100000001b3u;
  }
  return h;
}

// All 65536 patterns of 16 bits.
Array every_pattern(DType dtype) {
  std::vector<std::uint16_t> bits(65536);
  for (std::size_t i = 0; i < bits.size(); ++i) bits[i] = static_cast<std::uint16_t>(i);
  return array_of(dtype, bits);
}

// All upper halves of a float with lower halves that decide roundings.
Array many_floats() {
  std::vector<std::uint32_t> bits;
  for (const std::uint32_t low : {0u, 1u, 0x7fffu, 0x8000u, 0x8001u, 0xffffu, 0x1000u, 0x0fffu, 0x1001u, 0x3000u}) {
    for (std::uint32_t high = 0; high < 65536; ++high) bits.push_back(high << 16 | low);
  }
  return array_of(DType::Float32, bits);
}

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInf = std::numeric_limits<float>::infinity();

}  // namespace

TEST_SUITE("runtime/core/array") {
  TEST_CASE("storage is aligned, also of an empty array") {
    for (const std::int64_t size : {0, 1, 3, 1000}) {
      Array array(DType::Int8, {size});
      CAPTURE(size);
      CHECK(array.data() != nullptr);
      CHECK(reinterpret_cast<std::uintptr_t>(array.data()) % linenc::kAlignment == 0);
    }
  }

  TEST_CASE("a copy is deep and a move keeps the storage") {
    Array first = array_of<std::int32_t>(DType::Int32, {1, 2, 3});
    Array copy = first;
    copy.as<std::int32_t>()[0] = 9;
    CHECK(first.as<std::int32_t>()[0] == 1);
    CHECK_FALSE(first.same_bits(copy));
    const std::byte* address = first.data();
    const Array moved = std::move(first);
    CHECK(moved.data() == address);
  }

  TEST_CASE("a view keeps its owner alive and copies into storage of its own") {
    auto owner = std::make_shared<std::vector<std::byte>>(8, std::byte{7});
    const std::byte* bytes = owner->data();
    std::weak_ptr<std::vector<std::byte>> watch = owner;
    {
      const Array view(DType::Int8, {8}, bytes, std::move(owner));
      CHECK_FALSE(watch.expired());
      Array copy = view;
      CHECK(copy.same_bits(view));
      copy.as<std::int8_t>()[0] = 1;
      CHECK(view.as<std::int8_t>()[0] == 7);
    }
    CHECK(watch.expired());
  }

  TEST_CASE("same_bits tells NaN patterns, zeros, dtypes and shapes apart") {
    const Array zero = array_of<float>(DType::Float32, {0.0f});
    CHECK(array_of<float>(DType::Float32, {kNan}).same_bits(array_of<float>(DType::Float32, {kNan})));
    CHECK_FALSE(zero.same_bits(array_of<float>(DType::Float32, {-0.0f})));
    CHECK_FALSE(zero.same_bits(array_of<std::int32_t>(DType::Int32, {0})));
    CHECK_FALSE(zero.same_bits(Array(DType::Float32, {1, 1})));
  }

  TEST_CASE("arrays print as dtype and shape") { CHECK(to_string(Array(DType::BFloat16, {2, 3})) == "bfloat16[2, 3]"); }

}  // TEST_SUITE

TEST_SUITE("runtime/core/convert_elements") {
  TEST_CASE("conversions of every half and of deciding floats equal JAX's, by hash") {
    struct Row {
      DType from, to;
      std::uint64_t hash;
    };
    for (const Row& row : {
             Row{DType::Float16, DType::Float32, 0x5d79f1b086f30345u},
             Row{DType::Float16, DType::BFloat16, 0xc14b394103b77765u},
             Row{DType::BFloat16, DType::Float32, 0x43a13836c4ca3b25u},
             Row{DType::BFloat16, DType::Float16, 0xc9e282cd3f53e2e5u},
             Row{DType::Float32, DType::Float16, 0x7ef1829c5e3346a5u},
             Row{DType::Float32, DType::BFloat16, 0x391fb3327df48d25u},
             Row{DType::Float32, DType::Int8, 0xb81b44a0af3c56dau},
             Row{DType::Float32, DType::UInt8, 0x534658b27702e5dau},
             Row{DType::Float32, DType::Int16, 0xbafcb6d4b1bbdef4u},
             Row{DType::Float32, DType::UInt16, 0xaa0e392eb4aae86bu},
             Row{DType::Float32, DType::Int32, 0xa597db7269880ae3u},
             Row{DType::Float32, DType::UInt32, 0x845464baf34b0c81u},
             Row{DType::Float32, DType::Int64, 0x334dcef933dfaca3u},
             Row{DType::Float32, DType::UInt64, 0xa212dd0e90f928ddu},
         }) {
      CAPTURE(std::string(name(row.from)));
      CAPTURE(std::string(name(row.to)));
      const Array from = row.from == DType::Float32 ? many_floats() : every_pattern(row.from);
      CHECK(hash(converted(from, row.to)) == row.hash);
    }
  }

  TEST_CASE("float to integer cuts, saturates and makes NaN 0") {
    const Array x = array_of<float>(DType::Float32, {kNan, kInf, -kInf, -0.5f, 1.9f, -1.9f, 127.9f, 128.0f, -128.9f, -129.0f, 300.0f});
    CHECK(values_of<std::int8_t>(converted(x, DType::Int8)) == std::vector<std::int8_t>{0, 127, -128, 0, 1, -1, 127, 127, -128, -128, 127});
    CHECK(values_of<std::uint8_t>(converted(x, DType::UInt8)) == std::vector<std::uint8_t>{0, 255, 0, 0, 1, 0, 127, 128, 0, 0, 255});
  }

  TEST_CASE("integer to integer keeps the low bits") {
    const Array x = array_of<std::int64_t>(DType::Int64, {-1, 300, (std::int64_t{1} << 32) + 5, -129});
    CHECK(values_of<std::int32_t>(converted(x, DType::Int32)) == std::vector<std::int32_t>{-1, 300, 5, -129});
    CHECK(values_of<std::uint8_t>(converted(x, DType::UInt8)) == std::vector<std::uint8_t>{255, 44, 5, 127});
  }

  TEST_CASE("anything but zero is true, NaN and subnormal numbers too, and bool is 0 or 1") {
    CHECK(values_of<std::uint8_t>(converted(array_of<float>(DType::Float32, {0.0f, -0.0f, kNan, 1e-45f, -2.0f}), DType::Bool)) ==
          std::vector<std::uint8_t>{0, 0, 1, 1, 1});
    CHECK(values_of<std::uint8_t>(converted(array_of<std::uint8_t>(DType::Bool, {0, 1, 2}), DType::Bool)) == std::vector<std::uint8_t>{0, 1, 1});
    CHECK(values_of<float>(converted(array_of<std::uint8_t>(DType::Bool, {0, 1, 2}), DType::Float32)) == std::vector<float>{0, 1, 1});
  }

  TEST_CASE("float64 goes through float32 to the half types, as JAX narrows it") {
    // Directly rounded the first were 1.0009765625.
    const Array x = array_of<double>(DType::Float64, {1.0004882812509095, 65519.99999, 1e-40});
    CHECK(values_of<std::uint16_t>(converted(x, DType::Float16)) == std::vector<std::uint16_t>{0x3c00, 0x7c00, 0});
    CHECK(values_of<float>(converted(x, DType::Float32))[2] == 1e-40f);
  }

  TEST_CASE("complex numbers lose their imaginary part, but not for bool") {
    const float parts[] = {1, 2, 0, 3};
    Array pairs(DType::Complex64, {2});
    std::memcpy(pairs.data(), parts, sizeof parts);
    CHECK(values_of<float>(converted(pairs, DType::Float32)) == std::vector<float>{1, 0});
    CHECK(values_of<std::uint8_t>(converted(pairs, DType::Bool)) == std::vector<std::uint8_t>{1, 1});
  }

  TEST_CASE("a conversion may overwrite its operand when the elements are equally wide") {
    Array x = array_of<float>(DType::Float32, std::vector<float>(1000, 3.7f));
    convert_elements(DType::Float32, x.data(), DType::Int32, x.data(), x.size());
    CHECK(values_of<std::int32_t>(x) == std::vector<std::int32_t>(1000, 3));
  }

}  // TEST_SUITE
