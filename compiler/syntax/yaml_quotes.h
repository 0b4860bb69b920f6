#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/diagnostics/diagnostics.h"
#include "compiler/syntax/yaml.h"
#include "compiler/syntax/yaml_position.h"

namespace linenc::syntax {

// The text as a quoted scalar: with `"` where that needs no escapes.
[[nodiscard]] std::string in_quotes(std::string_view text);

// Expressions that YAML ends or splits where they would go on (language.md, section 10): E0112 with the quoted line.
// Used by yaml.cpp alone.
class MissingQuotes {
 public:
  MissingQuotes(source::FileId file, std::string_view text, YamlDocument& document, diagnostics::Diagnostics& diagnostics)
      : file_(file), text_(text), document_(document), diagnostics_(diagnostics) {}

  // Puts the parts of one expression together again that a comma or a colon has split: `[f(a, b)]`, `[=lambda x: x]`.
  // `around` leads to the collection.
  void mend_list(Node& list, const Path& around);
  // `{y: mean(x, axis=1)}`, `{b, h: x.shape}`; `has_colon[i]` tells of each entry whether a `:` follows its key.
  void mend_map(Node& map, const std::vector<bool>& has_colon, const Path& around);
  // Where YAML could not go on at `at`: true if the cause is a missing pair of quotes, which is reported. `last` is the
  // node that was read last, null where there is none; `open` are the collections that are open.
  bool explain(std::size_t at, const Node* last, const Path& open, bool flow);

 private:
  [[nodiscard]] std::string title(const Span& span, const std::string& text) const;
  void report(std::size_t begin, std::size_t end, bool marked, const std::string& why);
  // A plain scalar over the bytes [begin, end); `marked` as if it began with `=`.
  const Node* scalar(std::size_t begin, std::size_t end, bool marked);
  // The same after a report: reading goes on as if the quotes were there.
  const Node* mended(std::size_t begin, std::size_t end, bool marked, const std::string& why);
  [[nodiscard]] std::size_t expression_end(std::size_t begin, bool flow) const;
  // The cases of `explain`.
  bool cut_by_comma(const Node& last, const Path& open);
  bool cut_behind(const Node& last, const Path& open, bool flow);
  bool cut_by_comment(const Node& last);
  bool reserved(std::size_t at, const Path& open, bool flow);

  source::FileId file_;
  std::string_view text_;
  YamlDocument& document_;
  diagnostics::Diagnostics& diagnostics_;
};

}  // namespace linenc::syntax
