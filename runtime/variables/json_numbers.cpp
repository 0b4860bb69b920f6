// Numbers of arrays as JSON: decimals that read back to the same bits.
#include "runtime/variables/json_numbers.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "runtime/core/half.h"

namespace linenc::runtime {
namespace {

constexpr std::string_view kNan = "NaN";
constexpr std::string_view kNanBits = "NaN:";

// How floats of each width are seen: as a float or double for the decimal, as bits for NaNs.
template <DType kDType>
struct Real;
template <>
struct Real<DType::Float32> {
  using Bits = std::uint32_t;
  using Number = float;
  static float number(Bits bits) { return std::bit_cast<float>(bits); }
  static Bits bits(float value) { return std::bit_cast<Bits>(value); }
  static constexpr Bits kNanPattern = 0x7FC00000u;
};
template <>
struct Real<DType::Float64> {
  using Bits = std::uint64_t;
  using Number = double;
  static double number(Bits bits) { return std::bit_cast<double>(bits); }
  static Bits bits(double value) { return std::bit_cast<Bits>(value); }
  static constexpr Bits kNanPattern = 0x7FF8000000000000u;
};
template <>
struct Real<DType::Float16> {
  using Bits = std::uint16_t;
  using Number = float;
  static float number(Bits bits) { return float16_to_float(bits); }
  static Bits bits(float value) { return float_to_float16(value); }
  static constexpr Bits kNanPattern = 0x7E00u;
};
template <>
struct Real<DType::BFloat16> {
  using Bits = std::uint16_t;
  using Number = float;
  static float number(Bits bits) { return bfloat16_to_float(bits); }
  static Bits bits(float value) { return float_to_bfloat16(value); }
  static constexpr Bits kNanPattern = 0x7FC0u;
};

template <class R>
std::optional<typename R::Bits> bits_of_text(std::string_view text) {
  using Number = typename R::Number;
  if (text == kNan) return R::kNanPattern;
  if (text == "Infinity") return R::bits(std::numeric_limits<Number>::infinity());
  if (text == "-Infinity") return R::bits(-std::numeric_limits<Number>::infinity());
  if (!text.starts_with(kNanBits)) return std::nullopt;
  text.remove_prefix(kNanBits.size());
  typename R::Bits bits = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), bits, 16);
  if (error != std::errc() || end != text.data() + text.size() || !std::isnan(R::number(bits))) return std::nullopt;
  return bits;
}

template <class R>
std::optional<typename R::Bits> bits_of_decimal(const JsonScalar& scalar) {
  using Number = typename R::Number;
  Number value = 0;
  const auto [end, error] = std::from_chars(scalar.text.data(), scalar.text.data() + scalar.text.size(), value);
  // Too small to be told from zero is zero, too large is refused.
  if (error == std::errc::result_out_of_range && std::abs(scalar.real) < 1) {
    value = std::copysign(Number{0}, static_cast<Number>(scalar.real));
  } else if (error != std::errc() || end != scalar.text.data() + scalar.text.size()) {
    return std::nullopt;
  }
  return R::bits(value);
}

template <class R>
bool store_real(Array& array, std::int64_t index, const JsonScalar& scalar) {
  std::optional<typename R::Bits> bits;
  switch (scalar.kind) {
    case JsonScalar::Kind::Bool: return false;
    case JsonScalar::Kind::Signed: bits = R::bits(static_cast<typename R::Number>(scalar.number)); break;
    case JsonScalar::Kind::Unsigned: bits = R::bits(static_cast<typename R::Number>(scalar.natural)); break;
    case JsonScalar::Kind::Float: bits = bits_of_decimal<R>(scalar); break;
    case JsonScalar::Kind::Text: bits = bits_of_text<R>(scalar.text); break;
  }
  if (!bits) return false;
  if (scalar.kind != JsonScalar::Kind::Text && !std::isfinite(R::number(*bits))) return false;
  array.as<typename R::Bits>()[index] = *bits;
  return true;
}

template <class Integer>
bool store_integer(Array& array, std::int64_t index, const JsonScalar& scalar) {
  if (scalar.kind == JsonScalar::Kind::Signed) {
    if (!std::in_range<Integer>(scalar.number)) return false;
    array.as<Integer>()[index] = static_cast<Integer>(scalar.number);
    return true;
  }
  if (scalar.kind != JsonScalar::Kind::Unsigned || !std::in_range<Integer>(scalar.natural)) return false;
  array.as<Integer>()[index] = static_cast<Integer>(scalar.natural);
  return true;
}

template <class R>
void append_real(std::string& out, const Array& array, std::int64_t index) {
  const auto bits = array.as<typename R::Bits>()[index];
  const auto value = R::number(bits);
  char text[40];
  if (std::isnan(value)) {
    out += '"';
    out += bits == R::kNanPattern ? kNan : kNanBits;
    if (bits != R::kNanPattern) out.append(text, std::to_chars(text, text + sizeof text, bits, 16).ptr);
    out += '"';
  } else if (std::isinf(value)) {
    out += value < 0 ? "\"-Infinity\"" : "\"Infinity\"";
  } else if (value == 0) {
    // A JSON reader takes `-0` for an integer and loses the sign.
    out += std::signbit(value) ? "-0.0" : "0";
  } else {
    out.append(text, std::to_chars(text, text + sizeof text, value).ptr);
  }
}

template <class Integer>
void append_integer(std::string& out, const Array& array, std::int64_t index) {
  char text[24];
  out.append(text, std::to_chars(text, text + sizeof text, array.as<Integer>()[index]).ptr);
}

}  // namespace

bool store_scalar(Array& array, std::int64_t index, const JsonScalar& scalar) {
  switch (array.dtype()) {
    case DType::Bool:
      if (scalar.kind != JsonScalar::Kind::Bool) return false;
      array.as<std::uint8_t>()[index] = static_cast<std::uint8_t>(scalar.number);
      return true;
    case DType::Int8: return store_integer<std::int8_t>(array, index, scalar);
    case DType::Int16: return store_integer<std::int16_t>(array, index, scalar);
    case DType::Int32: return store_integer<std::int32_t>(array, index, scalar);
    case DType::Int64: return store_integer<std::int64_t>(array, index, scalar);
    case DType::UInt8: return store_integer<std::uint8_t>(array, index, scalar);
    case DType::UInt16: return store_integer<std::uint16_t>(array, index, scalar);
    case DType::UInt32: return store_integer<std::uint32_t>(array, index, scalar);
    case DType::UInt64: return store_integer<std::uint64_t>(array, index, scalar);
    case DType::BFloat16: return store_real<Real<DType::BFloat16>>(array, index, scalar);
    case DType::Float16: return store_real<Real<DType::Float16>>(array, index, scalar);
    case DType::Complex64:
    case DType::Float32: return store_real<Real<DType::Float32>>(array, index, scalar);
    case DType::Float64: return store_real<Real<DType::Float64>>(array, index, scalar);
    case DType::Key: return false;
  }
  return false;
}

void append_scalar(std::string& out, const Array& array, std::int64_t index) {
  switch (array.dtype()) {
    case DType::Bool: out += array.as<std::uint8_t>()[index] != 0 ? "true" : "false"; return;
    case DType::Int8: return append_integer<std::int8_t>(out, array, index);
    case DType::Int16: return append_integer<std::int16_t>(out, array, index);
    case DType::Int32: return append_integer<std::int32_t>(out, array, index);
    case DType::Int64: return append_integer<std::int64_t>(out, array, index);
    case DType::UInt8: return append_integer<std::uint8_t>(out, array, index);
    case DType::UInt16: return append_integer<std::uint16_t>(out, array, index);
    case DType::UInt32: return append_integer<std::uint32_t>(out, array, index);
    case DType::UInt64: return append_integer<std::uint64_t>(out, array, index);
    case DType::BFloat16: return append_real<Real<DType::BFloat16>>(out, array, index);
    case DType::Float16: return append_real<Real<DType::Float16>>(out, array, index);
    case DType::Complex64:
    case DType::Float32: return append_real<Real<DType::Float32>>(out, array, index);
    case DType::Float64: return append_real<Real<DType::Float64>>(out, array, index);
    case DType::Key: return;
  }
}

}  // namespace linenc::runtime
