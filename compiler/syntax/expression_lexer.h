#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

#include "compiler/diagnostics/diagnostics.h"
#include "compiler/syntax/look_alikes.h"
#include "compiler/syntax/yaml.h"

namespace linenc::syntax {

enum class TokenKind : std::uint8_t { Name, Keyword, Integer, Float, String, FString, Operator, End };

struct Token {
  TokenKind kind = TokenKind::End;
  std::size_t begin = 0;  // bytes of the scalar's text
  std::size_t end = 0;
  std::string_view text;  // as written; of names their normal form, of strings with prefix and quotes

  std::int64_t integer = 0;
  double number = 0;
  bool least = false;  // 2^63, which is an integer after a minus alone

  // Of strings: the bytes between the quotes, and whether a backslash stands for itself.
  std::size_t content_begin = 0;
  std::size_t content_end = 0;
  bool raw = false;
};

// Thrown inside the expression parser where it cannot go on; the reason has been reported.
struct ExpressionFailure {};

// Python's tokens, one at a time, over the bytes [begin, end) of a scalar. Line breaks are blanks: a scalar is one
// expression. Used by expression_parser.cpp alone.
class ExpressionLexer {
 public:
  // `may_be_text`: where the scalar is quoted and cannot be read, it may have been meant as a text.
  ExpressionLexer(const Node& scalar, std::size_t begin, std::size_t end, diagnostics::Diagnostics& diagnostics, bool may_be_text)
      : scalar_(scalar),
        text_(std::string_view(scalar.text).substr(0, end)),
        at_(begin),
        diagnostics_(diagnostics),
        may_be_text_(may_be_text && scalar.is_quoted()) {}

  [[nodiscard]] Token next();

  // A slip in what is an expression for certain.
  [[noreturn]] void fail(std::size_t begin, std::size_t end, std::string message);
  // What stands there is no expression.
  [[noreturn]] void fail_unread(std::size_t begin, std::size_t end, std::string message);
  // The value of a string's content, or of a part of it: escapes replaced.
  [[nodiscard]] std::string unescape(std::size_t begin, std::size_t end, bool raw);

 private:
  void skip_blanks();
  Token name_or_string(std::size_t size);
  // The bytes of the name that begins here; 0 where none does.
  [[nodiscard]] std::size_t name_size() const;
  Token string(std::size_t begin, std::size_t quote);
  Token number_token();
  Token based_integer(std::size_t begin);
  Token operator_token();
  std::size_t digits();
  Token token(TokenKind kind, std::size_t begin) const;
  [[noreturn]] void fail_look_alike(std::size_t begin, const LookAlike& other);
  [[nodiscard]] bool is_plausible_text() const;
  void offer_text(diagnostics::Report& report) const;

  const Node& scalar_;
  std::string_view text_;
  std::size_t at_;
  diagnostics::Diagnostics& diagnostics_;
  bool may_be_text_;
  std::deque<std::string> normal_forms_;  // of names that are written in another form
};

}  // namespace linenc::syntax
