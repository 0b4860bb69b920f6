// The statements that make something: templates, instances, parameters, variables, keys; and the entries of `setup`.
// Tested by tests/compiler/elaborate/setup_test.cpp.
#include <algorithm>

#include "compiler/catalog/initializer.h"
#include "compiler/catalog/narrow.h"
#include "compiler/catalog/numpy.h"
#include "compiler/elaborate/evaluate.h"
#include "compiler/elaborate/literal.h"
#include "compiler/elaborate/statement_parts.h"
#include "compiler/elaborate/statements.h"
#include "compiler/elaborate/unit.h"
#include "compiler/syntax/identifier.h"

namespace linenc::elaborate {

using catalog::TemplatePtr;
using syntax::Statement;

InstancePtr making_module(Context& context, const Frame& frame, Span place) {
  if (frame.module()) return frame.module();
  if (!frame.makes())
    context.fail(Code::NotPure, place, "a function with a `body` is pure: no submodules, variables or random streams (see `compact`)");
  if (context.stack.empty()) context.fail(Code::NotPure, place, "this function makes submodules, and no module is running");
  return context.stack.back().instance;
}

// Linen makes parameters and variables in `setup` and compact bodies alone, though they may exist already.
InstancePtr declaring_module(Context& context, const Frame& frame, Span place, std::string_view what) {
  const InstancePtr module = making_module(context, frame, place);
  if (!context.stack.empty() && context.stack.back().mode == catalog::Context::Mode::Plain) {
    context.fail(Code::LayerRule, place,
                 concat("a ", what, " is made in the method `", context.stack.back().method, "` of `", module->type->class_name(),
                        "`, which is neither `compact` nor `setup`"));
  }
  return module;
}

bool case_fits(Context& context, const Node& label, const Value& value) {
  if (value.text() != nullptr) return label.text == *value.text();
  return catalog::same(core_literal(context, label), value);
}

void bind_loop(Context& context, Frame& frame, const Node& names, const Value& item) {
  if (names.is_scalar()) {
    bind_target(context, frame, target_of(context, frame, names), item, names.span);
    return;
  }
  if (!names.is_list()) context.fail(Code::WrongStructure, names.span, "a loop binds a name or a list of names");
  const List parts = iterate(context, item, names.span, "unpacking");
  if (parts.size() != names.elements.size())
    context.fail(Code::WrongArguments, names.span, concat(parts.size(), " parts for ", names.elements.size(), " names"));
  for (std::size_t i = 0; i < parts.size(); ++i) bind_loop(context, frame, *names.elements[i], parts[i]);
}

namespace {

const Node& map_subject(Context& context, const Statement& statement) {
  const Node& node = subject(context, statement);
  if (!node.is_map()) context.fail(Code::WrongStructure, node.span, concat("`", statement.word->text, "` takes a map of names"));
  return node;
}

// Binds the name of a `param` or its `out`.
void bind_param(Context& context, Frame& frame, const Statement& statement, const std::string& name, Value value) {
  if (const Node* out = statement.option("out")) return bind_out(context, frame, out, value, statement.node->span);
  frame.bind(syntax::normal_form(name), std::move(value));
}

// Binds the name of a `variable`, or its `out`: a name stands for the variable, an entry of a record holds the value.
void bind_variable(Context& context, Frame& frame, const Statement& statement, const std::shared_ptr<catalog::VariableRef>& variable) {
  const Node* out = statement.option("out");
  if (out == nullptr) return frame.bind(syntax::normal_form(variable->name), Value(variable));
  if (!out->is_scalar()) context.fail(Code::WrongStructure, out->span, "`out` is a name or an entry of a record here");
  const syntax::Target& target = target_of(context, frame, *out);
  switch (target.kind) {
    case syntax::Target::Kind::Ignore: return;
    case syntax::Target::Kind::Name: return frame.bind(target.name, Value(variable));
    case syntax::Target::Kind::Entry: {
      const Value value = context.get_variable(*variable->scope, variable->collection, variable->name);
      return bind_target(context, frame, target, value, out->span);
    }
    case syntax::Target::Kind::Parts: context.fail(Code::WrongStructure, out->span, "a variable is bound to one name");
  }
}

}  // namespace

void run_template(Context& context, Frame& frame, const Statement& statement) {
  for (const syntax::Entry& entry : map_subject(context, statement).entries) {
    frame.bind(entry.key->text, as_template(context, module_literal(context, frame, *entry.value), entry.value->span));
  }
}

void run_instance(Context& context, Frame& frame, const Statement& statement) {
  (void)making_module(context, frame, statement.node->span);
  for (const syntax::Entry& entry : map_subject(context, statement).entries) {
    const TemplatePtr made = as_template(context, module_literal(context, frame, *entry.value), entry.value->span);
    frame.bind(entry.key->text, context.construct(made, entry.value->span));
  }
}

// "`init`", or "`param`" of an entry of `setup`: the key under which a value stands.
std::string statement_key(const Node& map, const Node* value) {
  for (const syntax::Entry& entry : map.entries) {
    if (entry.value == value) return concat("`", entry.key->text, "`");
  }
  return "`init`";
}

Value make_param(Context& context, const Frame& frame, const InstancePtr& module, const std::string& name, const Node* init, const Node& options,
                 Span place) {
  const Node* shape = options.find("shape");
  const Node* args = options.find("args");
  const Node* value = options.find("value");
  if (shape != nullptr && args != nullptr)
    context.fail(Code::WrongStructure, options.find_key("args")->span, "`shape` and `args` exclude each other");
  if (value != nullptr && (shape != nullptr || args != nullptr))
    context.fail(Code::WrongStructure, options.find_key("value")->span, "`value` stands in place of `init`, `shape` and `args`");
  catalog::ScopeNode& scope = *module->scope;
  if (value != nullptr) {
    return context.param_value(
        scope, name,
        [&](Tensor) -> Value {
          Value made = dataflow(context, frame, *value);
          if (made.has_poison()) throw Failed{};
          if (made.list() == nullptr && made.map() == nullptr && made.tensor() == nullptr) made = catalog::to_tensor(context, made, value->span);
          return made;
        },
        place);
  }
  if (init == nullptr) context.fail(Code::MissingKey, place, "`param` needs `init` or `value`");
  const Value function = catalog::conform(context, dataflow(context, frame, *init), FieldType::of(FieldType::Base::Initializer), init->span,
                                          statement_key(options, init));
  if (function.is_poison()) throw Failed{};
  if (args != nullptr || shape == nullptr) {
    Value given = args != nullptr ? dataflow(context, frame, *args) : Value(List{});
    if (given.has_poison()) throw Failed{};
    if (given.list() == nullptr) given = List{given};
    return context.param_value(
        scope, name,
        [&](Tensor key) -> Value {
          Arguments arguments;
          arguments.add(Value(key));
          for (const Value& item : *given.list()) arguments.add(item);
          return function.function()->call(context, arguments);
        },
        place);
  }
  const Value dims_value = dataflow(context, frame, *shape);
  if (dims_value.has_poison()) throw Failed{};
  Dims dims;
  const List single = {dims_value};
  for (const Value& size : dims_value.list() != nullptr ? *dims_value.list() : single) {
    if (size.integer() == nullptr) context.fail(Code::WrongType, shape->span, concat("a shape is a list of ints, and this is ", catalog::kind(size)));
    dims.push_back(*size.integer());
  }
  DType dtype = DType::Float32;
  if (const Node* dtype_node = options.find("dtype")) {
    const Value wanted =
        catalog::conform(context, dataflow(context, frame, *dtype_node), FieldType::of(FieldType::Base::DType, true), dtype_node->span, "`dtype`");
    if (wanted.is_poison()) throw Failed{};
    if (wanted.dtype() != nullptr) dtype = catalog::narrow(context, *wanted.dtype(), dtype_node->span);
  }
  return context.param(scope, name, catalog::to_initializer(function), dims, dtype, place);
}

void run_param(Context& context, Frame& frame, const Statement& statement) {
  const std::string name = interpolate(context, frame, subject(context, statement));
  const InstancePtr module = declaring_module(context, frame, statement.node->span, "parameter");
  bind_param(context, frame, statement, name,
             make_param(context, frame, module, name, statement.option("init"), *statement.node, statement.node->span));
}

void run_variable(Context& context, Frame& frame, const Statement& statement) {
  const std::string name = interpolate(context, frame, subject(context, statement));
  const std::string collection = interpolate(context, frame, needed(context, statement, "collection"));
  const InstancePtr module = declaring_module(context, frame, statement.node->span, "variable");
  const Node* init = statement.option("init");
  const std::function<Value()> make = [&]() -> Value {
    Value value = dataflow(context, frame, *init);
    if (value.has_poison()) throw Failed{};
    return catalog::map_arrays(context, value, init->span);
  };
  (void)context.variable(*module->scope, collection, name, init != nullptr ? &make : nullptr, statement.node->span);
  auto variable = std::make_shared<catalog::VariableRef>();
  variable->collection = collection;
  variable->name = name;
  variable->scope = module->scope;
  bind_variable(context, frame, statement, variable);
}

void run_set(Context& context, Frame& frame, const Statement& statement) {
  for (const syntax::Entry& entry : map_subject(context, statement).entries) {
    const Value* bound = frame.binding(entry.key->text);
    if (bound == nullptr && frame.module()) bound = frame.module()->attribute(entry.key->text);
    const std::shared_ptr<catalog::VariableRef> variable = bound != nullptr ? bound->variable() : nullptr;
    if (bound != nullptr && bound->is_poison()) throw Failed{};
    if (!variable)
      context.fail(
          Code::WrongType, entry.key->span,
          concat("`", diagnostics::shown(entry.key->text), "` is not a variable of this body: `set` gives variables new values, `let` binds names"));
    const Value value = dataflow(context, frame, *entry.value);
    if (value.has_poison()) throw Failed{};
    context.set_variable(*variable->scope, variable->collection, variable->name, catalog::map_arrays(context, value, entry.value->span),
                         entry.key->span);
  }
}

void run_sow(Context& context, Frame& frame, const Statement& statement) {
  const std::string name = interpolate(context, frame, subject(context, statement));
  const Node* collection = statement.option("collection");
  const Node* value_node = statement.option("value");
  const Value value = value_node != nullptr ? dataflow(context, frame, *value_node) : frame.lookup(context, "x", statement.node->span);
  if (value.has_poison()) throw Failed{};
  const auto function = [&](const char* option) -> catalog::FunctionPtr {
    const Node* node = statement.option(option);
    if (node == nullptr) return nullptr;
    const Value f = dataflow(context, frame, *node);
    if (!f.function()) context.fail(Code::WrongType, node->span, concat("`", option, "` wants a function, and this is ", catalog::kind(f)));
    return f.function();
  };
  (void)context.sow(*making_module(context, frame, statement.node->span)->scope,
                    collection != nullptr ? interpolate(context, frame, *collection) : "intermediates", name,
                    catalog::map_arrays(context, value, statement.node->span), function("reduce_fn"), function("init_fn"), statement.node->span);
}

void run_perturb(Context& context, Frame& frame, const Statement& statement) {
  const std::string name = interpolate(context, frame, subject(context, statement));
  const Node* collection = statement.option("collection");
  const Arguments arguments = input_arguments(context, frame, statement.option("in"), statement.node->span);
  if (arguments.has_poison() || arguments.positional.size() != 1) throw Failed{};
  const Value result = context.perturb(*making_module(context, frame, statement.node->span)->scope, name, arguments.positional[0].value,
                                       collection != nullptr ? interpolate(context, frame, *collection) : "perturbations", statement.node->span);
  bind_out(context, frame, statement.option("out"), result, statement.node->span);
}

void run_make_rng(Context& context, Frame& frame, const Statement& statement) {
  const Node& out = needed(context, statement, "out");
  const std::string stream = interpolate(context, frame, subject(context, statement));
  bind_out(context, frame, &out, context.make_rng(*making_module(context, frame, statement.node->span)->scope, stream, statement.node->span),
           statement.node->span);
}

// --- setup -----------------------------------------------------------------------------------------

namespace {

Value make_instances(Context& context, const Value& value, Span place) {
  if (const TemplatePtr found = value.module_template()) return context.construct(found, place);
  if (const List* list = value.list()) {
    List made;
    for (const Value& item : *list) made.push_back(make_instances(context, item, place));
    return made;
  }
  return value;
}

struct SetupEntry {
  Context& context;
  Frame& frame;
  const InstancePtr& instance;

  void check_options(const Node& node, std::initializer_list<std::string_view> known) const {
    for (const syntax::Entry& entry : node.entries) {
      if (std::find(known.begin(), known.end(), entry.key->text) != known.end()) continue;
      std::string list;
      for (const std::string_view name : known) list += (list.empty() ? "`" : ", `") + std::string(name) + "`";
      context.fail(Code::UnknownKey, entry.key->span,
                   concat("this `setup` entry has no option `", diagnostics::shown(entry.key->text), "` (it has ", list, ")"));
    }
  }

  const Node& need(const Node& node, std::string_view key) const {
    if (const Node* found = node.find(key)) return *found;
    context.fail(Code::MissingKey, node.span, concat("this `setup` entry needs `", key, "`"));
  }

  // `name` is empty inside of lists.
  Value value(const Node& node, const std::string& name, Frame& scope) const {
    if (is_marked(node))
      return make_instances(context, literal(context, scope, node, FieldType::of(FieldType::Base::Any), "a `setup` entry"), node.span);
    if (node.is_list()) {
      List items;
      for (const Node* item : node.elements) items.push_back(value(*item, "", scope));
      return items;
    }
    const std::string first = node.is_map() && !node.entries.empty() ? node.entries.front().key->text : "";
    if (first == "for") return loop(node, scope);
    if (first == "if") return choice(node, name, scope);
    if (first == "match") return match(node, name, scope);
    if (first == "param" || first == "variable") return state(node, first, name, scope);
    if (node.is_null() || (node.is_scalar() && node.plain && node.text == "none")) return catalog::None{};
    return make_instances(context, module_literal(context, scope, node), node.span);
  }

  Value loop(const Node& node, Frame& scope) const {
    check_options(node, {"for", "over", "do"});
    const Node& over = need(node, "over");
    List items;
    for (const Value& item : iterate(context, dataflow(context, scope, over), over.span, "`for`")) {
      Frame inner(&scope);
      bind_loop(context, inner, need(node, "for"), item);
      items.push_back(value(need(node, "do"), "", inner));
    }
    return items;
  }

  Value choice(const Node& node, const std::string& name, Frame& scope) const {
    check_options(node, {"if", "then", "else"});
    const Node& test = need(node, "if");
    const bool holds = is_true(context, static_dataflow(context, scope, test, "`if`"), test.span, "`if`");
    const Node* branch = holds ? &need(node, "then") : node.find("else");
    return branch == nullptr ? Value() : value(*branch, name, scope);
  }

  Value match(const Node& node, const std::string& name, Frame& scope) const {
    check_options(node, {"match", "cases"});
    const Node& what = need(node, "match");
    const Value chosen = static_dataflow(context, scope, what, "`match`");
    const Node* otherwise = nullptr;
    for (const syntax::Entry& entry : need(node, "cases").entries) {
      if (entry.key->plain && entry.key->text == "else") {
        otherwise = entry.value;
      } else if (case_fits(context, *entry.key, chosen)) {
        return value(*entry.value, name, scope);
      }
    }
    if (otherwise == nullptr) {
      std::string cases;
      for (const syntax::Entry& entry : need(node, "cases").entries) cases += (cases.empty() ? "" : ", ") + entry.key->text;
      context.fail(Code::NoCase, what.span, concat("no case for ", catalog::kind(chosen), ": the cases are ", diagnostics::shown(cases)));
    }
    return value(*otherwise, name, scope);
  }

  Value state(const Node& node, const std::string& first, const std::string& name, Frame& scope) const {
    if (name.empty()) context.fail(Code::WrongStructure, node.span, concat("a ", first, " in `setup` needs a name: it cannot be part of a list"));
    if (first == "param") {
      check_options(node, {"param", "shape", "dtype", "args", "value"});
      return make_param(context, scope, instance, name, node.find("param"), node, node.span);
    }
    check_options(node, {"variable", "collection"});
    const std::string collection = interpolate(context, scope, need(node, "collection"));
    const Node& init = need(node, "variable");
    const std::function<Value()> make = [&]() -> Value {
      const Value made = dataflow(context, scope, init);
      if (made.has_poison()) throw Failed{};
      return catalog::map_arrays(context, made, init.span);
    };
    (void)context.variable(*instance->scope, collection, name, &make, node.span);
    auto variable = std::make_shared<catalog::VariableRef>();
    variable->collection = collection;
    variable->name = name;
    variable->scope = instance->scope;
    return Value(std::move(variable));
  }
};

}  // namespace

void run_setup_entries(Context& context, Frame& frame, const InstancePtr& instance, const Node& entries, const syntax::Tree&) {
  if (!entries.is_map()) return;  // reported by the parser
  const SetupEntry setup{context, frame, instance};
  for (const syntax::Entry& entry : entries.entries) {
    const graph::Site site{entry.key->span, concat("`", entry.key->text, "`"), {}};
    const graph::SiteGuard guard(context.builder, site);
    Value value = Poison{};
    try {
      Value made = setup.value(*entry.value, entry.key->text, frame);
      context.adopt(instance, entry.key->text, made);
      value = std::move(made);
    } catch (const Failed&) {}
    instance->attributes.emplace_back(entry.key->text, std::move(value));
  }
}

}  // namespace linenc::elaborate
