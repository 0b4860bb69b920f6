// Expressions as text, every operation in parentheses.
#include <array>
#include <charconv>

#include "compiler/diagnostics/concat.h"
#include "compiler/syntax/expression.h"

namespace linenc::syntax {
namespace {

std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    if (c == '\n') {
      out += "\\n";
    } else {
      out += c;
    }
  }
  return out + "'";
}

std::string print_float(double value) {
  std::array<char, 32> digits{};
  const auto result = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  std::string text(digits.data(), result.ptr);
  return text.find_first_of(".einf") == std::string::npos ? text + ".0" : text;
}

std::string print_child(const ExprPtr& child) { return child == nullptr ? std::string() : print(*child); }

std::string joined(const Expr& expr, std::string_view between) {
  std::string out;
  for (std::size_t i = 0; i < expr.children.size(); ++i) out += concat(i == 0 ? "" : between, print_child(expr.children[i]));
  return out;
}

std::string print_dict(const Expr& expr) {
  std::string out = "{";
  for (std::size_t i = 0; i + 1 < expr.children.size(); i += 2) {
    if (i > 0) out += ", ";
    const Expr& key = *expr.children[i];
    out += key.kind == ExprKind::Star ? concat("**", print(*key.children[0])) : concat(print(key), ": ", print_child(expr.children[i + 1]));
  }
  return out + "}";
}

std::string print_call(const Expr& expr) {
  std::string out = print(*expr.children[0]) + "(";
  for (std::size_t i = 0; i < expr.arguments.size(); ++i) {
    const CallArgument& argument = expr.arguments[i];
    if (i > 0) out += ", ";
    switch (argument.form) {
      case CallArgument::Form::Positional: break;
      case CallArgument::Form::Keyword: out += argument.name + "="; break;
      case CallArgument::Form::Splice: out += "*"; break;
      case CallArgument::Form::MapSplice: out += "**"; break;
    }
    out += print_child(expr.children[i + 1]);
  }
  return out + ")";
}

std::string print_compare(const Expr& expr) {
  std::string out = "(" + print(*expr.children[0]);
  for (std::size_t i = 0; i < expr.ops.size(); ++i) out += concat(" ", spelling(expr.ops[i]), " ", print(*expr.children[i + 1]));
  return out + ")";
}

std::string print_lambda(const Expr& expr) {
  std::string out = "(lambda";
  const std::size_t plain = expr.parameters.size() - (expr.children.size() - 1);
  for (std::size_t i = 0; i < expr.parameters.size(); ++i) {
    out += concat(i == 0 ? " " : ", ", expr.parameters[i]);
    if (i >= plain) out += "=" + print(*expr.children[1 + i - plain]);
  }
  return concat(out, ": ", print(*expr.children[0]), ")");
}

std::string print_formatted(const Expr& expr) {
  const std::string spec = expr.children.size() > 1 ? print(*expr.children[1]) : expr.text;
  return concat("{", print(*expr.children[0]), spec.empty() ? "" : ":", spec, "}");
}

std::string print_slice(const Expr& expr) {
  const std::string step = print_child(expr.children[2]);
  return concat(print_child(expr.children[0]), ":", print_child(expr.children[1]), step.empty() ? "" : ":", step);
}

}  // namespace

std::string_view spelling(ExprOp op) {
  switch (op) {
    case ExprOp::Add:
    case ExprOp::Plus: return "+";
    case ExprOp::Subtract:
    case ExprOp::Negate: return "-";
    case ExprOp::Multiply: return "*";
    case ExprOp::Divide: return "/";
    case ExprOp::FloorDivide: return "//";
    case ExprOp::Modulo: return "%";
    case ExprOp::Power: return "**";
    case ExprOp::MatMul: return "@";
    case ExprOp::BitAnd: return "&";
    case ExprOp::BitOr: return "|";
    case ExprOp::BitXor: return "^";
    case ExprOp::ShiftLeft: return "<<";
    case ExprOp::ShiftRight: return ">>";
    case ExprOp::Invert: return "~";
    case ExprOp::Equal: return "==";
    case ExprOp::NotEqual: return "!=";
    case ExprOp::Less: return "<";
    case ExprOp::LessEqual: return "<=";
    case ExprOp::Greater: return ">";
    case ExprOp::GreaterEqual: return ">=";
    case ExprOp::In: return "in";
    case ExprOp::NotIn: return "not in";
    case ExprOp::Is: return "is";
    case ExprOp::IsNot: return "is not";
  }
  return "";
}

std::string print(const Expr& expr) {
  switch (expr.kind) {
    case ExprKind::Integer: return std::to_string(expr.integer);
    case ExprKind::Float: return print_float(expr.number);
    case ExprKind::String: return quoted(expr.text);
    case ExprKind::FString: return concat("f(", joined(expr, " "), ")");
    case ExprKind::Formatted: return print_formatted(expr);
    case ExprKind::Constant:
    case ExprKind::Name: return expr.text;
    case ExprKind::Tuple: return concat("(", joined(expr, ", "), expr.children.size() == 1 ? ",)" : ")");
    case ExprKind::List: return concat("[", joined(expr, ", "), "]");
    case ExprKind::Star: return "*" + print(*expr.children[0]);
    case ExprKind::Dict: return print_dict(expr);
    case ExprKind::Comprehension:
      return concat("[", print(*expr.children[0]), " for ", print(*expr.children[1]), " in ", print(*expr.children[2]),
                    expr.children.size() > 3 ? " if " + print(*expr.children[3]) : "", "]");
    case ExprKind::Unary: return concat("(", spelling(expr.op), print(*expr.children[0]), ")");
    case ExprKind::Binary: return concat("(", print(*expr.children[0]), " ", spelling(expr.op), " ", print(*expr.children[1]), ")");
    case ExprKind::And: return concat("(", joined(expr, " and "), ")");
    case ExprKind::Or: return concat("(", joined(expr, " or "), ")");
    case ExprKind::Not: return concat("(not ", print(*expr.children[0]), ")");
    case ExprKind::Compare: return print_compare(expr);
    case ExprKind::IfElse: return concat("(", print(*expr.children[1]), " if ", print(*expr.children[0]), " else ", print(*expr.children[2]), ")");
    case ExprKind::Attribute: return concat(print(*expr.children[0]), ".", expr.text);
    case ExprKind::Subscript: return concat(print(*expr.children[0]), "[", print(*expr.children[1]), "]");
    case ExprKind::Slice: return print_slice(expr);
    case ExprKind::Call: return print_call(expr);
    case ExprKind::Lambda: return print_lambda(expr);
  }
  return "";
}

}  // namespace linenc::syntax
