// Names, numbers, brackets, calls and indices.
#include "compiler/syntax/expression_reader.h"

#include <algorithm>

namespace linenc::syntax {

using diagnostics::Code;
using diagnostics::shown;

namespace {

// How a function is called in a message.
std::string name_of(const Expr& function) {
  if (function.kind == ExprKind::Name) return concat("`", shown(function.text), "`");
  if (function.kind == ExprKind::Attribute) return concat("`", shown(function.text), "`");
  return "this call";
}

}  // namespace

ExprPtr ExpressionReader::call(ExprPtr function, std::size_t begin) {
  const std::string name = name_of(*function);
  advance();
  ExprPtr result = node(ExprKind::Call, begin, std::move(function));
  std::set<std::string> names;
  while (!at(")")) {
    argument(*result, names);
    if (at("for")) fail("a comprehension is a list: write it as `[… for …]`");
    if (at(")")) break;
    if (!take(",")) fail_expected(concat("`)` to close the arguments of ", name));
  }
  advance();
  result->span = span(begin, last_end_);
  return result;
}

void ExpressionReader::argument(Expr& call, std::set<std::string>& names) {
  CallArgument argument;
  if (take("**")) {
    argument.form = CallArgument::Form::MapSplice;
    adopt(call, expression());
  } else if (take("*")) {
    argument.form = CallArgument::Form::Splice;
    adopt(call, expression());
  } else {
    const Token first = token_;
    ExprPtr value = expression();
    if (value->kind == ExprKind::Name && value->span == span(first.begin, first.end) && take("=")) {
      argument.form = CallArgument::Form::Keyword;
      argument.name = value->text;
      argument.name_span = value->span;
      if (!names.insert(argument.name).second) fail_at(*value, concat("the argument `", shown(argument.name), "` is given twice"));
      value = expression();
    } else if (at("=")) {
      fail("expected a name before `=`: a keyword argument is `name=value`");
    } else if (!call.arguments.empty()) {
      const auto& before = call.arguments;
      const bool keywords = std::any_of(before.begin(), before.end(), [](const CallArgument& a) {
        return a.form == CallArgument::Form::Keyword || a.form == CallArgument::Form::MapSplice;
      });
      if (keywords) fail_at(*value, "an argument without a name cannot follow one with a name");
    }
    adopt(call, std::move(value));
  }
  call.arguments.push_back(std::move(argument));
}

ExprPtr ExpressionReader::subscript(ExprPtr value, std::size_t begin) {
  advance();
  const std::size_t inner = token_.begin;
  if (at("]")) fail("expected an index, found `]`");
  ExprPtr first = index();
  const bool starred = first->kind == ExprKind::Star;
  if (at(",") || starred) {
    ExprPtr tuple = make(ExprKind::Tuple, inner);
    adopt(*tuple, std::move(first));
    while (take(",")) {
      if (at("]")) break;
      adopt(*tuple, index());
    }
    tuple->span = span(inner, last_end_);
    first = std::move(tuple);
  }
  expect("]", "to close the index");
  return node(ExprKind::Subscript, begin, std::move(value), std::move(first));
}

ExprPtr ExpressionReader::index() {
  const std::size_t begin = token_.begin;
  ExprPtr first = at(":") ? nullptr : expression_or_star();
  if (!at(":") || (first != nullptr && first->kind == ExprKind::Star)) return first;
  advance();
  const auto bound = [&] { return at(":") || at(",") || at("]") ? nullptr : expression(); };
  ExprPtr last = bound();
  ExprPtr step = take(":") ? bound() : nullptr;
  return node(ExprKind::Slice, begin, std::move(first), std::move(last), std::move(step));
}

ExprPtr ExpressionReader::atom() {
  const std::size_t begin = token_.begin;
  switch (token_.kind) {
    case TokenKind::Name: return name();
    case TokenKind::Integer:
    case TokenKind::Float: return number();
    case TokenKind::String:
    case TokenKind::FString: return string();
    case TokenKind::Keyword:
    case TokenKind::Operator:
    case TokenKind::End: break;
  }
  if (at("(")) return parenthesis();
  if (at("[")) return list();
  if (at("{")) return dict();
  if (take("...")) {
    ExprPtr result = make(ExprKind::Constant, begin);
    result->text = "...";
    return result;
  }
  if (at("*") || at("**")) fail("a splice cannot stand here");
  if (at("lambda")) fail("a `lambda` inside of another operation needs parentheses");
  if (last_end_ == 0) fail_expected("an expression");
  fail_expected(
      concat("an expression after `", shown(std::string_view(scalar_.text).substr(0, last_end_).substr(last_end_ > 24 ? last_end_ - 24 : 0)), "`"));
}

ExprPtr ExpressionReader::name() {
  const Token token = token_;
  advance();
  const bool truth = token.text == "true" || token.text == "True";
  const bool falsity = token.text == "false" || token.text == "False";
  const bool nothing = token.text == "none" || token.text == "None";
  ExprPtr result = make(truth || falsity || nothing ? ExprKind::Constant : ExprKind::Name, token.begin);
  result->text = truth ? "true" : falsity ? "false" : nothing ? "none" : std::string(token.text);
  return result;
}

ExprPtr ExpressionReader::number() {
  const Token token = token_;
  if (token.least) fail("`9223372036854775808` does not fit into 64 bits");
  advance();
  ExprPtr result = make(token.kind == TokenKind::Float ? ExprKind::Float : ExprKind::Integer, token.begin);
  result->integer = token.integer;
  result->number = token.number;
  return result;
}

ExprPtr ExpressionReader::parenthesis() {
  const std::size_t begin = token_.begin;
  advance();
  if (take(")")) return make(ExprKind::Tuple, begin);
  ExprPtr first = expression_or_star();
  if (at("for")) fail("a comprehension is a list: write it as `[… for …]`");
  if (at(",")) {
    first = items(std::move(first), begin, ")");
    expect(")", "to close the tuple");
    first->span = span(begin, last_end_);
    return first;
  }
  if (first->kind == ExprKind::Star) fail_at(*first, "a splice `*x` can only stand in a list, a tuple or the arguments of a call: write `(*x,)`");
  expect(")", "to close `(`");
  return first;
}

ExprPtr ExpressionReader::list() {
  const std::size_t begin = token_.begin;
  advance();
  ExprPtr result = make(ExprKind::List, begin);
  while (!at("]")) {
    ExprPtr element = expression_or_star();
    if (at("for")) {
      if (!result->children.empty() || element->kind == ExprKind::Star) fail("expected `]` before `for`: a comprehension has one element");
      return comprehension(std::move(element), begin);
    }
    adopt(*result, std::move(element));
    if (at("]")) break;
    expect(",", "or `]` in this list");
  }
  advance();
  result->span = span(begin, last_end_);
  return result;
}

ExprPtr ExpressionReader::comprehension(ExprPtr element, std::size_t begin) {
  expect("for", "of the comprehension");
  ExprPtr target = loop_target();
  expect("in", "of the comprehension");
  ExprPtr iterable = disjunction();
  ExprPtr condition = take("if") ? disjunction() : nullptr;
  if (at("for") || at("if")) fail("a comprehension has one `for` and at most one `if`");
  expect("]", "to close the comprehension");
  ExprPtr result = node(ExprKind::Comprehension, begin, std::move(element), std::move(target), std::move(iterable));
  if (condition != nullptr) adopt(*result, std::move(condition));
  return result;
}

ExprPtr ExpressionReader::loop_target() {
  const std::size_t begin = token_.begin;
  ExprPtr first = loop_target_item();
  if (!at(",")) return first;
  ExprPtr tuple = node(ExprKind::Tuple, begin, std::move(first));
  while (take(",")) {
    if (at("in") || at(")") || at("]")) break;
    adopt(*tuple, loop_target_item());
  }
  tuple->span = span(begin, last_end_);
  return tuple;
}

ExprPtr ExpressionReader::loop_target_item() {
  const Level level(*this);
  const std::size_t begin = token_.begin;
  if (take("*")) {
    ExprPtr inner = loop_target_item();
    return node(ExprKind::Star, begin, std::move(inner));
  }
  if (at("(") || at("[")) {
    const std::string_view close = at("(") ? ")" : "]";
    advance();
    ExprPtr inner = loop_target();
    expect(close, "to close the names");
    return inner;
  }
  if (token_.kind != TokenKind::Name) fail_expected("a name");
  ExprPtr result = name();
  if (result->kind != ExprKind::Name) fail_at(*result, concat("`", result->text, "` cannot be bound"));
  return result;
}

ExprPtr ExpressionReader::dict() {
  const std::size_t begin = token_.begin;
  advance();
  ExprPtr result = make(ExprKind::Dict, begin);
  while (!at("}")) {
    const std::size_t entry = token_.begin;
    if (take("**")) {
      const Level level(*this);
      ExprPtr map = binary(0);
      adopt(*result, node(ExprKind::Star, entry, std::move(map)));
      ExprPtr none = make(ExprKind::Constant, entry);
      none->text = "none";
      adopt(*result, std::move(none));
    } else {
      adopt(*result, expression());
      if (at(",") || at("}")) fail("sets are not part of the language: expected `:` after the key of a map");
      expect(":", "after the key of a map");
      adopt(*result, expression());
      if (at("for")) fail("a comprehension is a list: write a map of them as `dict([(key, value) for …])`");
    }
    if (at("}")) break;
    expect(",", "or `}` in this map");
  }
  advance();
  result->span = span(begin, last_end_);
  return result;
}

}  // namespace linenc::syntax
