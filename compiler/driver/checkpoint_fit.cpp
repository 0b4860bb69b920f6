// Compares the leaves of a checkpoint with those that the model makes.
// Tested by tests/compiler/driver/checkpoint_test.cpp.
#include "compiler/driver/checkpoint_fit.h"

#include <algorithm>
#include <map>
#include <set>

#include "compiler/diagnostics/closest_name.h"
#include "compiler/driver/input_arrays.h"

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

namespace {

std::string collection_of(const std::string& key) { return key.substr(0, key.find('/')); }

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

class Fit {
 public:
  Fit(ModelFile& file, const RunRequest& request, const StoredFacts& stored, const std::string& checkpoint)
      : file_(file), request_(request), stored_(stored), checkpoint_(shown(checkpoint)) {
    for (const auto& [key, fact] : stored) by_key_.emplace(key, &fact);
  }

  void check() {
    if (!add_expected(request_.method, true)) return;
    const std::string usual = file_.model->file_method();
    if (!request_.method.empty() && request_.method != usual) add_expected(usual, false);
    find_missing();
    find_extra();
    report_missing();
    report_extra();
  }

 private:
  struct Expected {
    Fact fact;
    source::Span place;
    bool required;
  };

  ModelFile& file_;
  const RunRequest& request_;
  const StoredFacts& stored_;
  std::string checkpoint_;
  std::map<std::string, const Fact*> by_key_;
  std::vector<std::string> order_;
  std::map<std::string, Expected> expected_;
  std::vector<std::string> missing_, extra_;

  bool add_expected(const std::string& method, bool required) {
    const Run run = init_run(file_, request_, method);
    if (run.failed) return false;
    for (const catalog::VariableLeaf& leaf : run.variables) {
      if (expected_.try_emplace(leaf.key, Expected{leaf.tensor.fact(), leaf.place, required}).second) order_.push_back(leaf.key);
    }
    return true;
  }

  void find_missing() {
    for (const std::string& key : order_) {
      const Expected& expected = expected_.at(key);
      const auto found = by_key_.find(key);
      if (found != by_key_.end()) {
        compare(key, expected, *found->second);
      } else if (expected.required && !made_again(key)) {
        missing_.push_back(key);
      }
    }
  }

  // A mutable collection that the checkpoint has nothing of is made anew by the run.
  [[nodiscard]] bool made_again(const std::string& key) const {
    const std::string collection = collection_of(key);
    return collection != "params" && request_.mutable_collections.matches(collection) &&
           std::none_of(stored_.begin(), stored_.end(), [&](const auto& leaf) { return collection_of(leaf.first) == collection; });
  }

  void compare(const std::string& key, const Expected& expected, const Fact& stored) {
    const bool same_shape = std::equal(stored.shape.begin(), stored.shape.end(), expected.fact.shape.begin(), expected.fact.shape.end(),
                                       [](const graph::Dim& a, const graph::Dim& b) { return a == b || !b.is_constant(); });
    if (same_shape && stored.dtype == expected.fact.dtype) return;
    error(expected.place,
          concat("`", shown(key), "` is ", to_string(stored), " in ", checkpoint_, ", and the model wants ", to_string(expected.fact)));
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
    for (const catalog::VariableLeaf& leaf : run.variables) made.insert(leaf.key);
    std::erase_if(extra_, [&](const std::string& key) { return made.contains(key); });
  }

  void report_missing() {
    for (const std::string& key : missing_) {
      const Expected& expected = expected_.at(key);
      // A leaf of the same shape that the model does not know has probably changed its name.
      std::vector<std::string> candidates;
      for (const std::string& other : extra_) {
        if (by_key_.at(other)->shape == expected.fact.shape) candidates.push_back(other);
      }
      const auto guess = diagnostics::closest_name(key, candidates);
      error(expected.place, concat("`", shown(key), "` (", to_string(expected.fact), ") is missing in ", checkpoint_,
                                   guess ? concat("; it has `", shown(*guess), "` of this shape") : ""));
    }
  }

  void report_extra() {
    for (const std::string& key : extra_) {
      error({}, concat("`", shown(key), "` (", to_string(*by_key_.at(key)), ") is in ", checkpoint_, ", and the model has no such variable",
                       diagnostics::did_you_mean(key, missing_)));
    }
  }

  void error(source::Span place, std::string message) { file_.diagnostics.error(Code::CheckpointMismatch, place, std::move(message)).emit(); }
};

}  // namespace

void check_fit(ModelFile& file, const RunRequest& request, const StoredFacts& stored, const std::string& checkpoint) {
  Fit(file, request, stored, checkpoint).check();
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
      ArrayFact plain{fact.dtype, {}};
      for (const graph::Dim& dim : fact.shape) {
        if (dim.constant()) plain.shape.push_back(*dim.constant());
      }
      if (plain.shape.size() == fact.shape.size() && seen.insert(leaf.key).second) leaves.push_back({leaf.key, plain, method == request.method});
    }
    if (request.method.empty()) break;
  }
  return leaves;
}

}  // namespace linenc::driver
