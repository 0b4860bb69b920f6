// Strings, f-strings and texts with parts in braces.
#include "compiler/syntax/expression_reader.h"

#include <algorithm>

namespace linenc::syntax {

using diagnostics::Code;
using diagnostics::shown;

// Adjacent literals are one string; with an f-string among them they are one FString.
ExprPtr ExpressionReader::string() {
  const std::size_t begin = token_.begin;
  std::vector<ExprPtr> parts;
  bool is_formatted = false;
  while (token_.kind == TokenKind::String || token_.kind == TokenKind::FString) {
    const Token token = token_;
    advance();
    if (token.kind == TokenKind::String) {
      ExprPtr part = make(ExprKind::String, token.begin);
      part->text = lexer_.unescape(token.content_begin, token.content_end, token.raw);
      parts.push_back(std::move(part));
      continue;
    }
    is_formatted = true;
    ExprPtr inner = formatted_text(token.content_begin, token.content_end, token.raw);
    for (ExprPtr& part : inner->children) parts.push_back(std::move(part));
  }
  if (is_formatted) {
    ExprPtr result = make(ExprKind::FString, begin);
    for (ExprPtr& part : parts) {
      Expr* before = result->children.empty() ? nullptr : result->children.back().get();
      if (before != nullptr && before->kind == ExprKind::String && part->kind == ExprKind::String) {
        before->text += part->text;
        before->span = join(before->span, part->span);
      } else if (part->kind != ExprKind::String || !part->text.empty()) {
        adopt(*result, std::move(part));
      }
    }
    return result;
  }
  ExprPtr result = make(ExprKind::String, begin);
  for (const ExprPtr& part : parts) result->text += part->text;
  return result;
}

// The parts of an f-string between its quotes.
ExprPtr ExpressionReader::formatted_text(std::size_t begin, std::size_t end, bool raw) {
  const Level level(*this);
  const std::string_view text = scalar_.text;
  ExprPtr result = std::make_unique<Expr>();
  result->kind = ExprKind::FString;
  result->span = span(begin, end);
  std::string literal;
  std::size_t literal_begin = begin, piece = begin, at = begin;
  const auto flush = [&](std::size_t to) { literal += lexer_.unescape(piece, to, raw); };
  const auto finish = [&](std::size_t to) {
    flush(to);
    if (literal.empty()) return;
    ExprPtr part = std::make_unique<Expr>();
    part->kind = ExprKind::String;
    part->span = span(literal_begin, to);
    part->text = std::move(literal);
    literal.clear();
    adopt(*result, std::move(part));
  };
  while (at < end) {
    if (text[at] == '\\' && !raw) {
      at = std::min(at + 2, end);
    } else if (text.substr(at, 2) == "{{" || text.substr(at, 2) == "}}") {
      flush(at + 1);
      at += 2;
      piece = at;
    } else if (text[at] == '}') {
      lexer_.fail(at, at + 1, "`}` closes nothing: write `}}` for a brace in the text");
    } else if (text[at] == '{') {
      finish(at);
      adopt(*result, formatted(at, end, raw));
      piece = literal_begin = at;
    } else {
      ++at;
    }
  }
  finish(end);
  return result;
}

// `{value}` or `{value:spec}` from the brace at `at` on; `at` ends behind the closing brace.
ExprPtr ExpressionReader::formatted(std::size_t& at, std::size_t end, bool raw) {
  const std::string_view text = scalar_.text;
  const std::size_t begin = at;
  ExpressionReader inner(scalar_, at + 1, end, diagnostics_, depth_);
  if (inner.at("}") || inner.token_.kind == TokenKind::End) inner.fail("expected an expression after `{`; write `{{` for a brace in the text");
  const std::size_t first = inner.token_.begin;
  ExprPtr value = inner.expression_or_star();
  if (inner.at(",")) value = inner.items(std::move(value), first, "}");
  if (inner.at("=")) inner.fail("`{value=}` is not part of the language: write `{value}`");
  ExprPtr result = std::make_unique<Expr>();
  result->kind = ExprKind::Formatted;
  result->span = span(begin, end);
  adopt(*result, std::move(value));
  if (inner.at(":")) {
    at = format_spec(*result, inner.token_.end, end, raw);
  } else if (inner.at("}")) {
    at = inner.token_.begin;
  } else {
    inner.fail_expected("`}` to close `{`");
  }
  if (at >= end || text[at] != '}') lexer_.fail(begin, begin + 1, "this `{` is never closed: expected `}`");
  ++at;
  result->span = span(begin, at);
  return result;
}

std::size_t ExpressionReader::format_spec(Expr& value, std::size_t at, std::size_t end, bool raw) {
  const std::string_view text = scalar_.text;
  const std::size_t begin = at;
  bool has_parts = false;
  for (int open = 0; at < end; ++at) {
    if (text[at] == '{') {
      has_parts = true;
      ++open;
    } else if (text[at] == '}' && open-- == 0) {
      break;
    }
  }
  if (has_parts) {
    adopt(value, formatted_text(begin, at, raw));
  } else {
    value.text = lexer_.unescape(begin, at, raw);
  }
  return at;
}

}  // namespace linenc::syntax
