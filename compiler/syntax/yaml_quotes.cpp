// Missing quotes: finds the whole expression around the place where YAML cut it, and offers it quoted.
#include "compiler/syntax/yaml_quotes.h"

#include <algorithm>
#include <cctype>

#include "compiler/syntax/yaml_text.h"

namespace linenc::syntax {

using diagnostics::Code;
using diagnostics::shown;

namespace {

constexpr std::size_t kShownLine = 160;

bool opens(char c) { return c == '(' || c == '[' || c == '{'; }
bool closes(char c) { return c == ')' || c == ']' || c == '}'; }

// Brackets that are open at the end of a piece of an expression; what stands in quotes does not count.
int open_brackets(std::string_view text) {
  int open = 0;
  char quote = 0;
  for (const char c : text) {
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '\'' || c == '"') {
      quote = c;
    } else if (opens(c)) {
      ++open;
    } else if (closes(c)) {
      --open;
    }
  }
  return open;
}

bool is_plain(const Node* node) { return node->is_scalar() && node->plain; }

// An alias stands for a node that is written elsewhere.
bool stands_behind(const Node& node, const Node& before) { return node.span.begin >= before.span.end; }

bool is_word(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isalnum(c) != 0 || c == '_' || c == '-'; });
}

bool is_lambda(std::string_view text) {
  if (text.starts_with('=')) text.remove_prefix(1);
  return text.starts_with("lambda ") || text.starts_with("lambda:");
}

// Of the entry `{a, b}`: the null that stands for its value has no place of its own.
bool lacks_colon(const Entry& entry) {
  return entry.value->is_null() && entry.value->span.size() == 0 && entry.value->span.begin == entry.key->span.end;
}

// Whether quotes are what a text lacks, and not a sign inside of it; behind a `: ` another entry may begin.
bool can_be_quoted(std::string_view text) {
  if (is_marked_expression(text) || is_target(text) || in_curly_quotes(text)) return true;
  const bool even = std::count(text.begin(), text.end(), '"') % 2 == 0 && std::count(text.begin(), text.end(), '\'') % 2 == 0;
  const bool expression = std::string_view("='\"[{(").find(text.substr(0, 1)) != std::string_view::npos;
  return even && open_brackets(text) == 0 && !expression && !text.ends_with(':') && text.find(": ") == std::string_view::npos;
}

// Whether the value `node`, in the innermost collection that is open, wants the mark `=`.
bool wants_mark(const Node* node, Path open) {
  for (const Entry& entry : open.back().collection->entries) {
    if (entry.value == node) open.back().key = entry.key;
  }
  return needs_mark(open);
}

}  // namespace

// The title of a fix shows the whole mended line where it is short enough to be taken in.
std::string MissingQuotes::title(const Span& span, const std::string& text) const {
  const std::size_t from = skip_spaces(text_, line_begin(text_, span.begin));
  const std::size_t to = line_end(text_, span.end);
  const std::string line = concat(text_.substr(from, span.begin - from), text, text_.substr(span.end, to - span.end));
  const bool whole_line = line.size() <= kShownLine && line_begin(text_, span.begin) == line_begin(text_, span.end);
  return concat("write `", whole_line ? line : shown(text), '`');
}

// A text that is no expression, such as `%d`, is quoted as it stands.
std::string MissingQuotes::quoted(const Part& part) const {
  if (const auto inner = in_curly_quotes(text_.substr(part.begin, part.end - part.begin))) return in_quotes(*inner);
  const bool marked = part.marked && text_[part.begin] != '=' && is_expression(part.begin, part.end);
  return in_quotes(concat(marked ? "=" : "", text_.substr(part.begin, part.end - part.begin)));
}

void MissingQuotes::report(const Part& part, const std::string& why, const std::vector<Part>& further, bool safe) {
  std::string text = quoted(part);
  std::size_t end = part.end;
  for (const Part& next : further) {
    text += concat(text_.substr(end, next.begin - end), quoted(next));
    end = next.end;
  }
  // In flow style a bracket follows, which the quotes are not to take in.
  const bool is_closed = !in_flow_ || skip_spaces(text_, end) < line_end(text_, end);
  safe = safe && is_closed && can_be_quoted(text_.substr(part.begin, part.end - part.begin));
  const Span mended = span(part.begin, end);
  diagnostics_.error(Code::NeedsQuotes, span(part.begin, part.end), why).fix(mended, text, title(mended, text), safe).emit();
}

const Node* MissingQuotes::scalar(std::size_t begin, std::size_t end, bool marked) {
  Node& node = document_.add();
  node.span = span(begin, end);
  node.first = node.span.begin - (marked ? 1 : 0);  // a bracket or a blank stands before it
  node.text = concat(marked ? "=" : "", text_.substr(begin, end - begin));
  return &node;
}

const Node* MissingQuotes::mended(std::size_t begin, std::size_t end, bool marked, const std::string& why) {
  marked = marked && text_[begin] != '=' && is_expression(begin, end);
  report({begin, end, marked}, why);
  return scalar(begin, end, marked);
}

std::size_t MissingQuotes::expression_end(std::size_t begin, bool flow) const {
  const std::size_t line = line_end(text_, begin);
  std::size_t end = begin;
  int open = 0;
  char quote = 0;
  for (; end < line; ++end) {
    const char c = text_[end];
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '\'' || c == '"') {
      quote = c;
    } else if (opens(c)) {
      ++open;
    } else if (flow && open == 0 && (closes(c) || c == ',')) {
      break;
    } else if (closes(c)) {
      --open;
    } else if (c == '#' && end > begin && text_[end - 1] == ' ') {
      break;
    }
  }
  while (end > begin && (text_[end - 1] == ' ' || text_[end - 1] == '\t')) --end;
  return end;
}

// `[x[0], x[1]]`: those behind an expression that ends at `end` which need quotes as well, in the same collection.
std::vector<MissingQuotes::Part> MissingQuotes::further_parts(std::size_t end, const Path& open) const {
  std::vector<Part> parts;
  Path path = open;
  for (std::size_t at = skip_blank(text_, end); text_.substr(at, 1) == ","; at = skip_blank(text_, end)) {
    std::size_t begin = skip_blank(text_, at + 1);
    end = expression_end(begin, true);
    Node key;
    if (path.back().collection->is_map()) {
      const std::size_t colon = text_.substr(begin, end - begin).find(": ");
      if (colon == std::string_view::npos) break;
      key.text = std::string(text_.substr(begin, colon));
      path.back().key = &key;
      begin = skip_spaces(text_, begin + colon + 1);
    }
    const std::string_view text = text_.substr(begin, end - begin);
    const bool is_plain_style = !text.empty() && std::string_view("\"'[{|>*&!%@`").find(text[0]) == std::string_view::npos;
    if (is_plain_style && text.find_first_of(",[]{}?") != std::string_view::npos) parts.push_back({begin, end, needs_mark(path)});
  }
  return parts;
}

void MissingQuotes::mend_list(Node& list, const Path& around) {
  Path path = around;
  path.push_back({&list, nullptr});
  std::vector<const Node*> elements;
  bool closed = true;  // false behind a bracket that no later element closes
  for (std::size_t i = 0; i < list.elements.size(); ++i) {
    const Node* element = list.elements[i];
    if (element->is_map() && element->entries.size() == 1 && text_[element->span.begin] != '{' &&
        (element->entries[0].key->text.starts_with('=') || is_lambda(element->entries[0].key->text))) {
      elements.push_back(
          mended(element->span.begin, element->span.end, needs_mark(path),
                 concat("`: ` makes a map of this element: the key `", shown(element->entries[0].key->text), "` begins an expression")));
      continue;
    }
    int open = closed && is_plain(element) ? open_brackets(element->text) : 0;
    std::size_t last = i;
    while (open > 0 && last + 1 < list.elements.size() && list.elements[last + 1]->is_scalar() &&
           stands_behind(*list.elements[last + 1], *list.elements[last])) {
      open += open_brackets(list.elements[++last]->text);
    }
    if (last > i && open == 0) {
      elements.push_back(mended(element->span.begin, list.elements[last]->span.end, needs_mark(path),
                                concat("a comma ends `", shown(element->text), "` in a flow list: an expression with a comma needs quotes")));
      i = last;
    } else {
      closed &= open <= 0;
      elements.push_back(element);
    }
  }
  list.elements = std::move(elements);
}

void MissingQuotes::mend_map(Node& map, const std::vector<bool>& has_colon, const Path& around) {
  Path path = around;
  path.push_back({&map, nullptr});
  std::vector<Entry> whole;
  const std::vector<Entry>& entries = map.entries;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (has_colon[i]) {
      whole.push_back(entries[i]);
      continue;
    }
    std::size_t last = i;  // of the entries without a value
    while (last + 1 < entries.size() && !has_colon[last + 1]) ++last;
    const Entry* before = whole.empty() ? nullptr : &whole.back();
    if (before != nullptr && is_plain(before->value) && open_brackets(before->value->text) > 0 && stands_behind(*before->value, *before->key) &&
        stands_behind(*entries[last].key, *before->value)) {
      path.back().key = before->key;
      whole.back().value = mended(before->value->span.begin, entries[last].key->span.end, needs_mark(path),
                                  concat("a comma ends `", shown(before->value->text), "` in a flow map: an expression with a comma needs quotes"));
      i = last;
    } else if (last + 1 < entries.size() && binds_names(path) && is_plain(entries[i].key) && is_plain(entries[last + 1].key) &&
               stands_behind(*entries[last + 1].key, *entries[i].key) &&
               is_target(text_.substr(entries[i].key->span.begin, entries[last + 1].key->span.end - entries[i].key->span.begin))) {
      const Node* key = mended(
          entries[i].key->span.begin, entries[last + 1].key->span.end, false,
          concat("`", shown(entries[i].key->text), "` has no value: a comma in a flow map begins the next entry, so a key with commas needs quotes"));
      whole.push_back({key, entries[last + 1].value});
      map.broken = true;
      i = last + 1;
    } else {
      map.broken = true;
      i = mend_entry(entries, i, last, path, whole);
    }
  }
  map.entries = std::move(whole);
}

std::size_t MissingQuotes::mend_entry(const std::vector<Entry>& entries, std::size_t i, std::size_t last, const Path& path,
                                      std::vector<Entry>& whole) {
  std::size_t until = i;  // `y = f(a, b)`
  for (int open = open_brackets(entries[i].key->text); open > 0 && until < last && stands_behind(*entries[until + 1].key, *entries[until].key);)
    open += open_brackets(entries[++until].key->text);
  const std::size_t begin = entries[i].key->span.begin, end = entries[until].key->span.end;
  if (is_plain(entries[i].key)) {
    if (const auto meant = signs_.entry(begin, end, path)) {
      const std::size_t quote = meant->quoted ? 1 : 0;
      whole.push_back({scalar(begin, meant->key_end, false), scalar(meant->value_begin + quote, end - quote, meant->marked)});
      return until;
    }
  }
  diagnostics_.error(Code::NeedsQuotes, entries[i].key->span, concat("`", shown(entries[i].key->text), "` has no value in this flow map"))
      .help("an entry is `key: value`; an expression with `,`, `?` or a bracket needs quotes")
      .emit();
  for (; i <= last; ++i) {
    Node& value = document_.add();
    value.span = span(entries[i].key->span.end, entries[i].key->span.end);
    value.broken = true;
    whole.push_back({entries[i].key, &value});
  }
  return last;
}

// `[f('a', 'b')]`, `{y: f(x, 'a')}`, `{y: f(x, [0, 1])}`: the expression begins before the node that was read last.
bool MissingQuotes::cut_by_comma(const Node& last, const Path& open) {
  const Node& inside = *open.back().collection;
  const Node* begun = nullptr;
  const auto look_at = [&](const Node* value) {
    if (is_plain(value) && inside.span.begin <= value->span.begin && value->span.end <= last.span.end && open_brackets(value->text) > 0)
      begun = value;
  };
  for (const Node* element : inside.elements) look_at(element);
  for (const Entry& entry : inside.entries) look_at(entry.value);
  if (begun == nullptr || text_.substr(skip_spaces(text_, begun->span.end), 1) != ",") return false;
  const std::size_t end = expression_end(begun->span.begin, true);
  if (end <= last.span.end) return false;
  report({begun->span.begin, end, wants_mark(begun, open)},
         concat("a comma ends `", shown(begun->text), "` in a flow ", inside.is_list() ? "list" : "map", ": an expression with a comma needs quotes"),
         further_parts(end, open));
  return true;
}

// What stands behind the last node on its line belongs to it: `x.shape` `[0]`, `[1]` `* n`, `lambda x` `: x`.
bool MissingQuotes::cut_behind(const Node& last, const Path& open, bool flow) {
  const std::size_t begin = last.span.begin;
  const std::size_t next = skip_spaces(text_, last.span.end);
  const std::size_t end = expression_end(begin, flow);
  if (next >= text_.size() || end <= last.span.end || is_break(text_, next)) return false;
  const char first = text_[begin], cut = text_[next];
  std::string why;
  if (!is_plain(&last)) {
    if (flow && !last.is_scalar() && (cut == '\'' || cut == '"')) return false;
    if (cut == ':' || cut == ',' || closes(cut)) return false;
    const std::string_view kind = first == '[' ? "a list" : first == '{' ? "a map" : "a string";
    why = concat(kind, " of YAML ends before `", shown(text_.substr(next, 1)), "`: an expression that begins with `", std::string_view(&first, 1),
                 "` needs quotes");
  } else if (cut == ':' && (last.text.starts_with('=') || is_lambda(last.text) || (!flow && &last != open.back().key && is_expression(begin, end)))) {
    why = concat("`: ` ends `", shown(last.text), "`: an expression with `: ` needs quotes");
  } else if (flow && (opens(cut) || cut == '?')) {
    why = concat("`", std::string_view(&cut, 1), "` ends `", shown(last.text), "` in flow style: an expression with ",
                 opens(cut) ? "brackets" : "`?`", " needs quotes");
  } else {
    return false;
  }
  const bool several = first == '[' && cut == '[' && last.is_list();  // `[[1, 2] [3, 4]]` may lack a comma
  report({begin, end, wants_mark(&last, open)}, why, flow ? further_parts(end, open) : std::vector<Part>(), !several);
  return true;
}

// `[x[0] | y]`: YAML looks past the brackets for a `:`, and stops before it has given the element.
bool MissingQuotes::cut_ahead(std::size_t at, const Path& open) {
  const Node& list = *open.back().collection;
  std::size_t begin = list.span.begin;  // of the element that `at` stands in
  if (text_.substr(begin, 1) != "[") {
    begin = skip_spaces(text_, line_begin(text_, at));
    while (text_.substr(begin, 2) == "- ") begin = skip_spaces(text_, begin + 2);
  }
  std::size_t end = begin;
  while (begin < at && text_[begin] == '[') {
    begin = skip_blank(text_, begin + 1), end = expression_end(begin, true);
    for (std::size_t comma = skip_blank(text_, end); comma < at && text_[comma] == ','; comma = skip_blank(text_, end)) {
      begin = skip_blank(text_, comma + 1), end = expression_end(begin, true);
    }
  }
  if (at <= begin || at >= end || std::string_view("\"'{").find(text_[begin]) != std::string_view::npos) return false;
  const std::size_t bracket = begin + std::min(text_.substr(begin, end - begin).find_first_of("[{"), end - begin);
  if (bracket >= at) return false;
  report({begin, end, needs_mark(open)},
         concat("`", text_.substr(bracket, 1), "` ends `", shown(text_.substr(begin, bracket - begin)),
                "` in flow style: an expression with brackets needs quotes"),
         further_parts(end, open));
  return true;
}

// `{x[0]: y}`: a bracket ends the key.
bool MissingQuotes::cut_key(const Node& key) {
  const std::size_t begin = key.span.begin, end = expression_end(begin, true);
  const std::size_t colon = text_.substr(begin, end - begin).find(": ");
  if (end <= key.span.end) return false;
  if (colon != std::string_view::npos) {
    report({begin, begin + colon, false}, concat("a bracket ends `", shown(key.text), "` in flow style: a key with brackets needs quotes"), {},
           is_target(text_.substr(begin, colon)));
  } else {
    diagnostics_.error(Code::NeedsQuotes, span(begin, end), concat("`", shown(text_.substr(begin, end - begin)), "` has no value in this flow map"))
        .help("an entry is `key: value`; an expression with `,`, `?` or a bracket needs quotes")
        .emit();
  }
  return true;
}

// `{y: x + 1 # twice}`: the bracket that was to close stands in the comment.
bool MissingQuotes::cut_by_comment(const Node& last) {
  const std::size_t hash = skip_spaces(text_, last.span.end);
  std::size_t end = line_end(text_, hash);
  while (end > hash && text_[end - 1] == ' ') --end;
  if (hash >= end || text_[hash] != '#' || !closes(text_[end - 1])) return false;
  std::size_t brackets = end;
  while (closes(text_[brackets - 1])) --brackets;
  const Span gap = span(last.span.end, end);
  const std::string text = concat(text_.substr(brackets, end - brackets), "  ", text_.substr(hash, brackets - hash));
  diagnostics_
      .error(Code::NeedsQuotes, span(hash, end), concat("` #` begins a comment, and `", text_.substr(brackets, end - brackets), "` stands in it"))
      .help("an expression with ` #` needs quotes")
      .fix(gap, text, title(gap, text))
      .emit();
  return true;
}

// `len('a #b')`: the ` #` stands in a text of the expression.
bool MissingQuotes::cut_in_text(const Node& last, bool marked, bool flow) {
  const std::size_t begin = last.span.begin;
  const std::size_t hash = skip_spaces(text_, last.span.end);
  const std::size_t end = expression_end(begin, flow);
  const bool has_mark = is_plain(&last) && last.text.starts_with('=');
  if (!is_plain(&last) || text_.substr(hash, 1) != "#" || end <= hash || !is_expression(begin + (has_mark ? 1 : 0), end)) return false;
  report({begin, end, marked}, concat("` #` begins a comment and ends `", shown(last.text), "`: an expression with ` #` needs quotes"));
  return true;
}

void MissingQuotes::mend_comment(Node& value, const Path& open) {
  const std::size_t begin = value.span.begin;
  const bool has_mark = value.text.starts_with('=');
  if (!value.offsets.empty() || (!has_mark && !holds_expression(open)) || is_expression(begin + (has_mark ? 1 : 0), value.span.end)) return;
  if (cut_in_text(value, false, false)) {
    value.span.end = static_cast<std::uint32_t>(expression_end(begin, false));
    value.text = std::string(text_.substr(begin, value.span.end - begin));
  } else if (open_brackets(value.text) > 0) {
    value.broken = cut_by_comment(value);
  }
}

// `y: - x` and `mark: ? a`: a list or a key cannot begin behind a key.
bool MissingQuotes::begins_entry(std::size_t at, const Path& open) {
  const std::string_view sign = text_.substr(at, 2);
  const Node* key = open.empty() ? nullptr : open.back().key;
  if ((sign != "- " && sign != "? ") || key == nullptr || line_begin(text_, at) != line_begin(text_, key->span.begin)) return false;
  if (holds_body(open)) return false;  // a list it is
  report({at, expression_end(at, false), needs_mark(open)},
         concat("`", sign, "` begins ", sign == "- " ? "an element of a list" : "a key",
                " of YAML, which stands on a line of its own: a value that begins with it needs quotes"),
         {}, holds_expression(open));
  return true;
}

// `{**config.d}` and `@nn.compact`.
bool MissingQuotes::of_python(std::size_t at, const Path& open, bool flow) {
  const std::string_view text = text_.substr(at, expression_end(at, flow) - at);
  if (text.starts_with("**") && flow && takes_with(open) && open.back().key == nullptr && is_expression(at + 2, at + text.size())) {
    const std::string mended = concat("with: ", in_flow(text.substr(2)));
    const Span place = span(at, at + text.size());
    diagnostics_.error(Code::NeedsQuotes, place, "the entries of a map are taken over by the key `with`")
        .fix(place, mended, title(place, mended), open.back().collection->find("with") == nullptr)
        .emit();
    return true;
  }
  std::size_t line = skip_spaces(text_, line_begin(text_, at));
  if (text_.substr(line, 2) == "- ") line = skip_spaces(text_, line + 2);
  if (line != at || !text.starts_with('@') || leading_name(text.substr(1)).empty()) return false;
  diagnostics_.error(Code::YamlSyntax, span(at, at + text.size()), concat("`", shown(text), "` is a decorator of Python, and these are keys here"))
      .help("`compact:` holds the statements of a module, and `transform:` beside it what it is wrapped in")
      .emit();
  return true;
}

// A character that YAML keeps for itself begins the value, or a part of a key: `{a, *rest: x.shape}`.
bool MissingQuotes::reserved(std::size_t at, const Path& open, bool flow) {
  constexpr std::string_view reserved = "%@`*&!";
  if (at >= text_.size() || reserved.find(text_[at]) == std::string_view::npos) return false;
  if (text_[at] == '%' && column_of(text_, at) == 0) return false;  // a directive
  if (of_python(at, open, flow)) return true;
  const std::string_view c(&text_[at], 1);
  std::size_t begin = at, end = expression_end(at, flow);
  // Among literals an alias is meant, whose anchor is missing.
  if (c == "*" && needs_mark(open) && is_word(text_.substr(at + 1, end - at - 1))) return false;
  const bool in_map = flow && !open.empty() && open.back().collection->is_map() && open.back().key == nullptr;
  if (const std::size_t colon = text_.substr(at, end - at).find(": "); in_map && colon != std::string_view::npos) {
    end = at + colon;
    const std::vector<Entry>& entries = open.back().collection->entries;
    for (std::size_t i = entries.size(); i-- > 0 && lacks_colon(entries[i]);) begin = entries[i].key->span.begin;
  }
  report({begin, end, !in_map && !open.empty() && needs_mark(open)},
         concat(c == "`" ? "a backtick" : concat("`", c, "`"), " has a meaning of its own in YAML: a ",
                in_map ? "key with it" : "value that begins with it", " needs quotes"),
         {},
         (flow || skip_spaces(text_, line_begin(text_, at)) != at) && (!holds_expression(open) || is_expression(begin, end) || (c == "*" && flow)));
  return true;
}

bool MissingQuotes::explain(std::size_t at, const Node* last, const Path& open, bool flow) {
  at = std::min(at, text_.size());
  in_flow_ = flow;
  if (last != nullptr && last->span.begin <= at && !open.empty()) {
    const std::vector<Entry>& entries = open.back().collection->entries;
    if (flow && !entries.empty() && entries.back().value == last && lacks_colon(entries.back()) && cut_key(*entries.back().key)) return true;
    if (flow && cut_by_comma(*last, open)) return true;
    if (line_begin(text_, last->span.end) == line_begin(text_, at) && cut_behind(*last, open, flow)) return true;
    if (flow && (cut_in_text(*last, wants_mark(last, open), true) || cut_by_comment(*last))) return true;
    if (!flow && begins_entry(at, open)) return true;
  }
  if (!open.empty() && cut_ahead(at, open)) return true;
  return reserved(at, open, flow);
}

}  // namespace linenc::syntax
