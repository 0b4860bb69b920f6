// Literals: what a YAML node means at a position of a given type, module literals, transforms of modules.
// Tested by tests/compiler/elaborate/statements_test.cpp.
#include "compiler/elaborate/literal.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "compiler/catalog/conform.h"
#include "compiler/catalog/registry.h"
#include "compiler/diagnostics/closest_name.h"
#include "compiler/elaborate/evaluate.h"
#include "compiler/elaborate/unit.h"
#include "compiler/modules/resolve.h"
#include "compiler/syntax/expression_parser.h"
#include "compiler/syntax/tree.h"

// The switches below pick a few of many kinds; `default` is the rest.
#pragma GCC diagnostic ignored "-Wswitch-enum"

namespace linenc::elaborate {

using Base = FieldType::Base;
using catalog::Template;

bool is_marked(const Node& node) { return node.is_scalar() && node.text.starts_with("=") && !node.text.starts_with("=="); }

const Expr& parsed(Context& context, const Frame& frame, const Node& node, std::size_t skip) {
  const Expr* expr = frame.unit().tree().expression(node, skip, context.diagnostics());
  if (expr == nullptr) throw Failed{};
  return *expr;
}

std::string interpolate(Context& context, const Frame& frame, const Node& node) {
  if (!node.is_scalar()) context.fail(Code::WrongStructure, node.span, "a name is wanted here");
  if (node.text.find('{') == std::string::npos) return node.text;
  const Expr* expr = frame.unit().tree().interpolation(node, context.diagnostics());
  if (expr == nullptr) throw Failed{};
  return catalog::display(evaluate_static(context, frame, *expr, "a name"));
}

std::string module_name(Context& context, const Frame& frame, const Node& node) {
  std::string name = interpolate(context, frame, node);
  if (name.empty()) context.fail(Code::FieldOutOfRange, node.span, "an empty text cannot name a module");
  return name;
}

std::string interpolate_message(Context& context, const Frame& frame, const Node& node) {
  if (!node.is_scalar()) context.fail(Code::WrongStructure, node.span, "a text is wanted here");
  const Expr* expr = frame.unit().tree().interpolation(node, context.diagnostics());
  if (expr == nullptr) throw Failed{};
  return message_text(context, frame, *expr);
}

namespace {

std::string unmarked(const std::string& text) { return text.starts_with("==") ? text.substr(1) : text; }

// A number as the types int and float read it; NaN-free texts only are numbers.
std::optional<double> float_literal(const Node& node) {
  std::string text;
  for (const char c : node.text) {
    if (c != '_') text += c;
  }
  bool negative = false;
  std::string_view body = text;
  if (!body.empty() && (body[0] == '+' || body[0] == '-')) {
    negative = body[0] == '-';
    body.remove_prefix(1);
  }
  if (body == "inf" || body == ".inf" || body == ".Inf" || body == ".INF")
    return negative ? -std::numeric_limits<double>::infinity() : std::numeric_limits<double>::infinity();
  if (body == "nan" || body == ".nan" || body == ".NaN" || body == ".NAN") return std::numeric_limits<double>::quiet_NaN();
  if (body.empty() || !((body[0] >= '0' && body[0] <= '9') || body[0] == '.')) return std::nullopt;
  double value = 0;
  const auto [end, error] = std::from_chars(body.data(), body.data() + body.size(), value);
  if (error != std::errc() || end != body.data() + body.size()) return std::nullopt;
  return negative ? -value : value;
}

std::string node_kind(const Node& node) { return node.is_list() ? "a list" : node.is_map() ? "a map" : "a text"; }

// What may have been meant by a text that stands where another literal is wanted.
enum class Meant : std::uint8_t { Text, Name, Expression };

Meant meant_by(const Node& node) {
  using syntax::ExprKind;
  diagnostics::Diagnostics unheard;
  const syntax::ExprPtr expr = syntax::parse_expression(node, 0, unheard);
  if (expr == nullptr) return Meant::Text;
  switch (expr->kind) {
    case ExprKind::Integer:
    case ExprKind::Float:
    case ExprKind::String:
    case ExprKind::Constant: return Meant::Text;
    case ExprKind::Name:
    case ExprKind::Attribute: return Meant::Name;
    default: return Meant::Expression;
  }
}

[[noreturn]] void fail_literal(Context& context, const Node& node, const FieldType& type, const std::string& what) {
  std::string seen = node.is_scalar() ? concat("`", diagnostics::shown(node.text), "`") : node_kind(node);
  if (node.is_scalar() && !node.plain) seen = concat("the text ", seen);
  if (node.is_null()) seen = "nothing";
  diagnostics::Report report = context.error(Code::WrongType, node.span, concat(what, " wants ", to_string(type), ", and this is ", seen));
  const bool computed = type.base == Base::Int || type.base == Base::Float || type.base == Base::Bool || type.base == Base::List;
  const Meant meant = computed && node.is_scalar() ? meant_by(node) : Meant::Text;
  const bool is_word = type.base == Base::Bool && node.plain && (node.text == "yes" || node.text == "no" || node.text == "on" || node.text == "off");
  if (is_word) {
    const char* truth = node.text == "yes" || node.text == "on" ? "true" : "false";
    report.fix(node.span, truth, concat("write `", truth, "`"));
    Context::throw_reported(report.emit());
  }
  if (meant == Meant::Name && node.plain) report.help(concat("write `=", diagnostics::shown(node.text), "` where the value of that name is meant"));
  if (meant == Meant::Expression) report.help(concat("write `=", diagnostics::shown(node.text), "`: an expression begins with `=` here"));
  Context::throw_reported(report.emit());
}

// A function or initializer: an expression that needs no mark, or `{name: {keywords}}`, a call.
Value function_literal(Context& context, const Frame& frame, const Node& node) {
  if (node.is_scalar()) return evaluate(context, frame, parsed(context, frame, node, is_marked(node) ? 1 : 0));
  if (!node.is_map() || node.entries.size() != 1) {
    context.fail(Code::WrongStructure, node.span, "a function is written as its name, or as a call {name: {keywords}}");
  }
  const syntax::Entry& entry = node.entries.front();
  const Value function = evaluate(context, frame, parsed(context, frame, *entry.key));
  if (function.is_poison()) return function;
  if (!function.function()) context.fail(Code::WrongType, entry.key->span, concat(catalog::kind(function), " is not a function"));
  Arguments arguments;
  arguments.place = node.span;
  if (entry.value->is_map()) {
    for (const syntax::Entry& keyword : entry.value->entries) {
      const bool is_dtype = keyword.key->text == "dtype" || keyword.key->text == "param_dtype";
      Value value =
          literal(context, frame, *keyword.value, FieldType::of(is_dtype ? Base::DType : Base::Any, true), concat("`", keyword.key->text, "`"));
      arguments.keywords.emplace_back(keyword.key->text, Arguments::Item{std::move(value), keyword.value->span, "", keyword.key->span});
    }
  } else if (!entry.value->is_null()) {
    context.fail(Code::WrongStructure, entry.value->span, "the keywords of a call are a map");
  }
  if (arguments.has_poison()) return Poison{};
  return function.function()->call(context, arguments);
}

Value scalar_literal(Context& context, const Node& node, const FieldType& type, const std::string& what) {
  switch (type.base) {  // NOLINT: the other types are handled by literal()
    case Base::Str: return unmarked(node.text);
    case Base::DType: return node.text;
    case Base::Bool: {
      const syntax::CoreValue core = syntax::core_value(node);
      if (node.plain && core.kind == syntax::CoreKind::Bool) return core.boolean;
      break;
    }
    case Base::Int: {
      const syntax::CoreValue core = syntax::core_value(node);
      if (node.plain && core.kind == syntax::CoreKind::Int) {
        if (core.overflow) context.fail(Code::EvaluationFailed, node.span, "this number does not fit into 64 bits");
        return Dim(core.integer);
      }
      break;
    }
    case Base::Float:
      if (node.plain) {
        if (const std::optional<double> number = float_literal(node)) return *number;
      }
      break;
    default: break;
  }
  fail_literal(context, node, type, what);
}

Value list_literal(Context& context, const Frame& frame, const Node& node, const FieldType& element, const std::string& what) {
  List items;
  for (const Node* item : node.elements) items.push_back(literal(context, frame, *item, element, concat("an item of ", what)));
  return items;
}

Value map_literal(Context& context, const Frame& frame, const Node& node, const std::string& what) {
  Map map;
  for (const syntax::Entry& entry : node.entries) {
    Value key = core_literal(context, *entry.key);
    if (key.is_none()) key = entry.key->text;
    map.emplace_back(std::move(key), literal(context, frame, *entry.value, FieldType::of(Base::Any), what));
  }
  return map;
}

// Where the file has written the text that `config.a.b` gives; none for another expression, or where `--set` has replaced it.
const Node* config_node(const Frame& frame, const Expr& expr) {
  if (expr.kind == syntax::ExprKind::Name) return expr.text == "config" ? frame.unit().tree().config : nullptr;
  if (expr.kind != syntax::ExprKind::Attribute) return nullptr;
  const Node* outer = config_node(frame, *expr.children[0]);
  return outer != nullptr && outer->is_map() ? outer->find(expr.text) : nullptr;
}

Span config_entry(const Frame& frame, const Expr& expr, const Value& value) {
  const Node* node = config_node(frame, expr);
  const bool written = node != nullptr && node->is_scalar() && value.text() != nullptr && node->text == *value.text();
  return written ? node->span : Span{};
}

}  // namespace

Value core_literal(Context& context, const Node& node) {
  const syntax::CoreValue core = syntax::core_value(node);
  switch (core.kind) {
    case syntax::CoreKind::Null: return catalog::None{};
    case syntax::CoreKind::Bool: return core.boolean;
    case syntax::CoreKind::Int:
      if (core.overflow) context.fail(Code::EvaluationFailed, node.span, "this number does not fit into 64 bits");
      return Dim(core.integer);
    case syntax::CoreKind::Float: return core.number;
    case syntax::CoreKind::Str: return unmarked(node.text);
  }
  return catalog::None{};
}

Value literal(Context& context, const Frame& frame, const Node& node, const FieldType& type, const std::string& what) {
  if (node.broken) return catalog::Poison{};
  if (is_marked(node)) {
    const Expr& expr = parsed(context, frame, node, 1);
    Value value = evaluate(context, frame, expr);
    const Span entry = config_entry(frame, expr, value);
    return catalog::conform_entry(context, std::move(value), type, node.span, what, entry);
  }
  const bool none_word = node.is_scalar() && node.plain && (node.text == "none" || node.text == "None");
  if (type.base != Base::Str && (node.is_null() || (none_word && (type.optional || type.base == Base::Any)))) {
    if (type.optional || type.base == Base::Any) return catalog::None{};
    if (type.base != Base::Map) fail_literal(context, node, type, what);
  }
  if (type.base == Base::Str && type.optional && (node.is_null() || none_word)) return catalog::None{};
  if (type.base == Base::Module || type.base == Base::Instance) {
    return catalog::conform(context, module_literal(context, frame, node), type, node.span, what);
  }
  if (type.base == Base::Function || type.base == Base::Initializer) {
    return catalog::conform(context, function_literal(context, frame, node), type, node.span, what);
  }
  if (type.base == Base::List) {
    if (!node.is_list()) fail_literal(context, node, type, what);
    return list_literal(context, frame, node, type.element ? *type.element : FieldType::of(Base::Any), what);
  }
  if (node.is_list() && type.base == Base::Any) return list_literal(context, frame, node, FieldType::of(Base::Any), what);
  if (node.is_map() && (type.base == Base::Any || type.base == Base::Map)) return map_literal(context, frame, node, what);
  if (node.is_null() && type.base == Base::Map) return Map{};
  if (!node.is_scalar() || type.base == Base::Map) fail_literal(context, node, type, what);
  if (type.base == Base::Any) return core_literal(context, node);
  return catalog::conform(context, scalar_literal(context, node, type, what), type, node.span, what);
}

void add_dataflow(Context& context, const Frame& frame, const Node& node, List& items) {
  if (!node.is_scalar() || !node.text.starts_with("*")) return items.push_back(dataflow(context, frame, node));
  const Expr* expr = frame.unit().tree().element(node, context.diagnostics());
  if (expr == nullptr) throw Failed{};
  add_element(context, frame, *expr, items);
}

Value dataflow(Context& context, const Frame& frame, const Node& node) {
  if (node.is_list()) {
    List items;
    for (const Node* item : node.elements) add_dataflow(context, frame, *item, items);
    return items;
  }
  if (node.is_map()) {
    Map map;
    for (const syntax::Entry& entry : node.entries) map.emplace_back(Value(entry.key->text), dataflow(context, frame, *entry.value));
    return map;
  }
  if (node.is_null() && node.text.empty()) {
    context.fail(Code::WrongStructure, node.span, "an expression is missing here (a key with commas needs quotes inside {…})");
  }
  if (is_marked(node)) {
    diagnostics::Report report =
        context.error(Code::ExpressionSyntax, node.span, "this position always holds an expression: write it without the mark `=`");
    report.fix(node.span_of(0, 1), "", "leave out the `=`");
    Context::throw_reported(report.emit());
  }
  return evaluate(context, frame, parsed(context, frame, node));
}

Value static_dataflow(Context& context, const Frame& frame, const Node& node, const std::string& what) {
  Value value = dataflow(context, frame, node);
  if (value.has_poison()) throw Failed{};
  if (value.has_tensor()) {
    context.fail(Code::NotStatic, node.span,
                 concat(what, " needs a static value, and this is ", catalog::kind(value), ": see `where`, `scan`, `cond`"));
  }
  return value;
}

// --- module literals -----------------------------------------------------------------------------

TemplatePtr as_template(Context& context, const Value& value, Span place) {
  if (value.is_poison()) throw Failed{};
  if (TemplatePtr found = value.module_template()) return found;
  diagnostics::Report report = context.error(Code::WrongType, place, concat("a module is wanted here, and this is ", catalog::kind(value)));
  if (const InstancePtr made = value.instance()) {
    report.help(concat("it is made already, as all that stands in `setup`; fields that several share stand in a map, `shared: =dict(…)`, and `{",
                       made->type->class_name(), ": {with: shared}}` takes them"));
  }
  Context::throw_reported(report.emit());
}

namespace {

// `around` is the map that the field is written in, where it is: a name that stands there already is not offered. `given`: the entry of
// `config` that `with` hands over, where it is known.
const catalog::FieldInfo& field_info(Context& context, const catalog::ModuleType& type, const std::string& name, Span place, const Node* around,
                                     const syntax::Entry* given = nullptr) {
  for (const catalog::FieldInfo& info : type.fields()) {
    if (info.name == name) return info;
  }
  std::vector<std::string> known;
  for (const catalog::FieldInfo& info : type.fields()) known.push_back(info.name);
  diagnostics::Report report =
      context.error(Code::UnknownField, place,
                    concat("`", type.class_name(), "` has no field `", diagnostics::shown(name), "`", diagnostics::did_you_mean(name, known)));
  report.help(concat("`", type.class_name(), "` has ", diagnostics::listed(known, 40)));
  if (const char* beside = modules::stands_beside(name)) report.help(beside);
  if (given != nullptr) report.note(given->key->span, "the entry stands here");
  const Span key = given != nullptr ? given->key->span : place;
  const auto close = diagnostics::closest_name(name, known);
  const bool is_written = around != nullptr && close && around->find(*close) == nullptr;
  if (close && (is_written || given != nullptr)) report.fix(key, *close, concat("write `", *close, "`"), is_written);
  Context::throw_reported(report.emit());
}

const syntax::Entry* entry_called(const Node* map, const std::string& name) {
  if (map == nullptr || !map->is_map()) return nullptr;
  const auto found = std::find_if(map->entries.begin(), map->entries.end(), [&](const syntax::Entry& entry) { return entry.key->text == name; });
  return found == map->entries.end() ? nullptr : &*found;
}

// What a field that holds modules is given, a module or a list of them: they are made when its owner is.
Value unmade(Context& context, const Value& value, FieldType type, Span span, const std::string& what, Span entry = {}) {
  type.base = Base::Module;
  if (value.list() == nullptr) return catalog::conform_entry(context, value, type, span, what, entry);
  List items;
  for (const Value& item : *value.list()) items.push_back(unmade(context, item, type, span, concat("an item of ", what)));
  return items;
}

// The fields that `with:` gives: an expression or a list of expressions, each a map.
void splice_fields(Context& context, const Frame& frame, const catalog::ModuleType& type, const Node& node, std::vector<Template::Field>& fields) {
  const Value given = dataflow(context, frame, node);
  if (given.has_poison()) throw Failed{};
  const List single = {given};
  const Node* config = node.is_scalar() ? config_node(frame, parsed(context, frame, node)) : nullptr;
  for (const Value& map : given.list() != nullptr ? *given.list() : single) {
    if (map.map() == nullptr) context.fail(Code::WrongType, node.span, concat("`with` wants maps, and this is ", catalog::kind(map)));
    for (const auto& [key, value] : *map.map()) {
      const std::string name = catalog::display(key);
      const catalog::FieldInfo& info = field_info(context, type, name, node.span, nullptr, entry_called(config, name));
      const std::string what = concat("`", name, "`");
      const bool holds_modules = info.type.base == Base::Instance;
      Value fitted =
          holds_modules ? unmade(context, value, info.type, node.span, what) : catalog::conform(context, value, info.type, node.span, what);
      fields.push_back({name, std::move(fitted), node.span});
    }
  }
}

// The value of a field that is written out.
Value field_value(Context& context, const Frame& frame, const Node& node, const catalog::FieldInfo& info) {
  const std::string what = concat("`", info.name, "`");
  FieldType type = info.type;
  if (type.base == Base::Instance) type.base = Base::Module;  // made when its owner is
  if (type.base == Base::Module && node.is_list()) return module_literal(context, frame, node);
  if (info.type.base != Base::Instance || !is_marked(node)) return literal(context, frame, node, type, what);
  const Expr& expr = parsed(context, frame, node, 1);
  const Value value = evaluate(context, frame, expr);
  return unmade(context, value, type, node.span, what, config_entry(frame, expr, value));
}

}  // namespace

TemplatePtr with_fields(Context& context, const Frame& frame, const TemplatePtr& base, const Node* node, std::string name, Span place) {
  std::vector<Template::Field> fields;
  std::vector<Template::Field> written;
  bool failed = node != nullptr && node->broken;
  if (node != nullptr && !node->is_null()) {
    if (!node->is_map()) {
      const std::vector<catalog::FieldInfo>& infos = base->type->fields();
      const std::string form =
          node->is_scalar() && !infos.empty() ? concat(": `{", infos.front().name, ": ", diagnostics::shown(node->text), "}`") : "";
      context.fail(Code::WrongStructure, node->span, "the fields of a module are a map" + form);
    }
    for (const syntax::Entry& entry : node->entries) {
      // Every field is checked, so that one run shows the mistakes of all of them.
      try {
        if (entry.key->text == "with") {
          splice_fields(context, frame, *base->type, *entry.value, fields);
          continue;
        }
        const catalog::FieldInfo& info = field_info(context, *base->type, entry.key->text, entry.key->span, node);
        written.push_back({info.name, field_value(context, frame, *entry.value, info), entry.value->span});
      } catch (const Failed&) {
        failed = true;
      }
    }
  }
  if (failed) throw Failed{};
  for (Template::Field& field : written) fields.push_back(std::move(field));
  return base->with(std::move(fields), std::move(name), place);
}

Value module_literal(Context& context, const Frame& frame, const Node& node) {
  if (node.is_list()) {
    List items;
    for (const Node* item : node.elements) items.push_back(module_literal(context, frame, *item));
    return items;
  }
  if (node.is_scalar()) {
    const Value value = evaluate(context, frame, parsed(context, frame, node, is_marked(node) ? 1 : 0));
    if (const TemplatePtr found = value.module_template()) return found->with({}, "", node.span);
    return value;
  }
  if (node.entries.empty()) context.fail(Code::WrongStructure, node.span, "a module literal is {Type: {fields}}");
  const syntax::Entry& first = node.entries.front();
  std::string name;
  if (const Node* name_node = node.find("name")) name = module_name(context, frame, *name_node);
  if (syntax::is_transform_word(first.key->text)) {
    const TemplatePtr made = transform_literal(context, frame, node, {"name"});
    return name.empty() ? made : made->with({}, name, {});
  }
  for (const syntax::Entry& entry : node.entries) {
    if (&entry == &first || entry.key->text == "name") continue;
    context.fail(
        Code::UnknownKey, entry.key->span,
        concat("a module literal has no `", diagnostics::shown(entry.key->text), "`",
               diagnostics::did_you_mean(entry.key->text, std::vector<std::string>{"name"}), " (it is {Type: {fields}}, and perhaps `name`)"));
  }
  const Value callee = evaluate(context, frame, parsed(context, frame, *first.key));
  if (callee.function()) return function_literal(context, frame, node);
  return with_fields(context, frame, as_template(context, callee, first.key->span), first.value, name, node.span);
}

catalog::TransformOptions transform_options(Context& context, const Frame& frame, const std::string& transform,
                                            const std::vector<syntax::Entry>& entries, Span place) {
  catalog::TransformOptions options;
  options.place = place;
  const std::vector<std::string>& known = syntax::transform_options(transform);
  for (const syntax::Entry& entry : entries) {
    if (std::find(known.begin(), known.end(), entry.key->text) == known.end()) {
      context.fail(Code::UnknownKey, entry.key->span,
                   concat("`", transform, "` has no option `", diagnostics::shown(entry.key->text), "`",
                          diagnostics::did_you_mean(entry.key->text, known), " (it has ", diagnostics::listed(known), ")"));
    }
    const bool function = entry.key->text.ends_with("_fn") || entry.key->text == "data_transform";
    options.options.push_back(
        {entry.key->text,
         literal(context, frame, *entry.value, FieldType::of(function ? Base::Function : Base::Any, true), concat("`", entry.key->text, "`")),
         entry.value->span});
  }
  return options;
}

TemplatePtr transform_literal(Context& context, const Frame& frame, const Node& node, const std::vector<std::string>& skip) {
  const syntax::Entry* first = nullptr;
  std::vector<syntax::Entry> entries;
  for (const syntax::Entry& entry : node.entries) {
    if (first == nullptr && syntax::is_transform_word(entry.key->text)) {
      first = &entry;
    } else if (std::find(skip.begin(), skip.end(), entry.key->text) == skip.end()) {
      entries.push_back(entry);
    }
  }
  const std::string& word = first->key->text;
  const catalog::TransformSpec* spec = catalog::find_transform(word == "checkpoint" ? "remat" : word);
  const TemplatePtr target = as_template(context, module_literal(context, frame, *first->value), first->value->span);
  catalog::TransformOptions options = transform_options(context, frame, word, entries, first->key->span);
  if (spec == nullptr) context.fail(Code::NotSupportedYet, first->key->span, concat("the transform `", word, "` is not built yet"));
  auto made = std::make_shared<Template>(*target);
  made->type = catalog::transformed(target->type, *spec, std::move(options));
  made->place = node.span;
  return made;
}

namespace {

FieldType type_of(const Value& old) {
  using Base = FieldType::Base;
  if (old.boolean() != nullptr) return FieldType::of(Base::Bool);
  if (old.integer() != nullptr) return FieldType::of(Base::Int);
  if (old.number() != nullptr) return FieldType::of(Base::Float);
  if (old.text() != nullptr) return FieldType::of(Base::Str);
  if (old.list() != nullptr) return FieldType::list_of(FieldType::of(Base::Any));
  if (old.map() != nullptr) return FieldType::of(Base::Map);
  if (old.module_template()) return FieldType::of(Base::Module);
  if (old.function()) return FieldType::of(Base::Function);
  if (old.dtype() != nullptr) return FieldType::of(Base::DType);
  return FieldType::of(Base::Any);
}

}  // namespace

Value literal_in_place_of(Context& context, const Frame& frame, const Value& old, const Node& node, const std::string& what) {
  const bool to_none = node.is_null() || (node.plain && node.text == "none");
  if (to_none && (old.text() == nullptr || (node.plain && !node.text.empty()))) return catalog::None{};
  return literal(context, frame, node, type_of(old), what);
}

}  // namespace linenc::elaborate
