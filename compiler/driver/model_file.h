#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "compiler/driver/command.h"
#include "compiler/driver/options.h"
#include "compiler/elaborate/elaborate.h"

namespace linenc::driver {

// A model file as the commands work on it: the texts (those of options too), what was found wrong, the parsed tree and the model.
struct ModelFile {
  source::SourceSet sources;
  diagnostics::Diagnostics diagnostics;
  std::string shown_path;
  std::string import_root;  // imports may not leave this folder; empty: that of the file
  std::shared_ptr<const syntax::Tree> tree;
  std::vector<elaborate::Override> overrides;
  std::unique_ptr<elaborate::Model> model;  // null where the file could not be parsed to the end
  std::string text_digest;                  // SHA-256 of the bytes of the file
  std::optional<Exit> unreadable;           // the exit code; the report says why

  // The value of an option, read as YAML; null after a report. Problems in it are the command line's.
  const syntax::Node* option_value(const std::string& option, const std::string& text);
  [[nodiscard]] bool is_option(source::FileId file) const { return option_files_.contains(file); }
  // Of the file and of what it imports, as far as runs have asked for it.
  [[nodiscard]] std::vector<std::string> paths() const;
  // The same model with reports of its own, for runs that only try something out. It has a tree of its own as well: a tree tells
  // the mistakes of an expression once, to whoever asks first.
  [[nodiscard]] elaborate::Model scratch_model(diagnostics::Diagnostics& scratch);
  // Reads the files that `import` names: relative to the importing file, inside of `--import-root`.
  [[nodiscard]] elaborate::Importer importer(diagnostics::Diagnostics& reports);
  // `name:`, else the stem of the file.
  [[nodiscard]] std::string name() const;

 private:
  std::shared_ptr<const syntax::Tree> import(const std::string& path, const syntax::Tree& from, source::Span place,
                                             diagnostics::Diagnostics& reports);
  // By reader and path: a tree tells its mistakes to whoever asks first, so a scratch model has trees of its own.
  std::map<std::pair<const diagnostics::Diagnostics*, std::string>, std::shared_ptr<const syntax::Tree>> imported_;
  std::shared_ptr<const syntax::Tree> scratch_tree_;
  std::vector<std::unique_ptr<syntax::YamlDocument>> option_documents_;
  std::set<source::FileId> option_files_;
};

// Reads and parses the file; everything that is wrong goes to `diagnostics`. The `--set`s are KEY=VALUE (see parse_sets).
[[nodiscard]] std::unique_ptr<ModelFile> load_model(const ModelOptions& options);
// The same, but ends the command with exit 2 where the file cannot be read, or a `--set` is no KEY=VALUE.
[[nodiscard]] std::unique_ptr<ModelFile> read_model(const ModelOptions& options);

// Ends the command where something was reported: exit 2 where an option is wrong, else 1.
void stop_on_errors(const ModelFile& file, const CommonOptions& options);
// The exit code that the reports ask for.
[[nodiscard]] Exit exit_of(const ModelFile& file);
// Ends the command where a `--dim` names no dimension.
void check_dims(ModelFile& file, const std::map<std::string, std::int64_t>& sizes);
// Ends the command where a `--set` names no entry; only a run tells.
void check_sets(ModelFile& file);
// Ends the command where the model has no such method.
void check_method(ModelFile& file, const std::string& method);
// The warnings, rendered; empty where there are none.
[[nodiscard]] std::string warnings_text(const ModelFile& file, const CommonOptions& options);
// One problem that belongs to no text, as it is printed: "error[E0404 input-mismatch]: …".
[[nodiscard]] std::string bare_error(diagnostics::Code code, std::string message);

}  // namespace linenc::driver
