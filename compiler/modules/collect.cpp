// Tree -> definitions: fields, arguments, methods and tensor types as written, nothing computed.
// Tested by tests/compiler/modules/collect_test.cpp.
#include <algorithm>
#include <array>
#include <cctype>

#include "compiler/diagnostics/closest_name.h"
#include "compiler/modules/meant_tensor_type.h"
#include "compiler/modules/module.h"
#include "compiler/syntax/meant_text.h"
#include "compiler/syntax/structure.h"

namespace linenc::modules {

using diagnostics::Code;
using syntax::trimmed;

const Field* Definition::field(std::string_view field_name) const {
  for (const Field& f : fields) {
    if (f.name == field_name) return &f;
  }
  return nullptr;
}

std::shared_ptr<const Method> Definition::method(std::string_view method_name) const {
  for (const auto& m : methods) {
    if (m->name == method_name) return m;
  }
  return nullptr;
}

const Node* Definition::setup_entry(std::string_view entry_name) const { return setup == nullptr ? nullptr : setup->find(entry_name); }

namespace {

// `T?` and `T | none` -> T, and whether none is allowed.
std::string_view without_optional(std::string_view text, bool& optional) {
  text = trimmed(text);
  if (!text.empty() && text.back() == '?') {
    optional = true;
    return trimmed(text.substr(0, text.size() - 1));
  }
  for (const std::string_view none : {"none", "None", "null"}) {
    if (!text.ends_with(none)) continue;
    const std::string_view head = trimmed(text.substr(0, text.size() - none.size()));
    if (head.ends_with("|")) {
      optional = true;
      return trimmed(head.substr(0, head.size() - 1));
    }
  }
  return text;
}

struct TypeName {
  std::string_view name;
  FieldType::Base base;
};
constexpr std::array<TypeName, 11> kTypeNames = {{{"int", FieldType::Base::Int},
                                                  {"float", FieldType::Base::Float},
                                                  {"bool", FieldType::Base::Bool},
                                                  {"str", FieldType::Base::Str},
                                                  {"dtype", FieldType::Base::DType},
                                                  {"function", FieldType::Base::Function},
                                                  {"initializer", FieldType::Base::Initializer},
                                                  {"module", FieldType::Base::Module},
                                                  {"instance", FieldType::Base::Instance},
                                                  {"any", FieldType::Base::Any},
                                                  {"map", FieldType::Base::Map}}};

// Python's spelling of a type: "; did you mean `int?`?" of `Optional[int]`.
std::string meant_type(std::string_view text, const std::vector<std::string>& names) {
  if (text.ends_with("]")) {
    for (const auto& [open, before, after] : std::initializer_list<std::array<std::string_view, 3>>{
             {"Optional[", "", "?"}, {"List[", "list[", "]"}, {"Sequence[", "list[", "]"}, {"Tuple[", "list[", "]"}, {"tuple[", "list[", "]"}}) {
      if (!text.starts_with(open)) continue;
      const std::string_view inner = text.substr(open.size(), text.size() - open.size() - 1);
      return concat("; did you mean `", before, diagnostics::shown(inner.substr(0, inner.find(','))), after, "`?");
    }
  }
  return diagnostics::did_you_mean(text.substr(0, text.find('[')), names);
}

}  // namespace

std::optional<FieldType> parse_field_type(std::string_view text, Span at, Diagnostics& diagnostics) {
  bool optional = false;
  const std::string_view bare = without_optional(text, optional);
  if (bare == "list") return FieldType::list_of(FieldType::of(FieldType::Base::Any), optional);
  if (bare.starts_with("list[") && bare.ends_with("]")) {
    std::optional<FieldType> element = parse_field_type(bare.substr(5, bare.size() - 6), at, diagnostics);
    if (!element) return std::nullopt;
    return FieldType::list_of(*std::move(element), optional);
  }
  for (const TypeName& known : kTypeNames) {
    if (known.name == bare) return FieldType::of(known.base, optional);
  }
  std::vector<std::string> names = {"list"};
  for (const TypeName& known : kTypeNames) names.emplace_back(known.name);
  diagnostics
      .error(Code::WrongType, at,
             concat("`", diagnostics::shown(bare), "` is not a type", meant_type(bare, names), " (types are ", diagnostics::listed(names),
                    ", list[T] and T?)"))
      .emit();
  return std::nullopt;
}

bool is_tensor_type(std::string_view text) {
  bool optional = false;
  const std::string_view bare = without_optional(text, optional);
  const std::size_t open = bare.find('[');
  if (open == std::string_view::npos || !bare.ends_with("]")) return false;
  const std::string_view head = trimmed(bare.substr(0, open));
  return dtype_of(head).has_value() || head == "any" || head.starts_with("config.");
}

namespace {

// A name, or one that signs beyond ASCII have slipped into: `“float32`.
bool looks_like_name(std::string_view text) {
  const bool begins_with_digit = !text.empty() && text[0] >= '0' && text[0] <= '9';
  return !text.empty() && !begins_with_digit && std::all_of(text.begin(), text.end(), [](char c) {
    return (c & 0x80) != 0 || c == '_' || syntax::is_identifier(std::string{'_', c});
  });
}

}  // namespace

bool looks_like_tensor_type(std::string_view text) {
  const std::size_t open = text.find('[');
  const auto count = [&](char c) { return std::count(text.begin(), text.end(), c); };
  if (!leading_dtype(trimmed(text)).empty() || count('[') != count(']')) return true;
  if (open == std::string_view::npos) return false;
  const std::string_view bare = trimmed(text);
  if (bare.starts_with('[') && bare.ends_with(']') && count(',') > 0) return true;
  const std::string_view head = trimmed(text.substr(0, open));
  return is_tensor_type(text) || looks_like_name(head.substr(head.rfind('.') + 1));  // npos + 1 is 0
}

namespace {

// An open size of other tools, `none`, has a name here.
bool are_sizes(const syntax::Expr& dims, Diagnostics& diagnostics) {
  for (const auto& dim : dims.children) {
    if (dim->kind != syntax::ExprKind::Constant || dim->text == "...") continue;
    diagnostics.error(Code::WrongType, dim->span, concat("a dimension cannot be ", dim->text))
        .help("an unknown size has a name, such as `batch`; one name is one size")
        .emit();
    return false;
  }
  return true;
}

}  // namespace

std::optional<TensorType> parse_tensor_type(const Tree& tree, const Node& node, std::size_t begin, std::size_t end, Diagnostics& diagnostics) {
  TensorType type;
  type.node = &node;
  type.tree = &tree;
  const std::string_view whole = std::string_view(node.text).substr(begin, end - begin);
  const std::string_view bare = without_optional(whole, type.optional);
  type.text = std::string(trimmed(whole));
  const std::size_t open = bare.find('[');
  if (!is_tensor_type(whole)) {
    if (report_meant_tensor_type(node, begin, end, diagnostics)) return std::nullopt;
    const std::string_view head = trimmed(bare.substr(0, open));
    diagnostics
        .error(Code::WrongType, node.span_of(begin, end),
               concat("`", diagnostics::shown(whole), "` is not a tensor type such as float32[batch, 10]",
                      open == std::string_view::npos ? std::string() : diagnostics::did_you_mean_dtype(head, {"any", "key"})))
        .emit();
    return std::nullopt;
  }
  const std::string_view head = trimmed(bare.substr(0, open));
  const auto at = [&](std::string_view part) { return static_cast<std::size_t>(part.data() - node.text.data()); };
  if (head.starts_with("config.")) {
    type.dtype_entry = std::string(head.substr(7));
  } else if (head != "any") {
    type.dtype = dtype_of(head);
  }
  type.dims = tree.dimensions(node, at(bare) + open + 1, at(bare) + bare.size() - 1, diagnostics);
  if (type.dims == nullptr || !are_sizes(*type.dims, diagnostics)) return std::nullopt;
  return type;
}

std::optional<TensorType> parse_tensor_type(const Tree& tree, const Node& node, Diagnostics& diagnostics) {
  if (!node.is_scalar()) {
    diagnostics.error(Code::WrongStructure, node.span, "a tensor type such as float32[batch, 10] is wanted here").emit();
    return std::nullopt;
  }
  return parse_tensor_type(tree, node, 0, node.text.size(), diagnostics);
}

namespace {

// Where the default of `type = default` begins: after the first `=` that is no comparison; npos without one.
std::size_t default_mark(std::string_view text) { return text.find('='); }

void read_contract(const Tree& tree, const Node& node, Argument& argument, Diagnostics& diagnostics) {
  const std::string_view text = node.text;
  std::size_t end = text.size();
  // `bool = false`; the comparison operators of a dimension cannot occur outside of brackets.
  if (const std::size_t mark = default_mark(text); mark != std::string_view::npos) {
    argument.default_expr = tree.expression(node, mark + 1, diagnostics);
    end = mark;
  }
  const std::string_view head = text.substr(0, end);
  bool optional = false;
  if (is_tensor_type(head) || head.find('[') != std::string_view::npos) {
    if (trimmed(head).starts_with("list[")) {
      argument.type = parse_field_type(head, node.span_of(0, end), diagnostics);
      optional = argument.type && argument.type->optional;
    } else {
      argument.tensor = parse_tensor_type(tree, node, 0, end, diagnostics);
      optional = argument.tensor && argument.tensor->optional;
    }
  } else {
    argument.type = parse_field_type(head, node.span_of(0, end), diagnostics);
    optional = argument.type && argument.type->optional;
  }
  argument.required = argument.default_expr == nullptr && !optional;
}

Argument read_plain_argument(const Tree& tree, const Node& node, Diagnostics& diagnostics) {
  Argument argument;
  argument.place = node.span;
  const std::string_view text = node.text;
  const std::size_t mark = default_mark(text);
  argument.name = std::string(trimmed(text.substr(0, mark)));
  if (mark != std::string_view::npos) {
    argument.default_expr = tree.expression(node, mark + 1, diagnostics);
    argument.required = false;
  }
  return argument;
}

// `**rest` is the last one's mark.
void check_rest(std::vector<Argument>& arguments, Diagnostics& diagnostics) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    Argument& argument = arguments[i];
    if (argument.name.starts_with("**")) {
      argument.name.erase(0, 2);
      argument.required = false;
      argument.rest = i + 1 == arguments.size();
      if (!argument.rest) diagnostics.error(Code::WrongStructure, argument.place, "only the last argument may be a `**rest`").emit();
    }
  }
}

}  // namespace

// Their structure was checked by the parser.
std::vector<Argument> parse_arguments(const Tree& tree, const Node* node, Diagnostics& diagnostics) {
  std::vector<Argument> arguments;
  if (node == nullptr) {
    arguments.emplace_back().name = "x";
    return arguments;
  }
  if (node->is_map()) {
    for (const syntax::Entry& entry : node->entries) {
      Argument& argument = arguments.emplace_back();
      argument.name = entry.key->text;
      argument.place = entry.key->span;
      if (!entry.value->is_null()) read_contract(tree, *entry.value, argument, diagnostics);
    }
  } else if (node->is_list()) {
    for (const Node* element : node->elements) arguments.push_back(read_plain_argument(tree, *element, diagnostics));
  }
  check_rest(arguments, diagnostics);
  return arguments;
}

namespace {

constexpr std::array<std::string_view, 9> kReservedFields = {"parent", "name", "scope", "variables", "path", "setup", "init", "apply", "bind"};

std::optional<Field> read_field(const Tree& tree, const syntax::Entry& entry, const FieldType* inherited, Diagnostics& diagnostics) {
  Field field;
  field.name = entry.key->text;
  field.place = entry.key->span;
  field.tree = &tree;
  if (std::find(kReservedFields.begin(), kReservedFields.end(), field.name) != kReservedFields.end()) {
    diagnostics.error(Code::WrongStructure, entry.key->span, concat("a field cannot be called `", field.name, "`: Linen's modules have that already"))
        .emit();
    return std::nullopt;
  }
  const Node* type_node = entry.value;
  std::size_t end = 0;
  if (entry.value->is_map()) {
    for (const syntax::Entry& part : entry.value->entries) {
      if (part.key->text == "type" || part.key->text == "default" || part.key->text == "doc") continue;
      diagnostics
          .error(Code::UnknownKey, part.key->span,
                 concat("a field has no `", diagnostics::shown(part.key->text), "` (it has `type`, `default`, `doc`)"))
          .emit();
    }
    field.default_literal = entry.value->find("default");
    type_node = entry.value->find("type");
    end = type_node != nullptr ? type_node->text.size() : 0;
  } else if (entry.value->is_scalar()) {
    end = entry.value->text.size();
    if (const std::size_t mark = default_mark(entry.value->text); mark != std::string::npos) {
      field.default_expr = tree.expression(*entry.value, mark + 1, diagnostics);
      if (field.default_expr == nullptr) return std::nullopt;
      end = mark;
    }
  } else {
    diagnostics.error(Code::WrongStructure, entry.value->span, "a field is `type` or `type = default`").emit();
    return std::nullopt;
  }
  const std::string_view text = type_node == nullptr ? std::string_view() : trimmed(std::string_view(type_node->text).substr(0, end));
  if (text.empty()) {
    if (inherited == nullptr) {
      diagnostics.error(Code::WrongType, entry.key->span, concat("the field `", field.name, "` needs a type")).emit();
      return std::nullopt;
    }
    field.type = *inherited;
    return field;
  }
  std::optional<FieldType> type = parse_field_type(text, type_node->span_of(0, end), diagnostics);
  if (!type) type = FieldType::of(FieldType::Base::Any);  // reported; the name is known all the same
  field.type = *std::move(type);
  return field;
}

// Stands for a field whose declaration was reported, so that its uses are not told as well.
Field broken_field(const Tree& tree, const syntax::Entry& entry) {
  Field field;
  field.name = entry.key->text;
  field.type = FieldType::of(FieldType::Base::Any);
  field.place = entry.key->span;
  field.tree = &tree;
  field.broken = true;
  return field;
}

// The type of a field of the layer that is extended.
const FieldType* type_of(const catalog::ModuleType* layer, const std::string& name) {
  if (layer == nullptr) return nullptr;
  for (const catalog::FieldInfo& info : layer->fields()) {
    if (info.name == name) return &info.type;
  }
  return nullptr;
}

std::vector<TransformUse> read_transforms(const Node* node) {
  std::vector<TransformUse> uses;
  if (node == nullptr) return uses;
  const std::vector<const Node*> single = {node};
  for (const Node* element : node->is_list() ? node->elements : single) {
    TransformUse use;
    use.place = element->span;
    if (element->is_scalar()) {
      use.name = element->text;
    } else if (element->is_map() && element->entries.size() == 1) {
      use.name = element->entries.front().key->text;
      if (!element->entries.front().value->is_null()) use.options = element->entries.front().value;
    }
    if (syntax::is_transform_word(use.name)) uses.push_back(std::move(use));  // others were told by the parser
  }
  return uses;
}

std::shared_ptr<Method> read_method(const Tree& tree, const syntax::MethodTree& source, std::shared_ptr<const Method> old, Diagnostics& diagnostics) {
  auto method = std::make_shared<Method>();
  method->name = source.name;
  method->tree = &tree;
  method->body_tree = source.has_body || !old ? &tree : old->body_tree;
  const Node* body = source.node->find_key(source.compact ? "compact" : "call");
  method->place = source.has_body && body != nullptr ? body->span : source.node->span;
  method->arguments = source.args != nullptr || !old ? parse_arguments(tree, source.args, diagnostics) : old->arguments;
  method->body = source.has_body ? &source.body : (old ? old->body : nullptr);
  method->compact = source.has_body ? source.compact : (old && old->compact);
  method->returns = source.returns;
  method->transforms = read_transforms(source.transform);
  method->base = std::move(old);
  return method;
}

// Linen refuses to set what its modules have already, and their fields.
void check_setup_names(Definition& definition, const Node& setup, Diagnostics& diagnostics) {
  if (!setup.is_map()) return;
  for (const syntax::Entry& entry : setup.entries) {
    const std::string& name = entry.key->text;
    if (std::find(kReservedFields.begin(), kReservedFields.end(), name) != kReservedFields.end()) {
      diagnostics
          .error(Code::WrongStructure, entry.key->span,
                 concat("an entry of `setup` cannot be called `", name, "`: Linen's modules have that already"))
          .emit();
    } else if (const Field* field = definition.field(name)) {
      auto report = diagnostics.error(Code::NameCollision, entry.key->span, concat("`", diagnostics::shown(name), "` is a field already"));
      report.note(field->place, "it is declared here");
      report.emit();
      definition.broken = true;
    }
  }
}

}  // namespace

std::shared_ptr<Definition> collect(const Tree& tree, const syntax::DefinitionTree& source, const Definition* base, const catalog::ModuleType* layer,
                                    Diagnostics& diagnostics) {
  auto definition = std::make_shared<Definition>();
  if (base != nullptr) *definition = *base;
  definition->name = source.name;
  definition->tree = &tree;
  definition->source = &source;
  definition->place = source.name_node != nullptr ? source.name_node->span : source.node->span;
  if (source.fields != nullptr && source.fields->is_map()) {
    for (const syntax::Entry& entry : source.fields->entries) {
      const Field* inherited = definition->field(entry.key->text);
      const FieldType* type = inherited != nullptr ? &inherited->type : type_of(layer, entry.key->text);
      std::optional<Field> field = read_field(tree, entry, type, diagnostics);
      if (!field) field = broken_field(tree, entry);
      if (inherited != nullptr) {
        const_cast<Field&>(*inherited) = *std::move(field);
      } else {
        definition->fields.push_back(*std::move(field));
      }
    }
  }
  if (source.setup != nullptr) {
    check_setup_names(*definition, *source.setup, diagnostics);
    definition->setup = source.setup;
    definition->setup_tree = &tree;
  }
  for (const syntax::MethodTree& method : source.methods) {
    std::shared_ptr<const Method> old = definition->method(method.name);
    std::shared_ptr<Method> made = read_method(tree, method, old, diagnostics);
    const Node* methods = source.node->find("methods");
    const Node* name = methods != nullptr && methods->is_map() ? methods->find_key(method.name) : nullptr;
    if (!method.has_body && name != nullptr) made->place = name->span;
    const auto slot = std::find(definition->methods.begin(), definition->methods.end(), old);
    if (old && slot != definition->methods.end()) {
      *slot = std::move(made);
    } else {
      definition->methods.push_back(std::move(made));
    }
  }
  return definition;
}

}  // namespace linenc::modules
