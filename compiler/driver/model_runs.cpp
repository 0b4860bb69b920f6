// Runs of a model that need no checkpoint.
// Tested by tests/compiler/driver/check_test.cpp.
#include "compiler/driver/model_runs.h"

namespace linenc::driver {

using diagnostics::Diagnostics;
using elaborate::Run;
using elaborate::RunRequest;
using graph::Dim;

std::unique_ptr<ModelFile> open_model(const ModelOptions& options, const CommonOptions& common, const std::map<std::string, std::int64_t>& sizes) {
  auto file = read_model(options);
  stop_on_errors(*file, common);
  check_method(*file, options.method);
  check_dims(*file, sizes);
  return file;
}

ModelRuns::ModelRuns(ModelFile& file, std::string method, const GivenInputs& given, const std::map<std::string, std::int64_t>& sizes)
    : file_(file), method_(std::move(method)), given_(given) {
  for (const auto& [name, size] : sizes) known_.emplace(name, size);
  numbers_ = known_;
  for (const auto& [name, size] : given.sizes) numbers_.emplace(name, size);
  for (const auto& [name, size] : file.model->expected_sizes()) numbers_.emplace(name, size);
  for (const std::string& name : file.model->dimension_names()) numbers_.emplace(name, 1);
}

RunRequest ModelRuns::request(const std::map<std::string, Dim>& sizes, bool initializing) const {
  RunRequest request;
  request.initializing = initializing;
  request.method = method_;
  request.sizes = sizes;
  request.streams = {"params"};
  const auto choices = file_.model->input_choices();
  if (!choices.empty()) request.present = choices.front();
  if (!initializing) request.mutable_collections = {true, {"intermediates"}};
  given_.put_into(request);
  return request;
}

bool ModelRuns::works(const std::map<std::string, Dim>& sizes) {
  Diagnostics scratch;
  return !file_.scratch_model(scratch).run(request(sizes, true)).failed;
}

RunRequest ModelRuns::init_request() const { return request(numbers_, true); }

Run ModelRuns::apply_run(bool record_calls) {
  const std::map<std::string, Dim>& sizes = works(known_) ? known_ : numbers_;
  Run init = file_.model->run(request(sizes, true));
  if (init.failed) return init;
  const StoredFacts leaves = facts_of(init);
  RunRequest apply = request(sizes, false);
  apply.variables = &leaves;
  apply.record_calls = record_calls;
  return file_.model->run(apply);
}

RunRequest ModelRuns::apply_request(StoredFacts& leaves) {
  const Run init = file_.model->run(request(numbers_, true));
  leaves = facts_of(init);
  RunRequest apply = request(numbers_, false);
  apply.variables = &leaves;
  return apply;
}

std::string ModelRuns::sizes_text() const {
  std::string text;
  for (const auto& [name, size] : numbers_) {
    if (!known_.contains(name) && !given_.sizes.contains(name)) text += concat(text.empty() ? "sizes: " : ", ", name, "=", size.text());
  }
  return text.empty() ? "" : text + "\n";
}

}  // namespace linenc::driver
