#include "compiler/catalog/context.h"

#include <algorithm>

#include "compiler/catalog/narrow.h"
#include "compiler/catalog/numpy.h"
#include "compiler/graph/ops.h"

namespace linenc::catalog {

using diagnostics::grouped;

Context::Context(Builder& graph_builder, bool is_initializing, Filter mutable_collections)
    : builder(graph_builder), initializing(is_initializing), root_view(std::move(mutable_collections)), view(&root_view) {}

void Context::fail(Code code, std::string message) { fail(code, place(), std::move(message)); }

void Context::fail(Code code, Span where, std::string message) { throw_reported(error(code, where, std::move(message)).emit()); }

diagnostics::Report Context::error(Code code, Span where, std::string message) {
  diagnostics::Report report = diagnostics().error(code, where.exists() ? where : place(), std::move(message));
  report.module(module_path());
  if (code == Code::UnknownSize) report.help("a size becomes known by `--dim NAME=N`, by `expect: {at: …}`, or where `inputs` has the number itself");
  return report;
}

void Context::warn(Code code, Span where, std::string message) {
  diagnostics::Report report = diagnostics().warning(code, where.exists() ? where : place(), std::move(message));
  report.module(module_path());
  report.emit();
}

DType narrow(Context& context, DType wanted, Span where) {
  const DType narrow = narrowed(wanted);
  if (narrow != wanted) context.warn(Code::NarrowedDtype, where, concat("`", wanted, "` becomes ", narrow, ", as in JAX without its 64-bit mode"));
  return narrow;
}

std::string Context::module_path() const {
  for (auto it = stack.rbegin(); it != stack.rend(); ++it) {
    if (it->instance->scope != nullptr) return path_text(it->instance->scope->path);
  }
  return {};
}

// --- the budget ------------------------------------------------------------------------------------

void Context::end_run(Span where, std::string message) {
  over_ = Failed{error(Code::LimitExceeded, where, std::move(message)).emit()};
  throw *over_;
}

void Context::step(std::uint64_t count) {
  if (over_) throw *over_;
  steps_ += count;
  if (steps_ > budget.steps) {
    end_run(place(), concat("the model takes more than ", grouped(budget.steps), " steps to evaluate; `--limit steps=N` sets another limit"));
  }
  if (builder.node_count() > budget.nodes) end_run(place(), concat("the model has more than ", grouped(budget.nodes), " operations"));
}

void Context::count_failure() {
  constexpr std::uint64_t kMostFailures = 1000;
  if (++failures_ == kMostFailures) over_ = Failed{};
}

Context::FunctionDepth::FunctionDepth(Context& context, const std::string& function) : context_(context) {
  if (context.functions_running_ >= context.budget.depth) {
    context.fail(Code::LimitExceeded, concat("functions call each other more than ", context.budget.depth, " deep: `", function, "` calls itself?"));
  }
  ++context.functions_running_;
}

// --- random streams and variables ------------------------------------------------------------------

bool Context::has_rng(const std::string& stream) const {
  return std::any_of(view->streams.begin(), view->streams.end(), [&](const auto& s) { return s.name == stream; });
}

namespace {

[[noreturn]] void fail_stream(Context& context, const std::string& stream, Span where) {
  const auto is_handed = [&](const VariableView& view) {
    return std::any_of(view.streams.begin(), view.streams.end(), [&](const auto& s) { return s.name == stream || s.name == "params"; });
  };
  bool is_outside = false;
  for (const VariableView* view = context.view->outer(); view != nullptr; view = view->outer()) is_outside = is_outside || is_handed(*view);
  diagnostics::Report report = context.error(
      Code::MissingStream, where,
      concat("this draws from the random stream `", stream, "`, which ", is_outside ? "the transform around it does not hand on" : "is not given"));
  report.help(is_outside ? concat("name `", stream, "` under `split_rngs` (or `rngs`) of the transform")
                         : concat("give it a seed: --rng ", stream, "=0"));
  Context::throw_reported(report.emit());
}

}  // namespace

Tensor Context::make_rng(ScopeNode& scope, const std::string& stream, Span where) {
  const VariableView::Stream* found = nullptr;
  for (const std::string& name : {stream, std::string("params")}) {
    for (const VariableView::Stream& candidate : view->streams) {
      if (found == nullptr && candidate.name == name) found = &candidate;
    }
  }
  if (found == nullptr) fail_stream(*this, stream, where);
  const std::int64_t counter = ++scope.counters[found->name];
  std::size_t path_drop = found->path_drop;
  for (; found->around != nullptr && !is_below(scope.path, found->module_path); found = found->around.get()) path_drop = scope.path.size();
  return graph::key_derive(builder, found->base, rng_path_word(scope.path, path_drop, counter));
}

namespace {

// Flax takes any name; files of variables do not (L15), and a model that passes has variables that can be written.
constexpr std::size_t kKeyBytes = 1024;

void check_name(Context& context, const ScopeNode& scope, const std::string& name, Span where) {
  const bool has_control = std::any_of(name.begin(), name.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
  if (has_control || name.empty() || name == "." || name == "..") {
    context.fail(Code::FieldOutOfRange, where,
                 concat("`", diagnostics::shown(name),
                        "` cannot name a module or a variable: no file holds names that are empty, `.` or `..`, or have control characters"));
  }
  const std::size_t bytes = path_text(scope.path).size() + name.size();
  if (bytes > kKeyBytes - 64)
    context.fail(Code::LimitExceeded, where,
                 concat("the name of this module or variable has ", bytes, " bytes in all, and the limit is ", kKeyBytes - 64));
}

}  // namespace

void Context::reserve(ScopeNode& scope, const std::string& name, const std::string& collection, Span where) {
  check_name(*this, scope, name, where);
  if (!collection.empty()) check_name(*this, scope, collection, where);
  std::map<std::string, Span>& held = scope.reservations[name];
  const bool taken = collection.empty() ? !held.empty() : (held.count("") > 0 || held.count(collection) > 0);
  if (!taken) {
    held.emplace(collection, where);
    return;
  }
  const auto& [other_collection, other_place] = held.count("") > 0 ? *held.find("") : *held.begin();
  const auto named = [](const std::string& of, bool first) {
    if (of.empty()) return std::string(first ? "the submodule `" : "a submodule");
    if (of == "params") return std::string(first ? "the parameter `" : "a parameter");
    return first ? std::string("the variable `") : concat("a variable of `", of, "`");
  };
  const std::string other = named(other_collection, false);
  const std::string path = path_text(scope.path);
  diagnostics::Report report = error(Code::NameCollision, where,
                                     concat(named(collection, true), diagnostics::shown(name), "` has a name that is in use: ", other, " of ",
                                            path.empty() ? std::string("the root module") : concat("`", path, "`"), " is called so"));
  if (other_place == where) {
    report.help(
        concat("this runs more than once: give each its own name, such as `name: ", diagnostics::shown(name), "_{i}`, or make it once in `setup`"));
  } else if (other_place.exists()) {
    report.note(other_place, concat(other, " takes the name `", diagnostics::shown(name), "` here"));
  }
  throw_reported(report.emit());
}

namespace {

VariableKey key_of(const ScopeNode& scope, const std::string& collection, const std::string& name) { return {collection, scope.path, name}; }

std::string scope_text(const ScopeNode& scope) { return "/" + path_text(scope.path); }

bool same_shape(const graph::DimContext& dims, const Dims& a, const Dims& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (dims.equal(a[i], b[i]) != graph::Truth::Yes) return false;
  }
  return true;
}

[[noreturn]] void fail_not_handed_on(Context& context, ScopeNode& scope, const std::string& collection, const std::string& name, Span where) {
  diagnostics::Report report =
      context.error(Code::MissingVariable, where,
                    concat("the transform around `", name, "` at ", scope_text(scope), " does not hand on the collection `", collection, "`"));
  if (collection == "params") {
    report.help(
        "`variable_axes: {params: 0}` with `split_rngs: {params: true}` gives each element its own, `variable_axes: {params: none}` shares them");
  } else {
    report.help(concat("name `", collection, "` under its `variable_axes` (or `variables`)"));
  }
  Context::throw_reported(report.emit());
}

// `is_read`: the statement gives no value for it.
[[noreturn]] void fail_missing(Context& context, ScopeNode& scope, const std::string& collection, const std::string& name, Span where,
                               bool is_read = false) {
  for (const VariableView* view = context.view; view->outer() != nullptr; view = view->outer()) {
    if (view->group_of(collection) == nullptr) fail_not_handed_on(context, scope, collection, name, where);
  }
  diagnostics::Report report =
      context.error(Code::MissingVariable, where,
                    context.view->has_collection(collection)
                        ? concat("there is no variable `", name, "` in the collection `", collection, "` at ", scope_text(scope))
                        : concat("`", name, "` at ", scope_text(scope), " is read from the collection `", collection, "`, which is empty"));
  if (is_read && context.view->is_mutable(collection)) report.help("`init` gives its first value, where it is not made elsewhere");
  Context::throw_reported(report.emit());
}

[[noreturn]] void fail_shape(Context& context, ScopeNode& scope, const std::string& name, const graph::Fact& stored, const Dims& wanted, Span where) {
  const Span call = context.place();
  diagnostics::Report report = context.error(
      Code::ParameterShape, call.exists() ? call : where,
      concat("the parameter `", name, "` at ", scope_text(scope), " is stored as ", stored, ", and this module wants ", graph::to_string(wanted)));
  if (call.exists() && !(call == where)) report.note(where, "the module is made here");
  Context::throw_reported(report.emit());
}

}  // namespace

Tensor Context::param(ScopeNode& scope, const std::string& name, const Initializer& init, const Dims& shape, DType dtype, Span where) {
  reserve(scope, name, "params", where);
  const VariableKey key = key_of(scope, "params", name);
  if (const StoredVariable* stored = view->find(key)) {
    const Tensor* tensor = stored->value.tensor();
    if (tensor == nullptr) fail(Code::ParameterShape, where, concat("the parameter `", name, "` is stored as ", kind(stored->value)));
    if (!same_shape(builder.dims(), tensor->shape(), shape)) fail_shape(*this, scope, name, tensor->fact(), shape, where);
    return *tensor;
  }
  if (!view->is_mutable("params")) fail_missing(*this, scope, "params", name, where);
  const Tensor made = init.make(*this, make_rng(scope, "params", where), shape, dtype);
  view->put(key, made, where);
  return made;
}

namespace {

std::vector<std::string> below(const VariableKey& key) {
  std::vector<std::string> path = key.path;
  path.push_back(key.name);
  return path;
}

// What a run is given holds leaves alone: the record of those that stand below a variable's place, none where there are none.
Value assembled(VariableView& view, const VariableKey& key) {
  const Map records = records_below(view, below(key), key.collection);
  return records.empty() ? Value() : records.front().second;
}

// Gives the leaves below a variable's place new values; false where the record has other entries than these.
bool put_leaves(VariableView& view, const VariableKey& key, const Value& before, const Value& value, Span place) {
  const Map *old = before.map(), *fresh = value.map();
  if (old == nullptr || fresh == nullptr || old->size() != fresh->size()) return false;
  for (const auto& [name, item] : *old) {
    if (value.entry(*name.text()) == nullptr) return false;
  }
  for (const auto& [name, item] : *old) {
    const VariableKey leaf{key.collection, below(key), *name.text()};
    const Value& made = *value.entry(*name.text());
    if (item.map() == nullptr)
      view.put(leaf, made, place);
    else if (!put_leaves(view, leaf, item, made, place))
      return false;
  }
  return true;
}

}  // namespace

Value Context::param_value(ScopeNode& scope, const std::string& name, const std::function<Value(Tensor)>& make, Span where) {
  reserve(scope, name, "params", where);
  const VariableKey key = key_of(scope, "params", name);
  if (const StoredVariable* stored = view->find(key)) {
    const Value value = stored->value;
    const Tensor seed = graph::integer_scalar(builder, 0, DType::UInt32);
    const Value wanted = make(builder.add(OpKind::KeySeed, NoAttributes{}, {seed}));  // Linen's eval_shape; the nodes are dropped
    if (const Tensor* a = value.tensor(), *b = wanted.tensor(); a && b && !same_shape(builder.dims(), a->shape(), b->shape())) {
      fail_shape(*this, scope, name, a->fact(), b->shape(), where);
    }
    return value;
  }
  if (const Value record = initializing ? Value() : assembled(*view, key); !record.is_none()) return record;
  if (!view->is_mutable("params")) fail_missing(*this, scope, "params", name, where);
  Value made = make(make_rng(scope, "params", where));
  view->put(key, made, where);
  return made;
}

Value Context::variable(ScopeNode& scope, const std::string& collection, const std::string& name, const std::function<Value()>* make, Span where) {
  reserve(scope, name, collection, where);
  const VariableKey key = key_of(scope, collection, name);
  if (const StoredVariable* stored = view->find(key)) return stored->value;
  if (Value record = initializing ? Value() : assembled(*view, key); !record.is_none()) return record;
  const bool may_be_made = view->is_mutable(collection);
  if (make == nullptr) fail_missing(*this, scope, collection, name, where, true);
  Value made = (*make)();
  if (made.is_poison()) return made;
  // None has no leaf in a file: it is what it was when it was made.
  if (!may_be_made && !made.is_none()) fail_missing(*this, scope, collection, name, where);
  if (may_be_made) view->put(key, made, where);
  return made;
}

bool Context::has_variable(ScopeNode& scope, const std::string& collection, const std::string& name) {
  const VariableKey key = key_of(scope, collection, name);
  // A submodule's name stands for its variables, as in Linen's nested dicts.
  return view->find(key) != nullptr || view->has_any(collection, below(key));
}

Value Context::get_variable(ScopeNode& scope, const std::string& collection, const std::string& name) {
  const StoredVariable* stored = view->find(key_of(scope, collection, name));
  return stored == nullptr ? assembled(*view, key_of(scope, collection, name)) : stored->value;
}

void Context::set_variable(ScopeNode& scope, const std::string& collection, const std::string& name, Value value, Span where) {
  if (!view->is_mutable(collection)) {
    diagnostics::Report report =
        error(Code::ImmutableCollection, where,
              concat("`", name, "` at ", scope_text(scope), " is given a new value, and its collection `", collection, "` is not mutable"));
    report.help(concat("let `apply` write it: --mutable ", collection));
    throw_reported(report.emit());
  }
  const VariableKey key = key_of(scope, collection, name);
  if (!initializing && view->find(key) == nullptr && put_leaves(*view, key, assembled(*view, key), value, where)) return;
  view->put(key, std::move(value), where);
}

bool Context::sow(ScopeNode& scope, const std::string& collection, const std::string& name, const Value& value, const FunctionPtr& reduce_fn,
                  const FunctionPtr& init_fn, Span where) {
  if (!view->is_mutable(collection)) return false;
  const VariableKey key = key_of(scope, collection, name);
  const StoredVariable* stored = view->find(key);
  Value before;
  if (stored != nullptr) {
    before = stored->value;
  } else {
    reserve(scope, name, collection, where);
    before = init_fn ? init_fn->call(*this, Arguments{}) : Value(List{});
  }
  if (reduce_fn) {
    view->put(key, reduce_fn->call(*this, Arguments(List{before, value})), where);
  } else {
    List items = before.list() != nullptr ? *before.list() : List{};
    items.push_back(value);
    view->put(key, std::move(items), where);
  }
  return true;
}

Value Context::perturb(ScopeNode& scope, const std::string& name, const Value& value, const std::string& collection, Span where) {
  const VariableKey key = key_of(scope, collection, name);
  const Tensor* tensor = value.tensor();
  if (tensor == nullptr) fail(Code::WrongType, where, concat("`perturb` wants a tensor, and this is ", kind(value)));
  if (view->is_mutable(collection) && view->find(key) == nullptr) {
    reserve(scope, name, collection, where);
    view->put(key, graph::full(builder, 0, tensor->dtype(), tensor->shape()), where);
  }
  if (!view->has_collection(collection)) return value;
  const StoredVariable* stored = view->find(key);
  if (stored == nullptr) fail_missing(*this, scope, collection, name, where);
  return graph::binary(builder, ElementwiseKind::Add, *tensor, *stored->value.tensor());
}

// --- modules -----------------------------------------------------------------------------------------

namespace {

[[noreturn]] void fail_missing_fields(Context& context, const Template& module_template, Span where) {
  const ModuleType& type = *module_template.type;
  std::vector<const FieldInfo*> missing;
  for (const FieldInfo& info : type.fields()) {
    if (info.required && module_template.find(info.name) == nullptr) missing.push_back(&info);
  }
  const FieldInfo& first = *missing.front();
  std::string wanted = concat("the field `", first.name, "`: ", to_string(first.type));
  if (missing.size() > 1) {
    wanted = "the fields ";
    for (const FieldInfo* info : missing) wanted += concat(info == missing.front() ? "" : ", ", "`", info->name, "`");
  }
  diagnostics::Report report = context.error(Code::MissingField, module_template.place.exists() ? module_template.place : where,
                                             concat("`", type.class_name(), "` needs ", wanted));
  for (const FieldInfo* info : missing) {
    if (!info->doc.empty()) report.help(concat("`", info->name, "` is the ", info->doc));
  }
  Context::throw_reported(report.emit());
}

}  // namespace

std::vector<Value> Context::complete_fields(const Template& module_template, Span where, std::vector<Span>& places) {
  const ModuleType& type = *module_template.type;
  const std::vector<FieldInfo>& fields = type.fields();
  std::vector<Value> values;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const FieldInfo& info = fields[i];
    if (const Template::Field* given = module_template.find(info.name)) {
      values.push_back(conform(*this, given->value, info.type, given->place, concat("`", info.name, "`")));
      places.push_back(given->place);
    } else if (info.required) {
      fail_missing_fields(*this, module_template, where);
    } else {
      // Those of built-in layers are written nowhere, and fit.
      const Span written = type.default_place(i);
      Value value = type.default_value(*this, i, values);
      if (written.exists()) value = conform(*this, std::move(value), info.type, written, concat("the default of `", info.name, "`"));
      values.push_back(std::move(value));
      places.push_back(written);
    }
  }
  return values;
}

InstancePtr Context::construct(const TemplatePtr& module_template, Span where) {
  if (++instances_ > budget.instances) {
    end_run(where, concat("the model makes more than ", grouped(budget.instances), " modules; `--limit instances=N` sets another limit"));
  }
  step();
  auto instance = std::make_shared<Instance>();
  instance->type = module_template->type;
  instance->place = where;
  instance->fields = complete_fields(*module_template, where, instance->field_places);
  for (const Value& value : instance->fields) {
    if (value.is_poison()) throw Failed{};
  }
  instance->type->check_fields(*this, instance->fields, where);
  Instance* parent = running();
  instance->parent = parent;
  if (parent == nullptr) return instance;
  const std::string& name = module_template->name;
  switch (stack.back().mode) {
    case Mode::Setup:
      if (!name.empty()) attach(instance, *parent, name, where);
      break;
    case Mode::Compact: attach(instance, *parent, name.empty() ? automatic_name(*parent, instance->type->class_name()) : name, where); break;
    case Mode::Plain:
      fail(Code::LayerRule, where,
           concat("`", instance->type->class_name(), "` is made in the method `", stack.back().method, "` of `", parent->type->class_name(),
                  "`, which is neither `compact` nor `setup`"));
  }
  return instance;
}

std::string Context::automatic_name(Instance& parent, const std::string& class_name) {
  for (auto& [name, next] : parent.automatic_names) {
    if (name == class_name) return concat(class_name, "_", next++);
  }
  parent.automatic_names.emplace_back(class_name, 1);
  return class_name + "_0";
}

void Context::attach(const InstancePtr& instance, Instance& parent, const std::string& name, Span where) {
  reserve(*parent.scope, name, "", where);
  instance->name = name;
  instance->parent = &parent;
  instance->scope = &parent.scope->child(name);
  if (instance->scope->origin == 0) {
    builder.origins().modules.push_back(path_text(instance->scope->path));
    instance->scope->origin = static_cast<std::uint32_t>(builder.origins().modules.size() - 1);
  }
  adopt_fields(instance);
}

void Context::bind_root(const InstancePtr& instance) {
  instance->scope = &root_scope;
  adopt_fields(instance);
}

void Context::adopt_fields(const InstancePtr& instance) {
  const std::vector<FieldInfo>& infos = instance->type->fields();
  for (std::size_t i = 0; i < infos.size(); ++i) adopt(instance, infos[i].name, instance->fields[i]);
}

namespace {

// The instances in a value with their names: `attr`, `attr_0`, `attr_key`; in the order of the names' parts as texts (B.4).
using Found = std::pair<std::vector<std::string>, InstancePtr>;
void collect(const Value& value, std::vector<std::string>& path, std::vector<Found>& found) {
  if (InstancePtr instance = value.instance()) {
    found.emplace_back(path, std::move(instance));
  } else if (const List* list = value.list()) {
    for (std::size_t i = 0; i < list->size(); ++i) {
      path.push_back(std::to_string(i));
      collect((*list)[i], path, found);
      path.pop_back();
    }
  } else if (const Map* map = value.map()) {
    for (const auto& [key, item] : *map) {
      path.push_back(display(key));
      collect(item, path, found);
      path.pop_back();
    }
  }
}

}  // namespace

void Context::adopt(const InstancePtr& owner, const std::string& name, const Value& value) {
  std::vector<Found> found;
  std::vector<std::string> path;
  collect(value, path, found);
  std::stable_sort(found.begin(), found.end(), [](const Found& a, const Found& b) { return a.first < b.first; });
  for (const auto& [parts, instance] : found) {
    if (instance->scope != nullptr) continue;
    std::string full = name;
    for (const std::string& part : parts) full += '_' + part;
    attach(instance, *owner, full, instance->place);
  }
}

void Context::ensure_setup(const InstancePtr& instance) {
  if (instance->setup_done || !instance->type->has_setup()) return;
  instance->setup_done = true;
  set_up_.push_back(instance);
  run_in_setup(*instance->type, instance);
}

void Context::run_setup_anew(const ModuleType& type, InstancePtr instance) {
  instance->attributes.clear();
  instance->scope->reservations.clear();
  run_in_setup(type, std::move(instance));
}

void Context::run_in_setup(const ModuleType& type, InstancePtr instance) {
  stack.push_back({instance, Mode::Setup, "setup"});
  struct Pop {
    Context& context;
    ~Pop() { context.stack.pop_back(); }
  } pop{*this};
  const graph::ModuleGuard module(builder, instance->scope->origin);
  type.run_setup(*this, *instance);
}

Value Context::call_method(const InstancePtr& instance, const std::string& method, const Arguments& arguments) {
  if (arguments.has_poison()) return Poison{};
  if (instance->scope == nullptr) {
    fail(Code::LayerRule, concat("this `", instance->type->class_name(), "` is not part of a module yet: it cannot be called"));
  }
  if (static_cast<int>(stack.size()) >= budget.depth) {
    fail(Code::LimitExceeded, concat("modules are nested more than ", budget.depth, " deep: ", instance->type->class_name(), " calls itself?"));
  }
  if (calls == nullptr) return run_method(instance, method, arguments);
  const std::size_t record = calls->size();
  List inputs;
  for (const auto& item : arguments.positional) inputs.push_back(item.value);
  Map keywords;
  for (const auto& [name, item] : arguments.keywords) keywords.emplace_back(Value(name), item.value);
  if (!keywords.empty()) inputs.push_back(std::move(keywords));
  calls->push_back(
      {path_text(instance->scope->path), instance->type->class_name(), method, std::move(inputs), {}, instance->place, builder.node_count(), 0});
  Value result = run_method(instance, method, arguments);
  (*calls)[record].outputs = result;
  (*calls)[record].last_node = builder.node_count();
  (*calls)[record].ended = calls_ended_++;
  return result;
}

Value Context::run_method(const InstancePtr& instance, const std::string& method, const Arguments& arguments) {
  step();
  if (!instance->type->has_transforms(method)) ensure_setup(instance);
  const bool compact = instance->type->is_compact(method);
  stack.push_back({instance, compact ? Mode::Compact : Mode::Plain, method});
  if (compact) ++instance->compact_depth;
  struct Leave {
    Context& context;
    Instance& instance;
    bool compact;
    ~Leave() {
      context.stack.pop_back();
      if (!compact || --instance.compact_depth > 0) return;
      instance.automatic_names.clear();
      instance.scope->reservations.clear();
    }
  } leave{*this, *instance, compact};
  const graph::ModuleGuard module(builder, instance->scope->origin);
  return run_body(*instance->type, *instance, method, arguments);
}

namespace {

bool holds_arrays_alone(const Value& value) {
  if (const List* list = value.list()) return std::all_of(list->begin(), list->end(), holds_arrays_alone);
  if (const Map* map = value.map()) {
    return std::all_of(map->begin(), map->end(), [](const auto& entry) { return holds_arrays_alone(entry.second); });
  }
  return value.is_none() || value.tensor() != nullptr || value.array() || value.integer() != nullptr || value.number() != nullptr ||
         value.boolean() != nullptr;
}

}  // namespace

Value Context::run_body(const ModuleType& type, Instance& instance, const std::string& method, const Arguments& arguments) {
  Value result = type.run(*this, instance, method, arguments);
  if (capture_intermediates && method == "call" && !type.is_transform() && holds_arrays_alone(result)) {
    (void)sow(*instance.scope, "intermediates", "__call__", map_arrays(*this, result), nullptr, nullptr, instance.place);
  }
  return result;
}

Value Context::call(const Value& callee, const Arguments& arguments) {
  if (callee.is_poison() || arguments.has_poison()) return Poison{};
  if (const FunctionPtr function = callee.function()) return function->call(*this, arguments);
  if (const InstancePtr instance = callee.instance()) return call_method(instance, "call", arguments);
  fail(Code::WrongType, concat(kind(callee), " cannot be applied"));
}

}  // namespace linenc::catalog
