// Which sign of YAML was meant, told from the line that was written and from what is open around it.
#include "compiler/syntax/yaml_meant.h"

#include <algorithm>

#include "compiler/syntax/look_alikes.h"
#include "compiler/syntax/statement_table.h"
#include "compiler/syntax/yaml_text.h"

namespace linenc::syntax {

using diagnostics::Code;
using diagnostics::shown;

namespace {

bool closes(char c) { return c == ']' || c == '}'; }
bool is_block(std::string_view text, const Node& node) {
  return !node.is_scalar() && node.span.begin < text.size() && std::string_view("[{").find(text[node.span.begin]) == std::string_view::npos;
}

// The key whose value a collection is, if it stands in a map.
const Node* key_of(const Node& collection, const Path& open) {
  for (const PathStep& step : open) {
    for (const Entry& entry : step.collection->entries) {
      if (entry.value == &collection) return entry.key;
    }
  }
  for (std::size_t i = 1; i < open.size(); ++i) {
    if (open[i].collection == &collection) return open[i - 1].key;
  }
  return nullptr;
}

bool is_colon(std::string_view text, std::size_t at) {
  if (text.substr(at, 1) != ":") return false;
  return at + 1 >= text.size() || std::string_view(" \t\r\n,[]{}").find(text[at + 1]) != std::string_view::npos;
}

// `in`, `out`, `over` and the like, which stand beside a verb.
bool is_option(std::string_view name) {
  const auto holds = [&](const std::vector<std::string>& options) { return std::find(options.begin(), options.end(), name) != options.end(); };
  const std::vector<std::string>& words = statement_words();
  return statement_row(name) == nullptr && (holds(apply_options()) || std::any_of(words.begin(), words.end(), [&](const std::string& word) {
                                              return holds(statement_row(word)->options);
                                            }));
}

// A word may as well be the next one of a text, or of a list without its comma.
bool is_word(std::string_view value) {
  const std::string_view name = leading_name(value);
  return !name.empty() && name != "true" && name != "false" && name != "none";
}

// The brackets of flow style that are open at `end`.
std::vector<std::size_t> open_brackets(std::string_view text, std::size_t begin, std::size_t end) {
  std::vector<std::size_t> open;
  for (std::size_t at = begin; at < end; ++at) {
    const char before = at > begin ? text[at - 1] : ' ';
    const bool begins = std::string_view(" \t\r\n[{,").find(before) != std::string_view::npos;
    if ((text[at] == '"' || text[at] == '\'') && begins) {
      at = closing_quote(text, at).value_or(end) - 1;
    } else if (text[at] == '#' && begins) {
      at = line_end(text, at);
    } else if (text[at] == '[' || text[at] == '{') {
      open.push_back(at);
    } else if (closes(text[at]) && !open.empty()) {
      open.pop_back();
    }
  }
  return open;
}

// Whether the bracket at `begin` may well be meant: not one in a word, nor a `{` without an entry.
bool begins_collection(std::string_view text, std::size_t begin, std::size_t end) {
  const char before = begin > 0 ? text[begin - 1] : ' ';
  const bool apart = std::string_view(" \t\r\n[{,").find(before) != std::string_view::npos;
  const bool entries = text.substr(begin, end - begin).find(": ") != std::string_view::npos;
  return apart && entries == (text[begin] == '{');
}

// The end of the line without its comment.
std::size_t content_end(std::string_view text, std::size_t begin) {
  std::size_t end = line_end(text, begin);
  if (const std::size_t comment = text.substr(begin, end - begin).find(" #"); comment != std::string_view::npos) end = begin + comment;
  while (end > begin && text[end - 1] == ' ') --end;
  return end;
}

// The line above `line` that is neither blank nor a comment: where it begins, behind the dashes, and where it ends.
struct Line {
  std::size_t begin = 0, end = 0;
};
Line line_before(std::string_view text, std::size_t line) {
  Line found{line, line};
  while (line > 0 && (found.begin == found.end || text[found.begin] == '#')) {
    line = line_begin(text, line - 1);
    found = {skip_spaces(text, line), line_end(text, line)};
  }
  while (text.substr(found.begin, 2) == "- ") found.begin = skip_spaces(text, found.begin + 2);
  return {found.begin, content_end(text, found.begin)};
}

}  // namespace

bool MeantSigns::missing(std::string_view sign, std::string_view side, std::size_t begin, std::size_t end, std::size_t at, bool safe) {
  const std::string name = sign == " " ? std::string("blank") : concat('`', sign, '`');
  const std::size_t line = skip_spaces(text_, line_begin(text_, at));
  const std::string mended = concat(text_.substr(line, at - line), sign, text_.substr(at, line_end(text_, at) - at));
  diagnostics_.error(Code::YamlSyntax, span(begin, end), concat("a ", name, " is missing ", side, " `", shown(text_.substr(begin, end - begin)), '`'))
      .fix(span(at, at), std::string(sign), concat("write `", shown(mended), '`'), safe)
      .emit();
  return true;
}

bool MeantSigns::comma_before_key(const Node& last, const Node& map) {
  std::size_t comma = last.span.end;
  std::size_t word = skip_blank(text_, comma);
  if (last.is_scalar() && last.plain) {  // `3 b` is one text of YAML
    const std::size_t blank = last.text.find_last_of(" \n");
    const std::size_t value = blank == std::string::npos ? blank : last.text.find_last_not_of(" \n", blank);
    if (value == std::string::npos || !is_marked_expression(std::string_view(last.text).substr(0, value + 1))) return false;
    word = last.span_of(blank + 1, blank + 1).begin;
    comma = last.span_of(value, value).begin + 1;
  }
  const std::string_view name = leading_name(text_.substr(word));
  if (word == comma || name.empty() || is_operator_word(name) || !is_colon(text_, word + name.size())) return false;
  // Further left the brackets were to be closed.
  std::size_t margin = skip_spaces(text_, line_begin(text_, map.span.begin));
  while (text_.substr(margin, 2) == "- ") margin = skip_spaces(text_, margin + 2);
  const bool same_line = word < line_end(text_, comma);
  if (!same_line && column_of(text_, word) <= column_of(text_, margin)) return false;
  return missing(",", "before", word, word + name.size(), comma, same_line);
}

bool MeantSigns::flow_entry(std::size_t at, const Node& last, const Path& open) {
  const Node& map = *open.back().collection;
  if (!map.is_map() || map.entries.empty() || open.back().key != nullptr) return false;
  const auto& [key, value] = map.entries.back();
  if (value != &last) return false;
  if (value->span.size() > 0) return comma_before_key(last, map);
  const bool word = key->plain && leading_name(key->text).size() == key->text.size() && !is_operator_word(key->text);
  const bool begins = at > key->span.end && at < text_.size() && std::string_view("[{'\"").find(text_[at]) != std::string_view::npos;
  return word && begins && skip_blank(text_, key->span.end) == at && missing(":", "after", key->span.begin, key->span.end, key->span.end);
}

std::optional<MeantSigns::MeantEntry> MeantSigns::entry(std::size_t begin, std::size_t end, const Path& open) {
  const std::string_view text = text_.substr(begin, end - begin);
  if (const auto parts = without_blank(text)) {
    missing(" ", "behind", begin, begin + parts->key_end, begin + parts->value_begin);
    return MeantEntry{begin + parts->key_end - 1, begin + parts->value_begin};
  }
  if (const auto parts = without_colon(text)) {
    missing(":", "after", begin, begin + parts->key_end, begin + parts->key_end, !is_word(text.substr(parts->value_begin)));
    return MeantEntry{begin + parts->key_end, begin + parts->value_begin};
  }
  const auto parts = assignment(text);
  if (!parts || !is_target(text.substr(0, parts->key_end)) || !is_expression(text.substr(parts->value_begin))) return std::nullopt;
  return of_assignment(begin, end, *parts, open);
}

// Among literals a name may be a text or an expression, and a string of Python is a text.
MeantSigns::MeantEntry MeantSigns::of_assignment(std::size_t begin, std::size_t end, const KeyAndValue& parts, Path open) {
  Node key, literal;
  key.text = std::string(text_.substr(begin, parts.key_end));
  literal.text = std::string(text_.substr(begin + parts.value_begin, end - begin - parts.value_begin));
  open.back().key = &key;
  const bool among_literals = needs_mark(open);
  const bool string = among_literals && std::string_view("'\"").find(literal.text[0]) != std::string_view::npos;
  const bool marked = among_literals && !string && core_value(literal).kind == CoreKind::Str;
  const std::string value = string ? literal.text : in_flow(concat(marked ? "=" : "", literal.text));
  const std::string mended = concat(in_flow(key.text), ": ", value);
  diagnostics_.error(Code::YamlSyntax, span(begin, end), "`=` gives no value in a map: a `:` stands behind the key")
      .fix(span(begin, end), mended, concat("write `", shown(mended), '`'), !among_literals || core_value(literal).kind != CoreKind::Str)
      .emit();
  return {begin + parts.key_end, begin + parts.value_begin, marked, string};
}

bool MeantSigns::other_bracket(std::size_t at, const Path& open) {
  const auto flow = std::find_if(open.begin(), open.end(), [&](const PathStep& step) { return !is_block(text_, *step.collection); });
  const std::vector<std::size_t> opened = open_brackets(text_, flow == open.end() ? line_begin(text_, at) : flow->collection->span.begin, at);
  if (opened.empty() || at >= text_.size() || !closes(text_[at])) return false;
  std::string wanted;  // what would close them, the innermost first
  for (std::size_t i = opened.size(); i-- > 0;) wanted += text_[opened[i]] == '[' ? ']' : '}';
  if (text_[at] == wanted[0]) return false;
  std::string written;
  std::size_t end = at;
  for (; end < text_.size() && (closes(text_[end]) || text_[end] == ' '); ++end) {
    if (text_[end] != ' ') written += text_[end];
  }
  const bool ends = end >= text_.size() || is_break(text_, end) || text_[end] == '#';
  const std::string other(1, wanted[0]);
  const Span bracket = span(opened.back(), opened.back() + 1);
  auto report = diagnostics_.error(Code::YamlSyntax, span(at, at + 1),
                                   concat("`", text_.substr(bracket.begin, 1), "` is closed by `", text_.substr(at, 1), "`: expected `", other, '`'));
  report.note(bracket, "this bracket is open");
  const bool sure = begins_collection(text_, bracket.begin, at);
  if (ends && written == wanted.substr(1)) report.fix(span(at, at), other, concat("put `", other, "` in front of `", text_.substr(at, 1), '`'), sure);
  if (ends && other + written.substr(1) == wanted) report.fix(span(at, at + 1), other, concat("write `", other, '`'), sure);
  report.emit();
  return true;
}

bool MeantSigns::other_blank(std::size_t at) {
  const auto other = look_alike(text_.substr(at));
  if (!other || other->meant != " ") return false;
  const Span place = span(at, at + other->size);
  diagnostics_.error(Code::YamlSyntax, place, concat("this is the character ", other->code, ", which is no blank of YAML"))
      .fix(place, " ", "write a blank of ASCII")
      .emit();
  return true;
}

bool MeantSigns::block_key(const Node& key) {
  if (!key.plain) return false;
  if (other_blank(key.span.begin)) return true;
  const std::string_view text = key.text;
  const std::string_view name = leading_name(text);
  if (name.empty() || text.size() == name.size()) return false;
  const std::size_t begin = key.span.begin, end = begin + name.size();
  if (text[name.size()] == ':' && other_blank(end + 1)) return true;
  const auto opens = [&](std::size_t at) { return at < text.size() && (text[at] == '{' || text[at] == '['); };
  if (text[name.size()] == ':' && opens(name.size() + 1)) return missing(" ", "behind", begin, end + 1, end + 1);
  return text[name.size()] == ' ' && opens(text.find_first_not_of(' ', name.size())) && missing(":", "after", begin, end, end);
}

bool MeantSigns::line_above(std::size_t line, const Path& open) {
  const auto [begin, end] = line_before(text_, line);
  const auto is_map_there = [&, at = begin](const PathStep& step) {
    return step.collection->is_map() && is_block(text_, *step.collection) && column_of(text_, step.collection->span.begin) == column_of(text_, at);
  };
  const bool deeper = column_of(text_, begin) > skip_spaces(text_, line) - line;
  return (!deeper || std::any_of(open.begin(), open.end(), is_map_there)) && line_without_colon(begin);
}

bool MeantSigns::line_without_colon(std::size_t begin) {
  const std::size_t end = content_end(text_, begin);
  const std::string_view words = text_.substr(begin, end - begin);
  if (words.empty() || words.find_first_of("-#\"'[{|>*&!%@`") == 0) return false;
  if (const auto parts = without_blank(words)) return missing(" ", "behind", begin, begin + parts->key_end, begin + parts->key_end);
  if (words.find(':') != std::string_view::npos) return false;
  if (const auto parts = without_colon(words)) {
    const bool sure = is_option(leading_name(words)) || !is_word(words.substr(parts->value_begin));
    return missing(":", "after", begin, begin + parts->key_end, begin + parts->key_end, sure);
  }
  auto report = diagnostics_.error(Code::YamlSyntax, span(begin, end), concat("expected `:` after the key `", shown(words), "`"));
  // What stands deeper below is its value.
  const std::size_t below = skip_blank(text_, line_end(text_, end));
  const bool has_value = below < text_.size() && column_of(text_, below) > column_of(text_, begin);
  if (has_value && leading_name(words).size() == words.size()) report.fix(span(end, end), ":", concat("write `", words, ":`"), is_option(words));
  report.emit();
  return true;
}

std::string MeantSigns::what(const Node& collection, const Path& open) const {
  const Node* key = key_of(collection, open);
  Path there;
  for (const PathStep& step : open) {
    if (step.collection == &collection) break;
    there.push_back(step);
    if (key != nullptr && step.collection->find_key(key->text) == key) there.back().key = key;
  }
  std::string_view kind = collection.is_map() ? "keys" : holds_body(there) ? "statements" : "elements";
  if (key != nullptr) return concat("the ", kind, " of `", shown(key->text), '`');
  if (collection.is_map() && !collection.entries.empty()) return concat("the keys beside `", shown(collection.entries.front().key->text), '`');
  return concat("the ", kind, " above");
}

bool MeantSigns::missing_dash(std::size_t at, const Node& list, const Path& open) {
  const std::string name = what(list, open);
  const std::size_t next = skip_blank(text_, line_end(text_, at));
  const bool statement = name.starts_with("the statements");
  const bool alone = next >= text_.size() || column_of(text_, next) < column_of(text_, at) || text_.substr(next, 2) == "- ";
  diagnostics_
      .error(Code::YamlSyntax, span(at, at + std::max<std::size_t>(1, leading_name(text_.substr(at)).size())),
             concat(statement ? "a statement" : "an element of this list", " begins with `- `"))
      .note(span(list.span.begin, list.span.begin + 1), concat(name, " stand here"))
      .fix(span(at, at), "- ", concat("write `- ", shown(text_.substr(at, line_end(text_, at) - at)), '`'), statement && alone)
      .emit();
  return true;
}

bool MeantSigns::misplaced_line(std::size_t line, const Node* last, const Path& open) {
  const std::size_t at = skip_spaces(text_, line), column = at - line;
  const bool dash = text_.substr(at, 2) == "- ";
  std::vector<const Node*> candidates;  // the innermost first
  if (last != nullptr && last->is_list() && !last->elements.empty()) candidates.push_back(last->elements.back());
  if (last != nullptr) candidates.push_back(last);
  for (std::size_t i = open.size(); i-- > 0;) candidates.push_back(open[i].collection);
  for (const Node* node : candidates) {
    if (dash || !node->is_list() || !is_block(text_, *node) || column_of(text_, node->span.begin) != column) continue;
    if (text_[at] == '-' && !leading_name(text_.substr(at + 1)).empty()) return missing(" ", "behind", at, at + 1, at + 1);
    const std::string_view name = leading_name(text_.substr(at));
    if (!name.empty() && !(is_option(name) && is_colon(text_, at + name.size()))) return missing_dash(at, *node, open);
  }
  for (const Node* node : candidates) {
    if (!is_block(text_, *node) || node->is_list() != dash) continue;
    const std::size_t right = column_of(text_, node->span.begin);
    if (right == column) continue;
    const auto first = node->span.begin;
    const std::size_t first_line = 1 + static_cast<std::size_t>(std::count(text_.begin(), text_.begin() + first, '\n'));
    diagnostics_
        .error(Code::YamlSyntax, span(at, at + 1),
               concat("this line is indented by ", column, ", ", what(*node, open), " (line ", first_line, ") by ", right))
        .note(span(first, first + 1), "they stand here")
        .fix(span(line, at), std::string(right, ' '), concat("indent this line by ", right), false)
        .emit();
    return true;
  }
  return false;
}

bool MeantSigns::element_below(const Node& scalar, const Path& open) {
  for (std::size_t line = line_end(text_, scalar.span.begin) + 1; line < scalar.span.end; line = line_end(text_, line) + 1) {
    const std::size_t begin = line_begin(text_, line);
    if (text_.substr(skip_spaces(text_, begin), 2) == "- ") return misplaced_line(begin, nullptr, open);
  }
  return false;
}

bool MeantSigns::deeper_key(std::size_t colon) {
  const std::size_t line = line_begin(text_, colon), at = skip_spaces(text_, line);
  const auto [begin, end] = line_before(text_, line);
  const std::string_view above = text_.substr(begin, end - begin);
  const std::string_view name = leading_name(above);
  if (at - line <= column_of(text_, begin) || name.empty() || !above.substr(name.size()).starts_with(": ")) return false;
  if (leading_name(text_.substr(at)).size() != colon - at) return false;
  diagnostics_
      .error(Code::YamlSyntax, span(at, colon),
             concat("this key is indented by ", at - line, ", and the key `", name, "` above it by ", column_of(text_, begin),
                    ", which has a value already"))
      .note(span(begin, begin + name.size()), "this key")
      .fix(span(line, at), std::string(column_of(text_, begin), ' '), concat("indent this line by ", column_of(text_, begin)), false)
      .emit();
  return true;
}

}  // namespace linenc::syntax
