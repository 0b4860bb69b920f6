// Arrays as NumPy prints them: numpy/_core/arrayprint.py with the default options. Tested against NumPy's own text by
// tests/runtime/variables/print_array_test.cpp.
#include "runtime/variables/print_array.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <vector>

#include "runtime/core/half.h"
#include "runtime/variables/decimal.h"

namespace linenc::runtime {
namespace {

constexpr std::int64_t kThreshold = 1000, kEdgeItems = 3;
constexpr std::size_t kLineWidth = 75;
constexpr int kPrecision = 8;

// The text of the element with this row-major index.
using Format = std::function<std::string(std::int64_t)>;
// The floats among the elements: of a float array the elements, of a complex one their real or imaginary parts.
using Value = std::function<double(std::int64_t)>;
using Indices = std::vector<std::int64_t>;

double float_at(const Array& array, std::int64_t index) {
  if (array.dtype() == DType::Float64) return array.as<double>()[index];
  if (array.dtype() == DType::Float16) return static_cast<double>(float16_to_float(array.as<std::uint16_t>()[index]));
  return static_cast<double>(array.as<float>()[index]);
}

std::string integer_at(const Array& array, std::int64_t i) {
  switch (array.dtype()) {
    case DType::Int8: return std::to_string(array.as<std::int8_t>()[i]);
    case DType::Int16: return std::to_string(array.as<std::int16_t>()[i]);
    case DType::Int32: return std::to_string(array.as<std::int32_t>()[i]);
    case DType::Int64: return std::to_string(array.as<std::int64_t>()[i]);
    case DType::UInt8: return std::to_string(array.as<std::uint8_t>()[i]);
    case DType::UInt16: return std::to_string(array.as<std::uint16_t>()[i]);
    case DType::UInt32: return std::to_string(array.as<std::uint32_t>()[i]);
    case DType::UInt64: return std::to_string(array.as<std::uint64_t>()[i]);
    case DType::Bool:
    case DType::BFloat16:
    case DType::Float16:
    case DType::Float32:
    case DType::Float64:
    case DType::Complex64:
    case DType::Key: break;
  }
  return {};
}

// Six digits without padding, as C++ streams print floats.
std::string bfloat16_at(const Array& array, std::int64_t index) {
  const float value = bfloat16_to_float(array.as<std::uint16_t>()[index]);
  if (std::isnan(value)) return "nan";
  char text[32];
  return {text, std::to_chars(text, text + sizeof text, value, std::chars_format::general, 6).ptr};
}

std::string key_at(const Array& array, std::int64_t index) {
  const auto* words = array.as<std::uint32_t>() + 2 * index;
  return "[" + std::to_string(words[0]) + " " + std::to_string(words[1]) + "]";
}

// Rounds to the dtype, in which NumPy compares and divides.
double as_dtype(double value, DType dtype) {
  if (dtype == DType::Float64) return value;
  const auto single = static_cast<float>(value);
  return static_cast<double>(dtype == DType::Float16 ? float16_to_float(float_to_float16(single)) : single);
}

// From here on the exponent is shown: where the dtype has no more decimal digits (its `finfo.precision`).
double exponent_cutoff(DType dtype) { return dtype == DType::Float64 ? 1e8 : dtype == DType::Float32 ? 1e6 : 1e3; }

// NumPy's FloatingFormat: one format that shows all the elements aligned.
class FloatFormat {
 public:
  FloatFormat(const Indices& indices, Value value, DType dtype, bool always_sign)
      : value_(std::move(value)), dtype_(dtype), always_sign_(always_sign) {
    choose_scientific(indices);
    bool has_finite = false, has_odd = false, has_minus_infinity = false;
    for (const std::int64_t index : indices) {
      const double number = value_(index);
      has_odd = has_odd || !std::isfinite(number);
      has_minus_infinity = has_minus_infinity || (std::isinf(number) && number < 0);
      if (!std::isfinite(number)) continue;
      has_finite = true;
      measure(number);
    }
    if (has_finite && is_scientific_) right_ = exponent_ + 2 + precision_;
    if (!has_odd) return;
    const std::size_t offset = right_ + 1;
    const std::size_t infinity = 3 + (always_sign_ || has_minus_infinity ? 1u : 0u);
    left_ = std::max({left_, offset < 3 ? 3 - offset : 0, offset < infinity ? infinity - offset : 0});
  }

  std::string operator()(std::int64_t index) const {
    const double number = value_(index);
    if (!std::isfinite(number)) {
      std::string text = std::isnan(number) ? "nan" : "inf";
      if (!std::isnan(number) && number < 0) {
        text.insert(0, 1, '-');
      } else if (always_sign_) {
        text.insert(0, 1, '+');
      }
      const std::size_t width = left_ + right_ + 1;
      return std::string(width > text.size() ? width - text.size() : 0, ' ') + text;
    }
    // All have the digits of the longest one: exact ones, not zeros.
    std::string text = is_scientific_ ? with_sign(scientific_exact(number, dtype_, static_cast<int>(precision_))) : plain(number);
    const std::size_t point = text.find('.');
    if (is_scientific_) {
      const std::size_t exponent = text.find('e') + 2;
      text.insert(exponent, exponent_ - (text.size() - exponent), '0');
    } else {
      text.append(right_ - (text.size() - point - 1), ' ');
    }
    return std::string(left_ - point, ' ') + text;
  }

 private:
  void choose_scientific(const Indices& indices) {
    double largest = 0, smallest = std::numeric_limits<double>::infinity();
    for (const std::int64_t index : indices) {
      const double number = std::abs(value_(index));
      if (!std::isfinite(number) || number == 0) continue;
      largest = std::max(largest, number);
      smallest = std::min(smallest, number);
    }
    if (largest == 0) return;
    is_scientific_ = largest >= exponent_cutoff(dtype_) || smallest < as_dtype(1e-4, dtype_) || as_dtype(largest / smallest, dtype_) > 1000;
  }

  std::string with_sign(const std::string& text) const { return always_sign_ && text[0] != '-' ? "+" + text : text; }

  std::string plain(double number) const {
    return with_sign(is_scientific_ ? scientific(number, dtype_, kPrecision) : positional(number, dtype_, kPrecision));
  }

  void measure(double number) {
    const std::string text = plain(number);
    const std::size_t point = text.find('.');
    const std::size_t mark = std::min(text.find('e'), text.size());
    left_ = std::max(left_, point);
    if (is_scientific_) {
      precision_ = std::max(precision_, mark - point - 1);
      exponent_ = std::max(exponent_, text.size() - mark - 2);
    } else {
      right_ = std::max(right_, text.size() - point - 1);
    }
  }

  Value value_;
  DType dtype_;
  bool always_sign_;
  bool is_scientific_ = false;
  std::size_t left_ = 0, right_ = 0;          // characters on the sides of the point
  std::size_t precision_ = 0, exponent_ = 0;  // digits, in the scientific form
};

// `data` are the elements that will be shown.
Format format_of(const Array& array, const Indices& data) {
  switch (array.dtype()) {
    case DType::Bool: return [&](std::int64_t i) { return array.as<std::uint8_t>()[i] != 0 ? " True" : "False"; };
    case DType::BFloat16: return [&](std::int64_t i) { return bfloat16_at(array, i); };
    case DType::Key: return [&](std::int64_t i) { return key_at(array, i); };
    case DType::Float16:
    case DType::Float32:
    case DType::Float64:
      return FloatFormat(
          data, [&](std::int64_t i) { return float_at(array, i); }, array.dtype(), false);
    case DType::Complex64: {
      const FloatFormat real(
          data, [&](std::int64_t i) { return float_at(array, 2 * i); }, DType::Float32, false);
      const FloatFormat imaginary(
          data, [&](std::int64_t i) { return float_at(array, 2 * i + 1); }, DType::Float32, true);
      return [real, imaginary](std::int64_t i) {
        std::string text = imaginary(i);
        text.insert(text.find_last_not_of(' ') + 1, 1, 'j');
        return real(i) + text;
      };
    }
    case DType::Int8:
    case DType::Int16:
    case DType::Int32:
    case DType::Int64:
    case DType::UInt8:
    case DType::UInt16:
    case DType::UInt32:
    case DType::UInt64: break;
  }
  std::size_t width = 0;
  for (const std::int64_t index : data) width = std::max(width, integer_at(array, index).size());
  return [&array, width](std::int64_t i) {
    const std::string text = integer_at(array, i);
    return std::string(width - text.size(), ' ') + text;
  };
}

// NumPy's scalars show as many digits as tell them apart.
std::string scalar_float(double number, DType dtype, bool is_part) {
  if (std::isnan(number)) return "nan";
  if (std::isinf(number)) return number < 0 ? "-inf" : "inf";
  const double size = std::abs(number);
  const double cutoff = dtype == DType::Float64 ? 1e16 : exponent_cutoff(dtype);
  const bool is_positional = size == 0 || (size >= 1e-4 && size < cutoff);
  std::string text = is_positional ? positional(number, dtype, -1) : scientific(number, dtype, -1);
  const std::size_t point = text.find('.');
  if (!is_positional) {
    if (text[point + 1] == 'e') text.erase(point, 1);
  } else if (point + 1 == text.size()) {
    if (is_part) {
      text.pop_back();
    } else {
      text += '0';
    }
  }
  return text;
}

std::string scalar_text(const Array& array) {
  switch (array.dtype()) {
    case DType::Bool: return array.as<std::uint8_t>()[0] != 0 ? "True" : "False";
    case DType::BFloat16: return bfloat16_at(array, 0);
    case DType::Key: return key_at(array, 0);
    case DType::Float16:
    case DType::Float32:
    case DType::Float64: return scalar_float(float_at(array, 0), array.dtype(), false);
    case DType::Complex64: {
      const double real = float_at(array, 0), imaginary = float_at(array, 1);
      std::string text = scalar_float(imaginary, DType::Float32, true) + "j";
      if (real == 0 && !std::signbit(real)) return text;
      if (text[0] != '-') text.insert(0, 1, '+');
      return "(" + scalar_float(real, DType::Float32, true) + text + ")";
    }
    case DType::Int8:
    case DType::Int16:
    case DType::Int32:
    case DType::Int64:
    case DType::UInt8:
    case DType::UInt16:
    case DType::UInt32:
    case DType::UInt64: break;
  }
  return integer_at(array, 0);
}

// The row-major indices of what is shown of a shortened array, or of all of it.
void collect(const Shape& shape, std::size_t axis, std::int64_t at, bool is_short, Indices& out) {
  if (axis == shape.size()) return out.push_back(at);
  const std::int64_t size = shape[axis];
  const bool skips = is_short && size > 2 * kEdgeItems;
  for (std::int64_t i = 0; i < size; ++i) {
    if (skips && i == kEdgeItems) i = size - kEdgeItems;
    collect(shape, axis + 1, at * size + i, is_short, out);
  }
}

class Layout {
 public:
  Layout(const Shape& shape, Format format, bool is_short) : shape_(shape), format_(std::move(format)), is_short_(is_short) {}

  // The text of one axis and those inside it. `indent` stands before every line, `width` is what is left of a line after
  // the brackets that will close.
  std::string axis(std::size_t axis, std::int64_t at, const std::string& indent, std::size_t width) const {
    const bool is_last = axis + 1 == shape_.size();
    const std::string text = is_last ? row(at, indent, width - 1) : rows(axis, at, indent, width);
    return "[" + text.substr(indent.size()) + "]";
  }

 private:
  bool skips(std::int64_t size) const { return is_short_ && size > 2 * kEdgeItems; }

  std::string row(std::int64_t at, const std::string& indent, std::size_t width) const {
    const std::int64_t size = shape_.back();
    std::string done, line = indent;
    const auto add = [&](const std::string& word) {
      if (line.size() + word.size() > width && line.size() > indent.size()) {
        line.resize(line.find_last_not_of(' ') + 1);
        done += line + "\n";
        line = indent;
      }
      line += word;
    };
    for (std::int64_t i = 0; i < size; ++i) {
      if (i > 0) line += ' ';
      if (skips(size) && i == kEdgeItems) {
        add("...");
        line += ' ';
        i = size - kEdgeItems;
      }
      add(format_(at * size + i));
    }
    return done + line;
  }

  std::string rows(std::size_t axis, std::int64_t at, const std::string& indent, std::size_t width) const {
    const std::int64_t size = shape_[axis];
    const std::string end_of_row(shape_.size() - axis - 1, '\n');
    std::string text;
    for (std::int64_t i = 0; i < size; ++i) {
      if (i > 0) text += end_of_row;
      if (skips(size) && i == kEdgeItems) {
        text += indent + "..." + end_of_row;
        i = size - kEdgeItems;
      }
      text += indent + this->axis(axis + 1, at * size + i, indent + ' ', width - 1);
    }
    return text;
  }

  const Shape& shape_;
  Format format_;
  bool is_short_;
};

}  // namespace

std::string numpy_repr(const Array& array, bool full) {
  if (array.shape().empty()) return scalar_text(array);
  if (array.size() == 0) return "[]";
  const bool is_short = !full && array.size() > kThreshold;
  Indices shown;
  collect(array.shape(), 0, 0, is_short, shown);
  return Layout(array.shape(), format_of(array, shown), is_short).axis(0, 0, " ", kLineWidth);
}

}  // namespace linenc::runtime
