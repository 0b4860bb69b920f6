// YAML text -> nodes with places. yaml-cpp gives the events and where they begin; this file builds the tree, counts,
// and refuses what language.md, section 10 refuses. Never YAML::Load: it follows aliases into cycles, keeps duplicate
// keys and drops a second document.
#include "compiler/syntax/yaml.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <cctype>
#include <sstream>
#include <unordered_map>

#include "compiler/syntax/yaml_meant.h"
#include "compiler/syntax/yaml_quotes.h"
#include "compiler/syntax/yaml_text.h"

namespace linenc::syntax {

using diagnostics::Code;
using diagnostics::Diagnostics;
using diagnostics::shown;

namespace {

// Thrown through yaml-cpp where reading cannot go on; the reason has been reported.
struct Stop {};

bool is_null_word(std::string_view text) { return text == "~" || text == "null" || text == "Null" || text == "NULL"; }

class Composer final : public YAML::EventHandler {
 public:
  Composer(source::FileId file, std::string_view text, const YamlLimits& limits, YamlDocument& document, Diagnostics& diagnostics)
      : file_(file),
        text_(text),
        limits_(limits),
        document_(document),
        diagnostics_(diagnostics),
        signs_(file, text, diagnostics),
        quotes_(file, text, signs_, document, diagnostics) {}

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto [begin, end] = null_place(mark);
    if (anchor != 0 && begin == end) refuse_empty_anchor(skip_blank(text_, end));
    Node& node = document_.add();
    set_place(node, begin, end);
    node.text = std::string(text_.substr(begin, end - begin));
    cursor_ = std::max(cursor_, end);
    add(node, {1, 0}, anchor);
  }

  void OnScalar(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor, const std::string& value) override {
    const std::size_t written = place(mark);
    const bool negated = negates(written);
    const std::size_t begin = content_start(written);
    Node& node = document_.add();
    node.text = value;
    node.broken = negated;
    node.flow = in_flow();
    const char first = begin < text_.size() ? text_[begin] : '\n';
    if (value.empty() && std::string_view("'\"|>").find(first) == std::string_view::npos) {
      set_place(node, written, word_end(written));  // nothing but a tag
      node.broken = true;
    } else {
      check_indentation(begin);
      place_value(node, begin, first);
      const bool is_key = !frames_.empty() && frames_.back().node->is_map() && frames_.back().key == nullptr;
      const bool comment = text_.substr(skip_spaces(text_, node.span.end), 1) == "#";
      if (node.plain && !node.flow && !is_key && comment) quotes_.mend_comment(node, path());
      if (node.plain && !node.flow && holds_statement()) node.broken = signs_.element_below(node, path());
    }
    cursor_ = node.span.end;
    add(node, {1, 0}, anchor);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const std::size_t begin = place(mark);
    const std::size_t end = word_end(begin);
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) fail(Code::YamlSyntax, begin, end, "this alias names no anchor before it");
    if (!found->second.closed) {
      diagnostics_
          .error(Code::AliasExpansion, span(begin, end),
                 concat("`", shown(text_.substr(begin, end - begin)), "` stands inside of the node that it names"))
          .note(found->second.node->span, "this node would hold itself")
          .emit();
      throw Stop{};
    }
    cursor_ = end;
    alias_ = span(begin, end);
    add_known(*found->second.node, found->second.size, true);
    alias_ = Span{};
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor, YAML::EmitterStyle::value) override {
    open(NodeKind::List, '[', mark, anchor);
  }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor, YAML::EmitterStyle::value) override {
    open(NodeKind::Map, '{', mark, anchor);
  }
  void OnSequenceEnd() override { close(']'); }
  void OnMapEnd() override { close('}'); }

  [[nodiscard]] const Node* root() const { return root_; }
  [[nodiscard]] std::size_t cursor() const { return cursor_; }

  // Why yaml-cpp could not go on.
  void explain(std::size_t at, const std::string& message) {
    at = std::min(at, text_.size());
    if (unclosed_quote(at) || (last_ != nullptr && in_flow() && signs_.flow_entry(at, *last_, path()))) return;
    if (!quotes_.explain(at, last_, path(), in_flow())) explain_syntax(at, message);
  }

 private:
  // What a node costs: itself and all below it, aliases followed; the collections one inside of the other.
  struct Size {
    std::size_t count = 1;
    std::size_t height = 0;
  };
  struct Anchor {
    const Node* node = nullptr;
    Size size;
    bool closed = false;
  };
  struct Frame {
    Node* node = nullptr;
    YAML::anchor_t anchor = 0;
    bool flow = false;
    Size size;
    const Node* key = nullptr;        // waits for its value
    bool drop = false;                // the value of a duplicate key
    bool colon = true;                // a `:` follows the key
    std::vector<bool> colons;         // of the entries
    bool merge = false;               // the key is `<<`
    std::vector<const Node*> merged;  // values of `<<`
    std::unordered_map<std::string_view, const Node*> keys;
  };
  struct Range {
    std::size_t begin, end;
  };

  [[nodiscard]] std::size_t place(const YAML::Mark& mark) const {
    const std::size_t skipped = text_.starts_with("\xEF\xBB\xBF") ? 3 : 0;  // yaml-cpp counts from behind the byte order mark
    return mark.pos < 0 ? text_.size() : std::min(text_.size(), static_cast<std::size_t>(mark.pos) + skipped);
  }
  [[nodiscard]] Span span(std::size_t begin, std::size_t end) const {
    begin = std::min(begin, text_.size());
    end = std::clamp(end, begin, text_.size());
    return {file_, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
  }
  void set_place(Node& node, std::size_t begin, std::size_t end) const {
    node.span = span(begin, end);
    node.first = node.span.begin;
  }
  [[nodiscard]] bool in_flow() const { return !frames_.empty() && frames_.back().flow; }
  // Whether the node that comes is a statement.
  [[nodiscard]] bool holds_statement() const { return holds_statement(frames_.size()); }
  // Whether the map that is open is one.
  [[nodiscard]] bool is_statement() const { return holds_statement(frames_.size() - 1); }
  [[nodiscard]] bool holds_statement(std::size_t depth) const {
    if (depth == 0 || !frames_[depth - 1].node->is_list()) return false;
    Path around = path();
    around.resize(depth - 1);
    return holds_body(around);
  }
  // The collections that are open, the root first.
  [[nodiscard]] Path path() const {
    Path steps;
    for (const Frame& frame : frames_) steps.push_back({frame.node, frame.key});
    return steps;
  }
  [[noreturn]] void fail(Code code, std::size_t begin, std::size_t end, std::string message) {
    diagnostics_.error(code, span(begin, end), std::move(message)).emit();
    throw Stop{};
  }

  // Over the anchor and the tag of a node, which the event's place includes.
  std::size_t content_start(std::size_t at) {
    while (at < text_.size() && (text_[at] == '&' || text_[at] == '!')) {
      if (text_[at] == '!') report_tag(at);
      at = skip_blank(text_, word_end(at));
    }
    return at;
  }

  // `y: &x`: an anchor of nothing is a slip for a text or an expression.
  void refuse_empty_anchor(std::size_t at) {
    if (text_.substr(at, 1) == "&" && quotes_.explain(at, nullptr, path(), in_flow())) throw Stop{};
  }

  // The end of an anchor, alias or tag.
  [[nodiscard]] std::size_t word_end(std::size_t at) const { return std::min(text_.find_first_of(" \t\r\n,[]{}", at), text_.size()); }

  void report_tag(std::size_t at) {
    const std::string_view tag = text_.substr(at, word_end(at) - at);
    auto report = diagnostics_.error(Code::Tag, span(at, at + tag.size()), concat("the tag `", shown(tag), "` is not part of the language"));
    if (negates(at)) {
      const std::string negated = concat("not ", text_.substr(at + 1, quotes_.expression_end(at, in_flow()) - at - 1));
      report.help("an expression is negated by `not`").fix(span(at, at + 1), "not ", concat("write `", shown(negated), "`"));
    } else {
      report.help("what a literal means is decided by the position it stands in; quote the text where it begins with `!`");
    }
    report.emit();
  }

  // Whether the tag at `at` is a slip for a negated expression: `if: !training`.
  [[nodiscard]] bool negates(std::size_t at) const {
    const char first = text_.substr(at, 1) == "!" && at + 1 < text_.size() ? text_[at + 1] : ' ';
    const bool begins = std::isalpha(static_cast<unsigned char>(first)) != 0 || first == '_' || first == '(';
    if (!begins || !holds_expression(path())) return false;
    const std::size_t end = word_end(at);
    const std::size_t next = skip_spaces(text_, end);
    const bool collection = next < text_.size() && (text_[next] == '[' || text_[next] == '{');
    return !collection || (next == end && text_[next] == '[');
  }

  // yaml-cpp takes a value that stands on a line of its own as far left as its key.
  void check_indentation(std::size_t begin) {
    if (frames_.empty() || frames_.back().flow) return;
    const Frame& frame = frames_.back();
    if (frame.node->is_map() && frame.key == nullptr) return;
    const std::size_t owner = frame.node->is_map() ? frame.key->span.begin : frame.node->span.begin;
    const bool first_of_line = skip_spaces(text_, line_begin(text_, begin)) == begin;
    if (!first_of_line || begin <= owner || column_of(text_, begin) > column_of(text_, frame.node->span.begin)) return;
    const std::string what = frame.node->is_map() ? concat("the value of `", shown(frame.key->text), "`") : std::string("an element");
    fail(Code::YamlSyntax, begin, begin + 1, concat(what, " must stand further to the right than its ", frame.node->is_map() ? "key" : "`-`"));
  }

  void place_value(Node& node, std::size_t begin, char first) {
    node.plain = std::string_view("'\"|>").find(first) == std::string_view::npos;
    if (first == '\'' || first == '"') {
      const auto end = closing_quote(text_, begin);
      if (!end) fail_unclosed(begin);
    }
    auto found = place_scalar(text_, begin, node.text);
    if (!found) {
      fail(Code::YamlSyntax, begin, std::min(line_end(text_, begin), begin + 200),
           "this text can be read in more than one way; put it into double quotes, on one line");
    }
    node.span = span(begin, found->end);
    node.first = static_cast<std::uint32_t>(found->first);
    const auto& offsets = found->offsets;
    for (std::size_t i = 0; i < offsets.size(); ++i) {
      if (offsets[i] == node.first + i) continue;
      node.offsets = std::move(found->offsets);
      break;
    }
    if (node.text.size() > limits_.scalar_bytes) {
      fail(Code::TooLarge, begin, begin + 1, concat("this scalar has ", node.text.size(), " bytes, the limit is ", limits_.scalar_bytes));
    }
  }

  [[noreturn]] void fail_unclosed(std::size_t begin) {
    diagnostics_
        .error(Code::YamlSyntax, span(begin, begin + 1),
               concat("this quote is never closed: expected `", text_.substr(begin, 1), "` before the end of the file"))
        .emit();
    throw Stop{};
  }

  // Where a null is written, or the empty place where it is not.
  Range null_place(const YAML::Mark& mark) {
    const Frame* frame = frames_.empty() ? nullptr : &frames_.back();
    std::size_t at = place(mark);
    if (frame != nullptr && frame->node->is_map() && frame->key != nullptr) {
      const std::size_t colon = after_key(*frame->key);
      if (!frame->colon) return {frame->key->span.end, frame->key->span.end};
      return word_after(colon, *frame);
    }
    if (frame != nullptr && frame->node->is_list() && !frame->flow) {
      at = skip_blank(text_, frame->node->elements.empty() ? frame->node->span.begin : cursor_);
      return word_after(at, *frame);
    }
    at = content_start(at);
    const Range word = null_word(at);
    if (word.begin == word.end && frame != nullptr) {
      if (frame->node->is_map()) fail(Code::YamlSyntax, at, at + 1, "a key is missing here");
      fail(Code::YamlSyntax, at, at + 1, "an element is missing here");
    }
    return word;
  }

  // The null word behind the `:` or `-` at `mark`, if it belongs to this collection.
  Range word_after(std::size_t mark, const Frame& frame) {
    const std::size_t at = content_start(skip_blank(text_, mark + 1));
    const bool same_line = line_begin(text_, at) == line_begin(text_, mark);
    const bool inside = frame.flow || same_line || column_of(text_, at) > column_of(text_, frame.node->span.begin);
    const Range word = inside ? null_word(at) : Range{at, at};
    if (word.begin < word.end) return word;
    return {std::min(mark + 1, text_.size()), std::min(mark + 1, text_.size())};
  }

  [[nodiscard]] Range null_word(std::size_t at) const {
    std::size_t end = at;
    while (end < text_.size() && std::string_view(" \t\r\n,[]{}:#").find(text_[end]) == std::string_view::npos) ++end;
    return is_null_word(text_.substr(at, end - at)) ? Range{at, end} : Range{at, at};
  }

  // The byte after the blanks that follow a key: the place of its `:`.
  [[nodiscard]] std::size_t after_key(const Node& key) const {
    std::size_t at = skip_spaces(text_, key_end(key));
    // `? key` and `: value` may stand on two lines.
    if (at < text_.size() && is_break(text_, at) && is_explicit(key)) at = skip_blank(text_, at);
    return at;
  }
  [[nodiscard]] std::size_t key_end(const Node& key) const {
    return key_alias_.exists() && key_alias_.end > key.span.end ? key_alias_.end : key.span.end;
  }
  [[nodiscard]] bool is_explicit(const Node& key) const {
    std::size_t at = key.span.begin;
    while (at > 0 && (text_[at - 1] == ' ' || text_[at - 1] == '\t')) --at;
    return at > 0 && text_[at - 1] == '?';
  }

  void open(NodeKind kind, char bracket, const YAML::Mark& mark, YAML::anchor_t anchor) {
    const bool negated = negates(place(mark));
    const std::size_t begin = content_start(place(mark));
    if (negated) throw Stop{};  // `!x[0]`: the list is the rest of an expression
    if (frames_.size() >= limits_.depth) fail(Code::NestingTooDeep, begin, begin + 1, concat("nesting deeper than ", limits_.depth));
    if (!frames_.empty() && frames_.back().node->is_map() && frames_.back().key == nullptr) {
      if (quotes_.explain(begin, last_, path(), in_flow())) throw Stop{};
      fail(Code::YamlSyntax, begin, begin + 1,
           concat("a key must be a scalar, and this is a ", kind == NodeKind::Map ? "map" : "list", "; quote it where it is meant as text"));
    }
    Node& node = document_.add();
    node.kind = kind;
    const bool flow = begin < text_.size() && text_[begin] == bracket;
    set_place(node, begin, begin + (flow ? 1 : 0));
    cursor_ = begin + (flow ? 1 : 0);
    count(1, Span{});
    if (anchor != 0) anchors_[anchor] = {&node, {}, false};
    Frame frame;
    frame.node = &node;
    frame.anchor = anchor;
    frame.flow = flow || in_flow();
    frame.size = {1, 1};
    frames_.push_back(std::move(frame));
  }

  void close(char bracket) {
    Frame frame = std::move(frames_.back());
    frames_.pop_back();
    const bool flow = frame.node->span.size() > 0;
    bool closed = false;
    if (flow) {
      std::size_t at = skip_blank(text_, cursor_);
      while (at < text_.size() && (text_[at] == ',' || text_[at] == ':' || text_[at] == '?')) at = skip_blank(text_, at + 1);
      closed = at < text_.size() && text_[at] == bracket;
      if (closed) cursor_ = at + 1;
    }
    frame.node->span.end = std::max(frame.node->span.end, static_cast<std::uint32_t>(cursor_));
    // Without its bracket the file has another problem, which is told when yaml-cpp comes to it.
    if (closed && frame.node->is_list()) quotes_.mend_list(*frame.node, path());
    if (closed && frame.node->is_map()) quotes_.mend_map(*frame.node, frame.colons, path());
    for (const Node* node : frame.merged) merge(frame, *node);
    if (frame.anchor != 0) anchors_[frame.anchor] = {frame.node, frame.size, true};
    add_known(*frame.node, frame.size, false);
  }

  // Merge keys are refused, and yet followed: what they would have given is not missing.
  static void merge(Frame& frame, const Node& from) {
    for (const Node* element : from.elements) merge(frame, *element);
    for (const Entry& entry : from.entries) {
      if (frame.keys.emplace(entry.key->text, entry.key).second) frame.node->entries.push_back(entry);
    }
  }

  void add(Node& node, Size size, YAML::anchor_t anchor) {
    count(1, Span{});
    if (anchor != 0) anchors_[anchor] = {&node, size, true};
    add_known(node, size, false);
  }

  void count(std::size_t nodes, const Span& alias) {
    count_ += std::min(nodes, limits_.nodes + 1);
    if (count_ <= limits_.nodes) return;
    if (alias.exists())
      fail(Code::AliasExpansion, alias.begin, alias.end, concat("with this alias the file expands to more than ", limits_.nodes, " nodes"));
    fail(Code::TooLarge, cursor_, cursor_, concat("the file has more than ", limits_.nodes, " nodes (see `--limit yaml-nodes=N`)"));
  }

  // Puts a finished node where it belongs.
  void add_known(const Node& node, Size size, bool alias) {
    if (alias) {
      count(size.count, alias_);
      if (frames_.size() + size.height > limits_.depth)
        fail(Code::NestingTooDeep, alias_.begin, alias_.end, concat("with this alias the nesting is deeper than ", limits_.depth));
    }
    last_ = &node;
    if (frames_.empty()) {
      root_ = &node;
      return;
    }
    Frame& frame = frames_.back();
    frame.size.count = std::min(frame.size.count + size.count, limits_.nodes + 1);
    frame.size.height = std::max(frame.size.height, size.height + 1);
    if (frame.node->is_list()) {
      frame.node->elements.push_back(&node);
    } else if (frame.key == nullptr) {
      add_key(frame, node);
    } else {
      if (!frame.drop) {
        frame.node->entries.push_back({frame.key, &node});
        frame.colons.push_back(frame.colon);
      }
      if (frame.merge) frame.merged.push_back(&node);
      frame.key = nullptr;
      frame.drop = frame.merge = false;
    }
  }

  void add_key(Frame& frame, const Node& key) {
    const Span& where = alias_.exists() ? alias_ : key.span;
    if (!key.is_scalar()) fail(Code::YamlSyntax, where.begin, where.end, "a key must be a scalar");
    if (key.text.size() > limits_.key_bytes) {
      fail(Code::TooLarge, where.begin, where.begin + 1, concat("this key has ", key.text.size(), " bytes, the limit is ", limits_.key_bytes));
    }
    frame.key = &key;
    key_alias_ = alias_;
    const std::size_t colon = after_key(key);
    frame.colon = colon < text_.size() && text_[colon] == ':';
    if (key.plain && key.text == "<<") {
      diagnostics_.error(Code::MergeKey, where, "merge keys are not part of the language")
          .help("`with:` takes the entries of a map over, `template:` names a module with some of its fields")
          .emit();
      frame.drop = frame.merge = true;
      return;
    }
    if (!frame.flow && signs_.block_key(key)) throw Stop{};
    if (!frame.colon && !frame.flow) {
      if (key.plain && signs_.line_without_colon(key.span.begin)) throw Stop{};
      fail(Code::YamlSyntax, where.begin, where.end, concat("expected `:` after the key `", shown(key.text), "`"));
    }
    if (!frame.colon) return;  // of `{b, h: x.shape}`: MissingQuotes reports it
    const auto [found, fresh] = frame.keys.emplace(key.text, &key);
    if (!fresh) {
      diagnostics::Report report = diagnostics_.error(Code::DuplicateKey, where, concat("the key `", shown(key.text), "` stands twice in this map"));
      report.note(found->second->span, "it stands here first");
      const Frame* outer = frames_.size() < 2 ? nullptr : &frames_[frames_.size() - 2];
      if (outer != nullptr && outer->key != nullptr && outer->key->text == "let") {
        report.help("a list of maps binds a name twice: `let: [{a: …}, {a: …}]`");
      } else if (!frame.node->entries.empty() && frame.node->entries.front().key == found->second && is_statement()) {
        report.help(concat("what bears the name of an option is called by `- call: ", shown(key.text), "`"));
      }
      report.emit();
      frame.drop = frame.node->broken = true;
    }
  }

  // A quote that is open at the place where yaml-cpp stopped, and never closed.
  bool unclosed_quote(std::size_t at) {
    for (std::size_t i = skip_blank(text_, cursor_); i < std::min(at + 1, text_.size()); i = skip_blank(text_, i + 1)) {
      if (text_[i] != '"' && text_[i] != '\'') {
        if (std::string_view(",:-?[]{}").find(text_[i]) == std::string_view::npos) return false;
        continue;
      }
      if (closing_quote(text_, i)) return false;
      diagnostics_
          .error(Code::YamlSyntax, span(i, i + 1),
                 concat("this quote is never closed: expected `", text_.substr(i, 1), "` before the end of the file"))
          .emit();
      return true;
    }
    return false;
  }

  // The line `line` is neither the next key nor the next element of what is open.
  bool misplaced(std::size_t line) {
    const std::size_t at = skip_spaces(text_, line);
    const Node* inner = frames_.empty() ? nullptr : frames_.back().node;
    const bool is_key = inner != nullptr && inner->is_map() && column_of(text_, inner->span.begin) == at - line;
    return (is_key && signs_.line_without_colon(at)) || signs_.line_above(line, path()) || signs_.misplaced_line(line, last_, path());
  }

  void explain_syntax(std::size_t at, const std::string& message) {
    using namespace YAML::ErrorMsg;
    const auto is = [&](const char* known) { return message.starts_with(known); };
    const auto found = at < text_.size() ? concat(", found `", shown(text_.substr(at, 1)), "`") : std::string(", found the end of the file");
    std::string text;
    std::size_t end = 0;  // where more than a byte is marked
    const std::size_t line = line_begin(text_, at);
    const bool begins_line = skip_spaces(text_, line) == at;
    const std::size_t tab = text_.substr(line, skip_spaces(text_, line) - line).find('\t');
    if (is(TAB_IN_INDENTATION) || tab != std::string_view::npos) {
      text = "a tab cannot indent: use spaces";
      at = tab == std::string_view::npos ? at : line + tab;
    } else if (is(END_OF_MAP_FLOW)) {
      text = concat("expected `,` or `}` in this flow map", found == ", found `\\n`" ? "" : found);
    } else if (is(END_OF_SEQ_FLOW)) {
      text = concat("expected `,` or `]` in this flow list", found == ", found `\\n`" ? "" : found);
    } else if (begins_line && (is(END_OF_MAP) || is(END_OF_SEQ)) && misplaced(line)) {
      return;
    } else if (is(END_OF_MAP)) {
      text = concat("expected the next `key: value` of this map, at the same indentation", found);
    } else if (is(END_OF_SEQ)) {
      text = concat("expected the next `- element` of this list, at the same indentation", found);
    } else if (is(MAP_VALUE)) {
      if (signs_.line_above(line, path()) || signs_.deeper_key(at)) return;
      text = "`: ` cannot stand here: a value with `: ` needs quotes";
    } else if (is(MAP_KEY)) {
      text = "a key cannot stand here";
    } else if (is(BLOCK_ENTRY)) {
      text = "`- ` cannot stand here: a list begins on a line of its own";
    } else if (is(FLOW_END)) {
      if (signs_.other_bracket(at, path())) return;
      text = concat("nothing is open that `", shown(text_.substr(at, 1)), "` could close");
    } else if (is(INVALID_ESCAPE)) {
      at = text_.rfind('\\', at);  // yaml-cpp stops behind the escape
      at = at == std::string_view::npos ? 0 : at;
      text = concat("`", shown(text_.substr(at, 2)), "` is not an escape of a double-quoted text");
    } else if (is(UNKNOWN_ANCHOR)) {
      text = "this alias names no anchor before it";
      end = word_end(at);
    } else {
      text = concat("this is not YAML (", shown(message), ")");
    }
    auto report = diagnostics_.error(Code::YamlSyntax, span(at, end > at ? end : std::min(at + 1, text_.size())), text);
    for (std::size_t i = frames_.size(); i-- > 0;) {
      if (frames_[i].node->span.size() == 0) continue;
      report.note(span(frames_[i].node->span.begin, frames_[i].node->span.begin + 1), "this bracket is open");
      break;
    }
    report.emit();
  }

  source::FileId file_;
  std::string_view text_;
  const YamlLimits& limits_;
  YamlDocument& document_;
  Diagnostics& diagnostics_;
  MeantSigns signs_;
  MissingQuotes quotes_;
  std::vector<Frame> frames_;
  std::unordered_map<YAML::anchor_t, Anchor> anchors_;
  const Node* root_ = nullptr;
  const Node* last_ = nullptr;
  std::size_t cursor_ = 0;  // one past the last byte that belongs to a node
  std::size_t count_ = 0;
  Span alias_;      // of the alias that is being added
  Span key_alias_;  // of the key that waits, where it is an alias
};

// What follows the document: nothing, or a mistake.
bool check_rest(source::FileId file, std::string_view text, std::size_t at, Diagnostics& diagnostics) {
  at = skip_blank(text, at);
  while (text.substr(at, 3) == "..." && column_of(text, at) == 0) at = skip_blank(text, at + 3);
  if (at >= text.size()) return true;
  const auto begin = static_cast<std::uint32_t>(at);
  if (text.substr(at, 3) == "---" && column_of(text, at) == 0) {
    diagnostics.error(Code::SecondDocument, {file, begin, begin + 3}, "a second document begins here, and a model file holds one").emit();
  } else {
    diagnostics.error(Code::YamlSyntax, {file, begin, begin + 1}, concat("expected the end of the file, found `", shown(text.substr(at, 1)), "`"))
        .emit();
  }
  return false;
}

void report_empty(source::FileId file, Diagnostics& diagnostics) {
  diagnostics.error(Code::EmptyDocument, {file, 0, 0}, "the file holds no document")
      .help("a model file is a map that begins with `linenc: 1`")
      .emit();
}

}  // namespace

std::unique_ptr<YamlDocument> read_yaml(source::FileId file, const source::SourceSet& sources, Diagnostics& diagnostics, const YamlLimits& limits,
                                        bool may_be_null) {
  auto document = std::make_unique<YamlDocument>();
  const std::string_view text = sources.file(file).text();
  if (!check_bytes(file, text, diagnostics)) return document;
  Composer composer(file, text, limits, *document, diagnostics);
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    if (!parser.HandleNextDocument(composer) || composer.root() == nullptr || (composer.root()->is_null() && !may_be_null)) {
      report_empty(file, diagnostics);
    } else if (check_rest(file, text, composer.cursor(), diagnostics)) {
      document->set_root(composer.root());
    }
  } catch (const Stop&) {
  } catch (const YAML::Exception& error) {
    const std::size_t skipped = text.starts_with("\xEF\xBB\xBF") ? 3 : 0;
    composer.explain(error.mark.pos < 0 ? text.size() : static_cast<std::size_t>(error.mark.pos) + skipped, error.msg);
  }
  return document;
}

}  // namespace linenc::syntax
