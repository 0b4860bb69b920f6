#include "compiler/elaborate/inputs.h"

#include <algorithm>
#include <functional>

#include "compiler/catalog/layer.h"
#include "compiler/elaborate/definition_type.h"
#include "compiler/elaborate/evaluate.h"
#include "compiler/elaborate/literal.h"
#include "runtime/core/key_names.h"

namespace linenc::elaborate {

using graph::PortRole;

std::vector<syntax::Entry> input_entries(const syntax::Tree& tree) {
  if (tree.inputs == nullptr || !tree.inputs->is_map()) return {};
  return tree.inputs->entries;
}

namespace {

bool is_tensor_leaf(const Node& node) { return node.is_scalar() && !is_marked(node) && modules::looks_like_tensor_type(node.text); }

// `x: [batch, 12]`: the dimensions alone, as a list.
bool is_list_of_dimensions(const Node& node) {
  if (!node.is_list()) return false;
  const auto is_kind = [](syntax::CoreKind kind) {
    return [kind](const Node* element) { return element->is_scalar() && element->plain && syntax::core_value(*element).kind == kind; };
  };
  const auto& elements = node.elements;
  const bool known = std::all_of(elements.begin(), elements.end(), [&](const Node* element) {
    return is_kind(syntax::CoreKind::Int)(element) || (is_kind(syntax::CoreKind::Str)(element) && !is_marked(*element) && !is_tensor_leaf(*element));
  });
  return known && std::any_of(elements.begin(), elements.end(), is_kind(syntax::CoreKind::Int)) &&
         std::any_of(elements.begin(), elements.end(), is_kind(syntax::CoreKind::Str));
}

// What is neither a tensor type nor a plain value.
bool is_untyped(const Node& node) {
  const bool nothing = node.is_scalar() && node.plain && node.text.empty() && !node.broken;
  return nothing || is_list_of_dimensions(node);
}

void report_untyped(const Node& node, const std::string& path, Diagnostics& diagnostics) {
  std::string dims;
  for (const Node* element : node.elements) dims += concat(dims.empty() ? "" : ", ", element->text);
  auto report = diagnostics.error(Code::WrongType, node.span, concat("the input `", path, "` lacks its dtype: a tensor type is `dtype[dims]`"));
  if (node.is_list()) {
    const std::string written = concat("\"float32[", dims, "]\"");
    report.fix(node.span, written, concat("write `", diagnostics::shown(written), "`"), false);
  }
  report.emit();
}

void add_tensor_inputs(const syntax::Tree& tree, const Node& node, const std::string& path, Diagnostics& diagnostics,
                       std::vector<ModelInput>& inputs) {
  if (is_untyped(node)) {
    report_untyped(node, path, diagnostics);
  } else if (node.is_map()) {
    for (const syntax::Entry& entry : node.entries) add_tensor_inputs(tree, *entry.value, path + "." + entry.key->text, diagnostics, inputs);
  } else if (node.is_list()) {
    for (std::size_t i = 0; i < node.elements.size(); ++i)
      add_tensor_inputs(tree, *node.elements[i], path + "." + std::to_string(i), diagnostics, inputs);
  } else if (is_tensor_leaf(node)) {
    if (auto type = modules::parse_tensor_type(tree, node, diagnostics)) inputs.push_back({path, *std::move(type), node.span, true});
  }
}

void add_names(const Expr& dim, std::vector<std::string>& names) {
  for_each_size_name(dim, [&](const Expr& name) {
    if (std::find(names.begin(), names.end(), name.text) == names.end()) names.push_back(name.text);
  });
}

}  // namespace

void for_each_size_name(const Expr& dim, const std::function<void(const Expr&)>& visit) {
  if (dim.kind == syntax::ExprKind::Attribute) return;  // config.width
  if (dim.kind == syntax::ExprKind::Name && dim.text != "config") visit(dim);
  const std::size_t first = dim.kind == syntax::ExprKind::Call ? 1 : 0;  // `max(n - 3, 0)`: the function is no dimension
  for (std::size_t i = first; i < dim.children.size(); ++i) {
    if (dim.children[i]) for_each_size_name(*dim.children[i], visit);
  }
}

std::vector<ModelInput> tensor_inputs(const syntax::Tree& tree, Diagnostics& diagnostics) {
  std::vector<ModelInput> inputs;
  for (const syntax::Entry& entry : input_entries(tree)) add_tensor_inputs(tree, *entry.value, entry.key->text, diagnostics, inputs);
  return inputs;
}

std::vector<std::string> dimension_names(const syntax::Tree& tree, Diagnostics& diagnostics) {
  std::vector<std::string> names;
  for (const ModelInput& input : tensor_inputs(tree, diagnostics)) {
    for (const auto& dim : input.type.dims->children) add_names(*dim, names);
  }
  return names;
}

Taken taken_inputs(const catalog::Instance& root, const std::string& method, const std::vector<std::string>& inputs) {
  Taken taken;
  for (const std::string& name : root.type->methods()) {
    for (std::string& argument : root.type->arguments(name)) {
      if (std::find(taken.known.begin(), taken.known.end(), argument) == taken.known.end()) taken.known.push_back(std::move(argument));
    }
  }
  const auto is_known = [&](const std::string& name) { return std::find(taken.known.begin(), taken.known.end(), name) != taken.known.end(); };
  taken.by_position = dynamic_cast<const catalog::LayerType*>(root.type.get()) != nullptr || std::none_of(inputs.begin(), inputs.end(), is_known);
  const std::vector<std::string> own = root.type->arguments(method);
  for (const std::string& name : inputs) {
    if (std::find(own.begin(), own.end(), name) != own.end()) taken.names.push_back(name);
  }
  return taken;
}

Inputs::Inputs(Context& context, const Unit& unit, const RunRequest& request, std::map<std::string, Dim>& sizes)
    : context_(context), unit_(unit), request_(request), sizes_(sizes), entries_(input_entries(unit.tree())) {
  sizes_ = request.sizes;
  // Plain names bind before expressions are evaluated, whatever the order of the inputs.
  for (const ModelInput& input : tensor_inputs(unit.tree(), context.diagnostics())) {
    if (const auto given = request.arrays.find(input.path); given != request.arrays.end()) bind_names(input.type, given->second);
  }
}

std::vector<std::string> Inputs::names() const {
  std::vector<std::string> names;
  for (const syntax::Entry& entry : entries_) names.push_back(entry.key->text);
  return names;
}

Span Inputs::place(const std::string& name) const {
  for (const syntax::Entry& entry : entries_) {
    if (entry.key->text == name) return entry.key->span;
  }
  return {};
}

void Inputs::bind_names(const modules::TensorType& type, const Fact& fact) {
  std::vector<const Expr*> dims;
  for (const auto& dim : type.dims->children) {
    if (dim->kind != syntax::ExprKind::Constant) dims.push_back(dim.get());
  }
  if (fact.shape.size() < dims.size()) return;
  const std::size_t first = fact.shape.size() - dims.size();
  for (std::size_t i = 0; i < dims.size(); ++i) {
    if (dims[i]->kind == syntax::ExprKind::Name && dims[i]->text != "config") sizes_.emplace(dims[i]->text, fact.shape[first + i]);
  }
}

Value Inputs::value(const std::string& name) {
  for (const syntax::Entry& entry : entries_) {
    if (entry.key->text != name) continue;
    if (const auto given = request_.literals.find(name); given != request_.literals.end()) {
      return literal_in_place_of(context_, Frame(unit_), leaf_or_tree(*entry.value, name), *given->second, concat("the input `", name, "`"));
    }
    return leaf_or_tree(*entry.value, name);
  }
  return {};
}

Value Inputs::leaf_or_tree(const Node& node, const std::string& path) {
  if (is_untyped(node)) throw Failed{};  // told where the inputs were read
  if (node.is_map()) {
    Map map;
    bool any = false;
    for (const syntax::Entry& entry : node.entries) {
      Value item = leaf_or_tree(*entry.value, path + "." + entry.key->text);
      any = any || !item.is_none();
      map.emplace_back(Value(entry.key->text), std::move(item));
    }
    if (!any && !map.empty()) return catalog::None{};  // a tree of optional tensors of which none is given
    return map;
  }
  if (node.is_list()) {
    List list;
    bool any = false;
    for (std::size_t i = 0; i < node.elements.size(); ++i) {
      list.push_back(leaf_or_tree(*node.elements[i], path + "." + std::to_string(i)));
      any = any || !list.back().is_none();
    }
    if (!any && !list.empty()) return catalog::None{};
    return list;
  }
  if (!is_tensor_leaf(node))
    return literal(context_, Frame(unit_), node, catalog::FieldType::of(catalog::FieldType::Base::Any), concat("the input `", path, "`"));
  const auto type = modules::parse_tensor_type(unit_.tree(), node, context_.diagnostics());
  if (!type) throw Failed{};
  return tensor(*type, node, path);
}

Dims Inputs::dims_of(const modules::TensorType& type) {
  Frame frame(unit_);
  std::vector<std::string> names;
  for (const auto& dim : type.dims->children) add_names(*dim, names);
  Frame inner(&frame);
  for (const std::string& name : names) {
    const auto size = sizes_.find(name);
    if (size == sizes_.end()) sizes_.emplace(name, Dim::named(name));
    inner.bind(name, sizes_.at(name));
  }
  Dims dims;
  for (const auto& dim : type.dims->children) {
    if (dim->kind == syntax::ExprKind::Constant) continue;  // `...`: no further dimensions where no array is given
    const Value size = evaluate_static(context_, inner, *dim, "a dimension");
    if (size.integer() == nullptr) context_.fail(Code::WrongType, dim->span, concat("a dimension is an int, and this is ", catalog::kind(size)));
    if (const auto known = size.integer()->constant(); known && *known < 0)
      context_.fail(Code::ShapeMismatch, dim->span, concat("a dimension cannot be ", *known));
    dims.push_back(*size.integer());
  }
  return dims;
}

Value Inputs::tensor(const modules::TensorType& type, const Node& node, const std::string& path) {
  const auto given = request_.arrays.find(path);
  const bool present = given != request_.arrays.end() || std::find(request_.present.begin(), request_.present.end(), path) != request_.present.end();
  if (type.optional && !present) return catalog::None{};
  Fact fact;
  if (given != request_.arrays.end()) {
    fact = given->second;
  } else {
    const std::optional<DType> dtype = contract_dtype(context_, Frame(unit_), type);
    fact.dtype = dtype ? *dtype : DType::Float32;
    fact.shape = dims_of(type);
  }
  const graph::AxisOrigin origin = context_.builder.origins().add_axis(node.span, concat("`", path, "`"));
  fact.axis_origins.assign(fact.shape.size(), origin);
  graph::Graph& graph = context_.builder.graph();
  const Tensor made{&graph, graph.add_input(std::move(fact), PortRole::Argument, path)};
  if (given != request_.arrays.end()) checks_.push_back({made, type, path});
  return made;
}

void Inputs::check_all_bound() {
  for (const Check& check : checks_) {
    check_tensor(context_, Frame(unit_), check.tensor, check.type, sizes_, concat("the input `", check.path, "`"), Code::InputMismatch);
  }
}

namespace {

std::vector<std::string> split_key(const std::string& key) {
  std::vector<std::string> parts(1);
  for (const char c : key) {
    if (c == '/') {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  for (std::string& part : parts) part = runtime::unescaped_name(part);
  return parts;
}

}  // namespace

std::vector<catalog::StoredVariable> stored_variables(graph::Graph& graph, const std::vector<std::pair<std::string, Fact>>& leaves) {
  std::vector<catalog::StoredVariable> variables;
  for (const auto& [key, fact] : leaves) {
    // Places of axes are numbers in the table of the run that made the fact, which is another one.
    const Tensor tensor{&graph, graph.add_input({fact.dtype, fact.shape, fact.weak, {}}, PortRole::Variable, key)};
    std::vector<std::string> parts = split_key(key);
    if (parts.size() < 2) continue;
    catalog::StoredVariable variable;
    variable.key.collection = parts.front();
    variable.key.name = parts.back();
    variable.key.path.assign(parts.begin() + 1, parts.end() - 1);
    const bool number =
        !variable.key.name.empty() && std::all_of(variable.key.name.begin(), variable.key.name.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (number && !variable.key.path.empty() && variable.key.collection != "params") {
      catalog::VariableKey owner{variable.key.collection, {variable.key.path.begin(), variable.key.path.end() - 1}, variable.key.path.back()};
      if (variable.key.name == "0") {
        variables.push_back({std::move(owner), List{Value(tensor)}, {}});
        continue;
      }
      if (!variables.empty() && variables.back().key == owner && variables.back().value.list() != nullptr) {
        List items = *variables.back().value.list();
        items.emplace_back(tensor);
        variables.back().value = std::move(items);
        continue;
      }
    }
    variable.value = tensor;
    variables.push_back(std::move(variable));
  }
  return variables;
}

}  // namespace linenc::elaborate
