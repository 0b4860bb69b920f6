// Python's tokens, as far as they belong to the expression language.
#include "compiler/syntax/expression_lexer.h"

#include <algorithm>
#include <charconv>
#include <limits>

#include "compiler/diagnostics/escape.h"
#include "compiler/syntax/identifier.h"
#include "compiler/syntax/meant_text.h"

namespace linenc::syntax {

using diagnostics::Code;
using diagnostics::shown;

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool begins_name(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_in_name(char c) { return begins_name(c) || is_digit(c); }

int hex_digit(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

bool is_keyword(std::string_view name) { return is_one_of(name, {"and", "or", "not", "in", "is", "if", "else", "for", "lambda"}); }

// Words that no Python module can have as names, and that do not belong to expressions.
bool is_reserved(std::string_view name) {
  return is_one_of(name, {"as",   "assert", "async",  "await",    "break", "class", "continue", "def", "del",   "elif", "except", "finally",
                          "from", "global", "import", "nonlocal", "pass",  "raise", "return",   "try", "while", "with", "yield"});
}

// A bracket right behind a name: what is written is an expression.
bool has_call(std::string_view text) {
  for (std::size_t i = 1; i < text.size(); ++i) {
    if ((text[i] == '(' || text[i] == '[') && is_in_name(text[i - 1])) return true;
  }
  return false;
}

}  // namespace

void ExpressionLexer::fail(std::size_t begin, std::size_t end, std::string message) {
  diagnostics_.error(Code::ExpressionSyntax, scalar_.span_of(begin, end), std::move(message)).emit();
  throw ExpressionFailure{};
}

void ExpressionLexer::fail_unread(std::size_t begin, std::size_t end, std::string message) {
  auto report = diagnostics_.error(Code::ExpressionSyntax, scalar_.span_of(begin, end), std::move(message));
  const auto count = [&](char c) { return std::count(scalar_.text.begin(), scalar_.text.end(), c); };
  if (scalar_.plain && scalar_.flow && (count('(') != count(')') || count('[') != count(']') || count('{') != count('}'))) {
    report.help("in flow style a comma, a bracket or `: ` ends a plain scalar of YAML: quote the expression");
  }
  if (may_be_text_ && begin < text_.size() && !has_call(text_) && is_plausible_text()) offer_text(report);
  report.emit();
  throw ExpressionFailure{};
}

void ExpressionLexer::fail_look_alike(std::size_t begin, const LookAlike& other) {
  const Span place = scalar_.span_of(begin, begin + other.size);
  const bool blank = other.meant.empty() || other.meant == " ";
  const std::string meant = other.meant.empty() ? std::string("nothing") : blank ? std::string("a blank") : concat("`", other.meant, "`");
  diagnostics_
      .error(Code::ExpressionSyntax, place,
             concat(blank ? std::string("this") : concat("`", text_.substr(begin, other.size), "`"), " is the character ", other.code,
                    ", which looks like ", meant))
      .fix(place, std::string(other.meant), other.meant.empty() ? std::string("leave it out") : concat("write ", meant, " of ASCII"))
      .emit();
  throw ExpressionFailure{};
}

// Patterns, as those of `einsum`, and words.
bool ExpressionLexer::is_plausible_text() const {
  if (text_.find("->") != std::string_view::npos) return true;
  std::size_t letters = 0, words = 0;
  for (std::size_t i = 0; i <= text_.size(); ++i) {
    const char c = i < text_.size() ? text_[i] : ' ';
    if (begins_name(c) || c == '\'' || c == '-') {
      ++letters;
    } else if (c == ' ' && (letters > 1 || letters == 0)) {
      words += letters > 0;
      letters = 0;
    } else {
      return false;
    }
  }
  return words > 1;
}

// `["ij,kj->ik", x, x]`: YAML's quotes are no quotes of the expression.
void ExpressionLexer::offer_text(diagnostics::Report& report) const {
  report.help("a text needs two pairs of quotes here: YAML's own, and those of the expression");
  const std::string& text = scalar_.text;
  const char quote = text.find('\'') == std::string::npos ? '\'' : '"';
  if (text.find_first_of("\\\n") != std::string::npos || text.find(quote) != std::string::npos) return;
  const std::string mended = in_quotes(concat(quote, text, quote));
  report.fix(scalar_.span, mended, concat("write `", shown(mended), "`"), false);
}

Token ExpressionLexer::token(TokenKind kind, std::size_t begin) const {
  Token token;
  token.kind = kind;
  token.begin = begin;
  token.end = at_;
  token.text = text_.substr(begin, at_ - begin);
  return token;
}

void ExpressionLexer::skip_blanks() {
  while (at_ < text_.size()) {
    const char c = text_[at_];
    if (c == '#') {
      at_ = std::min(text_.find('\n', at_), text_.size());
    } else if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
      ++at_;
    } else {
      return;
    }
  }
}

Token ExpressionLexer::next() {
  skip_blanks();
  if (at_ >= text_.size()) return token(TokenKind::End, at_);
  const char c = text_[at_];
  if (const std::size_t size = name_size()) return name_or_string(size);
  if (c == '\'' || c == '"') return string(at_, at_);
  if (is_digit(c) || (c == '.' && at_ + 1 < text_.size() && is_digit(text_[at_ + 1]))) return number_token();
  return operator_token();
}

namespace {

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// Whether a letter beyond ASCII looks like none of ASCII.
bool has_letter_of_its_own(std::string_view word) {
  for (std::size_t i = 0; i < word.size();) {
    const std::size_t bytes = diagnostics::code_point_at(word, i).size;
    if (bytes > 1 && !look_alike(word.substr(i, bytes))) return true;
    i += bytes;
  }
  return false;
}

}  // namespace

// A word in which every letter beyond ASCII looks like one of ASCII is a slip, as it stands or in its normal form; the letters of a word
// of another script are a name.
std::size_t ExpressionLexer::name_size() const {
  const std::string_view word = text_.substr(at_, identifier_size(text_.substr(at_)));
  if (is_ascii(word)) return word.size();
  const std::string form = normal_form(word);
  if (has_letter_of_its_own(word) && (is_ascii(form) || has_letter_of_its_own(form))) return word.size();
  return static_cast<std::size_t>(std::ranges::find_if(word, [](char c) { return static_cast<unsigned char>(c) >= 0x80; }) - word.begin());
}

Token ExpressionLexer::name_or_string(std::size_t size) {
  const std::size_t begin = at_;
  at_ += size;
  const std::string_view name = text_.substr(begin, size);
  const bool before_quote = at_ < text_.size() && (text_[at_] == '\'' || text_[at_] == '"');
  if (before_quote && name.size() <= 2) return string(begin, at_);
  if (is_reserved(name)) fail(begin, at_, concat("`", name, "` is a word of Python's statements, which cannot stand in an expression"));
  Token result = token(is_keyword(name) ? TokenKind::Keyword : TokenKind::Name, begin);
  if (std::string form = normal_form(name); form != name) result.text = normal_forms_.emplace_back(std::move(form));
  return result;
}

Token ExpressionLexer::string(std::size_t begin, std::size_t quote) {
  bool raw = false, formatted = false;
  for (std::size_t i = begin; i < quote; ++i) {
    const char c = static_cast<char>(text_[i] | 0x20);
    raw |= c == 'r';
    formatted |= c == 'f';
    if (c == 'b') fail(begin, quote + 1, "bytes are not part of the expression language");
    if (c != 'r' && c != 'f' && c != 'u') fail_unread(begin, quote, concat("`", text_.substr(begin, quote - begin), "` is not a prefix of a string"));
  }
  const std::string mark(1, text_[quote]);
  const bool triple = text_.substr(quote, 3) == mark + mark + mark;
  const std::size_t size = triple ? 3 : 1;
  std::size_t i = quote + size;
  while (true) {
    if (i >= text_.size() || (!triple && text_[i] == '\n')) fail_unread(quote, quote + size, concat("this string is never closed: expected ", mark));
    if (text_[i] == '\\') {
      i += 2;
    } else if (text_.substr(i, size) == (triple ? mark + mark + mark : mark)) {
      break;
    } else {
      ++i;
    }
  }
  at_ = i + size;
  Token result = token(formatted ? TokenKind::FString : TokenKind::String, begin);
  result.content_begin = quote + size;
  result.content_end = i;
  result.raw = raw;
  return result;
}

// Digits with single `_` between them, from `at_` on; gives how many bytes.
std::size_t ExpressionLexer::digits() {
  const std::size_t begin = at_;
  while (at_ < text_.size() && (is_digit(text_[at_]) || (text_[at_] == '_' && at_ > begin && at_ + 1 < text_.size() && is_digit(text_[at_ + 1]))))
    ++at_;
  return at_ - begin;
}

Token ExpressionLexer::based_integer(std::size_t begin) {
  const char mark = static_cast<char>(text_[begin + 1] | 0x20);
  const int base = mark == 'x' ? 16 : mark == 'o' ? 8 : 2;
  at_ = begin + 2;
  std::uint64_t value = 0;
  bool any = false, overflow = false;
  for (; at_ < text_.size() && (hex_digit(text_[at_]) >= 0 || text_[at_] == '_'); ++at_) {
    if (text_[at_] == '_') continue;
    const int digit = hex_digit(text_[at_]);
    if (digit >= base) break;
    overflow |= value > (std::numeric_limits<std::uint64_t>::max() >> 5);
    value = value * static_cast<std::uint64_t>(base) + static_cast<std::uint64_t>(digit);
    any = true;
  }
  Token result = token(TokenKind::Integer, begin);
  if (!any || text_[at_ - 1] == '_' || (at_ < text_.size() && is_in_name(text_[at_]))) {
    while (at_ < text_.size() && is_in_name(text_[at_])) ++at_;
    fail(begin, at_, concat("`", shown(text_.substr(begin, at_ - begin)), "` is not a number"));
  }
  if (overflow || value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
    fail(begin, at_, concat("`", shown(result.text), "` does not fit into 64 bits"));
  }
  result.integer = static_cast<std::int64_t>(value);
  return result;
}

Token ExpressionLexer::number_token() {
  const std::size_t begin = at_;
  if (text_[at_] == '0' && at_ + 1 < text_.size() && std::string_view("xXoObB").find(text_[at_ + 1]) != std::string_view::npos) {
    return based_integer(begin);
  }
  const std::size_t whole = digits();
  bool is_float = false;
  if (at_ < text_.size() && text_[at_] == '.') {
    is_float = true;
    ++at_;
    digits();
  }
  if (at_ < text_.size() && (text_[at_] == 'e' || text_[at_] == 'E')) {
    const std::size_t sign = at_ + 1 < text_.size() && (text_[at_ + 1] == '-' || text_[at_ + 1] == '+') ? 1 : 0;
    if (at_ + 1 + sign < text_.size() && is_digit(text_[at_ + 1 + sign])) {
      is_float = true;
      at_ += 1 + sign;
      digits();
    }
  }
  if (at_ < text_.size() && is_in_name(text_[at_])) {
    while (at_ < text_.size() && is_in_name(text_[at_])) ++at_;
    const std::string_view word = text_.substr(begin, at_ - begin);
    fail_unread(
        begin, at_,
        concat("`", shown(word), "` is neither a number nor a name", word.ends_with('j') ? "; complex numbers are not part of the language" : ""));
  }
  Token result = token(is_float ? TokenKind::Float : TokenKind::Integer, begin);
  std::string clean(result.text);
  std::erase(clean, '_');
  if (is_float) {
    const auto [end, error] = std::from_chars(clean.data(), clean.data() + clean.size(), result.number);
    // Python reads 1e400 as infinity and 1e-400 as zero.
    if (error == std::errc::result_out_of_range) {
      const std::size_t mark = clean.find_first_of("eE");
      result.number = mark != std::string::npos && clean[mark + 1] != '-' ? std::numeric_limits<double>::infinity() : 0;
    }
    return result;
  }
  if (whole > 1 && clean.front() == '0' && clean.find_first_not_of('0') != std::string::npos) {
    fail(begin, at_,
         concat("`", shown(result.text), "` begins with a zero: write `", shown(clean.substr(clean.find_first_not_of('0'))),
                "`, or `0o…` for an octal number"));
  }
  const auto [end, error] = std::from_chars(clean.data(), clean.data() + clean.size(), result.integer);
  if (error == std::errc::result_out_of_range) {
    result.least = clean == "9223372036854775808";
    if (!result.least) fail(begin, at_, concat("`", shown(result.text), "` does not fit into 64 bits"));
  }
  return result;
}

Token ExpressionLexer::operator_token() {
  const std::size_t begin = at_;
  const std::string_view rest = text_.substr(at_);
  const bool conversion =
      rest.size() > 2 && rest[0] == '!' && std::string_view("rsa").find(rest[1]) != std::string_view::npos && (rest[2] == '}' || rest[2] == ':');
  if (conversion) fail(begin, begin + 2, concat("the conversion `", rest.substr(0, 2), "` is not part of the language"));
  for (const std::string_view wrong : {"&&", "||", "!"}) {
    if (!rest.starts_with(wrong) || rest.starts_with("!=")) continue;
    fail(begin, begin + wrong.size(), concat("`", wrong, "` is not an operator: write `", wrong == "&&" ? "and" : wrong == "||" ? "or" : "not", "`"));
  }
  for (const std::string_view known : {"...", "**", "//", "<<", ">>", "==", "!=", "<=", ">=", "+", "-", "*", "/", "%", "@", "&",
                                       "|",   "^",  "~",  "<",  ">",  "(",  ")",  "[",  "]",  "{", "}", ",", ":", ".", "="}) {
    if (!rest.starts_with(known)) continue;
    at_ += known.size();
    return token(TokenKind::Operator, begin);
  }
  if (const auto other = look_alike(rest)) fail_look_alike(begin, *other);
  std::size_t end = begin + 1;
  while (end < text_.size() && (static_cast<unsigned char>(text_[end]) & 0xC0u) == 0x80u) ++end;
  fail_unread(begin, end, concat("`", shown(text_.substr(begin, end - begin)), "` cannot stand in an expression"));
}

std::string ExpressionLexer::unescape(std::size_t begin, std::size_t end, bool raw) {
  if (raw) return std::string(text_.substr(begin, end - begin));
  std::string out;
  for (std::size_t i = begin; i < end; ++i) {
    if (text_[i] != '\\' || i + 1 >= end) {
      out += text_[i];
      continue;
    }
    const char c = text_[++i];
    constexpr std::string_view names = "abfnrtv\\'\"";
    constexpr std::string_view values = "\a\b\f\n\r\t\v\\'\"";
    if (const std::size_t found = names.find(c); found != std::string_view::npos) {
      out += values[found];
    } else if (c == '\n') {
      continue;
    } else if (c >= '0' && c <= '7') {
      std::uint32_t value = 0;
      std::size_t used = 0;
      for (; used < 3 && i + used < end && text_[i + used] >= '0' && text_[i + used] <= '7'; ++used)
        value = value * 8 + static_cast<std::uint32_t>(text_[i + used] - '0');
      i += used - 1;
      diagnostics::append_utf8(out, value);
    } else if (c == 'x' || c == 'u' || c == 'U') {
      const std::size_t size = c == 'x' ? 2 : c == 'u' ? 4 : 8;
      std::uint32_t value = 0;
      for (std::size_t k = 1; k <= size; ++k) {
        const int digit = i + k < end ? hex_digit(text_[i + k]) : -1;
        if (digit < 0) fail(i - 1, std::min(i + k, end), concat("expected ", size, " hexadecimal digits after `\\", std::string_view(&c, 1), "`"));
        value = value * 16 + static_cast<std::uint32_t>(digit);
      }
      if (value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) fail(i - 1, i + size + 1, "this escape is not a character");
      i += size;
      diagnostics::append_utf8(out, value);
    } else if (c == 'N') {
      fail(i - 1, i + 1, "characters by name are not part of the expression language: write the character, or `\\u…`");
    } else {
      out += '\\';
      out += c;  // as Python keeps an escape that it does not know
    }
  }
  return out;
}

}  // namespace linenc::syntax
