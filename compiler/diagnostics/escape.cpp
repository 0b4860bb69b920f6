// Text of a user on its way to a terminal or a document. What a file says may not move the cursor, hide itself, or
// begin a line of its own.
#include "compiler/diagnostics/escape.h"

#include "compiler/diagnostics/diagnostics.h"

namespace linenc::diagnostics {
namespace {

constexpr char kDigits[] = "0123456789ABCDEF";
constexpr std::size_t kShownBytes = 300;

bool is_control(char32_t c) { return c < 0x20 || (c >= 0x7F && c < 0xA0); }

// Bidirectional controls, invisible characters, line and paragraph separators, tags.
bool is_deceptive(char32_t c) {
  return c == 0x061C || (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF ||
         (c >= 0xFFF9 && c <= 0xFFFB) || (c >= 0xE0000 && c <= 0xE007F);
}

void append_hex(std::string& out, char32_t value, int digits) {
  for (int i = digits - 1; i >= 0; --i) out += kDigits[(value >> (4 * i)) & 15u];
}

// The least value that may be written with that many bytes: anything below is overlong.
constexpr char32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};

}  // namespace

CodePoint code_point_at(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(at);
  if (first < 0x80) return {first, 1, true};
  const std::size_t size = first >= 0xF0 && first < 0xF8 ? 4 : first >= 0xE0 && first < 0xF0 ? 3 : first >= 0xC0 && first < 0xE0 ? 2 : 0;
  if (size == 0 || at + size > text.size()) return {first, 1, false};
  char32_t value = first & (0xFFu >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(at + i) & 0xC0u) != 0x80u) return {first, 1, false};
    value = (value << 6) | (byte(at + i) & 0x3Fu);
  }
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (value < kLeast[size] || value > 0x10FFFF || surrogate) return {first, 1, false};
  return {value, size, true};
}

void append_utf8(std::string& out, char32_t c) {
  const auto put = [&](char32_t byte) { out += static_cast<char>(byte); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xC0 | (c >> 6)), put(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    put(0xE0 | (c >> 12)), put(0x80 | ((c >> 6) & 0x3F)), put(0x80 | (c & 0x3F));
  } else {
    put(0xF0 | (c >> 18)), put(0x80 | ((c >> 12) & 0x3F)), put(0x80 | ((c >> 6) & 0x3F)), put(0x80 | (c & 0x3F));
  }
}

void append_escaped(std::string& out, std::string_view text, const CodePoint& point, std::size_t at) {
  if (point.valid && point.value == '\n') {
    out += "\\n";
  } else if (point.valid && point.value == '\t') {
    out += "\\t";
  } else if (point.valid && point.value == '\r') {
    out += "\\r";
  } else if (!point.valid || is_control(point.value)) {
    out += "\\x";
    append_hex(out, point.value, 2);
  } else if (is_deceptive(point.value)) {
    out += point.value > 0xFFFF ? "\\U" : "\\u";
    append_hex(out, point.value, point.value > 0xFFFF ? 8 : 4);
  } else {
    out += text.substr(at, point.size);
  }
}

std::size_t display_width(char32_t point) {
  struct Block {
    char32_t first, last;
    std::size_t width;
  };
  static constexpr Block kBlocks[] = {
      {0x0300, 0x036F, 0},   {0x0483, 0x0489, 0},   {0x0591, 0x05BD, 0},   {0x064B, 0x065F, 0},   {0x1100, 0x115F, 2},   {0x1AB0, 0x1AFF, 0},
      {0x1DC0, 0x1DFF, 0},   {0x20D0, 0x20FF, 0},   {0x2E80, 0x303E, 2},   {0x3041, 0x3247, 2},   {0x3250, 0x4DBF, 2},   {0x4E00, 0xA4CF, 2},
      {0xA960, 0xA97F, 2},   {0xAC00, 0xD7A3, 2},   {0xF900, 0xFAFF, 2},   {0xFE00, 0xFE0F, 0},   {0xFE20, 0xFE2F, 0},   {0xFE30, 0xFE6F, 2},
      {0xFF01, 0xFF60, 2},   {0xFFE0, 0xFFE6, 2},   {0x17000, 0x18DFF, 2}, {0x1B000, 0x1B2FF, 2}, {0x1F300, 0x1F64F, 2}, {0x1F680, 0x1F6FF, 2},
      {0x1F900, 0x1F9FF, 2}, {0x20000, 0x3FFFD, 2},
  };
  for (const Block& block : kBlocks) {
    if (point >= block.first && point <= block.last) return block.width;
  }
  return 1;
}

std::string escaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const CodePoint point = code_point_at(text, i);
    append_escaped(out, text, point, i);
    i += point.size;
  }
  return out;
}

std::string as_utf8(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const CodePoint point = code_point_at(text, i);
    if (point.valid) {
      out += text.substr(i, point.size);
    } else {
      out += "\xEF\xBF\xBD";
    }
    i += point.size;
  }
  return out;
}

std::string shortened(std::string_view text, std::size_t limit) {
  if (text.size() <= limit) return std::string(text);
  std::size_t end = limit < 3 ? 0 : limit - 3;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0u) == 0x80u) --end;
  return std::string(text.substr(0, end)) + "...";
}

std::string shown(std::string_view text) {
  // Escaping makes a text longer, never shorter: what lies beyond the limit need not be looked at.
  return shortened(escaped(text.substr(0, kShownBytes + 4)), kShownBytes);
}

std::string grouped(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t i = text.size(); i > 3; i -= 3) text.insert(i - 3, "_");
  return text;
}

}  // namespace linenc::diagnostics
