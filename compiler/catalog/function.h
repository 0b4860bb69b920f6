#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "compiler/catalog/field_type.h"
#include "compiler/catalog/value.h"

namespace linenc::catalog {

class Context;

// The arguments of a call as written. `place` is where each one stands (empty where it is not in a file).
struct Arguments {
  struct Item {
    Value value;
    Span place;
    std::string text;  // what the user wrote, for messages: "residual"
    Span key = {};     // of the keyword, where it was written out
  };
  std::vector<Item> positional;
  std::vector<std::pair<std::string, Item>> keywords;
  Span place;  // of the whole call

  Arguments() = default;
  explicit Arguments(List values) {
    for (Value& v : values) positional.push_back({std::move(v), {}, {}});
  }
  void add(Value value) { positional.push_back({std::move(value), {}, {}}); }
  void add(std::string name, Value value) { keywords.emplace_back(std::move(name), Item{std::move(value), {}, {}}); }
  [[nodiscard]] bool has_poison() const;
  [[nodiscard]] bool has_tensor() const;
};

// What can be called in an expression: built-in functions, initializers, lambdas, functions of the file, partial ones.
class Function {
 public:
  virtual ~Function() = default;
  [[nodiscard]] virtual std::string name() const = 0;
  // Throws graph::Failed after a report. Arguments hold no poison.
  virtual Value call(Context& context, const Arguments& arguments) const = 0;
  // Calling it makes submodules or variables: a statement, not an expression.
  [[nodiscard]] virtual bool is_statement() const { return false; }
  // Names of the arguments in order, where they are known (Linen's attention hands its function only the keywords that it names).
  [[nodiscard]] virtual std::vector<std::string> parameters() const { return {}; }
  // Takes any keyword (`**rest`).
  [[nodiscard]] virtual bool takes_any_keyword() const { return false; }
  // Factories of initializers (`zeros_init`, `normal`): where an initializer is wanted their bare name stands for their call.
  [[nodiscard]] virtual bool is_initializer_factory() const { return false; }
};

// A function made of a C++ callable.
class NativeFunction final : public Function {
 public:
  using Body = std::function<Value(Context&, const Arguments&)>;
  NativeFunction(std::string name, Body body, std::vector<std::string> parameters = {})
      : name_(std::move(name)), body_(std::move(body)), parameters_(std::move(parameters)) {}
  [[nodiscard]] std::string name() const override { return name_; }
  Value call(Context& context, const Arguments& arguments) const override { return body_(context, arguments); }
  [[nodiscard]] std::vector<std::string> parameters() const override { return parameters_; }

 private:
  std::string name_;
  Body body_;
  std::vector<std::string> parameters_;
};

// Names behind a dot that are not entries of a value: `random.normal`, `alias.Name`, `self.width`.
class Namespace {
 public:
  using Get = std::function<Value(Context&, const std::string& name, Span place)>;
  using Index = std::function<Value(Context&, const Value& index, Span place)>;
  // `index` is what `value[…]` gives, where it may be indexed (`x.at[…]`).
  Namespace(std::string name, Get get, Index index = nullptr) : name_(std::move(name)), get_(std::move(get)), index_(std::move(index)) {}
  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] const Index& index() const { return index_; }
  [[nodiscard]] Value get(Context& context, const std::string& name, Span place) const { return get_(context, name, place); }

 private:
  std::string name_;
  Get get_;
  Index index_;
};

// --- built-in functions --------------------------------------------------------------------------

// The arguments of a built-in bound to its parameters, with readers that report E0206/E0207 and throw Failed.
class Bound {
 public:
  Bound(Context& context, std::string_view function, std::vector<std::string> names, std::vector<Arguments::Item> items, std::vector<bool> given,
        std::vector<Arguments::Item> rest, Span place, std::vector<std::pair<std::string, Arguments::Item>> keywords = {});

  Context& context;
  Span place;
  bool is_bare = false;  // called without a prefix, by a name that Python may have as well

  [[nodiscard]] bool given(std::size_t i) const { return given_[i]; }  // written by the caller
  [[nodiscard]] bool none(std::size_t i) const { return items_[i].value.is_none(); }
  [[nodiscard]] const Value& value(std::size_t i) const { return items_[i].value; }
  [[nodiscard]] const Arguments::Item& item(std::size_t i) const { return items_[i]; }
  [[nodiscard]] const std::vector<Arguments::Item>& rest() const { return rest_; }                                  // of `*name`
  [[nodiscard]] const std::vector<std::pair<std::string, Arguments::Item>>& keywords() const { return keywords_; }  // of `**name`

  // A number, list of numbers or tensor as a tensor (jnp.asarray; Python scalars are weak).
  [[nodiscard]] Tensor tensor(std::size_t i) const;
  [[nodiscard]] Dim size(std::size_t i) const;              // an int, symbolic or not
  [[nodiscard]] std::int64_t integer(std::size_t i) const;  // an int whose number is known
  [[nodiscard]] double number(std::size_t i) const;         // a static int or float
  [[nodiscard]] bool boolean(std::size_t i) const;
  [[nodiscard]] std::string text(std::size_t i) const;
  [[nodiscard]] DType dtype(std::size_t i) const;  // narrowed to 32 bits
  [[nodiscard]] std::optional<DType> optional_dtype(std::size_t i) const;
  [[nodiscard]] Dims dims(std::size_t i) const;  // an int or a list of ints
  [[nodiscard]] std::vector<std::int64_t> integers(std::size_t i) const;
  [[nodiscard]] FunctionPtr function(std::size_t i) const;
  [[nodiscard]] std::vector<Tensor> tensors(std::size_t i) const;  // a list of arrays
  [[nodiscard]] std::vector<Tensor> rest_tensors() const;          // of `*name`, each an array or a number
  // An axis brought to 0 <= axis < rank; E0203 where it is out of range.
  [[nodiscard]] std::int64_t axis(std::size_t i, std::int64_t rank) const;
  // None: all axes; an int or a list; sorted, distinct.
  [[nodiscard]] std::vector<std::int64_t> axes(std::size_t i, std::int64_t rank) const;

  // Reports and throws Failed.
  [[noreturn]] void wrong_type(std::size_t i, std::string_view wanted) const;

 private:
  [[noreturn]] void not_an_array(std::size_t i, const Value& entry) const;

  std::string function_;
  std::vector<std::string> names_;
  std::vector<Arguments::Item> items_;
  std::vector<bool> given_;
  std::vector<Arguments::Item> rest_;
  std::vector<std::pair<std::string, Arguments::Item>> keywords_;
};

// One parameter of a built-in: its name, and its default as it would be written ("" means required).
struct Parameter {
  std::string name;
  std::string default_text;
  Value default_value;
  enum class Kind : std::uint8_t { Normal, PositionalOnly, KeywordOnly, Rest /* *name */, KeywordRest /* **name */ } kind = Kind::Normal;
};

// A built-in function: what it is called and where, how it is called, what it does. Registered by RegisterFunction in one file of
// compiler/functions; docs, `explain`, the schema and "did you mean" are made from it.
struct FunctionSpec {
  using Body = std::function<Value(const Bound&)>;
  std::string name;
  std::vector<std::string> libraries;  // where the name lives: "nn", "jnp", "jax.nn", "lax", "random", "python", "linalg", ...
  std::string doc;                     // one sentence
  std::vector<Parameter> parameters;
  Body body;  // on tensors (and on whatever the parameters hold)
  // On static numbers alone, where the bare name is Python's (`sqrt`, `sum`, `max`); none: `body` is used.
  std::function<std::optional<Value>(Context&, const Arguments&)> on_static;
  // As an array method, the array first: x.reshape(…).
  bool method = false;
  // The name is reachable through its prefix only (jnp.select beside lax.select), not bare.
  bool prefix_only = false;

  FunctionSpec(std::string function_name, std::string documentation) : name(std::move(function_name)), doc(std::move(documentation)) {}
  FunctionSpec& in(std::vector<std::string> names) {
    libraries = std::move(names);
    return *this;
  }
  // A required parameter; with a default; keyword-only after `keyword_only()`.
  FunctionSpec& arg(std::string parameter) { return add({std::move(parameter), "", Value(), keyword_}); }
  FunctionSpec& arg(std::string parameter, Value default_value) {
    std::string text = repr(default_value);
    return add({std::move(parameter), std::move(text), std::move(default_value), keyword_});
  }
  // What was added before is given by its place alone (Python's `/`).
  FunctionSpec& positional_only() {
    for (Parameter& parameter : parameters) {
      if (parameter.kind == Parameter::Kind::Normal) parameter.kind = Parameter::Kind::PositionalOnly;
    }
    return *this;
  }
  FunctionSpec& keyword_only() {
    keyword_ = Parameter::Kind::KeywordOnly;
    return *this;
  }
  FunctionSpec& rest(std::string parameter) { return add({std::move(parameter), "()", Value(), Parameter::Kind::Rest}); }
  FunctionSpec& keyword_rest(std::string parameter) { return add({std::move(parameter), "{}", Value(), Parameter::Kind::KeywordRest}); }
  FunctionSpec& as_method() {
    method = true;
    return *this;
  }
  FunctionSpec& behind_prefix() {
    prefix_only = true;
    return *this;
  }
  FunctionSpec& statically(std::function<std::optional<Value>(Context&, const Arguments&)> f) {
    on_static = std::move(f);
    return *this;
  }
  FunctionSpec& does(Body b) {
    body = std::move(b);
    return *this;
  }

 private:
  FunctionSpec& add(Parameter p) {
    parameters.push_back(std::move(p));
    return *this;
  }
  Parameter::Kind keyword_ = Parameter::Kind::Normal;
};

// "softmax(x, axis=-1, where=none)"
[[nodiscard]] std::string signature(const FunctionSpec& spec);

// Binds arguments to parameters as Python does; reports E0207 with the signature and throws Failed.
[[nodiscard]] Bound bind(Context& context, std::string_view function, const std::vector<Parameter>& parameters, const Arguments& arguments);

}  // namespace linenc::catalog
