#pragma once

#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "runtime/core/checked_size.h"
#include "runtime/core/dtype.h"
#include "runtime/core/run_error.h"
#include "runtime/variables/limits.h"
#include "runtime/variables/variables.h"

namespace linenc::runtime {

// Whether the leaves can be written and read back in every format: keys as check_key wants them, distinct, none the
// prefix of another one (`a` and `a/b`), no random keys.
[[nodiscard]] Result<Done> check_leaves(const std::vector<Leaf>& leaves, const ReadLimits& limits = {});
// The same, and that trees without leaves are no leaves and hold none.
[[nodiscard]] Result<Done> check_tree(const Variables& variables, const ReadLimits& limits = {});

// Whether keys make one tree: distinct, none the prefix of another one.
[[nodiscard]] Result<Done> check_one_tree(const std::vector<std::string_view>& keys);

// A key is UTF-8 without control characters, not longer than the limit; its parts are neither empty nor `.` nor `..`.
[[nodiscard]] Result<Done> check_key(std::string_view key, const ReadLimits& limits);

// Rank (L11), sizes and bytes (L12) of an array that a file announces; gives its bytes. Axes of size 0 do not excuse
// others that are out of range. Nothing is allocated before this and before the bytes were compared with those present.
[[nodiscard]] Result<std::uint64_t> checked_bytes(DType dtype, const Shape& shape, const ReadLimits& limits);

// An error where so many bytes may not be held (L14).
[[nodiscard]] Result<Done> check_memory(Size bytes, const ReadLimits& limits);

// What an array is called that has no name.
inline constexpr std::string_view kSingleArray = "output";
[[nodiscard]] inline bool is_wanted(std::string_view key, DType dtype, const Shape& shape, const ReadLimits& limits) {
  return !limits.wanted || limits.wanted(key, dtype, shape);
}

// Hands the leaf to `limits.each`, if there is one, and drops its data.
void visit(Leaf& leaf, const ReadLimits& limits);

// An error where a byte of a bool array is neither 0 nor 1: other values mean different things to different readers.
[[nodiscard]] Result<Done> check_bools(const Array& array);

// The tree that flat keys spell, in the order in which the names are met first. The root is node 0.
struct TreeNode {
  std::string name;  // unescaped
  std::vector<std::size_t> children;
  const Leaf* leaf = nullptr;
};
// Expects variables that check_tree accepted.
[[nodiscard]] std::vector<TreeNode> tree_of(const Variables& variables);

// Collects the leaves of a nested file: where the reader stands, and what it met so far.
class TreeCursor {
 public:
  explicit TreeCursor(const ReadLimits& limits) : limits_(limits) { seen_.emplace_back(); }

  // A name in the tree where the cursor stands; refused where it occurred before. The cursor then stands at the name.
  [[nodiscard]] Result<Done> enter(std::string_view name);
  // Opens the tree at the name that was entered last.
  [[nodiscard]] Result<Done> open();
  // Back to the tree around. `close` ends a tree, `leave` what was entered in it.
  void close() { seen_.pop_back(); }
  void leave();
  [[nodiscard]] Result<Done> add(Array array, LeafForm form = LeafForm::Array);
  // What was entered last is a tree without leaves.
  void add_empty() { empty_.push_back({.key = key_, .leaves_before = leaves_.size()}); }

  [[nodiscard]] std::size_t depth() const { return seen_.size() - 1; }
  [[nodiscard]] const std::string& key() const { return key_; }
  [[nodiscard]] std::vector<Leaf> take() { return std::move(leaves_); }
  [[nodiscard]] std::vector<EmptyTree> take_empty() { return std::move(empty_); }

 private:
  const ReadLimits& limits_;
  std::string key_;
  std::vector<std::size_t> lengths_;                   // of key_ before each name
  std::vector<std::unordered_set<std::string>> seen_;  // names of the open trees
  std::size_t names_ = 0;
  std::vector<Leaf> leaves_;
  std::vector<EmptyTree> empty_;
};

}  // namespace linenc::runtime
