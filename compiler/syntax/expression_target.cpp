// Targets: what `let`, `for` and `out` bind.
#include "compiler/syntax/expression_reader.h"

#include <algorithm>

namespace linenc::syntax {

using diagnostics::Code;
using diagnostics::shown;

std::unique_ptr<Target> ExpressionReader::whole_target() {
  if (token_.kind == TokenKind::End) fail("a name is missing here");
  auto target = std::make_unique<Target>(target_list(token_.begin, ""));
  if (target->starred) {
    diagnostics_.error(Code::ExpressionSyntax, target->span, "a starred name takes the rest of several: write `first, *rest`").emit();
    throw ExpressionFailure{};
  }
  if (token_.kind != TokenKind::End) fail_expected("a name, or names with commas");
  return target;
}

Target ExpressionReader::target_list(std::size_t begin, std::string_view close) {
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

Target ExpressionReader::target_item() {
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

}  // namespace linenc::syntax
