// Python's expression grammar by recursive descent, one function per level of precedence, loosest first:
//
//   lambda | a if c else b | or | and | not | comparisons | '|' | ^ | & | << >> | + - | * / // % @ | unary | ** | calls
//
// The levels are here, what stands below them in the other files expression_*.cpp.
#include "compiler/syntax/expression_parser.h"

#include <algorithm>

#include "compiler/syntax/expression_reader.h"

namespace linenc::syntax {

using diagnostics::Code;
using diagnostics::Diagnostics;
using diagnostics::shown;

void ExpressionReader::fail_expected(const std::string& what) {
  if (at("=")) fail("`=` does not compare: write `==`");
  if (at(":") && std::string_view(scalar_.text).substr(token_.end, 1) == "=") {
    lexer_.fail(token_.begin, token_.end + 1, "`:=` is not part of the language: a `let` before this statement binds names");
  }
  lexer_.fail_unread(token_.begin, token_.end, concat("expected ", what, ", found ", found()));
}

ExprPtr ExpressionReader::whole(bool may_be_splice) {
  if (token_.kind == TokenKind::End) fail("an expression is missing here");
  if (at("=")) {
    diagnostics_
        .error(Code::ExpressionSyntax, span(token_.begin, token_.end), "this position always holds an expression: write it without the mark `=`")
        .fix(span(token_.begin, token_.end), "", "leave out `=`")
        .emit();
    throw ExpressionFailure{};
  }
  const std::size_t begin = token_.begin;
  ExprPtr expr = expression_or_star();
  if (at(",")) expr = items(std::move(expr), begin, "");
  if (expr->kind == ExprKind::Star && !may_be_splice) fail_at(*expr, "a splice `*x` can only stand in a list, a tuple or the arguments of a call");
  if (token_.kind != TokenKind::End) fail_expected("the end of the expression");
  return expr;
}

ExprPtr ExpressionReader::dimensions() {
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
ExprPtr ExpressionReader::items(ExprPtr first, std::size_t begin, std::string_view close) {
  ExprPtr tuple = make(ExprKind::Tuple, begin);
  adopt(*tuple, std::move(first));
  while (take(",")) {
    if (token_.kind == TokenKind::End || (!close.empty() && at(close))) break;
    adopt(*tuple, expression_or_star());
  }
  tuple->span = span(begin, last_end_);
  return tuple;
}

ExprPtr ExpressionReader::expression_or_star() { return at("*") ? star() : expression(); }

ExprPtr ExpressionReader::star() {
  const Level level(*this);
  const std::size_t begin = token_.begin;
  advance();
  ExprPtr value = binary(0);
  return node(ExprKind::Star, begin, std::move(value));
}

ExprPtr ExpressionReader::expression() {
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

ExprPtr ExpressionReader::lambda() {
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

ExprPtr ExpressionReader::disjunction() {
  const std::size_t begin = token_.begin;
  ExprPtr first = conjunction();
  if (!at("or")) return first;
  ExprPtr result = node(ExprKind::Or, begin, std::move(first));
  while (take("or")) adopt(*result, conjunction());
  result->span = span(begin, last_end_);
  return result;
}

ExprPtr ExpressionReader::conjunction() {
  const std::size_t begin = token_.begin;
  ExprPtr first = inversion();
  if (!at("and")) return first;
  ExprPtr result = node(ExprKind::And, begin, std::move(first));
  while (take("and")) adopt(*result, inversion());
  result->span = span(begin, last_end_);
  return result;
}

ExprPtr ExpressionReader::inversion() {
  const std::size_t begin = token_.begin;
  if (!take("not")) return comparison();
  const Level level(*this);
  ExprPtr value = inversion();
  return node(ExprKind::Not, begin, std::move(value));
}

bool ExpressionReader::compare_op(ExprOp& op) {
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

ExprPtr ExpressionReader::comparison() {
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
ExprPtr ExpressionReader::binary(std::size_t level) {
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

ExprPtr ExpressionReader::factor() {
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

ExprPtr ExpressionReader::power() {
  const std::size_t begin = token_.begin;
  ExprPtr base = primary();
  if (!take("**")) return base;
  const Level level(*this);
  ExprPtr exponent = factor();
  ExprPtr result = node(ExprKind::Binary, begin, std::move(base), std::move(exponent));
  result->op = ExprOp::Power;
  return result;
}

ExprPtr ExpressionReader::primary() {
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

namespace {

bool is_short_enough(const Node& scalar, std::size_t begin, std::size_t end, Diagnostics& diagnostics) {
  if (end - begin <= kExpressionBytes) return true;
  diagnostics.error(Code::TooLarge, scalar.span, concat("this expression has ", end - begin, " bytes, the limit is ", kExpressionBytes)).emit();
  return false;
}

bool is_text(const Node& node, std::string_view what, Diagnostics& diagnostics) {
  if (node.is_scalar()) return !node.broken;
  diagnostics.error(Code::WrongStructure, node.span, concat("expected ", what, ", found a ", node.is_list() ? "list" : "map")).emit();
  return false;
}

}  // namespace

ExprPtr parse_expression(const Node& scalar, std::size_t skip, Diagnostics& diagnostics, bool may_be_splice) {
  if (!is_text(scalar, "an expression", diagnostics)) return nullptr;
  const std::size_t begin = std::min(skip, scalar.text.size());
  if (!is_short_enough(scalar, begin, scalar.text.size(), diagnostics)) return nullptr;
  try {
    const bool may_be_text = begin == 0;  // behind a mark it is none
    return ExpressionReader(scalar, begin, scalar.text.size(), diagnostics, 0, may_be_text).whole(may_be_splice);
  } catch (const ExpressionFailure&) {
    return nullptr;
  }
}

std::unique_ptr<Target> parse_target(const Node& scalar, Diagnostics& diagnostics) {
  if (!is_text(scalar, "a name", diagnostics) || !is_short_enough(scalar, 0, scalar.text.size(), diagnostics)) return nullptr;
  try {
    return ExpressionReader(scalar, 0, scalar.text.size(), diagnostics).whole_target();
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
    return ExpressionReader(scalar, begin, end, diagnostics).dimensions();
  } catch (const ExpressionFailure&) {
    return nullptr;
  }
}

namespace {

// Python's way to write what these texts do by themselves, and the mark of an expression, which they do not have.
void warn_of_f_string(const Node& scalar, Diagnostics& diagnostics) {
  const std::string& text = scalar.text;
  if (scalar.plain && text.size() > 1 && text[0] == '=' && text[1] != '=') {
    const std::string mended = concat("\"{", text.substr(1), "}\"");
    diagnostics.warning(Code::FString, scalar.span, "this text keeps its `=`: an expression stands in braces here")
        .fix(scalar.span, mended, concat("write `", diagnostics::shown(mended), "`"), text.find_first_of("\"\\{}") == std::string::npos)
        .emit();
    return;
  }
  const bool quoted = text.size() >= 3 && text[0] == 'f' && (text[1] == '"' || text[1] == '\'') && text.back() == text[1];
  if (!quoted) return;
  const std::string inner = text.substr(2, text.size() - 3);
  diagnostics.warning(Code::FString, scalar.span, concat("this text keeps its `f` and its quotes: `{…}` is replaced without them"))
      .fix(scalar.span, inner, concat("write `", diagnostics::shown(inner), "`"))
      .emit();
}

}  // namespace

ExprPtr parse_interpolation(const Node& scalar, Diagnostics& diagnostics) {
  if (!is_text(scalar, "a text", diagnostics) || !is_short_enough(scalar, 0, scalar.text.size(), diagnostics)) return nullptr;
  const std::size_t end = scalar.text.size();
  warn_of_f_string(scalar, diagnostics);
  if (scalar.text.find_first_of("{}") == std::string::npos) {
    ExprPtr text = std::make_unique<Expr>();
    text->kind = ExprKind::String;
    text->span = scalar.span_of(0, end);
    text->text = scalar.text;
    return text;
  }
  try {
    // Starts at the end: the text itself is no tokens.
    return ExpressionReader(scalar, end, end, diagnostics).formatted_text(0, end, true);
  } catch (const ExpressionFailure&) {
    return nullptr;
  }
}

}  // namespace linenc::syntax
