// Keys of leaves: what a key may be, and the way between flat keys and nested names.
#include "runtime/variables/keys.h"

#include <algorithm>
#include <cstring>
#include <unordered_map>

#include "runtime/core/checked_size.h"
#include "runtime/variables/text.h"

namespace linenc::runtime {
namespace {

// Calls body(part, begin) for each part of the key between slashes.
template <class Body>
void for_each_part(std::string_view key, Body body) {
  std::size_t begin = 0;
  for (;;) {
    const std::size_t end = std::min(key.find('/', begin), key.size());
    body(key.substr(begin, end - begin), begin);
    if (end == key.size()) return;
    begin = end + 1;
  }
}

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

}  // namespace

const Array* Variables::find(std::string_view key) const {
  for (const Leaf& leaf : leaves) {
    if (leaf.key == key) return &leaf.array;
  }
  return nullptr;
}

std::vector<std::string> names_of(std::string_view key) {
  std::vector<std::string> names;
  for_each_part(key, [&](std::string_view part, std::size_t) { names.push_back(unescaped_name(part)); });
  return names;
}

Result<Done> check_key(std::string_view key, const ReadLimits& limits) {
  if (key.size() > limits.key_bytes) {
    return bad_file("the name ", in_backticks(key.substr(0, 60)), "... has ", key.size(), " bytes, limit ", limits.key_bytes,
                    " (see `--limit name-bytes=N`)");
  }
  if (!is_utf8(key) || has_control(key)) {
    return bad_file("the name ", in_backticks(key), " holds control characters or is not UTF-8");
  }
  std::size_t parts = 0;
  bool odd = false;
  for_each_part(key, [&](std::string_view part, std::size_t) {
    ++parts;
    odd = odd || part.empty() || part == "." || part == "..";
  });
  if (odd) return bad_file("the name ", in_backticks(key), " has a part that is empty, `.` or `..`");
  if (parts > limits.depth) {
    return bad_file("the name ", in_backticks(key), " has ", parts, " parts, limit ", limits.depth);
  }
  return Done{};
}

Result<Done> check_leaves(const std::vector<Leaf>& leaves, const ReadLimits& limits) {
  if (leaves.size() > limits.arrays) {
    return bad_file(leaves.size(), " arrays, limit ", limits.arrays, " (see `--limit arrays=N`)");
  }
  std::vector<std::string_view> keys;
  for (const Leaf& leaf : leaves) {
    if (auto checked = check_key(leaf.key, limits); !checked) return checked;
    if (leaf.array.dtype() == DType::Key) {
      return RunError{RunError::Kind::Unsupported,
                      joined(in_backticks(leaf.key),
                             " is a random key; files hold numbers only (Flax refuses it as well): "
                             "store `random.key_data` of it"),
                      {}};
    }
    keys.push_back(leaf.key);
  }
  return check_one_tree(keys);
}

Result<Done> check_tree(const Variables& variables, const ReadLimits& limits) {
  if (auto checked = check_leaves(variables.leaves, limits); !checked || variables.empty.empty()) return checked;
  std::vector<std::string_view> keys;
  for (const Leaf& leaf : variables.leaves) keys.push_back(leaf.key);
  for (const EmptyTree& tree : variables.empty) {
    if (auto checked = check_key(tree.key, limits); !checked) return checked;
    keys.push_back(tree.key);
  }
  return check_one_tree(keys);
}

Result<Done> check_one_tree(const std::vector<std::string_view>& keys) {
  std::unordered_set<std::string_view> known;
  for (const std::string_view key : keys) {
    if (!known.insert(key).second) return bad_file(in_backticks(key), " occurs twice");
  }
  for (const std::string_view key : keys) {
    for (std::size_t slash = key.find('/'); slash != std::string_view::npos; slash = key.find('/', slash + 1)) {
      const std::string_view prefix = key.substr(0, slash);
      if (known.contains(prefix)) return bad_file(in_backticks(prefix), " is an array and also holds ", in_backticks(key));
    }
  }
  return Done{};
}

Result<std::uint64_t> checked_bytes(DType dtype, const Shape& shape, const ReadLimits& limits) {
  if (shape.size() > kMaxRank) return bad_file("an array of ", shape.size(), " axes, limit ", kMaxRank);
  Size elements = 1;
  bool empty = false;
  for (const std::int64_t size : shape) {
    empty = empty || size == 0;
    if (size != 0) elements = elements * Size::of(size);
  }
  if (!elements.fits(static_cast<std::uint64_t>(limits.elements))) {
    return bad_file("dimension out of range: an array of shape ", to_string(shape), ", limit ", limits.elements, " elements");
  }
  const Size bytes = elements * byte_size(dtype);
  if (!bytes.fits(limits.array_bytes)) {
    return bad_file("an array of shape ", to_string(shape), " takes more than ", limits.array_bytes, " bytes");
  }
  return empty ? 0 : *bytes.value();
}

Result<Done> check_memory(Size bytes, const ReadLimits& limits) {
  if (bytes.fits(limits.memory_bytes)) return Done{};
  const std::string needed = bytes.value() ? std::to_string(*bytes.value()) : "more than 2^64";
  return RunError{RunError::Kind::OutOfMemory,
                  joined("out of memory: the file announces ", needed, " bytes, and ", limits.memory_bytes, " may be taken (see `--max-memory`)"),
                  {}};
}

void visit(Leaf& leaf, const ReadLimits& limits) {
  if (!limits.each) return;
  limits.each(leaf);
  leaf.array = Array(leaf.array.dtype(), leaf.array.shape(), nullptr, nullptr);
}

Result<Done> check_bools(const Array& array) {
  if (array.dtype() != DType::Bool) return Done{};
  const auto* values = array.as<std::uint8_t>();
  const auto* end = values + array.size();
  std::uint8_t all = 0;
  std::for_each(values, end, [&all](std::uint8_t value) { all |= value; });
  if (all <= 1) return Done{};
  const auto* odd = std::find_if(values, end, [](std::uint8_t value) { return value > 1; });
  return bad_file("a bool holds the byte ", static_cast<int>(*odd), " (element ", odd - values, "), needs 0 or 1");
}

std::vector<TreeNode> tree_of(const Variables& variables) {
  std::vector<TreeNode> nodes(1);
  std::unordered_map<std::string_view, std::size_t> by_prefix;
  const auto node_of = [&](std::string_view key) {
    std::size_t parent = 0;
    for_each_part(key, [&](std::string_view part, std::size_t begin) {
      const std::string_view prefix = key.substr(0, begin + part.size());
      const auto [found, is_new] = by_prefix.emplace(prefix, nodes.size());
      if (is_new) {
        nodes[parent].children.push_back(nodes.size());
        nodes.push_back({.name = unescaped_name(part), .children = {}, .leaf = nullptr});
      }
      parent = found->second;
    });
    return parent;
  };
  auto empty = variables.empty.begin();
  for (std::size_t i = 0; i <= variables.leaves.size(); ++i) {
    for (; empty != variables.empty.end() && (empty->leaves_before <= i || i == variables.leaves.size()); ++empty) (void)node_of(empty->key);
    if (i < variables.leaves.size()) nodes[node_of(variables.leaves[i].key)].leaf = &variables.leaves[i];
  }
  return nodes;
}

Result<Done> TreeCursor::enter(std::string_view name) {
  if (!seen_.back().insert(std::string(name)).second) {
    return bad_file("the name ", in_backticks(name), " occurs twice", key_.empty() ? "" : joined(" in ", in_backticks(key_)));
  }
  if (++names_ > 2 * limits_.arrays) return bad_file("more than ", 2 * limits_.arrays, " names (see `--limit arrays=N`)");
  lengths_.push_back(key_.size());
  if (!key_.empty()) key_ += '/';
  key_ += escaped_name(name);
  return check_key(key_, limits_);
}

Result<Done> TreeCursor::open() {
  if (seen_.size() > limits_.depth) return bad_file("nesting deeper than ", limits_.depth, " at ", in_backticks(key_));
  seen_.emplace_back();
  return Done{};
}

void TreeCursor::leave() {
  key_.resize(lengths_.back());
  lengths_.pop_back();
}

Result<Done> TreeCursor::add(Array array, LeafForm form) {
  if (leaves_.size() == limits_.arrays) return bad_file("more than ", limits_.arrays, " arrays (see `--limit arrays=N`)");
  leaves_.push_back({.key = key_, .array = std::move(array), .form = form});
  visit(leaves_.back(), limits_);
  return Done{};
}

}  // namespace linenc::runtime
