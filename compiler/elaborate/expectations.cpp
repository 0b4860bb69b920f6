#include "compiler/elaborate/expectations.h"

#include <algorithm>

#include "compiler/diagnostics/closest_name.h"
#include "compiler/elaborate/definition_type.h"
#include "compiler/elaborate/inputs.h"
#include "runtime/core/key_names.h"

namespace linenc::elaborate {

namespace {

void check_names(Context& context, const Expr& dim, const std::map<std::string, Dim>& sizes) {
  for_each_size_name(dim, [&](const Expr& name) {
    if (sizes.count(name.text) != 0) return;
    std::vector<std::string> known;
    for (const auto& [size_name, size] : sizes) known.push_back(size_name);
    context.fail(Code::OutputContract, name.span,
                 concat("no input has the dimension `", name.text, "`", diagnostics::did_you_mean(name.text, known), " (they have ",
                        diagnostics::listed(known), ")"));
  });
}

void check_known_names(Context& context, const Unit& unit, const Node& node, const std::map<std::string, Dim>& sizes) {
  if (node.is_list()) {
    for (const Node* element : node.elements) check_known_names(context, unit, *element, sizes);
  } else if (node.is_map()) {
    for (const syntax::Entry& entry : node.entries) check_known_names(context, unit, *entry.value, sizes);
  } else {
    const auto type = modules::parse_tensor_type(unit.tree(), node, context.diagnostics());
    if (!type) throw Failed{};
    for (const auto& dim : type->dims->children) check_names(context, *dim, sizes);
  }
}

void check_leaf(Context& context, const Unit& unit, const Node& node, const std::string& path, const std::vector<catalog::VariableLeaf>& leaves,
                std::map<std::string, Dim>& sizes);

void check_entry(Context& context, const Unit& unit, const syntax::Entry& entry, const std::string& path,
                 const std::vector<catalog::VariableLeaf>& leaves, std::map<std::string, Dim>& sizes) {
  const std::string name = runtime::escaped_name(entry.key->text);
  const std::string key = path.empty() ? name : path + "/" + name;
  const bool exists = std::any_of(leaves.begin(), leaves.end(),
                                  [&](const catalog::VariableLeaf& leaf) { return leaf.key == key || leaf.key.starts_with(key + "/"); });
  if (exists) return check_leaf(context, unit, *entry.value, key, leaves, sizes);
  std::vector<std::string> known;
  for (const catalog::VariableLeaf& leaf : leaves) {
    if (!path.empty() && !leaf.key.starts_with(path + "/")) continue;
    const std::size_t begin = path.empty() ? 0 : path.size() + 1;
    std::string part = leaf.key.substr(begin, leaf.key.find('/', begin) - begin);
    if (std::find(known.begin(), known.end(), part) == known.end()) known.push_back(std::move(part));
  }
  context.fail(Code::VariablesContract, entry.key->span,
               concat(path.empty() ? std::string("the variables have") : concat("`", path, "` has"), " no `", diagnostics::shown(entry.key->text),
                      "`", diagnostics::did_you_mean(entry.key->text, known), " (they are ", diagnostics::listed(known), ")"));
}

// Of a map, every entry that is wrong is told.
void check_leaf(Context& context, const Unit& unit, const Node& node, const std::string& path, const std::vector<catalog::VariableLeaf>& leaves,
                std::map<std::string, Dim>& sizes) {
  for (const syntax::Entry& entry : node.entries) {
    try {
      check_entry(context, unit, entry, path, leaves, sizes);
    } catch (const Failed&) {}
  }
  if (node.is_map()) return;
  for (const catalog::VariableLeaf& leaf : leaves) {
    if (leaf.key != path) continue;
    const auto type = modules::parse_tensor_type(unit.tree(), node, context.diagnostics());
    if (!type) throw Failed{};
    check_tensor(context, Frame(unit), leaf.tensor, *type, sizes, concat("`", path, "`"), Code::VariablesContract);
    return;
  }
  context.fail(Code::VariablesContract, node.span, concat("`", path, "` is a map of variables"));
}

}  // namespace

namespace {

void check_known(Context& context, const Node& name, const std::vector<std::string>& known, std::string_view what) {
  if (std::find(known.begin(), known.end(), name.text) != known.end()) return;
  context.fail(Code::OutputContract, name.span,
               concat("no input ", what, " `", diagnostics::shown(name.text), "`", diagnostics::did_you_mean(name.text, known), " (they are ",
                      diagnostics::listed(known), ")"));
}

void check_inputs(Context& context, const Node& inputs, const std::vector<std::string>& known) {
  for (const Node* element : inputs.elements) {
    if (element->is_list()) {
      check_inputs(context, *element, known);
    } else {
      check_known(context, *element, known, "is called");
    }
  }
}

}  // namespace

void check_at(Context& context, const Unit& unit) {
  const syntax::Tree& tree = unit.tree();
  const Node* at = tree.expect != nullptr ? tree.expect->find("at") : nullptr;
  if (at == nullptr || !at->is_map()) return;
  std::vector<std::string> inputs;
  for (const syntax::Entry& entry : input_entries(tree)) inputs.push_back(entry.key->text);
  for (const ModelInput& input : tensor_inputs(tree, context.diagnostics())) {
    if (std::find(inputs.begin(), inputs.end(), input.path) == inputs.end()) inputs.push_back(input.path);
  }
  const std::vector<std::string> sizes = dimension_names(tree, context.diagnostics());
  for (const syntax::Entry& entry : at->entries) {
    if (entry.key->text == "inputs" && entry.value->is_list()) {
      check_inputs(context, *entry.value, inputs);
    } else {
      check_known(context, *entry.key, sizes, "has the dimension");
    }
  }
}

void check_output(Context& context, const Unit& unit, const Value& output, const std::map<std::string, Dim>& sizes) {
  const Node* expect = unit.tree().expect;
  const Node* contract = expect != nullptr && expect->is_map() ? expect->find("output") : nullptr;
  if (contract == nullptr) return;
  check_known_names(context, unit, *contract, sizes);
  std::map<std::string, Dim> bound = sizes;
  check_contract(context, Frame(unit), output, *contract, unit.tree(), bound, "the output", Code::OutputContract);
}

void check_variables(Context& context, const Unit& unit, const std::vector<catalog::VariableLeaf>& leaves, const std::map<std::string, Dim>& sizes) {
  const Node* expect = unit.tree().expect;
  const Node* contract = expect != nullptr && expect->is_map() ? expect->find("variables") : nullptr;
  if (contract == nullptr || contract->is_null()) return;
  std::map<std::string, Dim> bound = sizes;
  check_leaf(context, unit, *contract, "", leaves, bound);
}

}  // namespace linenc::elaborate
