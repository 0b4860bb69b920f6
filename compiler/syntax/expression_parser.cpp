// Python's expression grammar by recursive descent, one function per level of precedence, loosest first:
//
//   lambda | a if c else b | or | and | not | comparisons | '|' | ^ | & | << >> | + - | * / // % @ | unary | ** | calls
//
// A failure is reported where it is found and ends the expression: what follows would be guesswork.
#include "compiler/syntax/expression_parser.h"

#include <algorithm>
#include <set>

#include "compiler/syntax/expression_lexer.h"

namespace linenc::syntax {

using diagnostics::Code;
using diagnostics::Diagnostics;
using diagnostics::shown;

namespace {

class Parser {
 public:
  Parser(const Node& scalar, std::size_t begin, std::size_t end, Diagnostics& diagnostics, std::size_t depth = 0)
      : scalar_(scalar), end_(end), diagnostics_(diagnostics), lexer_(scalar, begin, end, diagnostics), depth_(depth) {
    advance();
  }

  ExprPtr whole();
  ExprPtr dimensions();
  ExprPtr formatted_text(std::size_t begin, std::size_t end, bool raw);
  std::unique_ptr<Target> whole_target();

 private:
  // One level of nesting.
  class Level {
   public:
    explicit Level(Parser& parser) : parser_(parser) {
      if (++parser_.depth_ > kExpressionDepth) {
        parser_.diagnostics_.error(Code::NestingTooDeep, parser_.span(parser_.token_.begin, parser_.token_.end), concat("the expression is nested deeper than ", kExpressionDepth)).emit();
        throw ExpressionFailure{};
      }
    }
    ~Level() { --parser_.depth_; }
    Level(const Level&) = delete;
    Level& operator=(const Level&) = delete;

   private:
    Parser& parser_;
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
    return token_.kind == TokenKind::End ? std::string("the end") : concat("`", shown(token_.text), "`");
  }
  [[noreturn]] void fail(std::string message) { lexer_.fail(token_.begin, token_.end, std::move(message)); }
  [[noreturn]] void fail_at(const Expr& expr, std::string message) {
    diagnostics_.error(Code::ExpressionSyntax, expr.span, std::move(message)).emit();
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
      diagnostics_.error(Code::NestingTooDeep, parent.span, concat("the expression has more than ", kExpressionHeight, " operations one inside of the other")).emit();
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
  Diagnostics& diagnostics_;
  ExpressionLexer lexer_;
  Token token_;
  std::size_t last_end_ = 0;   // of the token before
  std::size_t depth_;
};

void Parser::fail_expected(const std::string& what) {
  if (at("=")) fail("`=` does not compare: write `==`");
  fail(concat("expected ", what, ", found ", found()));
}

ExprPtr Parser::whole() {
  if (token_.kind == TokenKind::End) fail("an expression is missing here");
  if (at("=")) {
    diagnostics_.error(Code::ExpressionSyntax, span(token_.begin, token_.end), "this position always holds an expression: write it without the mark `=`")
        .fix(span(token_.begin, token_.end), "", "leave out `=`").emit();
    throw ExpressionFailure{};
  }
  const std::size_t begin = token_.begin;
  ExprPtr expr = expression_or_star();
  if (at(",")) expr = items(std::move(expr), begin, "");
  if (expr->kind == ExprKind::Star) fail_at(*expr, "a splice `*x` can only stand in a list, a tuple or the arguments of a call");
  if (token_.kind != TokenKind::End) fail_expected("the end of the expression");
  return expr;
}

ExprPtr Parser::dimensions() {
  const std::size_t begin = token_.begin;
  ExprPtr tuple = make(ExprKind::Tuple, begin);
  while (token_.kind != TokenKind::End) {
    ExprPtr dim = expression();
    if (dim->kind == ExprKind::Constant && dim->text == "..." && !tuple->children.empty()) fail_at(*dim, "`...` can only be the first dimension");
    adopt(*tuple, std::move(dim));
    if (token_.kind != TokenKind::End) expect(",", "between two dimensions");
  }
  tuple->span = span(begin, std::max(begin, last_end_));
  return tuple;
}

// The rest of a tuple whose first element has been read; at its comma. `close` is the bracket that ends it, or nothing.
ExprPtr Parser::items(ExprPtr first, std::size_t begin, std::string_view close) {
  ExprPtr tuple = make(ExprKind::Tuple, begin);
  adopt(*tuple, std::move(first));
  while (take(",")) {
    if (token_.kind == TokenKind::End || (!close.empty() && at(close))) break;
    adopt(*tuple, expression_or_star());
  }
  tuple->span = span(begin, last_end_);
  return tuple;
}

ExprPtr Parser::expression_or_star() { return at("*") ? star() : expression(); }

ExprPtr Parser::star() {
  const Level level(*this);
  const std::size_t begin = token_.begin;
  advance();
  ExprPtr value = binary(0);
  return node(ExprKind::Star, begin, std::move(value));
}

ExprPtr Parser::expression() {
  const Level level(*this);
  if (at("lambda")) return lambda();
  const std::size_t begin = token_.begin;
  ExprPtr value = disjunction();
  if (!take("if")) return value;
  ExprPtr condition = disjunction();
  expect("else", "and the other value of `if`");
  ExprPtr otherwise = expression();
  return node(ExprKind::IfElse, begin, std::move(condition), std::move(value), std::move(otherwise));
}

ExprPtr Parser::lambda() {
  const std::size_t begin = token_.begin;
  advance();
  std::vector<std::string> parameters;
  std::vector<ExprPtr> defaults;
  while (!at(":")) {
    if (at("*") || at("**") || at("/")) fail("a lambda takes plain arguments only");
    if (token_.kind != TokenKind::Name) fail_expected("an argument or `:` of the `lambda`");
    if (std::find(parameters.begin(), parameters.end(), token_.text) != parameters.end()) fail(concat("the argument ", found(), " stands twice"));
    const std::string name(token_.text);
    parameters.push_back(name);
    advance();
    if (take("=")) {
      defaults.push_back(expression());
    } else if (!defaults.empty()) {
      fail(concat("the argument `", name, "` needs a default: it follows one that has one"));
    }
    if (!at(":")) expect(",", "or `:` after an argument of the `lambda`");
  }
  advance();
  ExprPtr body = expression();
  ExprPtr result = node(ExprKind::Lambda, begin, std::move(body));
  result->parameters = std::move(parameters);
  for (ExprPtr& value : defaults) adopt(*result, std::move(value));
  return result;
}

ExprPtr Parser::disjunction() {
  const std::size_t begin = token_.begin;
  ExprPtr first = conjunction();
  if (!at("or")) return first;
  ExprPtr result = node(ExprKind::Or, begin, std::move(first));
  while (take("or")) adopt(*result, conjunction());
  result->span = span(begin, last_end_);
  return result;
}

ExprPtr Parser::conjunction() {
  const std::size_t begin = token_.begin;
  ExprPtr first = inversion();
  if (!at("and")) return first;
  ExprPtr result = node(ExprKind::And, begin, std::move(first));
  while (take("and")) adopt(*result, inversion());
  result->span = span(begin, last_end_);
  return result;
}

ExprPtr Parser::inversion() {
  const std::size_t begin = token_.begin;
  if (!take("not")) return comparison();
  const Level level(*this);
  ExprPtr value = inversion();
  return node(ExprKind::Not, begin, std::move(value));
}

bool Parser::compare_op(ExprOp& op) {
  constexpr BinaryOp ops[] = {{"==", ExprOp::Equal}, {"!=", ExprOp::NotEqual}, {"<=", ExprOp::LessEqual}, {">=", ExprOp::GreaterEqual},
                              {"<", ExprOp::Less},   {">", ExprOp::Greater},   {"in", ExprOp::In}};
  for (const BinaryOp& known : ops) {
    if (!take(known.text)) continue;
    op = known.op;
    return true;
  }
  if (take("is")) {
    op = take("not") ? ExprOp::IsNot : ExprOp::Is;
    return true;
  }
  if (!at("not")) return false;
  advance();
  expect("in", "after `not`");
  op = ExprOp::NotIn;
  return true;
}

ExprPtr Parser::comparison() {
  const std::size_t begin = token_.begin;
  ExprPtr first = binary(0);
  ExprOp op = ExprOp::Equal;
  if (!compare_op(op)) return first;
  ExprPtr result = node(ExprKind::Compare, begin, std::move(first));
  do {
    result->ops.push_back(op);
    adopt(*result, binary(0));
  } while (compare_op(op));
  result->span = span(begin, last_end_);
  return result;
}

// The left-associative operators, loosest first.
ExprPtr Parser::binary(std::size_t level) {
  static const std::vector<BinaryOp> levels[] = {
      {{"|", ExprOp::BitOr}},
      {{"^", ExprOp::BitXor}},
      {{"&", ExprOp::BitAnd}},
      {{"<<", ExprOp::ShiftLeft}, {">>", ExprOp::ShiftRight}},
      {{"+", ExprOp::Add}, {"-", ExprOp::Subtract}},
      {{"*", ExprOp::Multiply}, {"/", ExprOp::Divide}, {"//", ExprOp::FloorDivide}, {"%", ExprOp::Modulo}, {"@", ExprOp::MatMul}}};
  if (level == std::size(levels)) return factor();
  const std::size_t begin = token_.begin;
  ExprPtr left = binary(level + 1);
  while (true) {
    const auto& ops = levels[level];
    const auto op = std::find_if(ops.begin(), ops.end(), [&](const BinaryOp& known) { return at(known.text); });
    if (op == ops.end()) return left;
    advance();
    ExprPtr right = binary(level + 1);
    left = node(ExprKind::Binary, begin, std::move(left), std::move(right));
    left->op = op->op;
  }
}

ExprPtr Parser::factor() {
  const std::size_t begin = token_.begin;
  if (!at("-") && !at("+") && !at("~")) return power();
  const Level level(*this);
  const ExprOp op = at("-") ? ExprOp::Negate : at("+") ? ExprOp::Plus : ExprOp::Invert;
  advance();
  // -9223372036854775808 is an integer of 64 bits, without the minus it is none.
  const bool least = op == ExprOp::Negate && token_.least;
  if (least) token_.least = false;
  ExprPtr value = factor();
  if (least && value->kind == ExprKind::Integer) {
    value->integer = INT64_MIN;
    value->span = span(begin, last_end_);
    return value;
  }
  if (least) fail_at(*value, "`9223372036854775808` does not fit into 64 bits");
  ExprPtr result = node(ExprKind::Unary, begin, std::move(value));
  result->op = op;
  return result;
}

ExprPtr Parser::power() {
  const std::size_t begin = token_.begin;
  ExprPtr base = primary();
  if (!take("**")) return base;
  const Level level(*this);
  ExprPtr exponent = factor();
  ExprPtr result = node(ExprKind::Binary, begin, std::move(base), std::move(exponent));
  result->op = ExprOp::Power;
  return result;
}

ExprPtr Parser::primary() {
  const std::size_t begin = token_.begin;
  ExprPtr value = atom();
  while (true) {
    if (at("(")) {
      value = call(std::move(value), begin);
    } else if (at("[")) {
      value = subscript(std::move(value), begin);
    } else if (take(".")) {
      if (token_.kind != TokenKind::Name) fail_expected("a name after `.`");
      const Token name = token_;
      advance();
      value = node(ExprKind::Attribute, begin, std::move(value));
      value->text = name.text;
      value->name_span = span(name.begin, name.end);
    } else {
      return value;
    }
  }
}

// How a function is called in a message.
std::string name_of(const Expr& function) {
  if (function.kind == ExprKind::Name) return concat("`", shown(function.text), "`");
  if (function.kind == ExprKind::Attribute) return concat("`", shown(function.text), "`");
  return "this call";
}

ExprPtr Parser::call(ExprPtr function, std::size_t begin) {
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

void Parser::argument(Expr& call, std::set<std::string>& names) {
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

ExprPtr Parser::subscript(ExprPtr value, std::size_t begin) {
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

ExprPtr Parser::index() {
  const std::size_t begin = token_.begin;
  ExprPtr first = at(":") ? nullptr : expression_or_star();
  if (!at(":") || (first != nullptr && first->kind == ExprKind::Star)) return first;
  advance();
  const auto bound = [&] { return at(":") || at(",") || at("]") ? nullptr : expression(); };
  ExprPtr last = bound();
  ExprPtr step = take(":") ? bound() : nullptr;
  return node(ExprKind::Slice, begin, std::move(first), std::move(last), std::move(step));
}

ExprPtr Parser::atom() {
  const std::size_t begin = token_.begin;
  switch (token_.kind) {
    case TokenKind::Name: return name();
    case TokenKind::Integer: case TokenKind::Float: return number();
    case TokenKind::String: case TokenKind::FString: return string();
    case TokenKind::Keyword: case TokenKind::Operator: case TokenKind::End: break;
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
  fail_expected(concat("an expression after `", shown(std::string_view(scalar_.text).substr(0, last_end_).substr(last_end_ > 24 ? last_end_ - 24 : 0)), "`"));
}

ExprPtr Parser::name() {
  const Token token = token_;
  advance();
  const bool truth = token.text == "true" || token.text == "True";
  const bool falsity = token.text == "false" || token.text == "False";
  const bool nothing = token.text == "none" || token.text == "None";
  ExprPtr result = make(truth || falsity || nothing ? ExprKind::Constant : ExprKind::Name, token.begin);
  result->text = truth ? "true" : falsity ? "false" : nothing ? "none" : std::string(token.text);
  return result;
}

ExprPtr Parser::number() {
  const Token token = token_;
  if (token.least) fail("`9223372036854775808` does not fit into 64 bits");
  advance();
  ExprPtr result = make(token.kind == TokenKind::Float ? ExprKind::Float : ExprKind::Integer, token.begin);
  result->integer = token.integer;
  result->number = token.number;
  return result;
}

// Adjacent literals are one string; with an f-string among them they are one FString.
ExprPtr Parser::string() {
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
ExprPtr Parser::formatted_text(std::size_t begin, std::size_t end, bool raw) {
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
ExprPtr Parser::formatted(std::size_t& at, std::size_t end, bool raw) {
  const std::string_view text = scalar_.text;
  const std::size_t begin = at;
  Parser inner(scalar_, at + 1, end, diagnostics_, depth_);
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

std::size_t Parser::format_spec(Expr& value, std::size_t at, std::size_t end, bool raw) {
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

ExprPtr Parser::parenthesis() {
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

ExprPtr Parser::list() {
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

ExprPtr Parser::comprehension(ExprPtr element, std::size_t begin) {
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

ExprPtr Parser::loop_target() {
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

ExprPtr Parser::loop_target_item() {
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

ExprPtr Parser::dict() {
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
      if (at("for")) fail("a comprehension is a list: write it as `[… for …]`");
    }
    if (at("}")) break;
    expect(",", "or `}` in this map");
  }
  advance();
  result->span = span(begin, last_end_);
  return result;
}

std::unique_ptr<Target> Parser::whole_target() {
  if (token_.kind == TokenKind::End) fail("a name is missing here");
  auto target = std::make_unique<Target>(target_list(token_.begin, ""));
  if (target->starred) {
    diagnostics_.error(Code::ExpressionSyntax, target->span, "a starred name takes the rest of several: write `first, *rest`").emit();
    throw ExpressionFailure{};
  }
  if (token_.kind != TokenKind::End) fail_expected("a name, or names with commas");
  return target;
}

Target Parser::target_list(std::size_t begin, std::string_view close) {
  Target first = target_item();
  if (!at(",")) return first;
  Target result;
  result.kind = Target::Kind::Parts;
  result.parts.push_back(std::move(first));
  while (take(",")) {
    if (token_.kind == TokenKind::End || (!close.empty() && at(close))) break;
    result.parts.push_back(target_item());
  }
  result.span = span(begin, last_end_);
  const auto stars = std::count_if(result.parts.begin(), result.parts.end(), [](const Target& part) { return part.starred; });
  if (stars > 1) {
    diagnostics_.error(Code::ExpressionSyntax, result.span, "only one of several names can be starred").emit();
    throw ExpressionFailure{};
  }
  return result;
}

Target Parser::target_item() {
  const Level level(*this);
  const std::size_t begin = token_.begin;
  if (take("*")) {
    Target inner = target_item();
    if (inner.starred || inner.kind == Target::Kind::Entry) fail("expected a name after `*`");
    inner.starred = true;
    inner.span = span(begin, last_end_);
    return inner;
  }
  if (at("(") || at("[")) {
    const std::string_view close = at("(") ? ")" : "]";
    advance();
    Target inner = target_list(token_.begin, close);
    expect(close, "to close the names");
    return inner;
  }
  if (token_.kind != TokenKind::Name) fail_expected("a name");
  const ExprPtr bound = name();
  if (bound->kind != ExprKind::Name) fail_at(*bound, concat("`", bound->text, "` cannot be bound"));
  Target result;
  result.name = bound->text;
  result.kind = result.name == "_" ? Target::Kind::Ignore : Target::Kind::Name;
  if (take(".")) {
    if (token_.kind != TokenKind::Name) fail_expected("a name after `.`");
    const std::string entry(token_.text);
    const std::size_t entry_begin = token_.begin;
    advance();
    result.kind = Target::Kind::Entry;
    result.key = make(ExprKind::String, entry_begin);
    result.key->text = entry;
  } else if (take("[")) {
    result.kind = Target::Kind::Entry;
    result.key = expression();
    expect("]", "to close the index");
  }
  if (at(".") || at("[") || at("(")) fail("an entry of a record is one name deep: `out.stem` or `out['stem']`");
  result.span = span(begin, last_end_);
  return result;
}

bool is_short_enough(const Node& scalar, std::size_t begin, std::size_t end, Diagnostics& diagnostics) {
  if (end - begin <= kExpressionBytes) return true;
  diagnostics.error(Code::TooLarge, scalar.span, concat("this expression has ", end - begin, " bytes, the limit is ", kExpressionBytes)).emit();
  return false;
}

bool is_text(const Node& node, std::string_view what, Diagnostics& diagnostics) {
  if (node.is_scalar()) return true;
  diagnostics.error(Code::WrongStructure, node.span, concat("expected ", what, ", found a ", node.is_list() ? "list" : "map")).emit();
  return false;
}

}  // namespace

ExprPtr parse_expression(const Node& scalar, std::size_t skip, Diagnostics& diagnostics) {
  if (!is_text(scalar, "an expression", diagnostics)) return nullptr;
  const std::size_t begin = std::min(skip, scalar.text.size());
  if (!is_short_enough(scalar, begin, scalar.text.size(), diagnostics)) return nullptr;
  try {
    return Parser(scalar, begin, scalar.text.size(), diagnostics).whole();
  } catch (const ExpressionFailure&) {
    return nullptr;
  }
}

std::unique_ptr<Target> parse_target(const Node& scalar, Diagnostics& diagnostics) {
  if (!is_text(scalar, "a name", diagnostics) || !is_short_enough(scalar, 0, scalar.text.size(), diagnostics)) return nullptr;
  try {
    return Parser(scalar, 0, scalar.text.size(), diagnostics).whole_target();
  } catch (const ExpressionFailure&) {
    return nullptr;
  }
}

ExprPtr parse_dimensions(const Node& scalar, std::size_t begin, std::size_t end, Diagnostics& diagnostics) {
  if (!is_text(scalar, "dimensions", diagnostics)) return nullptr;
  end = std::min(end, scalar.text.size());
  begin = std::min(begin, end);
  if (!is_short_enough(scalar, begin, end, diagnostics)) return nullptr;
  try {
    return Parser(scalar, begin, end, diagnostics).dimensions();
  } catch (const ExpressionFailure&) {
    return nullptr;
  }
}

ExprPtr parse_interpolation(const Node& scalar, Diagnostics& diagnostics) {
  if (!is_text(scalar, "a text", diagnostics) || !is_short_enough(scalar, 0, scalar.text.size(), diagnostics)) return nullptr;
  const std::size_t end = scalar.text.size();
  if (scalar.text.find_first_of("{}") == std::string::npos) {
    ExprPtr text = std::make_unique<Expr>();
    text->kind = ExprKind::String;
    text->span = scalar.span_of(0, end);
    text->text = scalar.text;
    return text;
  }
  try {
    // Starts at the end: the text itself is no tokens.
    return Parser(scalar, end, end, diagnostics).formatted_text(0, end, true);
  } catch (const ExpressionFailure&) {
    return nullptr;
  }
}

}  // namespace linenc::syntax
