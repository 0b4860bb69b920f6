#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace linenc {

// Element types. Graphs and plans hold Bool to Key; the 64-bit types occur in files and are narrowed at the border, as
// JAX does without its 64-bit mode.
enum class DType : std::uint8_t {
  Bool,
  Int8,
  Int16,
  Int32,
  UInt8,
  UInt16,
  UInt32,
  BFloat16,
  Float16,
  Float32,
  Key,  // a random key: two uint32 words, 8 bytes
  Int64,
  UInt64,
  Float64,
  Complex64,
};

// Bytes of one element.
[[nodiscard]] constexpr std::size_t byte_size(DType dtype) {
  switch (dtype) {
    case DType::Bool:
    case DType::Int8:
    case DType::UInt8: return 1;
    case DType::Int16:
    case DType::UInt16:
    case DType::BFloat16:
    case DType::Float16: return 2;
    case DType::Int32:
    case DType::UInt32:
    case DType::Float32: return 4;
    case DType::Key:
    case DType::Int64:
    case DType::UInt64:
    case DType::Float64:
    case DType::Complex64: return 8;
  }
  return 0;
}

[[nodiscard]] constexpr bool is_float(DType d) { return d == DType::BFloat16 || d == DType::Float16 || d == DType::Float32 || d == DType::Float64; }
[[nodiscard]] constexpr bool is_signed(DType d) { return d == DType::Int8 || d == DType::Int16 || d == DType::Int32 || d == DType::Int64; }
[[nodiscard]] constexpr bool is_unsigned(DType d) { return d == DType::UInt8 || d == DType::UInt16 || d == DType::UInt32 || d == DType::UInt64; }
[[nodiscard]] constexpr bool is_integer(DType d) { return is_signed(d) || is_unsigned(d); }

// NumPy's names: "float32", "bfloat16", "bool"; "key" for random keys.
[[nodiscard]] std::string_view name(DType dtype);
[[nodiscard]] std::optional<DType> dtype_of(std::string_view name);
[[nodiscard]] inline std::string_view to_string(DType dtype) { return name(dtype); }

// The 32-bit type that stands for a 64-bit one (A.14 of linen-semantics); others unchanged.
[[nodiscard]] constexpr DType narrowed(DType d) {
  if (d == DType::Int64) return DType::Int32;
  if (d == DType::UInt64) return DType::UInt32;
  return d == DType::Float64 ? DType::Float32 : d;
}

}  // namespace linenc
