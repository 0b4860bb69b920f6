#pragma once

#include <span>
#include <vector>

#include "compiler/syntax/yaml.h"

namespace linenc::syntax {

// One collection on the way from the root to a node; of a map the key whose value is meant, null where it is none yet.
struct PathStep {
  const Node* collection = nullptr;
  const Node* key = nullptr;
};
using Path = std::vector<PathStep>;

// Whether an expression at this place begins with the mark `=` (language.md, section 3): told from the keys above it alone,
// while the file is still being read.
[[nodiscard]] bool needs_mark(std::span<const PathStep> path);
// Whether the value there is an expression without a mark, in a statement or an entry of `setup`.
[[nodiscard]] bool holds_expression(std::span<const PathStep> path);
// Whether the map that `path` ends with holds fields or keywords, and so may take others over by `with`.
[[nodiscard]] bool takes_with(std::span<const PathStep> path);
// Whether its keys are names that are bound, alone or with commas between.
[[nodiscard]] bool binds_names(std::span<const PathStep> path);
// Whether a list of statements stands there.
[[nodiscard]] bool holds_body(std::span<const PathStep> path);

}  // namespace linenc::syntax
