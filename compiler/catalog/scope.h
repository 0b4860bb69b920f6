#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "compiler/catalog/value.h"

namespace linenc::catalog {

// A place in the module tree: path, random counters, reserved names (linen-semantics A.10, B.1, B.6). There is one node for each
// path; counters live as long as the run, reservations until the module's compact method returns.
struct ScopeNode {
  std::string name;
  std::vector<std::string> path;  // from the root; empty at the root
  ScopeNode* parent = nullptr;
  std::map<std::string, std::unique_ptr<ScopeNode>> children;
  std::map<std::string, std::int64_t> counters;  // by stream
  // Name -> collections that hold it, and where each was made; an empty text stands for a submodule.
  std::map<std::string, std::map<std::string, Span>> reservations;
  std::uint32_t origin = 0;  // index into Origins::modules

  ScopeNode& child(const std::string& child_name);
};

// Whether the path is `prefix`, or begins with it.
[[nodiscard]] bool is_below(const std::vector<std::string>& path, const std::vector<std::string>& prefix);
// "encoder/Dense_0"; empty at the root.
[[nodiscard]] std::string path_text(const std::vector<std::string>& path);

// The word that Flax folds into a stream's base key: the first four bytes, big-endian, of the SHA-1 of the names and the counter
// (A.10; no separators, the counter as its shortest big-endian bytes).
[[nodiscard]] std::uint32_t rng_path_word(const std::vector<std::string>& path, std::size_t drop, std::int64_t counter);

}  // namespace linenc::catalog
