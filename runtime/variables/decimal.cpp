// Floats in decimal, as NumPy's Dragon4 gives them in its "unique" mode.
#include "runtime/variables/decimal.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string_view>

#include "runtime/core/half.h"

namespace linenc::runtime {
namespace {

// "-d.ddde-05" apart; zeros at the end of the digits go.
Decimal parsed(std::string_view text) {
  Decimal decimal;
  decimal.is_negative = text.starts_with('-');
  if (decimal.is_negative) text.remove_prefix(1);
  const std::size_t mark = text.find('e');
  for (const char c : text.substr(0, mark)) {
    if (c != '.') decimal.digits += c;
  }
  const char* exponent = text.data() + mark + 1;
  if (*exponent == '+') ++exponent;  // which from_chars does not take
  std::from_chars(exponent, text.data() + text.size(), decimal.point);
  ++decimal.point;
  const std::size_t last = decimal.digits.find_last_not_of('0');
  decimal.digits.resize(last == std::string::npos ? 1 : last + 1);
  if (decimal.digits == "0") decimal.point = 1;
  return decimal;
}

template <class T>
Decimal shortest(T value) {
  char text[64];
  const char* end = std::to_chars(text, text + sizeof text, value, std::chars_format::scientific).ptr;
  return parsed(std::string_view(text, end));
}

// The fewest digits that float16 tells apart: five are always enough. Of two that are equally near, the one with the even
// digit may belong to a neighbour (0.01562 of 0.015625), hence the second attempt a little away from zero.
Decimal shortest_half(float value) {
  const std::uint16_t bits = float_to_float16(value);
  const double exact = static_cast<double>(value);
  char text[64];
  const char* end = text;
  for (int digits = 0; digits < 5; ++digits) {
    for (const double attempt : {exact, std::nextafter(exact, std::copysign(1e9, exact))}) {
      end = std::to_chars(text, text + sizeof text, attempt, std::chars_format::scientific, digits).ptr;
      float back = 0;
      std::from_chars(text, end, back);
      if (float_to_float16(back) == bits) return parsed(std::string_view(text, end));
    }
  }
  return parsed(std::string_view(text, end));
}

std::string rounded(double value, std::chars_format format, int precision) {
  std::string text(400, '\0');  // 309 digits before the point
  text.resize(static_cast<std::size_t>(std::to_chars(text.data(), text.data() + text.size(), value, format, precision).ptr - text.data()));
  return text;
}

// A point at the end stays.
void trim_zeros(std::string& text) {
  if (text.find('.') == std::string::npos) text += '.';
  text.resize(text.find_last_not_of('0') + 1);
}

}  // namespace

Decimal shortest_decimal(double value, DType dtype) {
  if (dtype == DType::Float64) return shortest(value);
  return dtype == DType::Float16 ? shortest_half(static_cast<float>(value)) : shortest(static_cast<float>(value));
}

std::string positional(double value, DType dtype, int precision) {
  const Decimal decimal = shortest_decimal(value, dtype);
  const int count = static_cast<int>(decimal.digits.size());
  std::string text;
  if (precision >= 0 && count - decimal.point > precision) {
    text = rounded(value, std::chars_format::fixed, precision);
  } else {
    text = decimal.is_negative ? "-" : "";
    if (decimal.point <= 0) {
      text += "0." + std::string(static_cast<std::size_t>(-decimal.point), '0') + decimal.digits;
    } else if (decimal.point >= count) {
      text += decimal.digits + std::string(static_cast<std::size_t>(decimal.point - count), '0') + '.';
    } else {
      text +=
          decimal.digits.substr(0, static_cast<std::size_t>(decimal.point)) + '.' + decimal.digits.substr(static_cast<std::size_t>(decimal.point));
    }
  }
  trim_zeros(text);
  return text;
}

std::string scientific(double value, DType dtype, int precision) {
  Decimal decimal = shortest_decimal(value, dtype);
  if (precision >= 0 && static_cast<int>(decimal.digits.size()) > precision + 1) {
    decimal = parsed(rounded(value, std::chars_format::scientific, precision));
  }
  std::string text = decimal.is_negative ? "-" : "";
  text += decimal.digits.substr(0, 1) + '.' + decimal.digits.substr(1);
  const int exponent = decimal.point - 1;
  std::string power = std::to_string(std::abs(exponent));
  if (power.size() < 2) power.insert(0, 1, '0');
  trim_zeros(text);
  return text + 'e' + (exponent < 0 ? '-' : '+') + power;
}

std::string scientific_exact(double value, DType dtype, int precision) {
  if (static_cast<int>(shortest_decimal(value, dtype).digits.size()) == precision + 1) return scientific(value, dtype, precision);
  std::string text = rounded(value, std::chars_format::scientific, precision);
  if (precision == 0) text.insert(text.find('e'), 1, '.');
  return text;
}

}  // namespace linenc::runtime
