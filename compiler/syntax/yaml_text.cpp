// The bytes of a YAML file: the checks before yaml-cpp sees them, and the places it does not tell.
#include "compiler/syntax/yaml_text.h"

#include <algorithm>

#include "compiler/diagnostics/escape.h"

namespace linenc::syntax {

using diagnostics::Code;
using diagnostics::CodePoint;
using diagnostics::Diagnostics;
using source::Span;

namespace {

// yaml-cpp needs 230 bytes for each bracket that is open; the reader itself stops at depth 64.
constexpr std::size_t kOpenBrackets = 1000;

Span bytes(source::FileId file, std::size_t begin, std::size_t end) {
  return {file, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
}

std::string hex(char32_t value) {
  constexpr char digits[] = "0123456789ABCDEF";
  std::string out;
  for (int shift = value > 0xFFFF ? 20 : value > 0xFF ? 12 : 4; shift >= 0; shift -= 4) out += digits[(value >> shift) & 15u];
  return out;
}

bool is_text(std::string_view text, std::size_t at, const CodePoint& point) {
  const char32_t c = point.value;
  if (c == '\r') return at + 1 < text.size() && text[at + 1] == '\n';
  if (c < 0x20) return c == '\t' || c == '\n';
  // A byte order mark inside of the text is invisible, and hides that two names differ.
  return c != 0x7F && !(c >= 0x80 && c < 0xA0) && c != 0xFEFF && c != 0xFFFE && c != 0xFFFF;
}

bool check_text(source::FileId file, std::string_view text, Diagnostics& diagnostics) {
  for (std::size_t i = text.starts_with("\xEF\xBB\xBF") ? 3 : 0; i < text.size();) {
    const CodePoint point = diagnostics::code_point_at(text, i);
    if (!point.valid) {
      diagnostics.error(Code::NotText, bytes(file, i, i + 1), concat("byte 0x", hex(point.value), " at offset ", i, " is not UTF-8"))
          .help("a model file is UTF-8 text")
          .emit();
      return false;
    }
    if (!is_text(text, i, point)) {
      const std::string what = point.value < 0x100 ? concat("byte 0x", hex(point.value)) : concat("the character U+", hex(point.value));
      diagnostics.error(Code::NotText, bytes(file, i, i + point.size), concat(what, " at offset ", i, " is a control character"))
          .help("a model file is UTF-8 text; write it as an escape in a double-quoted string where it is meant")
          .emit();
      return false;
    }
    i += point.size;
  }
  return true;
}

bool check_encoding(source::FileId file, std::string_view text, Diagnostics& diagnostics) {
  if (!text.starts_with("\xFF\xFE") && !text.starts_with("\xFE\xFF") && !text.starts_with(std::string_view("\0\0\xFE\xFF", 4))) return true;
  diagnostics.error(Code::NotText, bytes(file, 0, 2), "the file is UTF-16 or UTF-32, and a model file is UTF-8").emit();
  return false;
}

// Counts quoted brackets too: a reader that tells quotes from apostrophes could be led astray. A line that is a comment
// is left out.
bool check_brackets(source::FileId file, std::string_view text, Diagnostics& diagnostics) {
  std::size_t open = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '#' && skip_spaces(text, line_begin(text, i)) == i) i = line_end(text, i);
    if (c == '[' || c == '{') {
      if (++open > kOpenBrackets) {
        diagnostics.error(Code::NestingTooDeep, bytes(file, i, i + 1), concat("more than ", kOpenBrackets, " brackets are open here")).emit();
        return false;
      }
    } else if ((c == ']' || c == '}') && open > 0) {
      --open;
    }
  }
  return true;
}

std::size_t break_size(std::string_view text, std::size_t at) {
  if (at >= text.size()) return 0;
  if (text[at] == '\n') return 1;
  return text[at] == '\r' && at + 1 < text.size() && text[at + 1] == '\n' ? 2 : 0;
}

enum class Style { Plain, Single, Double, Block };

Style style_of(std::string_view text, std::size_t begin) {
  if (begin >= text.size()) return Style::Plain;
  switch (text[begin]) {
    case '\'': return Style::Single;
    case '"': return Style::Double;
    case '|':
    case '>': return Style::Block;
    default: return Style::Plain;
  }
}

struct Escape {
  std::string value;
  std::size_t size = 0;  // bytes in the file; 0: not an escape
};

Escape read_escape(std::string_view text, std::size_t at) {
  if (at + 1 >= text.size()) return {};
  const char c = text[at + 1];
  constexpr std::string_view plain = "0abt\tnvfre \"'/\\N_LP";
  static const std::string values[] = {
      std::string(1, '\0'), "\a",       "\b",           "\t",          "\t", "\n", "\v", "\f", "\r", "\x1B", " ", "\"", "'", "/", "\\",
      "\xC2\x85",           "\xC2\xA0", "\xE2\x80\xA8", "\xE2\x80\xA9"};
  if (const std::size_t found = plain.find(c); found != std::string_view::npos) return {values[found], 2};
  const std::size_t digits = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
  if (digits == 0 || at + 2 + digits > text.size()) return {};
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    const char d = text[at + 2 + i];
    const int digit = d >= '0' && d <= '9' ? d - '0' : d >= 'a' && d <= 'f' ? d - 'a' + 10 : d >= 'A' && d <= 'F' ? d - 'A' + 10 : -1;
    if (digit < 0) return {};
    value = value * 16 + static_cast<std::uint32_t>(digit);
  }
  Escape escape{"", 2 + digits};
  diagnostics::append_utf8(escape.value, value);
  return escape;
}

// Walks over the value and the bytes side by side. Where a line ends in the file, the value has a space, as many line
// breaks, or one less (folding).
class Aligner {
 public:
  Aligner(std::string_view text, Style style, std::size_t at, std::size_t indent) : text_(text), style_(style), indent_(indent), at_(at) {}

  bool run(std::string_view value) {
    for (std::size_t i = 0; i < value.size();) {
      if (const std::size_t end = break_at(); end != kNone) {
        take_break(value, i, end);
      } else if (at_ >= text_.size()) {
        // The last line of a block scalar may end with the file, and has a break all the same.
        if (style_ != Style::Block || value[i] != '\n') return false;
        put(at_), ++i;
      } else if (style_ == Style::Double && text_[at_] == '\\') {
        if (!take_escape(value, i)) return false;
      } else if (style_ == Style::Single && text_[at_] == '\'') {
        if (text_.substr(at_, 2) != "''" || value[i] != '\'') return false;
        put(at_), ++i, at_ += 2;
      } else if (text_[at_] == value[i]) {
        put(at_), ++i, ++at_;
      } else {
        return false;
      }
    }
    return true;
  }

  [[nodiscard]] std::size_t at() const { return at_; }
  [[nodiscard]] std::vector<std::uint32_t> take_offsets() {
    put(at_);
    return std::move(offsets_);
  }
  // Over the breaks and escaped breaks that stand before the closing quote and add nothing.
  void skip_silent() {
    while (true) {
      if (const std::size_t end = break_at(); end != kNone) {
        next_line(end);
      } else if (style_ == Style::Double && at_ + 1 < text_.size() && text_[at_] == '\\' && break_size(text_, at_ + 1) > 0) {
        next_line(at_ + 1);
      } else {
        return;
      }
    }
  }

 private:
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

  void put(std::size_t place) { offsets_.push_back(static_cast<std::uint32_t>(place)); }

  // The break that ends the line here; blanks before it are dropped, but for block scalars.
  [[nodiscard]] std::size_t break_at() const {
    const std::size_t end = style_ == Style::Block ? at_ : skip_spaces(text_, at_);
    return break_size(text_, end) > 0 ? end : kNone;
  }

  void next_line(std::size_t end) {
    at_ = end + break_size(text_, end);
    if (style_ == Style::Block) {
      for (std::size_t i = 0; i < indent_ && at_ < text_.size() && text_[at_] == ' '; ++i) ++at_;
    } else {
      at_ = skip_spaces(text_, at_);
    }
  }

  void take_break(std::string_view value, std::size_t& i, std::size_t end) {
    const bool after_break = i > 0 && value[i - 1] == '\n';
    if (value[i] == '\n' || (value[i] == ' ' && !after_break)) put(at_), ++i;
    next_line(end);
  }

  bool take_escape(std::string_view value, std::size_t& i) {
    if (break_size(text_, at_ + 1) > 0) {
      next_line(at_ + 1);
      return true;
    }
    const Escape escape = read_escape(text_, at_);
    if (escape.size == 0 || value.substr(i, escape.value.size()) != escape.value) return false;
    for (std::size_t k = 0; k < escape.value.size(); ++k) put(at_);
    i += escape.value.size();
    at_ += escape.size;
    return true;
  }

  std::string_view text_;
  Style style_;
  std::size_t indent_;
  std::size_t at_;
  std::vector<std::uint32_t> offsets_;
};

// Of a block scalar: where its first line begins, and the spaces before its first line that is not blank.
struct BlockStart {
  std::size_t at = 0;
  std::size_t indent = 0;
};

BlockStart block_start(std::string_view text, std::size_t begin) {
  std::size_t at = line_end(text, begin);
  at += break_size(text, at);
  const std::size_t first_line = at;
  std::size_t indent = 0;
  for (std::size_t line = at; line < text.size(); line = line_end(text, line) + break_size(text, line_end(text, line))) {
    std::size_t content = line;
    while (content < text.size() && text[content] == ' ') ++content;
    if (content >= text.size() || break_size(text, content) > 0) {
      if (line_end(text, line) >= text.size()) break;
      continue;
    }
    indent = content - line;
    break;
  }
  return {first_line, indent};
}

// How many spaces the first line of the value that is not blank begins with.
std::size_t leading_spaces(std::string_view value) {
  const std::size_t content = value.find_first_not_of(" \n");
  if (content == std::string_view::npos) return 0;
  const std::size_t before = content == 0 ? std::string_view::npos : value.rfind('\n', content - 1);
  return content - (before == std::string_view::npos ? 0 : before + 1);
}

std::optional<ScalarPlace> place_block(std::string_view text, std::size_t begin, std::string_view value) {
  auto [at, indent] = block_start(text, begin);
  // With an indentation indicator the value has the spaces that lie beyond it.
  indent -= std::min(indent, leading_spaces(value));
  for (std::size_t i = 0; i < indent && at < text.size() && text[at] == ' '; ++i) ++at;
  Aligner aligner(text, Style::Block, at, indent);
  if (!aligner.run(value)) return std::nullopt;
  ScalarPlace place{aligner.at(), at, aligner.take_offsets()};
  while (place.end > begin && (text[place.end - 1] == '\n' || text[place.end - 1] == '\r' || text[place.end - 1] == ' ')) --place.end;
  return place;
}

}  // namespace

bool check_bytes(source::FileId file, std::string_view text, Diagnostics& diagnostics) {
  return check_encoding(file, text, diagnostics) && check_text(file, text, diagnostics) && check_brackets(file, text, diagnostics);
}

bool is_break(std::string_view text, std::size_t at) { return break_size(text, at) > 0; }

std::size_t skip_spaces(std::string_view text, std::size_t at) {
  while (at < text.size() && (text[at] == ' ' || text[at] == '\t')) ++at;
  return at;
}

std::size_t skip_blank(std::string_view text, std::size_t at) {
  while (at < text.size()) {
    const char c = text[at];
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
      ++at;
    } else if (c == '#' && (at == 0 || text[at - 1] == ' ' || text[at - 1] == '\t' || text[at - 1] == '\n')) {
      at = line_end(text, at);
    } else {
      break;
    }
  }
  return at;
}

std::size_t line_end(std::string_view text, std::size_t at) {
  const std::size_t found = text.find('\n', at);
  if (found == std::string_view::npos) return text.size();
  return found > at && text[found - 1] == '\r' ? found - 1 : found;
}

std::size_t line_begin(std::string_view text, std::size_t at) {
  if (at == 0) return 0;
  const std::size_t found = text.rfind('\n', at - 1);
  return found == std::string_view::npos ? 0 : found + 1;
}

std::size_t column_of(std::string_view text, std::size_t at) { return at - line_begin(text, at); }

std::optional<std::size_t> closing_quote(std::string_view text, std::size_t begin) {
  const char quote = text[begin];
  for (std::size_t i = begin + 1; i < text.size(); ++i) {
    if (quote == '"' && text[i] == '\\') {
      ++i;
    } else if (text[i] == quote) {
      if (quote == '"' || i + 1 >= text.size() || text[i + 1] != quote) return i + 1;
      ++i;
    }
  }
  return std::nullopt;
}

std::optional<ScalarPlace> place_scalar(std::string_view text, std::size_t begin, std::string_view value) {
  const Style style = style_of(text, begin);
  if (style == Style::Block) return place_block(text, begin, value);
  const bool quoted = style != Style::Plain;
  const std::size_t first = quoted ? begin + 1 : begin;
  Aligner aligner(text, style, first, 0);
  if (!aligner.run(value)) return std::nullopt;
  ScalarPlace place{aligner.at(), first, {}};
  if (quoted) {
    aligner.skip_silent();
    place.end = skip_spaces(text, aligner.at());
    if (place.end >= text.size() || text[place.end] != text[begin]) return std::nullopt;
    ++place.end;
  }
  place.offsets = aligner.take_offsets();
  return place;
}

}  // namespace linenc::syntax
