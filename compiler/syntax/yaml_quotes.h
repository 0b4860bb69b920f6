#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/diagnostics/diagnostics.h"
#include "compiler/syntax/meant_text.h"
#include "compiler/syntax/yaml.h"
#include "compiler/syntax/yaml_meant.h"
#include "compiler/syntax/yaml_position.h"

namespace linenc::syntax {

// Expressions that YAML ends or splits where they would go on (language.md, section 10): E0112 with the quoted line.
// Used by yaml.cpp alone.
class MissingQuotes {
 public:
  MissingQuotes(source::FileId file, std::string_view text, MeantSigns& signs, YamlDocument& document, diagnostics::Diagnostics& diagnostics)
      : file_(file), text_(text), signs_(signs), document_(document), diagnostics_(diagnostics) {}

  // Puts the parts of one expression together again that a comma or a colon has split: `[f(a, b)]`, `[=lambda x: x]`.
  // `around` leads to the collection.
  void mend_list(Node& list, const Path& around);
  // `{y: mean(x, axis=1)}`, `{b, h: x.shape}`; `has_colon[i]` tells of each entry whether a `:` follows its key.
  void mend_map(Node& map, const std::vector<bool>& has_colon, const Path& around);
  // `n: len('a #b')` in block style, where the rest stands in a comment; `value` is plain, and a comment follows it.
  void mend_comment(Node& value, const Path& open);
  // Where YAML could not go on at `at`: true if the cause is a missing pair of quotes, which is reported. `last` is the
  // node that was read last, null where there is none; `open` are the collections that are open.
  bool explain(std::size_t at, const Node* last, const Path& open, bool flow);

  // In flow style up to the comma or bracket that belongs to YAML; in block style the rest of the line, without a comment.
  [[nodiscard]] std::size_t expression_end(std::size_t begin, bool flow) const;

 private:
  // What is to be put into quotes; `marked` where expressions there begin with `=`.
  struct Part {
    std::size_t begin = 0, end = 0;
    bool marked = false;
  };

  [[nodiscard]] Span span(std::size_t begin, std::size_t end) const {
    return {file_, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
  }
  [[nodiscard]] std::string title(const Span& span, const std::string& text) const;
  [[nodiscard]] bool is_expression(std::size_t begin, std::size_t end) const { return syntax::is_expression(text_.substr(begin, end - begin)); }
  // The part as it is offered.
  [[nodiscard]] std::string quoted(const Part& part) const;
  // `further` are those behind it that the same fix mends.
  void report(const Part& part, const std::string& why, const std::vector<Part>& further = {}, bool safe = true);
  // A plain scalar over the bytes [begin, end); `marked` as if it began with `=`.
  const Node* scalar(std::size_t begin, std::size_t end, bool marked);
  // The same after a report: reading goes on as if the quotes were there.
  const Node* mended(std::size_t begin, std::size_t end, bool marked, const std::string& why);
  [[nodiscard]] std::vector<Part> further_parts(std::size_t end, const Path& open) const;
  // The entry of a flow map whose key are `entries[i]` and those up to `last`, none with a `:`; gives the last that it took.
  std::size_t mend_entry(const std::vector<Entry>& entries, std::size_t i, std::size_t last, const Path& path, std::vector<Entry>& whole);
  // The cases of `explain`.
  bool cut_by_comma(const Node& last, const Path& open);
  bool cut_behind(const Node& last, const Path& open, bool flow);
  bool cut_ahead(std::size_t at, const Path& open);
  bool cut_by_comment(const Node& last);
  bool cut_in_text(const Node& last, bool marked, bool flow);
  bool cut_key(const Node& key);
  bool begins_entry(std::size_t at, const Path& open);
  bool of_python(std::size_t at, const Path& open, bool flow);
  bool reserved(std::size_t at, const Path& open, bool flow);

  source::FileId file_;
  std::string_view text_;
  MeantSigns& signs_;
  YamlDocument& document_;
  diagnostics::Diagnostics& diagnostics_;
  bool in_flow_ = false;  // YAML could not go on inside of a flow collection
};

}  // namespace linenc::syntax
