// Which missing variable is which extra one.
// Tested by tests/compiler/driver/rename_guesses_test.cpp.
#include "compiler/driver/rename_guesses.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "compiler/diagnostics/closest_name.h"
#include "compiler/diagnostics/concat.h"

namespace linenc::driver {

using graph::Dims;
using graph::Fact;

namespace {

// What other libraries, and older versions of a model, call the variables of Flax's layers.
std::string_view usual_name(std::string_view name, std::size_t rank) {
  struct Synonym {
    std::string_view name, usual;
  };
  constexpr std::array<Synonym, 15> kSynonyms = {{{"weight", "kernel"},
                                                  {"w", "kernel"},
                                                  {"weights", "kernel"},
                                                  {"embedding", "kernel"},
                                                  {"embeddings", "kernel"},
                                                  {"gamma", "scale"},
                                                  {"beta", "bias"},
                                                  {"b", "bias"},
                                                  {"biases", "bias"},
                                                  {"offset", "bias"},
                                                  {"running_mean", "mean"},
                                                  {"running_var", "var"},
                                                  {"moving_mean", "mean"},
                                                  {"moving_variance", "var"},
                                                  {"moving_var", "var"}}};
  if (rank == 1 && name == "weight") return "scale";  // of a normalization in PyTorch
  const auto* found = std::find_if(kSynonyms.begin(), kSynonyms.end(), [&](const Synonym& s) { return s.name == name; });
  return found == kSynonyms.end() ? name : found->usual;
}

// PyTorch joins names by dots.
char separator_of(std::string_view key) { return key.find('/') == std::string_view::npos ? '.' : '/'; }

std::string shape_text(const Dims& shape, bool sorted) {
  std::vector<std::string> sizes;
  for (const graph::Dim& dim : shape) sizes.push_back(to_string(dim));
  if (sorted) std::sort(sizes.begin(), sizes.end());
  std::string text;
  for (const std::string& size : sizes) text += size + ",";
  return text;
}

// Whole trees among some leaves: a name on the way to a leaf stands for what is under it if all of that is among them.
class Trees {
 public:
  Trees(const std::vector<KeyedFact>& all, const std::vector<KeyedFact>& some) {
    std::map<std::string, std::size_t> whole;
    for (const auto& [key, fact] : all) for_each_prefix(key, [&](const std::string& prefix) { ++whole[prefix]; });
    for (const auto& leaf : some) {
      for_each_prefix(leaf.first, [&](const std::string& prefix) {
        if (!under_.contains(prefix)) order_.push_back(prefix);
        under_[prefix].push_back(&leaf);
      });
    }
    std::erase_if(order_, [&](const std::string& prefix) { return whole[prefix] != under_[prefix].size(); });
  }

  // In the order in which their first leaves come; a tree before those inside of it.
  [[nodiscard]] const std::vector<std::string>& names() const { return order_; }
  [[nodiscard]] const std::vector<const KeyedFact*>& leaves(const std::string& name) const { return under_.at(name); }

  // The names and shapes inside, in a fixed order. `loosely`: with usual names, and without the order of axes.
  [[nodiscard]] std::vector<std::pair<std::string, const KeyedFact*>> signature(const std::string& name, bool loosely) const {
    std::vector<std::pair<std::string, const KeyedFact*>> rows;
    for (const KeyedFact* leaf : leaves(name)) {
      const std::string& key = leaf->first;
      const char separator = separator_of(key);
      std::string inside = key.substr(name.empty() ? 0 : name.size() + 1);
      std::replace(inside.begin(), inside.end(), separator, '/');
      if (loosely) {
        const std::size_t last = inside.rfind('/') + 1;
        inside = inside.substr(0, last) + std::string(usual_name(std::string_view(inside).substr(last), leaf->second->rank()));
      }
      rows.emplace_back(concat(inside, " ", shape_text(leaf->second->shape, loosely)), leaf);
    }
    std::sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    return rows;
  }

 private:
  std::vector<std::string> order_;
  std::map<std::string, std::vector<const KeyedFact*>> under_;

  // Leaves themselves are no trees.
  template <class Body>
  static void for_each_prefix(const std::string& key, Body body) {
    body(std::string());
    const char separator = separator_of(key);
    for (std::size_t at = key.find(separator); at != std::string::npos; at = key.find(separator, at + 1)) body(key.substr(0, at));
  }
};

std::string last_name(const std::string& key) { return key.substr(key.rfind(separator_of(key)) + 1); }
std::string parent_of(const std::string& key) {
  const std::size_t end = key.rfind(separator_of(key));
  return end == std::string::npos ? "" : key.substr(0, end);
}

class Guesser {
 public:
  Guesser(const std::vector<KeyedFact>& expected, const std::vector<KeyedFact>& missing, const std::vector<KeyedFact>& stored,
          const std::vector<KeyedFact>& extra)
      : missing_(missing), extra_(extra), wanted_(expected, missing), found_(stored, extra) {}

  std::vector<Renaming> guess() {
    for (const bool loosely : {false, true}) match_trees(loosely);
    match_leaves();
    std::map<std::string_view, std::size_t> places;
    for (std::size_t i = 0; i < missing_.size(); ++i) places.emplace(missing_[i].first, i);
    std::ranges::stable_sort(all_, {}, [&](const Renaming& renaming) { return places.at(renaming.leaves.front().expected); });
    return std::move(all_);
  }

 private:
  const std::vector<KeyedFact>& missing_;
  const std::vector<KeyedFact>& extra_;
  Trees wanted_, found_;
  std::set<std::string> used_missing_, used_extra_;
  std::vector<Renaming> all_;

  static std::string text_of(const std::vector<std::pair<std::string, const KeyedFact*>>& rows) {
    std::string text;
    for (const auto& row : rows) text += row.first + "\n";
    return text;
  }
  [[nodiscard]] static bool is_free(const std::vector<const KeyedFact*>& leaves, const std::set<std::string>& used) {
    return std::none_of(leaves.begin(), leaves.end(), [&](const KeyedFact* leaf) { return used.contains(leaf->first); });
  }

  void match_trees(bool loosely) {
    std::map<std::string, std::vector<std::string>> by_signature;
    for (const std::string& name : found_.names()) by_signature[text_of(found_.signature(name, loosely))].push_back(name);
    for (const std::string& name : wanted_.names()) {
      if (!is_free(wanted_.leaves(name), used_missing_)) continue;
      const auto rows = wanted_.signature(name, loosely);
      const auto candidates = by_signature.find(text_of(rows));
      if (candidates == by_signature.end()) continue;
      if (const std::string* partner = choose(name, candidates->second, rows, loosely))
        join(name, *partner, rows, found_.signature(*partner, loosely));
    }
  }

  // The same last name, else the same place (`params/a` and `params/b`), else the first.
  const std::string* choose(const std::string& name, const std::vector<std::string>& candidates,
                            const std::vector<std::pair<std::string, const KeyedFact*>>& rows, bool loosely) const {
    const std::string* best = nullptr;
    int best_score = -1;
    for (const std::string& candidate : candidates) {
      if (!is_free(found_.leaves(candidate), used_extra_) || keeps_a_key(rows, found_.signature(candidate, loosely))) continue;
      const int score = (last_name(candidate) == last_name(name) ? 2 : 0) + (parent_of(candidate) == parent_of(name) ? 1 : 0);
      if (score > best_score) best = &candidate, best_score = score;
    }
    return best;
  }

  // A variable that has its own name is not renamed; it has another shape.
  static bool keeps_a_key(const std::vector<std::pair<std::string, const KeyedFact*>>& wanted,
                          const std::vector<std::pair<std::string, const KeyedFact*>>& found) {
    return !std::equal(wanted.begin(), wanted.end(), found.begin(), found.end(),
                       [](const auto& a, const auto& b) { return a.second->first != b.second->first; });
  }

  void join(const std::string& expected, const std::string& stored, const std::vector<std::pair<std::string, const KeyedFact*>>& wanted,
            const std::vector<std::pair<std::string, const KeyedFact*>>& found) {
    Renaming renaming{expected, stored, {}};
    for (const KeyedFact* leaf : wanted_.leaves(expected)) {
      const auto row = std::find_if(wanted.begin(), wanted.end(), [&](const auto& r) { return r.second == leaf; });
      add_leaf(renaming, *leaf, *found[static_cast<std::size_t>(row - wanted.begin())].second);
    }
    all_.push_back(std::move(renaming));
  }

  void add_leaf(Renaming& renaming, const KeyedFact& wanted, const KeyedFact& found) {
    renaming.leaves.push_back({wanted.first, found.first, is_transposed(wanted.second->shape, found.second->shape)});
    used_missing_.insert(wanted.first);
    used_extra_.insert(found.first);
  }

  // Single leaves: of the same shape, in any order of axes where the name is known; beside it first, then anywhere.
  void match_leaves() {
    for (const KeyedFact& leaf : missing_) {
      if (used_missing_.contains(leaf.first)) continue;
      if (const KeyedFact* partner = partner_of(leaf)) {
        Renaming renaming{leaf.first, partner->first, {}};
        add_leaf(renaming, leaf, *partner);
        all_.push_back(std::move(renaming));
      }
    }
  }

  const KeyedFact* partner_of(const KeyedFact& leaf) const {
    std::vector<const KeyedFact*> beside;
    std::vector<std::string> anywhere;
    for (const KeyedFact& other : extra_) {
      if (used_extra_.contains(other.first) || other.first == leaf.first) continue;
      const bool same_shape = shape_text(other.second->shape, false) == shape_text(leaf.second->shape, false);
      const bool same_name = usual_name(last_name(other.first), other.second->rank()) == usual_name(last_name(leaf.first), leaf.second->rank());
      if (parent_of(other.first) == parent_of(leaf.first)) {
        if (same_name && (same_shape || is_transposed(other.second->shape, leaf.second->shape))) return &other;
        if (same_shape) beside.push_back(&other);
      }
      if (same_shape && same_name) anywhere.push_back(other.first);
    }
    if (beside.size() == 1) return beside.front();
    const auto closest = diagnostics::closest_name(leaf.first, anywhere);
    if (!closest) return nullptr;
    return &*std::find_if(extra_.begin(), extra_.end(), [&](const KeyedFact& other) { return other.first == *closest; });
  }
};

}  // namespace

bool is_transposed(const Dims& a, const Dims& b) {
  return shape_text(a, false) != shape_text(b, false) && shape_text(a, true) == shape_text(b, true);
}

std::vector<Renaming> guess_renamings(const std::vector<KeyedFact>& expected, const std::vector<KeyedFact>& missing,
                                      const std::vector<KeyedFact>& stored, const std::vector<KeyedFact>& extra) {
  return Guesser(expected, missing, stored, extra).guess();
}

}  // namespace linenc::driver
