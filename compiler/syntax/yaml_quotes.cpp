// Missing quotes: finds the whole expression around the place where YAML cut it, and offers it quoted.
#include "compiler/syntax/yaml_quotes.h"

#include <algorithm>

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

std::string quoted(std::string_view text) {
  if (text.find_first_of("\"\\") == std::string_view::npos) return concat('"', text, '"');
  std::string out = "'";
  for (const char c : text) {
    out += c;
    if (c == '\'') out += c;
  }
  return out + "'";
}

bool is_plain(const Node* node) { return node->is_scalar() && node->plain; }

bool is_lambda(std::string_view text) {
  if (text.starts_with('=')) text.remove_prefix(1);
  return text.starts_with("lambda ") || text.starts_with("lambda:");
}

}  // namespace

void MissingQuotes::report(std::size_t begin, std::size_t end, const std::string& why) {
  const Span span{file_, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
  const std::string text = quoted(text_.substr(begin, end - begin));
  // The title shows the whole mended line where it is short enough to be taken in.
  const std::size_t from = skip_spaces(text_, line_begin(text_, begin));
  const std::size_t to = line_end(text_, end);
  const std::string line = concat(text_.substr(from, begin - from), text, text_.substr(end, to - end));
  const bool whole_line = line.size() <= kShownLine && line_begin(text_, begin) == line_begin(text_, end);
  diagnostics_.error(Code::NeedsQuotes, span, why).fix(span, text, concat("write `", whole_line ? line : shown(text), '`')).emit();
}

const Node* MissingQuotes::scalar(std::size_t begin, std::size_t end) {
  Node& node = document_.add();
  node.span = {file_, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
  node.first = node.span.begin;
  node.text = std::string(text_.substr(begin, end - begin));
  return &node;
}

// In flow style up to the comma or bracket that belongs to YAML; in block style the rest of the line, without a comment.
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

void MissingQuotes::mend_list(Node& list) {
  std::vector<const Node*> mended;
  bool closed = true;  // false behind a bracket that no later element closes
  for (std::size_t i = 0; i < list.elements.size(); ++i) {
    const Node* element = list.elements[i];
    if (element->is_map() && element->entries.size() == 1 && text_[element->span.begin] != '{' &&
        (element->entries[0].key->text.starts_with('=') || is_lambda(element->entries[0].key->text))) {
      report(element->span.begin, element->span.end,
             concat("`: ` makes a map of this element: the key `", shown(element->entries[0].key->text), "` begins an expression"));
      mended.push_back(scalar(element->span.begin, element->span.end));
      continue;
    }
    int open = closed && is_plain(element) ? open_brackets(element->text) : 0;
    std::size_t last = i;
    while (open > 0 && last + 1 < list.elements.size() && list.elements[last + 1]->is_scalar()) {
      open += open_brackets(list.elements[++last]->text);
    }
    if (last > i && open == 0) {
      const std::size_t begin = element->span.begin, end = list.elements[last]->span.end;
      report(begin, end, concat("a comma ends `", shown(element->text), "` in a flow list: an expression with a comma needs quotes"));
      mended.push_back(scalar(begin, end));
      i = last;
    } else {
      closed &= open <= 0;
      mended.push_back(element);
    }
  }
  list.elements = std::move(mended);
}

void MissingQuotes::mend_map(Node& map, const std::vector<bool>& has_colon) {
  std::vector<Entry> mended;
  const std::vector<Entry>& entries = map.entries;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (has_colon[i]) {
      mended.push_back(entries[i]);
      continue;
    }
    std::size_t last = i;  // of the entries without a value
    while (last + 1 < entries.size() && !has_colon[last + 1]) ++last;
    const Entry* before = mended.empty() ? nullptr : &mended.back();
    if (before != nullptr && is_plain(before->value) && open_brackets(before->value->text) > 0) {
      const std::size_t begin = before->value->span.begin, end = entries[last].key->span.end;
      report(begin, end, concat("a comma ends `", shown(before->value->text), "` in a flow map: an expression with a comma needs quotes"));
      mended.back().value = scalar(begin, end);
      i = last;
    } else if (last + 1 < entries.size() && is_plain(entries[i].key) && is_plain(entries[last + 1].key)) {
      const std::size_t begin = entries[i].key->span.begin, end = entries[last + 1].key->span.end;
      report(
          begin, end,
          concat("`", shown(entries[i].key->text), "` has no value: a comma in a flow map begins the next entry, so a key with commas needs quotes"));
      mended.push_back({scalar(begin, end), entries[last + 1].value});
      i = last + 1;
    } else {
      const Span& key = entries[i].key->span;
      diagnostics_.error(Code::NeedsQuotes, key, concat("`", shown(entries[i].key->text), "` has no value in this flow map"))
          .help("an entry is `key: value`; an expression with `,`, `?` or a bracket needs quotes")
          .emit();
      i = last;
    }
  }
  map.entries = std::move(mended);
}

bool MissingQuotes::explain(std::size_t at, const Node* last, const Node* inside, bool flow) {
  at = std::min(at, text_.size());
  // The expression may have begun before the node that was read last: `[f('a', 'b')]`.
  const Node* begun = nullptr;
  if (flow && inside != nullptr && inside->is_list()) {
    for (const Node* element : inside->elements) {
      if (is_plain(element) && open_brackets(element->text) > 0) begun = element;
    }
  }
  if (begun == nullptr && last != nullptr && last->span.begin <= at && line_begin(text_, last->span.end) == line_begin(text_, at)) {
    begun = last;
  }
  if (begun != nullptr) {
    const std::size_t begin = begun->span.begin;
    const std::size_t next = skip_spaces(text_, last->span.end);
    const std::size_t end = expression_end(begin, flow);
    if (next >= text_.size() || end <= last->span.end || is_break(text_, next)) return false;
    const char first = text_[begin], cut = text_[next];
    if (!is_plain(begun)) {
      if (flow && !begun->is_scalar() && (cut == '\'' || cut == '"')) return false;
      if (cut == ':' || cut == ',' || closes(cut)) return false;
      report(begin, end,
             concat(first == '['   ? "a list"
                    : first == '{' ? "a map"
                                   : "a string",
                    " of YAML ends before `", shown(text_.substr(next, 1)), "`: an expression that begins with `", std::string_view(&first, 1),
                    "` needs quotes"));
      return true;
    }
    if (cut == ':' && (begun->text.starts_with('=') || is_lambda(begun->text))) {
      report(begin, expression_end(begin, flow), concat("`: ` ends `", shown(begun->text), "`: an expression with `: ` needs quotes"));
      return true;
    }
    if (flow && (opens(cut) || cut == '?' || begun != last)) {
      report(begin, end,
             concat("`", std::string_view(&cut, 1), "` ends `", shown(begun->text), "` in flow style: an expression with ",
                    opens(cut)   ? "brackets"
                    : cut == '?' ? "`?`"
                                 : "a comma",
                    " needs quotes"));
      return true;
    }
  }
  constexpr std::string_view reserved = "%@`*&!";
  if (at < text_.size() && reserved.find(text_[at]) != std::string_view::npos) {
    if (text_[at] == '%' && column_of(text_, at) == 0) return false;  // a directive
    const std::string_view c(&text_[at], 1);
    report(at, expression_end(at, flow),
           concat(c == "`" ? "a backtick" : concat("`", c, "`"), " has a meaning of its own in YAML: a value that begins with it needs quotes"));
    return true;
  }
  return false;
}

}  // namespace linenc::syntax
