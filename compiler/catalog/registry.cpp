// The tables of built-in names. Registrations are kept as they come; the tables are sorted once, at the first lookup, so that
// neither link order nor the order of static initialisation shows. Tested by tests/compiler/catalog/registry_test.cpp.
#include "compiler/catalog/registry.h"

#include "compiler/catalog/planned.h"
#include "compiler/catalog/positional_only.h"
#include "compiler/catalog/refused_arguments.h"
#include "compiler/catalog/static_array.h"

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <numbers>
#include <tuple>

#include "compiler/diagnostics/closest_name.h"

namespace linenc::catalog {
namespace {

struct Registrations {
  std::vector<std::shared_ptr<const LayerType>> layers;
  std::vector<std::unique_ptr<FunctionSpec>> functions;
  std::vector<std::unique_ptr<const InitializerSpec>> initializers;
  std::vector<std::unique_ptr<const TransformSpec>> transforms;
};

Registrations& registrations() {
  static Registrations all;
  return all;
}

// One library has several spellings; functions may register under any.
std::string_view canonical(std::string_view library) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 9> kAliases = {{
      {"jax.lax", "lax"},
      {"jax.numpy", "jnp"},
      {"jax.random", "random"},
      {"jax.image", "image"},
      {"jax.tree", "tree"},
      {"jnp.linalg", "linalg"},
      {"jnp.fft", "fft"},
      {"flax.linen", "nn"},
      {"jax.numpy.linalg", "linalg"},
  }};
  for (const auto& [alias, name] : kAliases) {
    if (alias == library) return name;
  }
  return library;
}

// The libraries whose functions have a bare name, the first wins. Names of Python and of the language itself come before all.
constexpr std::array<std::string_view, 5> kBareLibraries = {"python", "nn", "jnp", "jax.nn", "lax"};
constexpr std::array<std::string_view, 13> kPrefixes = {"jnp",   "nn",   "jax.nn", "lax",  "random", "linalg", "fft",
                                                        "image", "tree", "np",     "math", "einops", "jax"};
constexpr std::size_t kNotBare = kBareLibraries.size();

std::size_t bare_rank(const FunctionSpec& spec) {
  if (spec.prefix_only) return kNotBare;
  std::size_t best = kNotBare;
  for (const std::string& library : spec.libraries) {
    const auto found = std::find(kBareLibraries.begin(), kBareLibraries.end(), canonical(library));
    best = std::min(best, static_cast<std::size_t>(found - kBareLibraries.begin()));
  }
  return best;
}

constexpr std::array<std::string_view, 14> kDTypeNames = {"int8",   "int16",   "int32",    "int64",   "uint8",   "uint16",    "uint32",
                                                          "uint64", "float16", "bfloat16", "float32", "float64", "complex64", "bool_"};
// For issubdtype.
constexpr std::array<std::string_view, 7> kAbstractDTypes = {"floating",        "integer",         "inexact", "signedinteger",
                                                             "unsignedinteger", "complexfloating", "number"};

DType dtype_named(std::string_view text) { return text == "bool_" ? DType::Bool : dtype_of(text).value_or(DType::Float32); }

// In a list, a whole number of NumPy is a size, an axis or a position like any other.
Value with_plain_integers(const Value& value) {
  const List* list = value.list();
  if (!list) return value;
  List out;
  for (const Value& item : *list) {
    const Value number = plain(item);
    out.push_back(number.integer() ? number : with_plain_integers(item));
  }
  return out;
}

bool holds_scalars(const Value& value) {
  const List* list = value.list();
  return list && std::any_of(list->begin(), list->end(),
                             [](const Value& item) { return (item.array() && item.array()->rank() == 0) || holds_scalars(item); });
}

// For functions of tensors.
Arguments with_plain_integers(Arguments arguments) {
  const auto replace = [](Value& value) {
    if (holds_scalars(value)) value = with_plain_integers(value);
  };
  for (Arguments::Item& item : arguments.positional) replace(item.value);
  for (auto& [keyword, item] : arguments.keywords) replace(item.value);
  return arguments;
}

// A registered function as a value. The bare name of some is Python's where only static numbers are given.
class BuiltinFunction final : public Function {
 public:
  BuiltinFunction(const FunctionSpec& spec, bool bare) : spec_(spec), bare_(bare) {}
  [[nodiscard]] std::string name() const override { return spec_.name; }
  Value call(Context& context, const Arguments& arguments) const override {
    if (bare_ && spec_.on_static && !arguments.has_tensor()) {
      if (std::optional<Value> result = spec_.on_static(context, arguments)) return *std::move(result);
    }
    const bool is_static = spec_.libraries.front() == "np" || spec_.libraries.front() == "python";
    // In a list that becomes an array NumPy's scalars keep their types.
    const bool makes_array = spec_.name == "array" || spec_.name == "asarray";
    Bound bound = catalog::bind(context, spec_.name, spec_.parameters, !is_static && !makes_array ? with_plain_integers(arguments) : arguments);
    bound.is_bare = bare_;
    refuse_what_cannot_matter(spec_, bound);
    return spec_.body(bound);
  }
  [[nodiscard]] std::vector<std::string> parameters() const override {
    std::vector<std::string> names;
    for (const Parameter& p : spec_.parameters) {
      if (p.kind != Parameter::Kind::Rest && !refusal_of(spec_, p.name)) names.push_back(p.name);
    }
    return names;
  }

  [[nodiscard]] const FunctionSpec& spec() const { return spec_; }

 private:
  const FunctionSpec& spec_;
  bool bare_;
};

class InitializerFactory final : public Function {
 public:
  explicit InitializerFactory(const InitializerSpec& spec) : spec_(spec) {}
  [[nodiscard]] std::string name() const override { return spec_.name; }
  Value call(Context& context, const Arguments& arguments) const override {
    Initializer made = spec_.make(catalog::bind(context, spec_.name, spec_.parameters, arguments));
    made.text = as_written(arguments);
    return to_value(std::move(made));
  }
  [[nodiscard]] std::vector<std::string> parameters() const override {
    std::vector<std::string> names;
    for (const Parameter& p : spec_.parameters) names.push_back(p.name);
    return names;
  }
  [[nodiscard]] bool is_initializer_factory() const override { return true; }

 private:
  // "normal(stddev=0.02)"
  [[nodiscard]] std::string as_written(const Arguments& arguments) const {
    std::string inside;
    for (const Arguments::Item& item : arguments.positional) (inside += inside.empty() ? "" : ", ") += repr(item.value);
    for (const auto& [keyword, item] : arguments.keywords) (inside += inside.empty() ? "" : ", ") += concat(keyword, "=", repr(item.value));
    return concat(spec_.name, "(", inside, ")");
  }

  const InitializerSpec& spec_;
};

using Members = std::map<std::string, Value, std::less<>>;

// A prefix: its members by name; an unknown one is E0201 with the nearest.
Value make_namespace(const std::string& prefix, Members members) {
  std::vector<std::string> known;
  for (const auto& [name, value] : members) known.push_back(name);
  auto get = [prefix, members = std::move(members), known = std::move(known)](Context& context, const std::string& name, Span place) {
    const auto found = members.find(name);
    if (found != members.end()) return found->second;
    if (is_planned(prefix, name))
      context.fail(Code::NotSupportedYet, place, concat("`", prefix, ".", diagnostics::shown(name), "` is not built yet"));
    context.fail(Code::UnknownName, place, concat("`", prefix, "` has no `", diagnostics::shown(name), "`", diagnostics::did_you_mean(name, known)));
  };
  return std::shared_ptr<const Namespace>(std::make_shared<Namespace>(prefix, std::move(get)));
}

// Every lookup table, made once from what is registered.
class Tables {
 public:
  Tables() {
    complete_functions();
    sort_registrations();
    index_functions();
    make_builtins();
  }

  std::vector<std::shared_ptr<const LayerType>> layers;
  std::vector<const FunctionSpec*> functions;
  std::vector<const InitializerSpec*> initializers;
  std::vector<const TransformSpec*> transforms;
  std::map<std::string, const FunctionSpec*, std::less<>> bare, methods;
  std::map<std::string, std::map<std::string, const FunctionSpec*, std::less<>>, std::less<>> by_library;
  std::map<const FunctionSpec*, Value> bare_values, prefixed_values;
  Members builtins;
  std::vector<std::string> builtin_names;

 private:
  template <class Stored, class Pointer>
  static void sorted_pointers(const std::vector<Stored>& stored, std::vector<Pointer>& out) {
    for (const auto& item : stored) out.push_back(item.get());
    std::stable_sort(out.begin(), out.end(), [](auto* a, auto* b) { return a->name < b->name; });
  }

  // Here rather than where they register: a program that looks nothing up does not pay for it.
  static void complete_functions() {
    for (const auto& function : registrations().functions) add_refused_arguments(*function);
  }

  void sort_registrations() {
    layers = registrations().layers;
    std::stable_sort(layers.begin(), layers.end(), [](const auto& a, const auto& b) { return a->name < b->name; });
    sorted_pointers(registrations().functions, functions);
    std::stable_sort(functions.begin(), functions.end(),
                     [](const FunctionSpec* a, const FunctionSpec* b) { return std::tie(a->name, a->libraries) < std::tie(b->name, b->libraries); });
    sorted_pointers(registrations().initializers, initializers);
    sorted_pointers(registrations().transforms, transforms);
  }

  // Of two functions with one bare name, the one whose library comes first.
  static void prefer(std::map<std::string, const FunctionSpec*, std::less<>>& table, const FunctionSpec* spec) {
    const auto [entry, is_new] = table.emplace(spec->name, spec);
    if (!is_new && bare_rank(*spec) < bare_rank(*entry->second)) entry->second = spec;
  }

  void index_functions() {
    for (const FunctionSpec* spec : functions) {
      if (bare_rank(*spec) != kNotBare) prefer(bare, spec);
      if (spec->method) prefer(methods, spec);
      for (const std::string& library : spec->libraries) by_library[std::string(canonical(library))].emplace(spec->name, spec);
      bare_values[spec] = FunctionPtr(std::make_shared<BuiltinFunction>(*spec, true));
      prefixed_values[spec] = spec->on_static ? Value(FunctionPtr(std::make_shared<BuiltinFunction>(*spec, false))) : bare_values[spec];
    }
  }

  Members library_members(std::string_view library) const {
    Members members;
    const auto found = by_library.find(library);
    if (found == by_library.end()) return members;
    for (const auto& [name, spec] : found->second) members[name] = prefixed_values.at(spec);
    return members;
  }

  static Members numbers() {
    return {{"pi", std::numbers::pi},
            {"e", std::numbers::e},
            {"inf", std::numeric_limits<double>::infinity()},
            {"nan", std::numeric_limits<double>::quiet_NaN()}};
  }
  static void add(Members& members, const Members& more) { members.insert(more.begin(), more.end()); }
  static Members dtypes() {
    Members members;
    for (std::string_view name : kDTypeNames) members[std::string(name)] = dtype_named(name);
    return members;
  }

  Members initializer_members() const {
    Members members;
    for (const InitializerSpec* spec : initializers) members[spec->name] = FunctionPtr(std::make_shared<InitializerFactory>(*spec));
    return members;
  }

  void make_builtins() {
    const Members factories = initializer_members();
    Members bare_initializers = factories;
    bare_initializers["zeros"] = to_value(zeros_initializer());
    bare_initializers["ones"] = to_value(ones_initializer());
    Members layer_templates;
    for (const auto& type : layers) layer_templates[type->name] = TemplatePtr(std::make_shared<Template>(Template{type, {}, "", {}}));

    make_prefixes(bare_initializers, layer_templates);
    Members abstract;
    for (std::string_view name : kAbstractDTypes) abstract[std::string(name)] = std::string(name);
    // The first of these that has a name gives its meaning.
    add(builtins, layer_templates);
    for (const auto& [name, spec] : bare) {
      if (bare_rank(*spec) == 0) builtins.emplace(name, bare_values.at(spec));
    }
    builtins.emplace("newaxis", Value());
    builtins.emplace("broadcast", Value("broadcast"));  // nn.broadcast, an axis of scan and vmap
    add(builtins, dtypes());
    add(builtins, abstract);
    add(builtins, factories);
    for (const auto& [name, spec] : bare) builtins.emplace(name, bare_values.at(spec));
    add(builtins, numbers());
    builtins.erase("e");  // jnp.e only: a bare `e` is a common name of models
    for (const auto& [name, value] : builtins) builtin_names.push_back(name);
  }

  void make_prefixes(const Members& bare_initializers, const Members& layer_templates) {
    const auto with = [&](std::string_view library, std::initializer_list<Members> more) {
      Members members = library_members(library);
      for (const Members& m : more) add(members, m);
      return make_namespace(std::string(library), std::move(members));
    };
    const Members array_names = [&] {
      Members members = dtypes();
      add(members, numbers());
      for (std::string_view name : kAbstractDTypes) members[std::string(name)] = std::string(name);
      members["bool"] = DType::Bool;
      members["float"] = DType::Float64;
      members["newaxis"] = Value();
      return members;
    }();
    const Value tensor_kind("tensor");  // jnp.ndarray and jax.Array, for isinstance
    builtins["random"] = with("random", {});
    builtins["linalg"] = with("linalg", {});
    builtins["fft"] = with("fft", {});
    builtins["image"] = with("image", {});
    builtins["tree"] = with("tree", {});
    builtins["lax"] = with("lax", {});
    builtins["einops"] = with("einops", {});
    builtins["math"] = with("math", {numbers(), {{"tau", 2 * std::numbers::pi}}});
    builtins["np"] = with("np", {array_names, {{"linalg", with("np.linalg", {})}}});
    builtins["jnp"] = with("jnp", {array_names, {{"linalg", builtins["linalg"]}, {"fft", builtins["fft"]}, {"ndarray", tensor_kind}}});
    builtins["nn"] = with("nn", {layer_templates,
                                 {{"initializers", make_namespace("nn.initializers", bare_initializers)},
                                  {"zeros", bare_initializers.at("zeros")},
                                  {"ones", bare_initializers.at("ones")},
                                  {"broadcast", Value("broadcast")}}});
    builtins["initializers"] = make_namespace("initializers", bare_initializers);
    const Value jax_nn = with("jax.nn", {{{"initializers", make_namespace("jax.nn.initializers", bare_initializers)}}});
    builtins["jax"] = with("jax", {{{"nn", jax_nn},
                                    {"lax", builtins["lax"]},
                                    {"random", builtins["random"]},
                                    {"image", builtins["image"]},
                                    {"numpy", builtins["jnp"]},
                                    {"tree", builtins["tree"]},
                                    {"Array", tensor_kind},
                                    {"ops", with("jax.ops", {})}}});
  }
};

const Tables& tables() {
  static const Tables all;
  return all;
}

template <class Table>
auto find_in(const Table& table, std::string_view name) -> typename Table::mapped_type {
  const auto found = table.find(name);
  return found == table.end() ? nullptr : found->second;
}

template <class Pointer>
Pointer find_named(const std::vector<Pointer>& sorted, std::string_view name) {
  const auto found = std::lower_bound(sorted.begin(), sorted.end(), name, [](const Pointer& item, std::string_view n) { return item->name < n; });
  return found != sorted.end() && (*found)->name == name ? *found : nullptr;
}

}  // namespace

std::shared_ptr<const LayerType> layer(std::string_view name) { return find_named(tables().layers, name); }
const LayerType* find_layer(std::string_view name) { return layer(name).get(); }
const std::vector<std::shared_ptr<const LayerType>>& layers() { return tables().layers; }

const FunctionSpec* find_function(std::string_view name) { return find_in(tables().bare, name); }
const FunctionSpec* find_function(std::string_view library, std::string_view name) {
  const auto found = tables().by_library.find(canonical(library));
  return found == tables().by_library.end() ? nullptr : find_in(found->second, name);
}
const FunctionSpec* find_method(std::string_view name) { return find_in(tables().methods, name); }
const std::vector<const FunctionSpec*>& functions() { return tables().functions; }
bool is_library(std::string_view prefix) { return std::find(kPrefixes.begin(), kPrefixes.end(), canonical(prefix)) != kPrefixes.end(); }

const InitializerSpec* find_initializer(std::string_view name) { return find_named(tables().initializers, name); }
const std::vector<const InitializerSpec*>& initializers() { return tables().initializers; }

const TransformSpec* find_transform(std::string_view name) { return find_named(tables().transforms, name); }
const std::vector<const TransformSpec*>& transforms() { return tables().transforms; }

std::optional<Value> builtin(std::string_view name) {
  const auto found = tables().builtins.find(name);
  return found == tables().builtins.end() ? std::nullopt : std::optional(found->second);
}

std::optional<std::string> with_prefix(std::string_view name) {
  for (const FunctionSpec* spec : functions()) {
    if (spec->name == name && !spec->libraries.empty() && spec->libraries.front() != "python") return concat(spec->libraries.front(), ".", name);
  }
  return std::nullopt;
}

const std::vector<std::string>& builtin_names() { return tables().builtin_names; }
Value function_value(const FunctionSpec& spec) {
  const auto found = tables().bare_values.find(&spec);
  return found == tables().bare_values.end() ? Value(FunctionPtr(std::make_shared<BuiltinFunction>(spec, true))) : found->second;
}

void refuse_names_of_places(Context& context, const Function& function, const Arguments& arguments) {
  const auto* builtin_function = dynamic_cast<const BuiltinFunction*>(&function);
  if (!builtin_function) return;
  for (const auto& [keyword, item] : arguments.keywords) {
    for (const Parameter& parameter : builtin_function->spec().parameters) {
      if (parameter.name != keyword || parameter.kind != Parameter::Kind::PositionalOnly) continue;
      context.fail(Code::WrongArguments, item.key.exists() ? item.key : item.place,
                   concat("`", function.name(), "` takes `", keyword, "` by its place, not by name: ", signature(builtin_function->spec())));
    }
  }
}

RegisterLayer::RegisterLayer(std::shared_ptr<LayerType> type) { registrations().layers.push_back(std::move(type)); }
RegisterFunction::RegisterFunction(FunctionSpec spec) { registrations().functions.push_back(std::make_unique<FunctionSpec>(std::move(spec))); }
RegisterFunctions::RegisterFunctions(std::vector<FunctionSpec> specs) {
  for (FunctionSpec& spec : specs) RegisterFunction(std::move(spec));
}
RegisterInitializer::RegisterInitializer(InitializerSpec spec) {
  registrations().initializers.push_back(std::make_unique<const InitializerSpec>(std::move(spec)));
}
RegisterTransform::RegisterTransform(TransformSpec spec) {
  registrations().transforms.push_back(std::make_unique<const TransformSpec>(std::move(spec)));
}

}  // namespace linenc::catalog
