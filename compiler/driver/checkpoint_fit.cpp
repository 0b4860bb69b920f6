// Compares the leaves of a checkpoint with those that the model makes.
// Tested by tests/golden/checkpoints_test.cpp.
#include "compiler/driver/checkpoint_fit.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <type_traits>

#include "compiler/driver/compile.h"
#include "compiler/driver/input_arrays.h"
#include "compiler/driver/rename_guesses.h"
#include "compiler/driver/variable_files.h"
#include "runtime/core/key_names.h"

namespace linenc::driver {

using diagnostics::Code;
using diagnostics::Diagnostics;
using diagnostics::shown;
using elaborate::Run;
using elaborate::RunRequest;
using graph::Fact;

StoredFacts facts_of(const runtime::Variables& variables) {
  StoredFacts facts;
  for (const runtime::Leaf& leaf : variables.leaves) facts.emplace_back(leaf.key, fact_of(leaf.array));
  return facts;
}

StoredFacts facts_of(const Run& run) {
  StoredFacts facts;
  for (const catalog::VariableLeaf& leaf : run.variables) facts.emplace_back(leaf.key, leaf.tensor.fact());
  return facts;
}

namespace {

constexpr std::size_t kMostChanges = 12;  // told of one renamed tree

// The module that has a variable: "encoder/Dense_0" of "params/encoder/Dense_0/kernel", empty of "params/kernel".
std::string module_of(const std::string& key) {
  const std::size_t first = key.find('/');
  const std::size_t last = key.rfind('/');
  return first == last ? "" : key.substr(first + 1, last - first - 1);
}

template <class Wide, class Narrow>
std::string first_without_room(const Array& array) {
  const auto fits = [](Wide value) {
    if constexpr (std::is_floating_point_v<Wide>) return !std::isfinite(value) || std::isfinite(static_cast<Narrow>(value));
    return value == static_cast<Wide>(static_cast<Narrow>(value));
  };
  const Wide* end = array.as<Wide>() + array.size();
  const Wide* found = std::find_if_not(array.as<Wide>(), end, fits);
  if (found == end) return "";
  if constexpr (std::is_floating_point_v<Wide>) return catalog::repr(catalog::Value(*found));
  return concat(*found);
}

// The leaves that init makes for a method, with the sizes of the apply run; what is wrong with it is for others to tell.
Run init_run(ModelFile& file, const RunRequest& apply, const std::string& method) {
  Diagnostics scratch;
  RunRequest request = apply;
  request.initializing = true;
  request.method = method;
  request.variables = nullptr;
  request.streams.emplace_back("params");
  return file.scratch_model(scratch).run(request);
}

// Whether an apply run can do with these leaves.
bool does_with(ModelFile& file, const RunRequest& apply, const StoredFacts& leaves) {
  Diagnostics scratch;
  RunRequest request = apply;
  request.variables = &leaves;
  return !file.scratch_model(scratch).run(request).failed && !scratch.has_errors();
}

class Fit {
 public:
  // Keys are compared as flat files join them, where a name may hold a `/`.
  Fit(ModelFile& file, const RunRequest& request, const StoredFacts& stored, const std::string& checkpoint)
      : file_(file), request_(request), checkpoint_(shown(checkpoint)) {
    for (const auto& [key, fact] : stored) {
      stored_.emplace_back(runtime::plain_key(key), fact);
      stored_collections_.insert(collection_of(key));
    }
    for (std::size_t i = 0; i < stored_.size(); ++i) {
      by_key_.emplace(stored_[i].first, &stored_[i].second);
      written_.emplace(stored_[i].first, stored[i].first);
    }
  }

  void check() {
    if (!add_expected(request_.method, true)) return;
    const std::string usual = file_.model->file_method();
    if (!request_.method.empty() && request_.method != usual) add_expected(usual, false);
    find_missing();
    forgive_what_apply_leaves_out();
    forgive_other_shapes();
    find_extra();
    report_renamed();
    report_missing();
    report_extra();
    warn_of_wide();
  }

  std::vector<WideLeaf> wide;

 private:
  struct Expected {
    Fact fact;
    source::Span place;
    bool required;
  };

  ModelFile& file_;
  const RunRequest& request_;
  StoredFacts stored_;
  std::string checkpoint_;
  std::map<std::string, const Fact*> by_key_;
  std::map<std::string, std::string> written_;  // the keys as the checkpoint has them
  std::set<std::string_view> stored_collections_;
  std::vector<std::string> order_;
  std::map<std::string, Expected> expected_;
  std::vector<std::string> missing_, made_again_, misshaped_, extra_;

  bool add_expected(const std::string& method, bool required) {
    const Run run = init_run(file_, request_, method);
    if (run.failed) return false;
    for (const catalog::VariableLeaf& leaf : run.variables) {
      const std::string key = runtime::plain_key(leaf.key);
      if (expected_.try_emplace(key, Expected{leaf.tensor.fact(), leaf.place, required}).second) order_.push_back(key);
    }
    return true;
  }

  void find_missing() {
    for (const std::string& key : order_) {
      const Expected& expected = expected_.at(key);
      const auto found = by_key_.find(key);
      if (found != by_key_.end()) {
        compare(key, expected, *found->second);
      } else if (expected.required) {
        (made_again(key) ? made_again_ : missing_).push_back(key);
      }
    }
  }

  void forgive_what_apply_leaves_out() {
    std::set<std::string> absent;
    for (const std::string& key : missing_) {
      const std::string_view collection = collection_of(key);
      if (collection != "params" && !stored_collections_.contains(collection)) absent.emplace(collection);
    }
    if (absent.empty()) return;
    for (const std::string& collection : absent) {  // what is sown, and perturbations
      StoredFacts leaves;
      for (const std::string& key : order_) {
        if (collection_of(key) != collection) leaves.emplace_back(key, expected_.at(key).fact);
      }
      if (!does_with(file_, request_, leaves)) continue;
      std::erase_if(missing_, [&](const std::string& key) { return collection_of(key) == collection; });
    }
  }

  // Flax asks parameters alone for their shape: a cache is as long as the call that made it.
  void forgive_other_shapes() {
    std::vector<std::string> others;
    std::ranges::copy_if(misshaped_, std::back_inserter(others), [](const std::string& key) { return collection_of(key) != "params"; });
    if (others.empty()) return;
    StoredFacts leaves;
    for (const std::string& key : order_) {
      const bool is_stored = std::ranges::find(others, key) != others.end();
      leaves.emplace_back(key, is_stored ? *by_key_.at(key) : expected_.at(key).fact);
    }
    if (!does_with(file_, request_, leaves)) return;
    std::erase_if(misshaped_, [](const std::string& key) { return collection_of(key) != "params"; });
    for (const std::string& key : others) compare_dtype(key, expected_.at(key), *by_key_.at(key));
  }

  // A mutable collection that the checkpoint has nothing of is made anew by the run.
  [[nodiscard]] bool made_again(const std::string& key) const {
    const std::string collection(collection_of(key));
    return collection != "params" && request_.mutable_collections.matches(collection) && !stored_collections_.contains(collection);
  }

  void compare(const std::string& key, const Expected& expected, const Fact& stored) {
    const bool same_shape = std::equal(stored.shape.begin(), stored.shape.end(), expected.fact.shape.begin(), expected.fact.shape.end(),
                                       [](const graph::Dim& a, const graph::Dim& b) { return a == b || !b.is_constant(); });
    if (same_shape)
      compare_dtype(key, expected, stored);
    else
      misshaped_.push_back(key);
  }

  void compare_dtype(const std::string& key, const Expected& expected, const Fact& stored) {
    if (stored.dtype == expected.fact.dtype) return;
    if (narrowed(stored.dtype) == expected.fact.dtype) {
      wide.push_back({written_.at(key), expected.fact.dtype, expected.place});
    } else {
      report_type(key);
    }
  }

  void warn_of_wide() {
    if (wide.empty()) return;
    const std::string first = runtime::plain_key(wide.front().key);
    const DType dtype = by_key_.at(first)->dtype;
    const std::size_t others = wide.size() - 1;
    const std::string what = others == 0 ? concat("`", shown(first), "` of ", checkpoint_, " is ", dtype, " and becomes ", narrowed(dtype))
                                         : concat("`", shown(first), "` (", dtype, ") and ", counted(others, "more variable"), " of ", checkpoint_,
                                                  " become ", narrowed(dtype), " or another dtype of 32 bits");
    auto report = file_.diagnostics.warning(Code::NarrowedDtype, wide.front().place, concat(what, ", as in JAX without its 64-bit mode"));
    report.module(module_of(first)).emit();
  }

  void report_type(const std::string& key, const std::string& more = "") {
    const Expected& expected = expected_.at(key);
    const Fact& stored = *by_key_.at(key);
    error(expected.place, key,
          concat("`", shown(key), "` is ", to_string(stored), " in ", checkpoint_, ", and the model wants ", to_string(expected.fact),
                 is_transposed(stored.shape, expected.fact.shape) ? ": its axes are in another order" : "", more));
  }

  void find_extra() {
    for (const auto& [key, fact] : stored_) {
      if (!expected_.contains(key) && collection_of(key) != "intermediates") extra_.push_back(key);
    }
    if (!extra_.empty()) forgive_what_apply_makes();
  }

  // Variables that exist in apply alone are no part of init's tree.
  void forgive_what_apply_makes() {
    StoredFacts leaves;
    for (const std::string& key : order_) leaves.emplace_back(key, expected_.at(key).fact);
    Diagnostics scratch;
    RunRequest request = request_;
    request.initializing = false;
    request.variables = &leaves;
    request.mutable_collections = {true, {}};
    request.streams.emplace_back("params");
    const Run run = file_.scratch_model(scratch).run(request);
    std::set<std::string> made;
    for (const catalog::VariableLeaf& leaf : run.variables) made.insert(runtime::plain_key(leaf.key));
    std::erase_if(extra_, [&](const std::string& key) { return made.contains(key); });
  }

  // Renamed trees first: what they explain is not told again.
  void report_renamed() {
    const auto facts = [](const std::vector<std::string>& keys, auto fact_of_key) {
      std::vector<KeyedFact> list;
      for (const std::string& key : keys) list.emplace_back(key, fact_of_key(key));
      return list;
    };
    const auto wanted = [&](const std::string& key) { return &expected_.at(key).fact; };
    const auto found = [&](const std::string& key) { return by_key_.at(key); };
    std::vector<KeyedFact> stored;
    for (const auto& [key, fact] : stored_) stored.emplace_back(key, &fact);
    // A leaf of another shape may be another variable that has this name now: automatic names count.
    std::vector<std::string> absent = missing_;
    absent.insert(absent.end(), made_again_.begin(), made_again_.end());
    absent.insert(absent.end(), misshaped_.begin(), misshaped_.end());
    in_order_of_model(absent);
    std::vector<std::string> unknown = extra_;
    unknown.insert(unknown.end(), misshaped_.begin(), misshaped_.end());
    std::set<std::string> explained, used;
    for (const Renaming& renaming : guess_renamings(facts(order_, wanted), facts(absent, wanted), stored, facts(unknown, found))) {
      report(renaming);
      for (const RenamedLeaf& leaf : renaming.leaves) {
        explained.insert(leaf.expected);
        used.insert(leaf.stored);
      }
    }
    std::erase_if(missing_, [&](const std::string& key) { return explained.contains(key); });
    std::erase_if(extra_, [&](const std::string& key) { return used.contains(key); });
    for (const std::string& key : misshaped_) {
      if (!explained.contains(key)) report_type(key);
    }
  }

  void in_order_of_model(std::vector<std::string>& keys) const {
    const std::set<std::string> chosen(keys.begin(), keys.end());
    keys.clear();
    std::copy_if(order_.begin(), order_.end(), std::back_inserter(keys), [&](const std::string& key) { return chosen.contains(key); });
  }

  void report(const Renaming& renaming) {
    const Expected& first = expected_.at(renaming.leaves.front().expected);
    if (renaming.leaves.size() == 1 && renaming.leaves.front().expected == renaming.expected) {
      if (by_key_.contains(renaming.expected)) return report_type(renaming.expected, concat("; `", shown(renaming.stored), "` there has this shape"));
      return error(first.place, renaming.expected,
                   concat("`", shown(renaming.expected), "` (", to_string(first.fact), ") is missing in ", checkpoint_, "; it has `",
                          shown(renaming.stored), "`", type_beside(renaming.leaves.front())));
    }
    const std::string leaves = counted(renaming.leaves.size(), "variable");
    std::string message;
    if (renaming.expected == renaming.stored) {
      message = concat(leaves, renaming.expected.empty() ? "" : concat(" under `", shown(renaming.expected), "`"),
                       renaming.leaves.size() == 1 ? " has" : " have", " another name, or another order of axes, in ", checkpoint_);
    } else if (renaming.expected.empty()) {
      message = concat("the ", leaves, " of the model are under `", shown(renaming.stored), "` in ", checkpoint_);
    } else if (renaming.stored.empty()) {
      message = concat("the ", leaves, " under `", shown(renaming.expected), "` stand at the top in ", checkpoint_, ", without this name");
    } else {
      message =
          concat("`", shown(renaming.expected), "` (", leaves, ") is missing in ", checkpoint_, "; it has `", shown(renaming.stored), "` like it");
    }
    auto report = file_.diagnostics.error(Code::CheckpointMismatch, first.place, std::move(message));
    report.module(module_of(renaming.expected + "/"));
    std::size_t changes = 0;
    for (const RenamedLeaf& leaf : renaming.leaves) {
      const std::string change = change_of(renaming, leaf);
      if (change.empty() || ++changes > kMostChanges) continue;
      report.note(change);
    }
    if (changes > kMostChanges) report.note(concat("and ", changes - kMostChanges, " more"));
    report.emit();
  }

  // " of this shape", or how the types differ.
  [[nodiscard]] std::string type_beside(const RenamedLeaf& leaf) const {
    const Fact& wanted = expected_.at(leaf.expected).fact;
    const Fact& found = *by_key_.at(leaf.stored);
    if (leaf.is_transposed) return concat(" (", to_string(found), ", with its axes in another order)");
    return wanted.dtype == found.dtype ? " of this shape" : concat(" (", to_string(found), ")");
  }

  // What else is different inside of a renamed tree; empty where nothing is.
  [[nodiscard]] std::string change_of(const Renaming& renaming, const RenamedLeaf& leaf) const {
    const auto inside = [](const std::string& key, const std::string& tree) { return tree.empty() ? key : key.substr(tree.size() + 1); };
    std::string wanted_name = inside(leaf.expected, renaming.expected);
    std::string found_name = inside(leaf.stored, renaming.stored);
    std::replace(found_name.begin(), found_name.end(), '.', '/');
    const Fact& wanted = expected_.at(leaf.expected).fact;
    const Fact& found = *by_key_.at(leaf.stored);
    if (wanted_name == found_name && !leaf.is_transposed && wanted.dtype == found.dtype) return "";
    return concat("`", shown(wanted_name), "` (", to_string(wanted), ") is `", shown(found_name), "` (", to_string(found), ") there",
                  leaf.is_transposed ? ", with its axes in another order" : "");
  }

  void report_missing() {
    for (const std::string& key : missing_) {
      const Expected& expected = expected_.at(key);
      error(expected.place, key, concat("`", shown(key), "` (", to_string(expected.fact), ") is missing in ", checkpoint_));
    }
  }

  // A collection that the model has nothing of is told once, an optimizer's state for example.
  void report_extra() {
    std::set<std::string_view> known;
    for (const auto& [key, expected] : expected_) known.insert(collection_of(key));
    std::map<std::string_view, std::size_t> unknown;
    for (const std::string& key : extra_) {
      const std::string_view collection = collection_of(key);
      if (!collection.empty() && !known.contains(collection)) ++unknown[collection];
    }
    for (const std::string& key : extra_) {
      const auto found = unknown.find(collection_of(key));
      if (found == unknown.end() || found->second == 1) {
        error({}, key, concat("`", shown(key), "` (", to_string(*by_key_.at(key)), ") is in ", checkpoint_, ", and the model has no such variable"));
      } else {
        error({}, "",
              concat("`", shown(found->first), "` (", counted(found->second, "variable"), ") is in ", checkpoint_,
                     ", and the model has no such collection"));
      }
    }
  }

  // `key` is the variable that the message is about; empty where it is about several.
  void error(source::Span place, const std::string& key, std::string message) {
    file_.diagnostics.error(Code::CheckpointMismatch, place, std::move(message)).module(module_of(key)).emit();
  }
};

}  // namespace

std::string without_room(const Array& array) {
  if (array.dtype() == DType::Float64) return first_without_room<double, float>(array);
  if (array.dtype() == DType::UInt64) return first_without_room<std::uint64_t, std::uint32_t>(array);
  if (array.dtype() == DType::Int64) return first_without_room<std::int64_t, std::int32_t>(array);
  return "";
}

std::vector<WideLeaf> check_fit(ModelFile& file, const RunRequest& request, const StoredFacts& stored, const std::string& checkpoint) {
  Fit fit(file, request, stored, checkpoint);
  fit.check();
  return std::move(fit.wide);
}

StoredFacts fitted_leaves(ModelFile& file, const RunRequest& request, runtime::Variables& variables, const std::string& checkpoint) {
  const std::vector<WideLeaf> all = check_fit(file, request, facts_of(variables), checkpoint);
  if (all.empty()) return facts_of(variables);
  std::map<std::string_view, runtime::Leaf*> leaves;
  for (runtime::Leaf& leaf : variables.leaves) leaves.emplace(leaf.key, &leaf);
  for (const WideLeaf& wide : all) {
    runtime::Leaf* leaf = leaves.at(wide.key);
    if (const std::string value = without_room(leaf->array); !value.empty()) {
      const std::string key = runtime::plain_key(wide.key);
      file.diagnostics
          .error(Code::CheckpointMismatch, wide.place,
                 concat("`", shown(key), "` is ", to_string(leaf->array), " in ", shown(checkpoint), ", and ", value, " is no value of ", wide.dtype,
                        ", which the model wants"))
          .module(module_of(key))
          .emit();
      continue;
    }
    leaf->array = converted(leaf->array, wide.dtype);
  }
  return facts_of(variables);
}

std::vector<ExpectedLeaf> expected_leaves(ModelFile& file, const RunRequest& request) {
  std::vector<ExpectedLeaf> leaves;
  std::set<std::string> seen;
  const std::string usual = file.model->file_method();
  for (const std::string& method : {request.method, usual}) {
    const Run run = init_run(file, request, method);
    if (run.failed) continue;
    for (const catalog::VariableLeaf& leaf : run.variables) {
      const Fact fact = leaf.tensor.fact();
      const bool is_known = std::ranges::all_of(fact.shape, [](const graph::Dim& dim) { return dim.is_constant(); });
      if (is_known && seen.insert(leaf.key).second) leaves.push_back({leaf.key, array_fact(fact), method == request.method});
    }
    if (request.method.empty()) break;
  }
  return leaves;
}

}  // namespace linenc::driver
