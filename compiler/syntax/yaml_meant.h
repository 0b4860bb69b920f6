#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "compiler/diagnostics/diagnostics.h"
#include "compiler/syntax/meant_text.h"
#include "compiler/syntax/yaml.h"
#include "compiler/syntax/yaml_position.h"

namespace linenc::syntax {

// Signs of YAML that are missing or another: commas, colons, blanks, dashes, brackets, and indentation. E0101 at the place
// of the slip, with the sign as the fix. Used by yaml.cpp and yaml_quotes.cpp alone.
class MeantSigns {
 public:
  MeantSigns(source::FileId file, std::string_view text, diagnostics::Diagnostics& diagnostics)
      : file_(file), text_(text), diagnostics_(diagnostics) {}

  // Each is true where it reported. `open` are the collections that are open.

  // `{a: 3 b: 4}`, `{a [3]}`: where a flow map could not go on at `at`, behind `last`.
  bool flow_entry(std::size_t at, const Node& last, const Path& open);
  // `{a: [3, 3}`: `at` is a closing bracket of the other kind.
  bool other_bracket(std::size_t at, const Path& open);
  // `Dense {features: 128}`, `Dense:{features: 128}`: read as the key of a block map.
  bool block_key(const Node& key);
  // A line without `:` above the line of a key, which YAML reads as the beginning of that key or of the value above.
  bool line_above(std::size_t line, const Path& open);
  // The line that begins at `begin` lacks the `:` of its key.
  bool line_without_colon(std::size_t begin);
  // A line that stands further left or right than what it belongs to, or lacks its `- `.
  bool misplaced_line(std::size_t line, const Node* last, const Path& open);
  // `- relu` and a `- relu` below that is further right: one text of YAML.
  bool element_below(const Node& scalar, const Path& open);
  // The key at the `:` at `colon` is indented as if it went on with the value above.
  bool deeper_key(std::size_t colon);

  // What an entry of a flow map without `:` was meant to be: the places of its key and value.
  struct MeantEntry {
    std::size_t key_end, value_begin;
    bool marked = false;  // the value is an expression, and begins with no `=`
    bool quoted = false;  // the value is a text in quotes
  };
  // `open` leads to the map.
  std::optional<MeantEntry> entry(std::size_t begin, std::size_t end, const Path& open);

 private:
  [[nodiscard]] Span span(std::size_t begin, std::size_t end) const {
    return {file_, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
  }
  // "a `:` is missing after `a`", with the sign put in at `at`.
  bool missing(std::string_view sign, std::string_view side, std::size_t begin, std::size_t end, std::size_t at, bool safe = true);
  bool other_blank(std::size_t at);
  bool comma_before_key(const Node& last, const Node& map);
  MeantEntry of_assignment(std::size_t begin, std::size_t end, const KeyAndValue& parts, Path open);
  bool missing_dash(std::size_t at, const Node& list, const Path& open);
  // "the statements of `compact` (line 5)"
  [[nodiscard]] std::string what(const Node& collection, const Path& open) const;

  source::FileId file_;
  std::string_view text_;
  diagnostics::Diagnostics& diagnostics_;
};

}  // namespace linenc::syntax
