#include "compiler/elaborate/unit.h"

#include <algorithm>
#include <set>

#include "compiler/catalog/registry.h"
#include "compiler/diagnostics/closest_name.h"
#include "compiler/elaborate/definition_type.h"
#include "compiler/elaborate/evaluate.h"
#include "compiler/elaborate/literal.h"
#include "compiler/elaborate/user_function.h"

namespace linenc::elaborate {

Unit::Unit(Context& context, std::shared_ptr<const syntax::Tree> tree, std::vector<Override>& overrides, ImportedAs imported)
    : tree_(std::move(tree)), imported_(std::move(imported)), config_(Map{}) {
  read_config(context, overrides);
  read_imports(context);
}

Unit::~Unit() = default;

void Unit::read_imports(Context& context) {
  if (tree_->imports == nullptr || !tree_->imports->is_map()) return;
  for (const syntax::Entry& entry : tree_->imports->entries) {
    imports_.emplace(entry.key->text, nullptr);
    try {
      import(context, entry.key->text, *entry.value);
    } catch (const Failed&) {}
  }
}

// `path.yaml`, or {file: path.yaml, config: {entry: value}}.
void Unit::import(Context& context, const std::string& alias, const syntax::Node& node) {
  const syntax::Node* path = &node;
  ImportedAs inner{imported_.importer, {}, imported_.importing};
  if (node.is_map()) {
    path = node.find("file");
    if (path == nullptr) throw Failed{};  // told by the parser
    if (const syntax::Node* config = node.find("config"); config != nullptr && config->is_map()) {
      const Frame frame(*this);
      for (const syntax::Entry& entry : config->entries) {
        inner.config.emplace_back(entry.key->text,
                                  literal(context, frame, *entry.value, FieldType::of(FieldType::Base::Any), concat("`", entry.key->text, "`")));
      }
    }
  }
  if (!path->is_scalar() || path->is_null()) context.fail(Code::WrongStructure, path->span, "an import is the path of a file");
  if (imported_.importer == nullptr || !*imported_.importer) context.fail(Code::ImportFailed, path->span, "files cannot be imported here");
  std::shared_ptr<const syntax::Tree> tree = (*imported_.importer)(path->text, *tree_, path->span);
  if (tree == nullptr || tree->root == nullptr || tree->broken) throw Failed{};
  inner.importing.push_back(tree_.get());
  if (std::find(inner.importing.begin(), inner.importing.end(), tree.get()) != inner.importing.end()) {
    context.fail(Code::ImportFailed, path->span, concat("`", diagnostics::shown(path->text), "` is imported in a circle"));
  }
  std::vector<Override> none;
  imports_[alias] = std::make_unique<Unit>(context, std::move(tree), none, std::move(inner));
  const std::vector<std::string> known = [&] {
    std::vector<std::string> names;
    for (const auto& [key, value] : *imports_[alias]->config().map()) names.push_back(catalog::display(key));
    return names;
  }();
  if (const syntax::Node* config = node.is_map() ? node.find("config") : nullptr; config != nullptr && config->is_map()) {
    for (const syntax::Entry& entry : config->entries) {
      if (std::find(known.begin(), known.end(), entry.key->text) != known.end()) continue;
      context.fail(Code::UnknownName, entry.key->span,
                   concat("the config of this file has no `", diagnostics::shown(entry.key->text), "`",
                          diagnostics::did_you_mean(entry.key->text, known), " (it has ", diagnostics::listed(known), ")"));
    }
  }
}

Value Unit::exported(Context& context, const std::string& name, Span place) const {
  for (const syntax::DefinitionTree& candidate : tree_->definitions) {
    if (candidate.name == name && !name.empty()) return definition(context, name);
  }
  for (const syntax::FunctionTree& function : tree_->functions) {
    if (function.name == name) return *find(context, name, place);
  }
  if (imports_.contains(name)) {
    context.fail(Code::UnknownName, place, concat("`", name, "` is an import of the imported file, and those are not handed on: import it here"));
  }
  std::vector<std::string> known = known_names();
  std::erase_if(known, [&](const std::string& one) { return one == "config" || imports_.contains(one); });
  context.fail(Code::UnknownName, place,
               concat("the imported file has no `", diagnostics::shown(name), "`", diagnostics::did_you_mean(name, known), " (it has ",
                      diagnostics::listed(known), ")"));
}

namespace {

// Entries are read from top to bottom: one that names a later one is told so.
void refuse_later(Context& context, const syntax::Expr& expr, const std::set<std::string>& later) {
  const bool of_config =
      expr.kind == syntax::ExprKind::Attribute && expr.children[0]->kind == syntax::ExprKind::Name && expr.children[0]->text == "config";
  if (of_config && later.contains(expr.text)) {
    context.fail(Code::UnknownName, expr.span, concat("`config.", expr.text, "` is not known yet: an entry reads those above it"));
  }
  for (const auto& child : expr.children) {
    if (child) refuse_later(context, *child, later);
  }
}

void refuse_later(Context& context, const syntax::Tree& tree, const syntax::Node& node, const std::set<std::string>& later) {
  for (const syntax::Node* element : node.elements) refuse_later(context, tree, *element, later);
  for (const syntax::Entry& entry : node.entries) refuse_later(context, tree, *entry.value, later);
  if (!is_marked(node)) return;
  if (const syntax::Expr* expr = tree.expression(node, 1, context.diagnostics())) refuse_later(context, *expr, later);
}

}  // namespace

void Unit::read_config(Context& context, std::vector<Override>& overrides) {
  if (tree_->config == nullptr || !tree_->config->is_map()) return;
  Map entries;
  std::set<std::string> later;
  for (const syntax::Entry& entry : tree_->config->entries) later.insert(entry.key->text);
  for (const syntax::Entry& entry : tree_->config->entries) {
    Value value = Poison{};
    try {
      refuse_later(context, *tree_, *entry.value, later);
      later.erase(entry.key->text);
      value = config_value(context, *entry.value, entry.key->text, overrides);
    } catch (const Failed&) {}
    for (const auto& [name, given] : imported_.config) {
      if (name != entry.key->text) continue;
      const bool merges = value.map() != nullptr && given.map() != nullptr;
      value = merges ? binary_operator(context, syntax::ExprOp::BitOr, value, given, entry.key->span) : given;
    }
    entries.emplace_back(Value(entry.key->text), std::move(value));
    config_ = entries;  // a later entry may refer to an earlier one
  }
}

Value Unit::config_value(Context& context, const syntax::Node& node, const std::string& path, std::vector<Override>& overrides) {
  const Frame frame(*this);
  bool deeper = false;
  for (Override& change : overrides) {
    if (change.path == path) {
      change.used = true;
      const Value old = literal(context, frame, node, FieldType::of(FieldType::Base::Any), concat("`", path, "`"));
      return literal_in_place_of(context, frame, old, *change.value, concat("`", path, "`"));
    }
    deeper = deeper || change.path.starts_with(path + ".");
  }
  if (!deeper) return literal(context, frame, node, FieldType::of(FieldType::Base::Any), concat("`", path, "`"));
  if (node.is_map()) {
    Map map;
    for (const syntax::Entry& entry : node.entries) {
      Value key = core_literal(context, *entry.key);
      map.emplace_back(std::move(key), config_value(context, *entry.value, path + "." + entry.key->text, overrides));
    }
    return map;
  }
  if (node.is_list()) {
    List list;
    for (std::size_t i = 0; i < node.elements.size(); ++i)
      list.push_back(config_value(context, *node.elements[i], path + "." + std::to_string(i), overrides));
    return list;
  }
  return literal(context, frame, node, FieldType::of(FieldType::Base::Any), concat("`", path, "`"));
}

std::optional<Value> Unit::find(Context& context, const std::string& name, Span) const {
  for (const syntax::DefinitionTree& definition_tree : tree_->definitions) {
    if (definition_tree.name == name && !name.empty()) return definition(context, name);
  }
  for (const syntax::FunctionTree& function : tree_->functions) {
    if (function.name != name) continue;
    Value& slot = built_[name];
    if (slot.is_none()) slot = make_user_function(context, *this, function);
    return slot;
  }
  if (const auto found = imports_.find(name); found != imports_.end()) {
    const Unit* imported = found->second.get();
    if (imported == nullptr) return Value(Poison{});
    return Value(std::make_shared<const catalog::Namespace>(
        name, [imported](Context& ctx, const std::string& member, Span at) { return imported->exported(ctx, member, at); }));
  }
  if (name == "config") return config_;
  return catalog::builtin(name);
}

std::vector<std::string> Unit::known_names() const {
  std::vector<std::string> names = {"config"};
  for (const syntax::DefinitionTree& definition_tree : tree_->definitions) {
    if (!definition_tree.name.empty()) names.push_back(definition_tree.name);
  }
  for (const syntax::FunctionTree& function : tree_->functions) names.push_back(function.name);
  for (const auto& [alias, unit] : imports_) names.push_back(alias);
  return names;
}

std::optional<std::string> Unit::import_that_has(const std::string& name) const {
  for (const auto& [alias, unit] : imports_) {
    if (unit == nullptr) continue;
    const auto has_name = [&](const auto& tree) { return tree.name == name; };
    if (std::ranges::any_of(unit->tree().definitions, has_name) || std::ranges::any_of(unit->tree().functions, has_name)) return alias;
  }
  return std::nullopt;
}

Value Unit::definition(Context& context, const std::string& name) const {
  if (const auto found = built_.find(name); found != built_.end()) return found->second;
  const syntax::DefinitionTree* source = nullptr;
  for (const syntax::DefinitionTree& candidate : tree_->definitions) {
    if (candidate.name == name) source = &candidate;
  }
  if (source == nullptr) return Poison{};
  if (std::find(building_.begin(), building_.end(), name) != building_.end()) {
    std::string cycle;
    for (const std::string& step : building_) cycle += step + " -> ";
    context.fail(Code::DefinitionCycle, source->name_node != nullptr ? source->name_node->span : source->node->span,
                 concat("definitions go round in a circle: ", cycle, name));
  }
  building_.push_back(name);
  struct Pop {
    std::vector<std::string>& names;
    ~Pop() { names.pop_back(); }
  } pop{building_};
  Value value = Poison{};
  try {
    value = build(context, *source);
  } catch (const Failed&) {}
  built_[name] = value;
  return value;
}

Value Unit::build(Context& context, const syntax::DefinitionTree& source) const {
  if (source.literal != nullptr) {
    const Frame frame(*this);
    const syntax::Node& node = *source.literal;
    if (const syntax::Node* target = node.find("template")) return as_template(context, module_literal(context, frame, *target), target->span);
    return transform_literal(context, frame, node, {"doc"});
  }
  const modules::Definition* base = nullptr;
  catalog::ModuleTypePtr base_layer;
  std::shared_ptr<const DefinitionType> base_definition;
  if (source.extends != nullptr) {
    const Frame frame(*this);
    const catalog::TemplatePtr extended = as_template(context, module_literal(context, frame, *source.extends), source.extends->span);
    if (!extended->fields.empty())
      context.fail(Code::WrongType, source.extends->span, "only a definition can be extended, not a template with fields");
    base_definition = std::dynamic_pointer_cast<const DefinitionType>(extended->type);
    if (base_definition) {
      base = &base_definition->definition();
      base_layer = base_definition->base();
    } else {
      base_layer = extended->type;
    }
  }
  auto definition = modules::collect(*tree_, source, base, base_layer.get(), context.diagnostics());
  if (definition->broken) throw Failed{};
  if (definition->name.empty()) definition->name = tree_->title;
  auto made = std::make_shared<catalog::Template>();
  made->type = std::make_shared<DefinitionType>(*this, std::move(definition), base_layer, base_definition);
  made->place = source.node->span;
  return catalog::TemplatePtr(std::move(made));
}

}  // namespace linenc::elaborate
