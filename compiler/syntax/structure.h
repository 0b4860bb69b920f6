#pragma once

#include <span>
#include <string>
#include <string_view>

#include "compiler/diagnostics/diagnostics.h"
#include "compiler/syntax/yaml.h"

namespace linenc::syntax {

// The checks of kinds and keys that the parser of the tree is made of. Each reports and gives false where they fail.
class Structure {
 public:
  explicit Structure(diagnostics::Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

  // `what` begins the message: "`fields`", "a definition". A null value is an empty map or list.
  bool is_map(const Node& node, std::string_view what);
  bool is_list(const Node& node, std::string_view what);
  bool is_text(const Node& node, std::string_view what);
  // Every key of the map is one of `known`; `owner` is the subject of the sentence: "the file", "`Dense`".
  bool check_keys(const Node& map, std::span<const std::string> known, std::string_view owner, std::string_view word = "key");
  void unknown_key(const Node& key, std::span<const std::string> known, std::string_view owner, std::string_view word);
  void wrong(const Node& node, std::string message);

  [[nodiscard]] diagnostics::Diagnostics& diagnostics() { return diagnostics_; }

 private:
  bool is_kind(const Node& node, NodeKind kind, std::string_view what);

  diagnostics::Diagnostics& diagnostics_;
};

// A name of Python's, in any script (identifier.h).
[[nodiscard]] bool is_identifier(std::string_view text);

// "a list", "a map", "nothing", "`text`": what a message says was found.
[[nodiscard]] std::string found(const Node& node);

}  // namespace linenc::syntax
