#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/catalog/layer.h"
#include "compiler/catalog/transform.h"

namespace linenc::catalog {

// The built-ins by name: the only global state. Filled by the Register… objects of layers/, functions/, initializers/ and transforms/
// before main; a registration stores and never looks anything up. Everything is sorted by name, so that link order does not show.

[[nodiscard]] const LayerType* find_layer(std::string_view name);
[[nodiscard]] std::shared_ptr<const LayerType> layer(std::string_view name);  // null where there is none
[[nodiscard]] const std::vector<std::shared_ptr<const LayerType>>& layers();

// The function that a bare name means: flax.linen's, else jax.numpy's, else jax.nn's, else jax.lax's.
[[nodiscard]] const FunctionSpec* find_function(std::string_view name);
// "linalg.matrix_power" of "matrix_power": where a function that has no bare name lives; none where there is no such.
[[nodiscard]] std::optional<std::string> with_prefix(std::string_view name);
// The one of a library: find_function("random", "normal").
[[nodiscard]] const FunctionSpec* find_function(std::string_view library, std::string_view name);
// The array method of that name.
[[nodiscard]] const FunctionSpec* find_method(std::string_view name);
[[nodiscard]] const std::vector<const FunctionSpec*>& functions();
[[nodiscard]] bool is_library(std::string_view prefix);  // "jnp", "random", "jax.nn", ...

// An initializer factory: `lecun_normal(in_axis=-2, ...)` gives an Initializer.
struct InitializerSpec {
  std::string name, doc;
  std::vector<Parameter> parameters;
  std::function<Initializer(const Bound&)> make;
  InitializerSpec(std::string factory, std::string documentation) : name(std::move(factory)), doc(std::move(documentation)) {}
  InitializerSpec& arg(std::string parameter) {
    parameters.push_back({std::move(parameter), "", Value(), Parameter::Kind::Normal});
    return *this;
  }
  InitializerSpec& arg(std::string parameter, Value v) {
    std::string t = repr(v);
    parameters.push_back({std::move(parameter), std::move(t), std::move(v), Parameter::Kind::Normal});
    return *this;
  }
  InitializerSpec& does(std::function<Initializer(const Bound&)> f) {
    make = std::move(f);
    return *this;
  }
};
[[nodiscard]] const InitializerSpec* find_initializer(std::string_view name);
[[nodiscard]] const std::vector<const InitializerSpec*>& initializers();

[[nodiscard]] const TransformSpec* find_transform(std::string_view name);
[[nodiscard]] const std::vector<const TransformSpec*>& transforms();

// The value of a built-in name in an expression; none where there is no such name. Constants (`pi`, `newaxis`), dtypes, libraries too.
[[nodiscard]] std::optional<Value> builtin(std::string_view name);
// Every built-in name, sorted, for "did you mean".
[[nodiscard]] const std::vector<std::string>& builtin_names();
// A function as a value.
[[nodiscard]] Value function_value(const FunctionSpec& spec);

struct RegisterLayer {
  template <class Fields>
  explicit RegisterLayer(const LayerSpec<Fields>& spec) : RegisterLayer(spec.type()) {}
  explicit RegisterLayer(std::shared_ptr<LayerType> type);
};
struct RegisterFunction {
  explicit RegisterFunction(FunctionSpec spec);
};
struct RegisterFunctions {  // a family in one file
  explicit RegisterFunctions(std::vector<FunctionSpec> specs);
};
struct RegisterInitializer {
  explicit RegisterInitializer(InitializerSpec spec);
};
struct RegisterTransform {
  explicit RegisterTransform(TransformSpec spec);
};

}  // namespace linenc::catalog
