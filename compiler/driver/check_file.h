#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "compiler/driver/checkpoint_fit.h"
#include "compiler/driver/model_file.h"

namespace linenc::driver {

// Which variant of the models `check` looks at.
struct CheckSettings {
  ModelOptions model;  // without the path
  std::map<std::string, std::int64_t> sizes;
  std::string checkpoint;                 // --vars
  StoredFacts stored;                     // its leaves
  catalog::Filter mutable_collections;    // of an apply run with it
  std::optional<catalog::Budget> budget;  // of each run, in place of the usual one
};

// One file that was checked: everything that is wrong with it is in `file->diagnostics`.
struct CheckedFile {
  std::string path;
  std::unique_ptr<ModelFile> file;
  std::vector<std::string> unused_sets;  // `--set`s that name nothing in this file
  std::vector<std::string> unknown_dims;
  bool unknown_method = false;  // `--method` is none of this model: its runs were left out
};

// Whether a file holds definitions for others to import and no model: it is checked at rest.
[[nodiscard]] bool is_library(const syntax::Tree& tree);

// Proves one file right without making a parameter: it is read, and init and apply run on sizes that stay symbolic. Never throws
// Stop.
[[nodiscard]] CheckedFile check_file(const std::string& path, const CheckSettings& settings);

}  // namespace linenc::driver
