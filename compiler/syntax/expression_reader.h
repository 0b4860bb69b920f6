#pragma once

#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <string_view>

#include "compiler/syntax/expression_lexer.h"
#include "compiler/syntax/expression_parser.h"

namespace linenc::syntax {

// Recursive descent over the tokens of one scalar, one function per level of precedence. A failure is reported where it
// is found and thrown as ExpressionFailure: what follows would be guesswork. Used by the files expression_*.cpp alone.
class ExpressionReader {
 public:
  ExpressionReader(const Node& scalar, std::size_t begin, std::size_t end, diagnostics::Diagnostics& diagnostics, std::size_t depth = 0,
                   bool may_be_text = false)
      : scalar_(scalar), end_(end), diagnostics_(diagnostics), lexer_(scalar, begin, end, diagnostics, may_be_text), depth_(depth) {
    advance();
  }

  ExprPtr whole(bool may_be_splice = false);
  ExprPtr dimensions();
  ExprPtr formatted_text(std::size_t begin, std::size_t end, bool raw);
  std::unique_ptr<Target> whole_target();

 private:
  // One level of nesting.
  class Level {
   public:
    explicit Level(ExpressionReader& parser) : parser_(parser) {
      if (++parser_.depth_ > kExpressionDepth) {
        parser_.diagnostics_
            .error(diagnostics::Code::NestingTooDeep, parser_.span(parser_.token_.begin, parser_.token_.end),
                   concat("the expression is nested deeper than ", kExpressionDepth))
            .emit();
        throw ExpressionFailure{};
      }
    }
    ~Level() { --parser_.depth_; }
    Level(const Level&) = delete;
    Level& operator=(const Level&) = delete;

   private:
    ExpressionReader& parser_;
  };

  struct BinaryOp {
    std::string_view text;
    ExprOp op;
  };

  void advance() {
    last_end_ = token_.end;
    token_ = lexer_.next();
  }
  [[nodiscard]] bool at(std::string_view text) const {
    return (token_.kind == TokenKind::Operator || token_.kind == TokenKind::Keyword) && token_.text == text;
  }
  bool take(std::string_view text) {
    if (!at(text)) return false;
    advance();
    return true;
  }
  [[nodiscard]] Span span(std::size_t begin, std::size_t end) const { return scalar_.span_of(begin, end); }
  [[nodiscard]] std::string found() const {
    return token_.kind == TokenKind::End ? std::string("the end") : concat("`", diagnostics::shown(token_.text), "`");
  }
  [[noreturn]] void fail(std::string message) { lexer_.fail(token_.begin, token_.end, std::move(message)); }
  [[noreturn]] void fail_at(const Expr& expr, std::string message) {
    diagnostics_.error(diagnostics::Code::ExpressionSyntax, expr.span, std::move(message)).emit();
    throw ExpressionFailure{};
  }
  [[noreturn]] void fail_expected(const std::string& what);
  void expect(std::string_view text, const std::string& purpose) {
    if (!take(text)) fail_expected(concat("`", text, "` ", purpose));
  }

  ExprPtr make(ExprKind kind, std::size_t begin) const {
    auto expr = std::make_unique<Expr>();
    expr->kind = kind;
    expr->span = span(begin, last_end_);
    return expr;
  }
  void adopt(Expr& parent, ExprPtr child) {
    if (child != nullptr) parent.height = std::max(parent.height, child->height + 1);
    if (parent.height > kExpressionHeight) {
      diagnostics_
          .error(diagnostics::Code::NestingTooDeep, parent.span,
                 concat("the expression has more than ", kExpressionHeight, " operations one inside of the other"))
          .emit();
      throw ExpressionFailure{};
    }
    parent.children.push_back(std::move(child));
  }
  template <class... Children>
  ExprPtr node(ExprKind kind, std::size_t begin, Children... children) {
    ExprPtr expr = make(kind, begin);
    (adopt(*expr, std::move(children)), ...);
    return expr;
  }

  ExprPtr items(ExprPtr first, std::size_t begin, std::string_view close);
  ExprPtr expression();
  ExprPtr expression_or_star();
  ExprPtr star();
  ExprPtr lambda();
  ExprPtr disjunction();
  ExprPtr conjunction();
  ExprPtr inversion();
  ExprPtr comparison();
  bool compare_op(ExprOp& op);
  ExprPtr binary(std::size_t level);
  ExprPtr factor();
  ExprPtr power();
  ExprPtr primary();
  ExprPtr call(ExprPtr function, std::size_t begin);
  void argument(Expr& call, std::set<std::string>& names);
  ExprPtr subscript(ExprPtr value, std::size_t begin);
  ExprPtr index();
  ExprPtr atom();
  ExprPtr name();
  ExprPtr number();
  ExprPtr string();
  ExprPtr parenthesis();
  ExprPtr list();
  ExprPtr dict();
  ExprPtr comprehension(ExprPtr element, std::size_t begin);
  ExprPtr loop_target();
  ExprPtr loop_target_item();
  ExprPtr formatted(std::size_t& at, std::size_t end, bool raw);
  std::size_t format_spec(Expr& value, std::size_t at, std::size_t end, bool raw);
  Target target_list(std::size_t begin, std::string_view close);
  Target target_item();

  const Node& scalar_;
  std::size_t end_;
  diagnostics::Diagnostics& diagnostics_;
  ExpressionLexer lexer_;
  Token token_;
  std::size_t last_end_ = 0;  // of the token before
  std::size_t depth_;
};

}  // namespace linenc::syntax
