#pragma once

#include <string>
#include <utility>
#include <vector>

#include "compiler/graph/fact.h"

namespace linenc::driver {

using KeyedFact = std::pair<std::string, const graph::Fact*>;

// A leaf of the model that a checkpoint has under another name, with its axes in another order, or both.
struct RenamedLeaf {
  std::string expected, stored;  // keys
  bool is_transposed = false;
};

// A tree of the model that a checkpoint has under another name; an empty name is the whole tree.
struct Renaming {
  std::string expected, stored;
  std::vector<RenamedLeaf> leaves;  // in the order of the model
};

// What the leaves that a model misses are called in a checkpoint: whole trees first, from the top down, then single leaves. Trees fit
// where they have the same names and shapes inside, or else the same but for names that other libraries use (`gamma` for `scale`) and the
// order of axes. A leaf takes part in one renaming at most. `expected` and `stored` are all leaves, `missing` and `extra` those
// without a partner of the same key and shape.
[[nodiscard]] std::vector<Renaming> guess_renamings(const std::vector<KeyedFact>& expected, const std::vector<KeyedFact>& missing,
                                                    const std::vector<KeyedFact>& stored, const std::vector<KeyedFact>& extra);

// Whether two shapes have the same sizes, in another order.
[[nodiscard]] bool is_transposed(const graph::Dims& a, const graph::Dims& b);

}  // namespace linenc::driver
