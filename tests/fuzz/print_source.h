#pragma once

// An expression as text that can be parsed again, every operation in parentheses.

#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <string>

#include "compiler/syntax/expression.h"

namespace linenc::fuzz {

class SourcePrinter {
 public:
  // None where strings in f-strings in f-strings need more kinds of quotes than there are.
  static std::optional<std::string> print(const syntax::Expr& expr) {
    SourcePrinter printer;
    std::string text = printer.text_of(expr);
    if (printer.needs_more_quotes_) return std::nullopt;
    return text;
  }

 private:
  using Expr = syntax::Expr;
  using Kind = syntax::ExprKind;
  static constexpr std::array<std::string_view, 4> kQuotes = {"'", "\"", "'''", "\"\"\""};

  [[nodiscard]] std::string mark() {
    if (quotes_ < kQuotes.size()) return std::string(kQuotes[quotes_]);
    needs_more_quotes_ = true;
    return "'";
  }

  static std::string escaped(const std::string& text, bool formatted) {
    std::string out;
    for (const char c : text) {
      const auto byte = static_cast<unsigned char>(c);
      if (c == '\'' || c == '"' || c == '\\' || byte < 0x20 || byte == 0x7F) {
        out += "\\x";
        out += "0123456789abcdef"[byte >> 4];
        out += "0123456789abcdef"[byte & 15];
      } else {
        out += c;
        if (formatted && (c == '{' || c == '}')) out += c;
      }
    }
    return out;
  }

  std::string string(const std::string& text) {
    const std::string quote = mark();
    return quote + escaped(text, false) + quote;
  }

  // Inside of an f-string its own quotes cannot stand.
  std::string formatted(const Expr& expr) {
    const std::string quote = mark();
    ++quotes_;
    const std::string out = "f" + quote + part(expr) + quote;
    --quotes_;
    return out;
  }
  std::string part(const Expr& expr) {
    if (expr.kind == Kind::String) return escaped(expr.text, true);
    if (expr.kind == Kind::FString) {
      std::string out;
      for (const auto& child : expr.children) out += part(*child);
      return out;
    }
    std::string out = "{ " + text_of(*expr.children[0]) + " ";
    if (expr.children.size() > 1) return out + ":" + part(*expr.children[1]) + "}";
    return out + (expr.text.empty() ? "" : ":" + escaped(expr.text, false)) + "}";
  }
  std::string f_string(const Expr& expr) {
    if (expr.children.empty()) return "f" + mark() + mark();
    std::string out;
    for (const auto& child : expr.children) out += (out.empty() ? "" : " ") + (child->kind == Kind::String ? string(child->text) : formatted(*child));
    // Without a part in braces it would be a plain string.
    return expr.children.size() == 1 && expr.children[0]->kind == Kind::String ? "f" + mark() + mark() + " " + out : out;
  }

  std::string joined(const Expr& expr, std::string_view between) {
    std::string out;
    for (std::size_t i = 0; i < expr.children.size(); ++i) {
      if (i > 0) out += between;
      out += text_of(*expr.children[i]);
    }
    return out;
  }
  // What `.name`, `[…]` and `(…)` follow.
  std::string base(const Expr& expr) {
    const bool bare = expr.kind == Kind::Name || expr.kind == Kind::Attribute || expr.kind == Kind::Call || expr.kind == Kind::Subscript;
    return bare ? text_of(expr) : "(" + text_of(expr) + ")";
  }
  std::string optional(const syntax::ExprPtr& child) { return child == nullptr ? std::string() : text_of(*child); }

  std::string number(double value) {
    if (std::isinf(value)) return "1e999";
    std::array<char, 32> digits{};
    const auto result = std::to_chars(digits.data(), digits.data() + digits.size(), value, std::chars_format::scientific);
    return {digits.data(), result.ptr};
  }

  std::string dict(const Expr& expr) {
    std::string out;
    for (std::size_t i = 0; i + 1 < expr.children.size(); i += 2) {
      if (i > 0) out += ", ";
      const Expr& key = *expr.children[i];
      out += key.kind == Kind::Star ? "**" + text_of(*key.children[0]) : text_of(key) + ": " + text_of(*expr.children[i + 1]);
    }
    return "{" + out + "}";
  }
  std::string call(const Expr& expr) {
    std::string out = base(*expr.children[0]) + "(";
    for (std::size_t i = 0; i < expr.arguments.size(); ++i) {
      using Form = syntax::CallArgument::Form;
      const auto& argument = expr.arguments[i];
      if (i > 0) out += ", ";
      if (argument.form == Form::Keyword) out += argument.name + "=";
      if (argument.form == Form::Splice) out += "*";
      if (argument.form == Form::MapSplice) out += "**";
      out += text_of(*expr.children[i + 1]);
    }
    return out + ")";
  }
  std::string lambda(const Expr& expr) {
    std::string out = "(lambda";
    const std::size_t plain = expr.parameters.size() - (expr.children.size() - 1);
    for (std::size_t i = 0; i < expr.parameters.size(); ++i) {
      out += (i == 0 ? " " : ", ") + expr.parameters[i];
      if (i >= plain) out += "=" + text_of(*expr.children[1 + i - plain]);
    }
    return out + ": " + text_of(*expr.children[0]) + ")";
  }
  std::string subscript(const Expr& expr) {
    const Expr& index = *expr.children[1];
    if (index.kind != Kind::Tuple || index.children.empty()) return base(*expr.children[0]) + "[" + text_of(index) + "]";
    return base(*expr.children[0]) + "[" + joined(index, ", ") + (index.children.size() == 1 ? ",]" : "]");
  }
  std::string compare(const Expr& expr) {
    std::string out = "(" + text_of(*expr.children[0]);
    for (std::size_t i = 0; i < expr.ops.size(); ++i) out += " " + std::string(spelling(expr.ops[i])) + " " + text_of(*expr.children[i + 1]);
    return out + ")";
  }
  std::string comprehension(const Expr& expr) {
    return "[" + text_of(*expr.children[0]) + " for " + text_of(*expr.children[1]) + " in " + text_of(*expr.children[2]) +
           (expr.children.size() > 3 ? " if " + text_of(*expr.children[3]) : "") + "]";
  }

  std::string text_of(const Expr& expr) {
    switch (expr.kind) {
      case Kind::Integer: return expr.integer < 0 ? "(" + std::to_string(expr.integer) + ")" : std::to_string(expr.integer);
      case Kind::Float: return number(expr.number);
      case Kind::String: return string(expr.text);
      case Kind::FString: return f_string(expr);
      case Kind::Formatted: return formatted(expr);
      case Kind::Constant:
      case Kind::Name: return expr.text;
      case Kind::Tuple: return "(" + joined(expr, ", ") + (expr.children.size() == 1 ? ",)" : ")");
      case Kind::List: return "[" + joined(expr, ", ") + "]";
      case Kind::Star: return "*" + text_of(*expr.children[0]);
      case Kind::Dict: return dict(expr);
      case Kind::Comprehension: return comprehension(expr);
      case Kind::Unary: return "(" + std::string(spelling(expr.op)) + text_of(*expr.children[0]) + ")";
      case Kind::Binary: return "(" + text_of(*expr.children[0]) + " " + std::string(spelling(expr.op)) + " " + text_of(*expr.children[1]) + ")";
      case Kind::And: return "(" + joined(expr, " and ") + ")";
      case Kind::Or: return "(" + joined(expr, " or ") + ")";
      case Kind::Not: return "(not " + text_of(*expr.children[0]) + ")";
      case Kind::Compare: return compare(expr);
      case Kind::IfElse: return "(" + text_of(*expr.children[1]) + " if " + text_of(*expr.children[0]) + " else " + text_of(*expr.children[2]) + ")";
      case Kind::Attribute: return base(*expr.children[0]) + "." + expr.text;
      case Kind::Subscript: return subscript(expr);
      case Kind::Slice:
        return optional(expr.children[0]) + ":" + optional(expr.children[1]) + (expr.children[2] == nullptr ? "" : ":" + text_of(*expr.children[2]));
      case Kind::Call: return call(expr);
      case Kind::Lambda: return lambda(expr);
    }
    return "";
  }

  std::size_t quotes_ = 0;
  bool needs_more_quotes_ = false;
};

}  // namespace linenc::fuzz
