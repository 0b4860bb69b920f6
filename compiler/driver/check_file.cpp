// The check of one model file, as a list of steps.
// Tested by tests/compiler/driver/check_test.cpp.
#include "compiler/driver/check_file.h"

#include <algorithm>

#include "compiler/contracts/verify_contracts.h"
#include "compiler/driver/compile.h"
#include "compiler/driver/limits.h"
#include "compiler/graph/flops.h"
#include "compiler/modules/resolve.h"

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
  request.budget = settings.budget;
  request.streams = {"params"};  // other streams fall back to it
  for (const auto& [name, size] : settings.sizes) request.sizes.emplace(name, size);
  if (!initializing) request.mutable_collections = {true, {}};
  return request;
}

// Whether a promise about numbers has the sizes that it needs; reported at the promise.
bool has_sizes(ModelFile& file, const std::map<std::string, graph::Dim>& sizes) {
  const std::vector<std::string> names = file.model->dimension_names();
  for (const auto& [name, size] : file.model->expected_sizes()) {
    if (std::find(names.begin(), names.end(), name) == names.end()) return false;  // told: it may be the one that is missing
  }
  for (const std::string& name : names) {
    if (sizes.contains(name)) continue;
    for (const char* key : {"flops", "peak_memory"}) {
      const syntax::Node* promise = file.model->tree().expect->find(key);
      if (promise == nullptr) continue;
      file.diagnostics.error(Code::UnknownSize, promise->span, concat("`", key, "` is counted for known sizes, and `", name, "` has none"))
          .help(concat("give it: `at: {", name, ": N}`"))
          .emit();
    }
    return false;
  }
  return true;
}

// The numbers of one call at the sizes under `expect: at:`; none where a size is missing, which is reported.
contracts::Measured measure(ModelFile& file, const CheckSettings& settings, const std::vector<std::string>& present) {
  contracts::Measured measured;
  RunRequest request = request_of(settings, present, true);
  request.sizes.merge(file.model->expected_sizes());
  if (!has_sizes(file, request.sizes)) return measured;
  const Run init = file.model->run(request);
  if (init.failed) return measured;
  const StoredFacts leaves = facts_of(init);
  request.initializing = false;
  request.mutable_collections = {};
  request.variables = &leaves;
  diagnostics::Diagnostics& diagnostics = file.diagnostics;
  const std::size_t errors = diagnostics.errors();
  const Run apply = file.model->run(request);
  if (apply.failed || diagnostics.errors() > errors) return measured;
  measured.flops = graph::work_of(*apply.graph).flops.constant();
  if (const std::optional<Executable> compiled = compile(file, request, {}))
    measured.peak_memory = static_cast<std::int64_t>(compiled->entry().arena_bytes);
  return measured;
}

bool lacks_a_size(const diagnostics::Diagnostics& diagnostics) {
  return std::ranges::any_of(diagnostics.all(), [](const auto& diagnostic) { return diagnostic.code == Code::UnknownSize; });
}

// Tables and loops need numbers: a model that lacks some is proved for those of `expect: {at: …}`.
CheckSettings with_sizes(ModelFile& file, const CheckSettings& settings, const std::vector<std::string>& present) {
  CheckSettings sized = settings;
  const std::map<std::string, graph::Dim> at = file.model->expected_sizes();
  if (at.empty()) return sized;
  diagnostics::Diagnostics scratch;
  elaborate::Model model = file.scratch_model(scratch);
  const Run init = model.run(request_of(settings, present, true));
  if (!init.failed) {
    const StoredFacts leaves = facts_of(init);
    RunRequest apply = request_of(settings, present, false);
    apply.variables = &leaves;
    (void)model.run(apply);
  }
  if (!lacks_a_size(scratch)) return sized;
  for (const auto& [name, size] : at) {
    if (size.is_constant()) sized.sizes.emplace(name, *size.constant());
  }
  return sized;
}

// init, then apply on what init made: the same body runs differently in the two.
void run_both(ModelFile& file, const CheckSettings& given, const std::vector<std::string>& present, bool whole) {
  const CheckSettings settings = with_sizes(file, given, present);
  // `expect:` promises what the file's own method gives, of a model without mistakes.
  const bool promised = whole && (settings.model.method.empty() || settings.model.method == file.model->file_method());
  RunRequest first = request_of(settings, present, true);
  first.check_expectations = promised;
  const Run init = file.model->run(first);
  if (init.failed) return;
  check_total(file, init);
  const StoredFacts leaves = facts_of(init);
  RunRequest second = request_of(settings, present, false);
  second.variables = &leaves;
  second.check_expectations = promised;
  const Run apply = file.model->run(second);
  if (apply.failed || !promised) return;
  contracts::Measured measured;
  if (contracts::needs_measures(file.model->tree())) measured = measure(file, settings, present);
  contracts::verify_contracts(file.model->tree(), init, file.model->expected_sizes(), measured, file.diagnostics);
}

void check_checkpoint(ModelFile& file, const CheckSettings& settings) {
  if (settings.checkpoint.empty() || file.diagnostics.has_errors()) return;
  RunRequest request = request_of(settings, {}, false);
  request.mutable_collections = settings.mutable_collections;
  check_fit(file, request, settings.stored, settings.checkpoint);
}

void note_unused_options(CheckedFile& checked, const CheckSettings& settings) {
  checked.unused_sets = checked.file->model->unused_overrides();
  const std::vector<std::string> names = checked.file->model->dimension_names();
  for (const auto& [name, size] : settings.sizes) {
    if (std::find(names.begin(), names.end(), name) == names.end()) checked.unknown_dims.push_back(name);
  }
}

bool has_method(ModelFile& file, const std::string& method) {
  if (method.empty()) return true;
  diagnostics::Diagnostics scratch;
  const std::vector<std::string> known = file.scratch_model(scratch).methods();
  return known.empty() || std::find(known.begin(), known.end(), method) != known.end();
}

void check_model(CheckedFile& checked, const CheckSettings& settings) {
  ModelFile& file = *checked.file;
  const bool runs = !is_library(file.model->tree());
  checked.unknown_method = runs && !has_method(file, settings.model.method);
  if (runs && !checked.unknown_method) {
    const bool whole = !file.diagnostics.has_errors();
    for (const std::vector<std::string>& present : file.model->input_choices()) run_both(file, settings, present, whole);
  }
  modules::resolve(file.model->tree(), file.diagnostics);  // after the runs, whose messages know more
  check_checkpoint(file, settings);
  note_unused_options(checked, settings);
}

}  // namespace

bool is_library(const syntax::Tree& tree) {
  const bool root = tree.model != nullptr || (!tree.definitions.empty() && tree.definitions.back().name.empty());
  return !root && tree.inputs == nullptr && tree.expect == nullptr && !(tree.definitions.empty() && tree.functions.empty());
}

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
