#pragma once

#include <filesystem>
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
  const syntax::Node* value = nullptr;   // the text after `=`, read as YAML
  bool used = false;
};

// One model file: its config, and what its names mean. Definitions become module types at their first use.
class Unit {
 public:
  // `tree` is parsed; config is computed here (E0201, E0206, … in its values). Overrides that name no entry stay unused.
  Unit(Context& context, std::shared_ptr<const syntax::Tree> tree, std::vector<Override>& overrides);
  ~Unit();
  Unit(const Unit&) = delete;
  Unit& operator=(const Unit&) = delete;

  // A module, function or import of this file, `config`, or a built-in; none where there is no such name.
  [[nodiscard]] std::optional<Value> find(Context& context, const std::string& name, Span place) const;
  [[nodiscard]] std::vector<std::string> known_names() const;
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

  std::shared_ptr<const syntax::Tree> tree_;
  Value config_;
  mutable std::map<std::string, Value> built_;
  mutable std::vector<std::string> building_;
};

}  // namespace linenc::elaborate
