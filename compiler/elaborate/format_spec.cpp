// Format specs of f-strings and of `format`. Tested by tests/compiler/elaborate/text_methods_test.cpp.
#include "compiler/elaborate/format_spec.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <optional>
#include <utility>

#include "compiler/catalog/python_text.h"
#include "compiler/catalog/static_array.h"

namespace linenc::elaborate {

using catalog::Context;
using catalog::Value;
using diagnostics::Code;

namespace {

constexpr std::size_t kMostCharacters = 10'000;  // of a width or a precision

struct FormatSpec {
  std::string fill = " ";
  char align = 0;  // < > ^ =
  char sign = '-';
  bool alternate = false;  // #
  std::size_t width = 0;
  char grouping = 0;  // , _
  std::optional<std::size_t> precision;
  char type = 0;
};

bool is_align(char c) { return c == '<' || c == '>' || c == '^' || c == '='; }

class SpecReader {
 public:
  explicit SpecReader(std::string_view text) : rest_(text) {}

  // None where the text is no spec.
  std::optional<FormatSpec> read() {
    FormatSpec spec;
    read_fill(spec);
    if (starts_with_any("+- ")) spec.sign = take();
    if (starts_with_any("#")) spec.alternate = take() == '#';
    if (starts_with_any("0")) {
      take();
      if (spec.align == 0) {
        spec.align = '=';
        spec.fill = "0";
      }
    }
    spec.width = number().value_or(0);
    if (starts_with_any(",_")) spec.grouping = take();
    if (starts_with_any(".")) {
      take();
      spec.precision = number();
      if (!spec.precision) return std::nullopt;
    }
    if (!rest_.empty()) spec.type = take();
    const bool whole = rest_.empty() && spec.width <= kMostCharacters && spec.precision.value_or(0) <= kMostCharacters;
    return whole ? std::optional(spec) : std::nullopt;
  }

 private:
  void read_fill(FormatSpec& spec) {
    std::size_t first = 1;  // bytes of the first character
    while (first < rest_.size() && catalog::continues_character(rest_[first])) ++first;
    if (first < rest_.size() && is_align(rest_[first])) {
      spec.fill = rest_.substr(0, first);
      rest_.remove_prefix(first);
      spec.align = take();
    } else if (!rest_.empty() && is_align(rest_[0])) {
      spec.align = take();
    }
  }
  [[nodiscard]] bool starts_with_any(std::string_view characters) const {
    return !rest_.empty() && characters.find(rest_[0]) != std::string_view::npos;
  }
  char take() {
    const char c = rest_[0];
    rest_.remove_prefix(1);
    return c;
  }
  std::optional<std::size_t> number() {
    std::optional<std::size_t> result;
    while (!rest_.empty() && rest_[0] >= '0' && rest_[0] <= '9') {
      result = std::min<std::size_t>(result.value_or(0) * 10 + static_cast<std::size_t>(take() - '0'), 2 * kMostCharacters);
    }
    return result;
  }

  std::string_view rest_;
};

// Separators between groups of digits from the right: "1234567" is "1,234,567".
std::string grouped_digits(const std::string& digits, char separator, std::size_t group) {
  std::string text;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % group == 0) text += separator;
    text += digits[i];
  }
  return text;
}

// A number in its parts: padding with zeros goes between the sign and the digits, and takes part in the grouping.
struct NumberText {
  bool negative = false;
  std::string prefix;  // 0x
  std::string digits;  // before the point
  std::string rest;    // point, fraction, exponent
};

std::string padded(const std::string& text, const FormatSpec& spec, char usual_align) {
  const std::size_t length = catalog::character_count(text);
  if (length >= spec.width) return text;
  const std::size_t missing = spec.width - length;
  const char align = spec.align == 0 ? usual_align : spec.align;
  const std::size_t before = align == '<' ? 0 : align == '^' ? missing / 2 : missing;
  std::string out;
  for (std::size_t i = 0; i < before; ++i) out += spec.fill;
  out += text;
  for (std::size_t i = before; i < missing; ++i) out += spec.fill;
  return out;
}

std::string number_text(NumberText number, const FormatSpec& spec, std::size_t group) {
  const std::string sign = number.negative ? "-" : spec.sign == '-' ? "" : std::string(1, spec.sign);
  const std::string head = sign + number.prefix;
  const auto digits = [&] { return spec.grouping == 0 ? number.digits : grouped_digits(number.digits, spec.grouping, group); };
  if (spec.align != '=') return padded(head + digits() + number.rest, spec, '>');
  if (spec.fill == "0") {
    std::size_t count = number.digits.size();
    const auto length = [&] { return head.size() + count + (spec.grouping != 0 && count != 0 ? (count - 1) / group : 0) + number.rest.size(); };
    while (length() < spec.width) ++count;
    number.digits.insert(0, count - number.digits.size(), '0');
    return head + digits() + number.rest;
  }
  std::string out = head;
  for (std::size_t i = head.size() + digits().size() + number.rest.size(); i < spec.width; ++i) out += spec.fill;
  return out + digits() + number.rest;
}

std::string digits_in(std::uint64_t number, unsigned base, bool upper) {
  const char* letters = upper ? "0123456789ABCDEF" : "0123456789abcdef";
  std::string digits;
  do {
    digits.insert(digits.begin(), letters[number % base]);
    number /= base;
  } while (number != 0);
  return digits;
}

std::optional<std::string> integer_text(std::int64_t value, const FormatSpec& spec) {
  if (spec.precision) return std::nullopt;
  NumberText number;
  number.negative = value < 0;
  const std::uint64_t magnitude = value < 0 ? ~static_cast<std::uint64_t>(value) + 1 : static_cast<std::uint64_t>(value);
  unsigned base = 10;
  switch (spec.type) {
    case 0:
    case 'd':
    case 'n': break;
    case 'b': base = 2; break;
    case 'o': base = 8; break;
    case 'x':
    case 'X': base = 16; break;
    default: return std::nullopt;
  }
  if (base != 10 && spec.grouping == ',') return std::nullopt;
  number.digits = digits_in(magnitude, base, spec.type == 'X');
  if (spec.alternate && base != 10) number.prefix = std::string("0") + spec.type;
  return number_text(number, spec, base == 10 ? 3 : 4);
}

std::string printed(const std::string& format, std::size_t precision, double value) {
  const int length = std::snprintf(nullptr, 0, format.c_str(), static_cast<int>(precision), value);
  std::string text(static_cast<std::size_t>(length), ' ');
  std::snprintf(text.data(), text.size() + 1, format.c_str(), static_cast<int>(precision), value);
  return text;
}

// "1.5e+02": with an exponent, and no zeros at the end of the fraction.
std::string short_exponent(double value, std::size_t precision) {
  std::string text = printed("%.*e", std::max<std::size_t>(precision, 1) - 1, value);
  std::size_t end = text.find('e');
  if (text.find('.') == std::string::npos) return text;
  std::size_t begin = end;
  while (text[begin - 1] == '0') --begin;
  if (text[begin - 1] == '.') --begin;
  return text.erase(begin, end - begin);
}

std::optional<std::string> float_text(double value, const FormatSpec& spec) {
  std::string body;
  const double magnitude = std::fabs(value);
  const std::string flag = spec.alternate ? "%#.*" : "%.*";
  switch (spec.type) {
    case 0:
      // As str() where no precision is given; else as `g` with a digit behind the point.
      body = spec.precision ? printed("%.*g", std::max<std::size_t>(*spec.precision, 1), magnitude) : catalog::display(Value(magnitude));
      if (spec.precision && body.find_first_of(".en") == std::string::npos) {
        body = body.size() >= std::max<std::size_t>(*spec.precision, 1) ? short_exponent(magnitude, *spec.precision) : body + ".0";
      }
      break;
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G': body = printed(flag + spec.type, spec.precision.value_or(6), magnitude); break;
    case 'n': body = printed(flag + "g", spec.precision.value_or(6), magnitude); break;
    case '%': body = printed(flag + "f", spec.precision.value_or(6), magnitude * 100) + "%"; break;
    default: return std::nullopt;
  }
  NumberText number;
  number.negative = std::signbit(value) && !std::isnan(value);
  const std::size_t end = std::min(body.find_first_not_of("0123456789"), body.size());
  number.digits = body.substr(0, end);
  number.rest = body.substr(end);
  return number_text(number, spec, 3);
}

std::optional<std::string> text_text(const std::string& value, const FormatSpec& spec) {
  const bool fits = (spec.type == 0 || spec.type == 's') && spec.sign == '-' && !spec.alternate && spec.grouping == 0;
  if (!fits || (spec.align == '=' && spec.fill != "0")) return std::nullopt;
  std::string shown = value;
  if (spec.precision) {
    std::size_t bytes = 0;
    for (std::size_t seen = 0; bytes < value.size(); ++bytes) {
      if (!catalog::continues_character(value[bytes]) && seen++ == *spec.precision) break;
    }
    shown.resize(bytes);
  }
  FormatSpec plain = spec;
  if (plain.align == '=') plain.align = '<';  // `05` of a text fills with zeros behind it
  return padded(shown, plain, '<');
}

std::optional<std::string> formatted(const Value& value, const FormatSpec& spec) {
  const std::optional<std::int64_t> integer = value.integer() != nullptr   ? value.integer()->constant()
                                              : value.boolean() != nullptr ? std::optional<std::int64_t>(*value.boolean() ? 1 : 0)
                                                                           : std::nullopt;
  const bool wants_float = spec.type != 0 && std::string_view("eEfFgG%").find(spec.type) != std::string_view::npos;
  if (value.number() != nullptr) return float_text(*value.number(), spec);
  if (integer && wants_float) return float_text(static_cast<double>(*integer), spec);
  if (integer) return integer_text(*integer, spec);
  if (value.text() != nullptr) return text_text(*value.text(), spec);
  return std::nullopt;
}

// One `%…` after another, with the values that are left.
class PercentReader {
 public:
  PercentReader(Context& context, const std::string& text, const Value& value, source::Span place)
      : context_(context), text_(text), value_(value), place_(place) {}

  std::string read() {
    std::string out;
    while (at_ < text_.size()) {
      if (text_[at_] != '%') {
        out += text_[at_++];
      } else if (text_.compare(at_, 2, "%%") == 0) {
        out += '%';
        at_ += 2;
      } else {
        ++at_;
        out += one();
      }
    }
    const catalog::List* list = value_.list();
    if (value_.map() == nullptr && next_ < (list != nullptr ? list->size() : 1)) fail("has fewer places than there are values");
    return out;
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    context_.fail(Code::EvaluationFailed, place_, concat("the text `", diagnostics::shown(text_), "` ", what));
  }
  [[nodiscard]] char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  Value named() {
    const std::size_t end = text_.find(')', at_);
    if (value_.map() == nullptr || end == std::string::npos) fail("names its values, and needs a map of them");
    const std::string name = text_.substr(at_ + 1, end - at_ - 1);
    at_ = end + 1;
    if (const Value* found = value_.entry(name)) return *found;
    fail(concat("has no value for `", name, "`"));
  }
  Value following() {
    const catalog::List* list = value_.list();
    if (list == nullptr && next_++ == 0) return value_;
    if (list == nullptr || next_ >= list->size()) fail("has more places than there are values");
    return (*list)[next_++];
  }

  std::string one() {
    std::optional<Value> value;
    if (peek() == '(') value = named();
    std::string flags;
    while (peek() != '\0' && std::string_view("#0- +").find(peek()) != std::string_view::npos) flags += text_[at_++];
    std::string size;
    while ((peek() >= '0' && peek() <= '9') || peek() == '.') size += text_[at_++];
    const char type = peek();
    ++at_;
    if (!value) value = following();
    const auto has = [&](char flag) { return flags.find(flag) != std::string::npos; };
    const bool is_text = type == 's' || type == 'r';
    const bool is_number = type != '\0' && std::string_view("diufFeEgGxXo").find(type) != std::string_view::npos;
    if (!is_text && !is_number) fail("has a `%` that is no place for a value: `%%` is the sign itself");
    std::string spec = has('-') ? "<" : has('0') && is_number ? "" : ">";
    if (is_number && (has('+') || has(' '))) spec += has('+') ? '+' : ' ';
    if (is_number && has('#')) spec += '#';
    if (is_number && has('0') && !has('-')) spec += '0';
    return format_value(context_, converted(*value, type), spec + size + (is_text ? 's' : type == 'i' || type == 'u' ? 'd' : type), place_);
  }

  Value converted(const Value& given, char type) const {
    catalog::need_known_sizes(context_, given, place_);
    if (type == 's') return catalog::python_str(given);
    if (type == 'r') return catalog::python_repr(given);
    const Value value = catalog::plain(given);
    const bool whole = type == 'd' || type == 'i' || type == 'u';
    if (whole && value.number() != nullptr && std::fabs(*value.number()) < 9e18) return static_cast<std::int64_t>(*value.number());
    return value;
  }

  Context& context_;
  const std::string& text_;
  const Value& value_;
  source::Span place_;
  std::size_t at_ = 0;
  std::size_t next_ = 0;
};

}  // namespace

std::string percent_text(Context& context, const std::string& text, const Value& value, source::Span place) {
  return PercentReader(context, text, value, place).read();
}

std::string format_value(Context& context, const Value& given, const std::string& spec, source::Span place) {
  catalog::need_known_sizes(context, given, place);
  if (spec.empty()) return catalog::python_str(given);
  const Value value = catalog::plain(given);
  const std::optional<FormatSpec> parsed = SpecReader(spec).read();
  const std::optional<std::string> text = parsed ? formatted(value, *parsed) : std::nullopt;
  if (!text) context.fail(Code::EvaluationFailed, place, concat("the format `", diagnostics::shown(spec), "` does not fit ", catalog::kind(given)));
  return *text;
}

}  // namespace linenc::elaborate
