// What a YAML node says: null or not, the entry of a key, the place of a part, the value in the core schema.
#include <charconv>
#include <limits>

#include "compiler/syntax/yaml.h"

namespace linenc::syntax {
namespace {

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  for (const std::string_view word : words) {
    if (text == word) return true;
  }
  return false;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The digits without `_`; empty where a `_` is not between two digits or something else than a digit stands there.
std::string plain_digits(std::string_view text) {
  std::string digits;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_digit(text[i])) {
      digits += text[i];
    } else if (text[i] != '_' || i == 0 || i + 1 == text.size() || !is_digit(text[i - 1]) || !is_digit(text[i + 1])) {
      return {};
    }
  }
  return digits;
}

bool parse_whole(std::string_view digits, int base, std::int64_t& value, bool& overflow) {
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
  if (end != digits.data() + digits.size() || error == std::errc::invalid_argument) return false;
  overflow = error == std::errc::result_out_of_range;
  return true;
}

bool read_int(std::string_view text, CoreValue& value) {
  const bool hex = text.starts_with("0x");
  if (hex || text.starts_with("0o")) {
    const std::string_view digits = text.substr(2);
    if (digits.empty() || digits.front() == '-' || !parse_whole(digits, hex ? 16 : 8, value.integer, value.overflow)) return false;
  } else {
    const bool negative = text.starts_with('-');
    const std::string digits = plain_digits(negative || text.starts_with('+') ? text.substr(1) : text);
    if (digits.empty() || !parse_whole((negative ? "-" : "") + digits, 10, value.integer, value.overflow)) return false;
  }
  value.kind = CoreKind::Int;
  return true;
}

// [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?
bool is_float(std::string_view text) {
  std::size_t i = !text.empty() && (text[0] == '-' || text[0] == '+') ? 1 : 0;
  const auto digits = [&] {
    const std::size_t begin = i;
    while (i < text.size() && is_digit(text[i])) ++i;
    return i > begin;
  };
  const bool whole = digits();
  if (i < text.size() && text[i] == '.') {
    ++i;
    if (!digits() && !whole) return false;
  } else if (!whole) {
    return false;
  }
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    ++i;
    if (i < text.size() && (text[i] == '-' || text[i] == '+')) ++i;
    if (!digits()) return false;
  }
  return i == text.size();
}

bool read_float(std::string_view text, CoreValue& value) {
  const bool sign = text.starts_with('-') || text.starts_with('+');
  const double factor = text.starts_with('-') ? -1 : 1;
  const std::string_view rest = sign ? text.substr(1) : text;
  if (is_one_of(rest, {".inf", ".Inf", ".INF"})) {
    value.number = factor * std::numeric_limits<double>::infinity();
  } else if (is_one_of(text, {".nan", ".NaN", ".NAN"})) {
    value.number = std::numeric_limits<double>::quiet_NaN();
  } else if (is_float(text)) {
    const auto result = std::from_chars(rest.data(), rest.data() + rest.size(), value.number);
    // What is too large is infinite, what is too small is zero, as Python reads it.
    if (result.ec == std::errc::result_out_of_range) {
      const std::size_t mark = rest.find_first_of("eE");
      const bool small = mark != std::string_view::npos ? rest[mark + 1] == '-' : rest.starts_with('.') || rest.starts_with("0");
      value.number = small ? 0 : std::numeric_limits<double>::infinity();
    }
    value.number *= factor;
  } else {
    return false;
  }
  value.kind = CoreKind::Float;
  return true;
}

void print_node(const Node& node, std::size_t indent, std::string& out) {
  const std::string margin(indent, ' ');
  switch (node.kind) {
    case NodeKind::Scalar: out += margin + (node.plain ? "" : "\"") + diagnostics::shown(node.text) + (node.plain ? "" : "\"") + "\n"; break;
    case NodeKind::List:
      out += margin + "list\n";
      for (const Node* element : node.elements) print_node(*element, indent + 2, out);
      break;
    case NodeKind::Map:
      out += margin + "map\n";
      for (const Entry& entry : node.entries) {
        out += margin + "  " + diagnostics::shown(entry.key->text) + ":";
        if (entry.value->is_scalar()) {
          out += " ";
          print_node(*entry.value, 0, out);
        } else {
          out += "\n";
          print_node(*entry.value, indent + 4, out);
        }
      }
      break;
  }
}

}  // namespace

bool Node::is_null() const { return is_scalar() && plain && !broken && is_one_of(text, {"", "~", "null", "Null", "NULL"}); }

const Node* Node::find(std::string_view key) const {
  for (const Entry& entry : entries) {
    if (entry.key->text == key) return entry.value;
  }
  return nullptr;
}

const Node* Node::find_key(std::string_view key) const {
  for (const Entry& entry : entries) {
    if (entry.key->text == key) return entry.key;
  }
  return nullptr;
}

Span Node::span_of(std::size_t begin, std::size_t end) const {
  const auto place = [&](std::size_t at) {
    if (offsets.empty()) return static_cast<std::uint32_t>(first + std::min(at, text.size()));
    return offsets[std::min(at, offsets.size() - 1)];
  };
  const std::uint32_t from = place(begin);
  return {span.file, from, std::max(from, place(end))};
}

CoreValue core_value(const Node& scalar) {
  CoreValue value;
  if (!scalar.is_scalar() || !scalar.plain) return value;
  const std::string_view text = scalar.text;
  if (is_one_of(text, {"", "~", "null", "Null", "NULL", "none", "None"})) {
    value.kind = CoreKind::Null;
  } else if (is_one_of(text, {"true", "True", "TRUE", "false", "False", "FALSE"})) {
    value.kind = CoreKind::Bool;
    value.boolean = text.front() == 't' || text.front() == 'T';
  } else if (!read_int(text, value)) {
    value.integer = 0;
    read_float(text, value);
  }
  return value;
}

std::string print(const Node& node) {
  std::string out;
  print_node(node, 0, out);
  return out;
}

}  // namespace linenc::syntax
