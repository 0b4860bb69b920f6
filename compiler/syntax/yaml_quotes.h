#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/diagnostics/diagnostics.h"
#include "compiler/syntax/yaml.h"

namespace linenc::syntax {

// Expressions that YAML ends or splits where they would go on (language.md, section 10): E0112 with the quoted line.
// Used by yaml.cpp alone.
class MissingQuotes {
 public:
  MissingQuotes(source::FileId file, std::string_view text, YamlDocument& document, diagnostics::Diagnostics& diagnostics)
      : file_(file), text_(text), document_(document), diagnostics_(diagnostics) {}

  // Puts the parts of one expression together again that a comma or a colon has split: `[f(a, b)]`, `[=lambda x: x]`.
  void mend_list(Node& list);
  // `{y: mean(x, axis=1)}`, `{b, h: x.shape}`; `has_colon[i]` tells of each entry whether a `:` follows its key.
  void mend_map(Node& map, const std::vector<bool>& has_colon);
  // Where YAML could not go on at `at`: true if the cause is a missing pair of quotes, which is reported. `last` is the
  // node that was read last, `inside` the collection that is open; null where there are none.
  bool explain(std::size_t at, const Node* last, const Node* inside, bool flow);

 private:
  void report(std::size_t begin, std::size_t end, const std::string& why);
  // A plain scalar over the bytes [begin, end).
  const Node* scalar(std::size_t begin, std::size_t end);
  [[nodiscard]] std::size_t expression_end(std::size_t begin, bool flow) const;

  source::FileId file_;
  std::string_view text_;
  YamlDocument& document_;
  diagnostics::Diagnostics& diagnostics_;
};

}  // namespace linenc::syntax
