#pragma once

// A model file through `check`, and, where that finds nothing, to plans at small sizes. `check` is the gate: what passes it
// compiles for every size.

#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "compiler/driver/check_file.h"
#include "compiler/driver/compile.h"
#include "tests/fuzz/diagnostics_claims.h"

namespace linenc::fuzz {

// A folder of this process with the file and one that it may import.
class ModelFolder {
 public:
  ModelFolder() : folder_(std::filesystem::temp_directory_path() / ("linenc-fuzz-" + std::to_string(getpid()))) {
    std::filesystem::create_directories(folder_);
    write("parts.yaml", "linenc: 1\nconfig: {size: 2}\nmodules:\n  Part: {compact: [{Dense: {features: =config.size}}, relu]}\n");
  }
  ~ModelFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  std::string write(const std::string& name, std::string_view text) const {
    const std::filesystem::path path = folder_ / name;
    std::ofstream(path, std::ios::binary).write(text.data(), static_cast<std::streamsize>(text.size()));
    return path.string();
  }

 private:
  std::filesystem::path folder_;
};

inline catalog::Budget small_budget() {
  catalog::Budget budget;
  budget.steps = 20'000;
  budget.instances = 300;
  budget.nodes = 10'000;
  return budget;
}

inline Wide elements_of(const Shape& shape) {
  Wide count = 1;
  for (const std::int64_t size : shape) count *= size;
  return count;
}

// Whether the sizes under test are the file's own affair: it assumes something of them, or names them.
inline bool speaks_of_sizes(const syntax::Tree& tree) { return tree.assume != nullptr || tree.expect != nullptr; }

inline void require_compiles(driver::ModelFile& file, std::int64_t size) {
  elaborate::RunRequest request;
  request.streams = {"params"};
  request.budget = small_budget();
  for (const std::string& name : file.model->dimension_names()) request.sizes.emplace(name, size);
  const auto init = driver::compile(file, request, {true, driver::Wanted::Leaves::All});
  if (!init) {
    std::fputs(render_full(file.diagnostics, file.sources, {}).c_str(), stderr);
    require(false, "what passes check compiles");
  }
  Wide announced = 0, planned = 0;
  for (const auto& [key, fact] : init->leaves) announced += elements_of(fact.shape);
  for (std::size_t i = 0; i < init->output_roles.size(); ++i) {
    if (init->output_roles[i] != PortRole::Variable) continue;
    planned += elements_of(init->entry().values[init->entry().outputs[i].value].shape);
  }
  require(announced == planned, "the plan makes every element of the variables");

  elaborate::RunRequest call = request;
  call.initializing = false;
  call.mutable_collections = {true, {}};
  driver::StoredFacts leaves;
  for (const auto& [key, fact] : init->leaves)
    leaves.emplace_back(key, graph::Fact{fact.dtype, graph::Dims(fact.shape.begin(), fact.shape.end()), false, {}});
  call.variables = &leaves;
  require(driver::compile(file, call, {}).has_value(), "what passes check compiles");
}

inline void check_model(std::string_view text) {
  static const ModelFolder folder;
  driver::CheckSettings settings;
  settings.budget = small_budget();
  const driver::CheckedFile checked = driver::check_file(folder.write("model.yaml", text), settings);
  driver::ModelFile& file = *checked.file;
  require_well_told(file.diagnostics, file.sources);
  if (file.diagnostics.has_errors() || file.model == nullptr || driver::is_library(file.model->tree())) return;
  if (speaks_of_sizes(file.model->tree()) || !file.model->static_inputs().empty()) return;
  require_compiles(file, 3);
}

}  // namespace linenc::fuzz
