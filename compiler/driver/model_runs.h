#pragma once

#include <map>
#include <string>

#include "compiler/driver/checkpoint_fit.h"
#include "compiler/driver/input_arrays.h"

namespace linenc::driver {

// Reads a model for a command that runs it: ends the command where the file, a `--method` or a `--dim` is wrong.
[[nodiscard]] std::unique_ptr<ModelFile> open_model(const ModelOptions& options, const CommonOptions& common,
                                                    const std::map<std::string, std::int64_t>& sizes);

// Runs of a model without a checkpoint: apply on the variables that init makes, with sizes that may stay symbolic.
class ModelRuns {
 public:
  ModelRuns(ModelFile& file, std::string method, const GivenInputs& given, const std::map<std::string, std::int64_t>& sizes);

  // Sizes that nobody gave stay symbolic where the model allows that, else they are those of sizes_for_numbers().
  [[nodiscard]] elaborate::Run apply_run(bool record_calls);
  // A request for apply with every size known; `leaves` must outlive it.
  [[nodiscard]] elaborate::RunRequest apply_request(StoredFacts& leaves);
  [[nodiscard]] elaborate::RunRequest init_request() const;

  // Every named dimension: as given, as `expect: at:` says, else 1.
  [[nodiscard]] const std::map<std::string, graph::Dim>& sizes_for_numbers() const { return numbers_; }
  // "sizes: batch=1" of those that no option gave; empty where there are none.
  [[nodiscard]] std::string sizes_text() const;

 private:
  ModelFile& file_;
  std::string method_;
  const GivenInputs& given_;
  std::map<std::string, graph::Dim> known_, numbers_;

  [[nodiscard]] elaborate::RunRequest request(const std::map<std::string, graph::Dim>& sizes, bool initializing) const;
  [[nodiscard]] bool works(const std::map<std::string, graph::Dim>& sizes);
};

}  // namespace linenc::driver
