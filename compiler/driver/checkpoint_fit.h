#pragma once

#include <string>
#include <utility>
#include <vector>

#include "compiler/driver/model_file.h"
#include "runtime/plan/plan_file.h"
#include "runtime/variables/variables.h"

namespace linenc::driver {

using StoredFacts = std::vector<std::pair<std::string, graph::Fact>>;

// Key, dtype and shape of each leaf of a checkpoint.
[[nodiscard]] StoredFacts facts_of(const runtime::Variables& variables);
// Of each leaf that a run makes.
[[nodiscard]] StoredFacts facts_of(const elaborate::Run& run);

// What the checkpoint of an apply run is to have: the leaves that init makes for the method that runs, and, where they may be there,
// those of the usual method. Sizes that are not known leave a leaf out. Nothing where init cannot run.
[[nodiscard]] std::vector<ExpectedLeaf> expected_leaves(ModelFile& file, const elaborate::RunRequest& request);

// A leaf of 64 bits where the model has 32: it is narrowed, as JAX does with every array that it is handed (vocabulary.md, dtypes).
struct WideLeaf {
  std::string key;  // as the checkpoint has it
  DType dtype;      // what it becomes
  source::Span place;
};

// Whether a checkpoint is one of this model: the leaves that init makes (for the method that runs, and for the default one) with
// their shapes and dtypes. Reports E0401 for every leaf that is missing, extra, misshaped or mistyped, at the line that asks for it.
// `request` is that of the apply run. Where init cannot run, nothing is said: the apply run will tell. Gives the leaves that are
// narrowed, after a W0205.
std::vector<WideLeaf> check_fit(ModelFile& file, const elaborate::RunRequest& request, const StoredFacts& stored, const std::string& checkpoint);

// The first value of an array of 64 bits that its narrower dtype has no room for; empty where there is none, or fewer bits.
[[nodiscard]] std::string without_room(const Array& array);

// The facts of a checkpoint that fits; its wide leaves become narrow ones, and one whose values have no room there is an E0401.
[[nodiscard]] StoredFacts fitted_leaves(ModelFile& file, const elaborate::RunRequest& request, runtime::Variables& variables,
                                        const std::string& checkpoint);

}  // namespace linenc::driver
