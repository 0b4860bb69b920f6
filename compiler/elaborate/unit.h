#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "compiler/catalog/context.h"
#include "compiler/modules/module.h"
#include "compiler/source/source_set.h"
#include "compiler/syntax/tree.h"

namespace linenc::elaborate {

using catalog::Context;
using catalog::Value;
using source::Span;

// One `--set` of the command line: `depths.1=7` replaces a leaf of config.
struct Override {
  std::string path;
  const syntax::Node* value = nullptr;  // the text after `=`, read as YAML
  bool used = false;
};

// Gives the parsed tree of an imported file; null after a report (E0221). `path` is as written in `from`.
using Importer = std::function<std::shared_ptr<const syntax::Tree>(const std::string& path, const syntax::Tree& from, Span place)>;

// What the importing file makes of an imported one.
struct ImportedAs {
  const Importer* importer = nullptr;
  std::vector<std::pair<std::string, Value>> config;  // entries that are replaced
  std::vector<const syntax::Tree*> importing;         // the files on the way here, for circles
};

// One model file: its config, and what its names mean. Definitions become module types at their first use.
class Unit {
 public:
  // `tree` is parsed; config is computed here (E0201, E0206, … in its values). Overrides that name no entry stay unused.
  Unit(Context& context, std::shared_ptr<const syntax::Tree> tree, std::vector<Override>& overrides, ImportedAs imported);
  ~Unit();
  Unit(const Unit&) = delete;
  Unit& operator=(const Unit&) = delete;

  // A module, function or import of this file, `config`, or a built-in; none where there is no such name.
  [[nodiscard]] std::optional<Value> find(Context& context, const std::string& name, Span place) const;
  [[nodiscard]] std::vector<std::string> known_names() const;
  // The alias of the imported file that has a module or function of this name.
  [[nodiscard]] std::optional<std::string> import_that_has(const std::string& name) const;
  [[nodiscard]] const Value& config() const { return config_; }
  [[nodiscard]] const syntax::Tree& tree() const { return *tree_; }
  // The module type of a definition, built at its first use; poison after a report.
  [[nodiscard]] Value definition(Context& context, const std::string& name) const;
  // Every definition and function as written, for checks of names in bodies that do not run.
  [[nodiscard]] const std::vector<syntax::DefinitionTree>& definition_trees() const { return tree_->definitions; }

 private:
  void read_config(Context& context, std::vector<Override>& overrides);
  Value config_value(Context& context, const syntax::Node& node, const std::string& path, std::vector<Override>& overrides);
  Value build(Context& context, const syntax::DefinitionTree& source) const;

  void read_imports(Context& context);
  void import(Context& context, const std::string& alias, const syntax::Node& node);
  // A module or function of this file, for the file that imports it.
  [[nodiscard]] Value exported(Context& context, const std::string& name, Span place) const;

  std::shared_ptr<const syntax::Tree> tree_;
  ImportedAs imported_;
  std::map<std::string, std::unique_ptr<Unit>> imports_;  // by alias; null after a report
  Value config_;
  mutable std::map<std::string, Value> built_;
  mutable std::vector<std::string> building_;
};

}  // namespace linenc::elaborate
