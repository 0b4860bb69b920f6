#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/core/array.h"
#include "runtime/core/key_names.h"

namespace linenc::runtime {

// What a leaf is to Python, which msgpack alone tells apart: an array, a scalar of NumPy, or a number of Python.
enum class LeafForm : std::uint8_t { Array, NumpyScalar, Number };

// One leaf of a variable tree, or of a tree of arrays: its key ("params/Dense_0/kernel") and its array.
struct Leaf {
  std::string key;
  Array array;
  LeafForm form = LeafForm::Array;
};

// A tree without leaves, such as a collection `state: {}`, and how many leaves stand before it.
struct EmptyTree {
  std::string key;
  std::size_t leaves_before = 0;
};

// A tree of variables as a list of leaves in the order of creation (Flax's order). Keys are distinct; a key that is also the
// prefix of another one (`a` and `a/b`) cannot occur.
struct Variables {
  std::vector<Leaf> leaves;
  // Small texts stored beside them: "model", "seed", ... Sorted by name when written.
  std::vector<std::pair<std::string, std::string>> meta;
  // Kept by msgpack and JSON.
  std::vector<EmptyTree> empty = {};

  [[nodiscard]] const Array* find(std::string_view key) const;
};

// The unescaped names of a key.
[[nodiscard]] std::vector<std::string> names_of(std::string_view key);

}  // namespace linenc::runtime
