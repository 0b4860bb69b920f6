#include "compiler/catalog/variables.h"

#include <algorithm>

#include "compiler/catalog/scope.h"
#include "runtime/core/key_names.h"

namespace linenc::catalog {

bool Filter::matches(const std::string& name) const {
  const bool listed = std::find(names.begin(), names.end(), name) != names.end();
  return all ? !listed : listed;
}

std::string to_string(const VariableKey& key) {
  std::string text = runtime::escaped_name(key.collection) + '/';
  for (const std::string& part : key.path) text += runtime::escaped_name(part) + '/';
  return text + runtime::escaped_name(key.name);
}

const VariableView::Group* VariableView::group_of(const std::string& collection) const {
  for (const Group& group : groups_) {
    if (group.filter.matches(collection)) return &group;
  }
  return nullptr;
}

bool VariableView::is_mutable(const std::string& collection) const {
  if (!mutable_.matches(collection)) return false;
  return outer_ == nullptr || (group_of(collection) != nullptr && outer_->is_mutable(collection));
}

// A flat file may have joined the names of a path with `/`: what is stored at a/b/kernel serves the module "a/b" as well.
const StoredVariable* VariableView::find_joined(const VariableKey& key) const {
  const auto has_slash = [](const std::string& name) { return name.find('/') != std::string::npos; };
  if (!has_slash(key.name) && std::none_of(key.path.begin(), key.path.end(), has_slash)) return nullptr;
  const std::string text = runtime::plain_key(to_string(key));
  const auto found =
      std::find_if(variables_.begin(), variables_.end(), [&](const StoredVariable& v) { return runtime::plain_key(to_string(v.key)) == text; });
  return found == variables_.end() ? nullptr : &*found;
}

Tensor VariableView::imported(const VariableKey& key, const Group& group, const Tensor& outer) {
  graph::Fact fact = outer.fact();
  std::optional<std::int64_t> axis = group.axis;
  if (axis) {
    const auto rank = static_cast<std::int64_t>(fact.shape.size());
    if (*axis < 0) *axis += rank;
    if (*axis < 0 || *axis >= rank) return outer;  // the transform reports it: the axis is out of range
    fact = without_axis(std::move(fact), static_cast<std::size_t>(*axis));
  }
  const graph::ValueId input = region_->add_input(std::move(fact), graph::PortRole::Variable, to_string(key));
  imports_.push_back({key, outer, input, axis});
  return {region_, input};
}

const StoredVariable* VariableView::find(const VariableKey& key) {
  if (const auto found = index_.find(key); found != index_.end()) return &variables_[found->second];
  if (outer_ == nullptr) return find_joined(key);
  const Group* group = group_of(key.collection);
  if (group == nullptr) return nullptr;
  const StoredVariable* outside = outer_->find(key);
  if (outside == nullptr) return nullptr;
  StoredVariable inside = *outside;
  if (group->axis || group->carried) {
    inside.value = map_tensors(outside->value, [&](const Tensor& outer) -> Value { return imported(key, *group, outer); });
  }
  index_.emplace(key, variables_.size());
  variables_.push_back(std::move(inside));
  return &variables_.back();
}

bool VariableView::has_any(const std::string& collection, const std::vector<std::string>& path) {
  for (const StoredVariable& variable : variables_) {
    if (variable.key.collection == collection && is_below(variable.key.path, path)) return true;
  }
  return outer_ != nullptr && group_of(collection) != nullptr && outer_->has_any(collection, path);
}

bool VariableView::has_collection(const std::string& collection) { return has_any(collection, {}); }

std::vector<VariableKey> VariableView::keys_below(const std::vector<std::string>& path) const {
  std::vector<VariableKey> keys;
  std::set<VariableKey> seen;
  if (outer_ != nullptr) {
    for (VariableKey& key : outer_->keys_below(path)) {
      if (group_of(key.collection) == nullptr) continue;
      seen.insert(key);
      keys.push_back(std::move(key));
    }
  }
  for (const StoredVariable& variable : variables_) {
    if (is_below(variable.key.path, path) && !seen.contains(variable.key)) keys.push_back(variable.key);
  }
  return keys;
}

void VariableView::put(const VariableKey& wanted, Value value, Span place) {
  const StoredVariable* joined = outer_ == nullptr && !index_.contains(wanted) ? find_joined(wanted) : nullptr;
  const VariableKey key = joined != nullptr ? joined->key : wanted;
  const auto [slot, is_new] = index_.emplace(key, variables_.size());
  if (is_new) {
    variables_.push_back({key, std::move(value), place});
  } else {
    variables_[slot->second].value = std::move(value);
  }
  written_.insert(key);
}

void VariableView::add_existing(StoredVariable variable) {
  index_.emplace(variable.key, variables_.size());
  variables_.push_back(std::move(variable));
}

std::vector<const StoredVariable*> VariableView::written() const {
  std::vector<const StoredVariable*> result;
  for (const StoredVariable& variable : variables_) {
    if (written_.count(variable.key) > 0) result.push_back(&variable);
  }
  return result;
}

namespace {

// A nested dict that keeps the order of first insertion, as Flax's variable dicts do.
struct TreeNode {
  std::string name;
  std::vector<TreeNode> children;
  std::map<std::string, std::size_t> places;  // of the children by their names
  const Value* value = nullptr;
  Span place;

  TreeNode& at(const std::string& child_name) {
    const auto [place_of_child, is_new] = places.emplace(child_name, children.size());
    if (is_new) children.emplace_back().name = child_name;
    return children[place_of_child->second];
  }
};

// The node's entries as records, its own value where it has one.
Value record_of(const TreeNode& node) {
  if (node.value != nullptr) return *node.value;
  Map record;
  for (const TreeNode& child : node.children) record.emplace_back(child.name, record_of(child));
  return record;
}

void emit_value(const std::string& key, const Value& value, Span place, std::vector<VariableLeaf>& leaves) {
  if (const Tensor* tensor = value.tensor()) {
    leaves.push_back({key, *tensor, place});
  } else if (const List* list = value.list()) {
    for (std::size_t i = 0; i < list->size(); ++i) emit_value(key + '/' + std::to_string(i), (*list)[i], place, leaves);
  } else if (const Map* map = value.map()) {
    for (const auto& [name, item] : *map) emit_value(key + '/' + runtime::escaped_name(display(name)), item, place, leaves);
  }
}

void emit(const std::string& prefix, const TreeNode& node, std::vector<VariableLeaf>& leaves) {
  if (node.value != nullptr) emit_value(prefix, *node.value, node.place, leaves);
  for (const TreeNode& child : node.children) {
    const std::string name = runtime::escaped_name(child.name);
    emit(prefix.empty() ? name : prefix + '/' + name, child, leaves);
  }
}

}  // namespace

Map records_below(VariableView& view, const std::vector<std::string>& path, const std::string& collection) {
  std::vector<StoredVariable> found;
  for (const VariableKey& key : view.keys_below(path)) {
    if (collection.empty() || key.collection == collection) found.push_back(*view.find(key));
  }
  TreeNode root;
  for (const StoredVariable& variable : found) {
    TreeNode* node = &root.at(variable.key.collection);
    for (std::size_t i = path.size(); i < variable.key.path.size(); ++i) node = &node->at(variable.key.path[i]);
    node->at(variable.key.name).value = &variable.value;
  }
  return *record_of(root).map();
}

std::vector<VariableLeaf> flatten(const std::vector<StoredVariable>& variables) {
  TreeNode root;
  for (const StoredVariable& variable : variables) {
    TreeNode* node = &root.at(variable.key.collection);
    for (const std::string& part : variable.key.path) node = &node->at(part);
    node = &node->at(variable.key.name);
    node->value = &variable.value;
    node->place = variable.place;
  }
  std::vector<VariableLeaf> leaves;
  emit("", root, leaves);
  return leaves;
}

}  // namespace linenc::catalog
