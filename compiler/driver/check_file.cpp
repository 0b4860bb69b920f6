// The check of one model file, as a list of steps.
// Tested by tests/compiler/driver/check_test.cpp.
#include "compiler/driver/check_file.h"

#include <algorithm>

#include "compiler/driver/checkpoint_fit.h"
#include "compiler/driver/read_arrays.h"
#include "runtime/variables/formats.h"

namespace linenc::driver {

using diagnostics::Code;
using elaborate::Run;
using elaborate::RunRequest;

namespace {

RunRequest request_of(const CheckSettings& settings, const std::vector<std::string>& present, bool initializing) {
  RunRequest request;
  request.initializing = initializing;
  request.method = settings.model.method;
  request.present = present;
  request.streams = {"params"};   // other streams fall back to it
  for (const auto& [name, size] : settings.sizes) request.sizes.emplace(name, size);
  if (!initializing) request.mutable_collections = {true, {}};
  return request;
}

// init, then apply on what init made: the same body runs differently in the two.
void run_both(ModelFile& file, const CheckSettings& settings, const std::vector<std::string>& present) {
  const Run init = file.model->run(request_of(settings, present, true));
  if (init.failed) return;
  StoredFacts leaves;
  for (const catalog::VariableLeaf& leaf : init.variables) leaves.emplace_back(leaf.key, leaf.tensor.fact());
  RunRequest request = request_of(settings, present, false);
  request.variables = &leaves;
  const Run apply = file.model->run(request);
  if (apply.failed) return;
  // The contracts under `expect:` are verified here.
}

void check_checkpoint(ModelFile& file, const CheckSettings& settings) {
  if (settings.checkpoint.empty() || file.diagnostics.has_errors()) return;
  const auto variables = runtime::read_variables(settings.checkpoint);
  if (!variables) {
    file.diagnostics.error(Code::BrokenCheckpoint, {}, variables.error().text).emit();
    return;
  }
  check_fit(file, request_of(settings, {}, false), facts_of(*variables), settings.checkpoint);
}

void note_unused_options(CheckedFile& checked, const CheckSettings& settings) {
  checked.unused_sets = checked.file->model->unused_overrides();
  const std::vector<std::string> names = checked.file->model->dimension_names();
  for (const auto& [name, size] : settings.sizes) {
    if (std::find(names.begin(), names.end(), name) == names.end()) checked.unknown_dims.push_back(name);
  }
}

void check_model(CheckedFile& checked, const CheckSettings& settings) {
  ModelFile& file = *checked.file;
  // The names in bodies and branches that do not run are checked here.
  for (const std::vector<std::string>& present : file.model->input_choices()) run_both(file, settings, present);
  check_checkpoint(file, settings);
  note_unused_options(checked, settings);
}

}  // namespace

CheckedFile check_file(const std::string& path, const CheckSettings& settings) {
  CheckedFile checked;
  checked.path = path;
  ModelOptions options = settings.model;
  options.path = path;
  checked.file = load_model(options);
  checked.path = checked.file->shown_path;
  if (checked.file->model != nullptr) check_model(checked, settings);
  return checked;
}

}  // namespace linenc::driver
