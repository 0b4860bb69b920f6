#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "compiler/catalog/context.h"
#include "compiler/catalog/numpy.h"

namespace linenc::catalog {

// What a layer's call works with: its arguments, bound by name, and its place in the module tree.
class LayerCall {
 public:
  LayerCall(Context& ctx, Instance& self, Bound bound_arguments)
      : context(ctx), builder(ctx.builder), instance(self), arguments(std::move(bound_arguments)) {}

  Context& context;
  Builder& builder;
  Instance& instance;
  Bound arguments;  // parallel to the `.arg`s of the method

  [[nodiscard]] ScopeNode& scope() const { return *instance.scope; }
  [[nodiscard]] Tensor tensor(std::size_t i) const { return arguments.tensor(i); }
  [[nodiscard]] bool none(std::size_t i) const { return arguments.none(i); }

  // What an initializer finds wrong is told at the field NAME_init, where it is written.
  [[nodiscard]] Tensor param(const std::string& name, const Initializer& init, const Dims& shape, DType dtype) const;
  // A tensor of another collection, made by `make` where it does not exist yet.
  Tensor variable(const std::string& collection, const std::string& name, const std::function<Tensor()>& make) const;
  void set_variable(const std::string& collection, const std::string& name, Tensor value) const {
    context.set_variable(scope(), collection, name, value, instance.place);
  }
  Tensor make_rng(const std::string& stream) const { return context.make_rng(scope(), stream, instance.place); }
  // Makes and calls a submodule of this layer: `type` is a registered layer, `name` fixes its name (empty: automatic).
  [[nodiscard]] InstancePtr submodule(const std::string& type, std::vector<std::pair<std::string, Value>> fields, const std::string& name) const;
  Value call(const InstancePtr& submodule, Arguments call_arguments, const std::string& method = "call") const {
    return context.call_method(submodule, method, call_arguments);
  }
  // Linen's merge_param: exactly one of the field and the argument; E0226 otherwise.
  [[nodiscard]] Value merge_param(const std::string& name, const Value& field, std::size_t argument) const;
  // Reports a rule of the layer that the user broke (E0226, or the code given) at the field, where it is written, and throws.
  [[noreturn]] void fail(std::string message, const std::string& field = "", Code code = Code::LayerRule) const;
  void warn(Code code, std::string message, const std::string& field = "") const;
};

// --- reading fields into a struct ----------------------------------------------------------------

// What read_field throws where a value of type `any` does not fit; LayerSpec reports it at the field: "`strides` wants …".
struct FieldProblem {
  Code code;
  std::string text;
};

// Field values are already conformed to their FieldType. One overload for each C++ type that a struct of fields may use.
void read_field(Context& context, const Value& value, bool& out);
void read_field(Context& context, const Value& value, std::int64_t& out);  // a known number; E0211 where it is symbolic
void read_field(Context& context, const Value& value, double& out);
void read_field(Context& context, const Value& value, std::string& out);
void read_field(Context& context, const Value& value, Dim& out);
void read_field(Context& context, const Value& value, Dims& out);  // an int or a list
void read_field(Context& context, const Value& value, std::vector<std::int64_t>& out);
void read_field(Context& context, const Value& value, DType& out);
void read_field(Context& context, const Value& value, Initializer& out);
void read_field(Context& context, const Value& value, Value& out);
template <class T>
void read_field(Context& context, const Value& value, std::optional<T>& out) {
  if (value.is_none()) {
    out.reset();
    return;
  }
  T inner{};
  read_field(context, value, inner);
  out = std::move(inner);
}

// The FieldType that belongs to a C++ type; lists of ints are `any` because Linen takes an int as well.
[[nodiscard]] FieldType field_type(const bool*);
[[nodiscard]] FieldType field_type(const std::int64_t*);
[[nodiscard]] FieldType field_type(const double*);
[[nodiscard]] FieldType field_type(const std::string*);
[[nodiscard]] FieldType field_type(const Dim*);
[[nodiscard]] FieldType field_type(const Dims*);
[[nodiscard]] FieldType field_type(const std::vector<std::int64_t>*);
[[nodiscard]] FieldType field_type(const DType*);
[[nodiscard]] FieldType field_type(const Initializer*);
[[nodiscard]] FieldType field_type(const Value*);
template <class T>
[[nodiscard]] FieldType field_type(const std::optional<T>*) {
  FieldType type = field_type(static_cast<const T*>(nullptr));
  type.optional = true;
  return type;
}
// The value of a C++ default, and how it would be written.
[[nodiscard]] Value field_value(bool v);
[[nodiscard]] Value field_value(std::int64_t v);
[[nodiscard]] Value field_value(double v);
[[nodiscard]] Value field_value(const std::string& v);
[[nodiscard]] Value field_value(const Dim& v);
[[nodiscard]] Value field_value(const Dims& v);
[[nodiscard]] Value field_value(const std::vector<std::int64_t>& v);
[[nodiscard]] Value field_value(DType v);
[[nodiscard]] Value field_value(const Initializer& v);
[[nodiscard]] Value field_value(const Value& v);
template <class T>
[[nodiscard]] Value field_value(const std::optional<T>& v) {
  return v ? field_value(*v) : Value();
}

// A bound of a field: `at_least(1)`. Reported as E0204 at the field: "`features` is 0, needs at least 1".
struct Bound1 {
  std::int64_t least;
};
[[nodiscard]] inline Bound1 at_least(std::int64_t n) { return {n}; }

// --- the registered type -------------------------------------------------------------------------

// A layer of Linen as a module type; made by LayerSpec.
class LayerType : public ModuleType {
 public:
  struct Method {
    std::string name;
    std::vector<Parameter> parameters;
    std::function<Value(const std::vector<Value>& fields, LayerCall&)> run;
  };
  std::string name, doc;
  std::vector<FieldInfo> field_infos;
  std::vector<Value> defaults;
  std::vector<std::optional<Bound1>> bounds;
  std::vector<std::pair<std::string, std::string>> argument_docs, return_docs;  // for `explain`
  std::vector<Method> method_list;
  std::vector<Method> attribute_list;  // what Linen's class makes in `setup`: `embed.embedding`

  [[nodiscard]] std::string class_name() const override { return name; }
  [[nodiscard]] const std::vector<FieldInfo>& fields() const override { return field_infos; }
  [[nodiscard]] Value default_value(Context&, std::size_t field, const std::vector<Value>&) const override { return defaults[field]; }
  [[nodiscard]] std::vector<std::string> methods() const override;
  [[nodiscard]] bool is_compact(const std::string&) const override { return true; }
  [[nodiscard]] std::vector<std::string> arguments(const std::string& method) const override;
  void check_fields(Context& context, const std::vector<Value>& values, Span place) const override;
  Value run(Context& context, Instance& instance, const std::string& method, const Arguments& call_arguments) const override;
  [[nodiscard]] std::vector<std::string> attributes() const override;
  [[nodiscard]] std::optional<Value> attribute(Context& context, Instance& instance, const std::string& attribute_name, Span place) const override;

 private:
  Value run(Context& context, Instance& instance, const Method& method, const std::string& spoken, const Arguments& call_arguments) const;
};

// Describes a layer: a struct of fields (with Linen's names, order and defaults), the arguments of its call, the call itself.
//
//   const RegisterLayer dense{LayerSpec<Dense>("Dense", "A linear map of the last axis.")
//       .field("features", &Dense::features, at_least(1), "size of the last axis of the output")
//       .field("use_bias", &Dense::use_bias, "add a learned offset")
//       .arg("inputs")
//       .call(&call)};
//
// `required_field` for fields without a default. Arguments: `.arg(name)`, `.arg(name, default)`, `.keyword_only()`; further methods
// follow with `.method("attend").arg("query").call(&attend)`, what an instance is read for with `.attribute("embedding", &table)`.
template <class Fields>
class LayerSpec {
 public:
  using Call = Value (*)(const Fields&, LayerCall&);
  LayerSpec(std::string name, std::string doc) : type_(std::make_shared<LayerType>()) {
    type_->name = std::move(name);
    type_->doc = std::move(doc);
    type_->method_list.push_back({"call", {}, {}});
  }
  // `member` may belong to a struct that `Fields` is derived from.
  template <class T, class Owner>
  LayerSpec& required_field(std::string name, T Owner::*member, std::string doc) {
    return add<T>(std::move(name), member, std::nullopt, std::move(doc), true);
  }
  template <class T, class Owner>
  LayerSpec& required_field(std::string name, T Owner::*member, Bound1 bound, std::string doc) {
    return add<T>(std::move(name), member, bound, std::move(doc), true);
  }
  template <class T, class Owner>
  LayerSpec& field(std::string name, T Owner::*member, std::string doc) {
    return add<T>(std::move(name), member, std::nullopt, std::move(doc), false);
  }
  template <class T, class Owner>
  LayerSpec& field(std::string name, T Owner::*member, Bound1 bound, std::string doc) {
    return add<T>(std::move(name), member, bound, std::move(doc), false);
  }
  // A function-valued or module-valued field, or one of another type than its C++ type tells.
  template <class Owner>
  LayerSpec& field_as(std::string name, Value Owner::*member, FieldType type, std::string default_text, std::string doc) {
    add<Value>(name, member, std::nullopt, std::move(doc), false);
    type_->field_infos.back().type = std::move(type);
    type_->field_infos.back().default_text = std::move(default_text);
    return *this;
  }
  LayerSpec& arg(std::string name) { return parameter({std::move(name), "", Value(), keyword_}); }
  LayerSpec& arg(std::string name, Value default_value) {
    std::string text = repr(default_value);
    return parameter({std::move(name), std::move(text), std::move(default_value), keyword_});
  }
  LayerSpec& keyword_only() {
    keyword_ = Parameter::Kind::KeywordOnly;
    return *this;
  }
  LayerSpec& call(Call body) {
    type_->method_list.back().run = with_fields(body);
    return *this;
  }
  LayerSpec& attribute(std::string name, Call body) {
    type_->attribute_list.push_back({std::move(name), {}, with_fields(body)});
    return *this;
  }
  LayerSpec& method(std::string name) {
    keyword_ = Parameter::Kind::Normal;
    type_->method_list.push_back({std::move(name), {}, {}});
    return *this;
  }
  [[nodiscard]] std::shared_ptr<LayerType> type() const { return type_; }

 private:
  struct Reader {
    std::string name;
    std::function<void(Context&, const Value&, Fields&)> read;
  };

  auto with_fields(Call body) const {
    return [readers = readers_, body](const std::vector<Value>& values, LayerCall& layer_call) {
      Fields fields{};
      for (std::size_t i = 0; i < values.size(); ++i) {
        try {
          (*readers)[i].read(layer_call.context, values[i], fields);
        } catch (const FieldProblem& problem) {
          layer_call.fail(concat("`", (*readers)[i].name, "` ", problem.text), (*readers)[i].name, problem.code);
        }
      }
      return body(fields, layer_call);
    };
  }
  template <class T>
  LayerSpec& add(std::string name, T Fields::*member, std::optional<Bound1> bound, std::string doc, bool required) {
    readers_->push_back({name, [member](Context& context, const Value& value, Fields& fields) { read_field(context, value, fields.*member); }});
    Value value = required ? Value() : field_value(Fields{}.*member);
    std::string text = required ? "" : repr(value);
    type_->field_infos.push_back({std::move(name), field_type(static_cast<const T*>(nullptr)), required, std::move(text), std::move(doc)});
    type_->defaults.push_back(std::move(value));
    type_->bounds.push_back(bound);
    return *this;
  }
  LayerSpec& parameter(Parameter p) {
    type_->method_list.back().parameters.push_back(std::move(p));
    return *this;
  }

  std::shared_ptr<LayerType> type_;
  std::shared_ptr<std::vector<Reader>> readers_ = std::make_shared<std::vector<Reader>>();
  Parameter::Kind keyword_ = Parameter::Kind::Normal;
};

}  // namespace linenc::catalog
