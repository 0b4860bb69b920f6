#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "compiler/graph/graph.h"
#include "compiler/source/span.h"

namespace linenc::catalog {

using graph::Dim;
using graph::Dims;
using graph::Tensor;
using source::Span;

class Function;
struct Template;
struct Instance;
struct VariableRef;
struct StaticArray;
class Namespace;
class Value;

using FunctionPtr = std::shared_ptr<const Function>;
using TemplatePtr = std::shared_ptr<const Template>;
using InstancePtr = std::shared_ptr<Instance>;
using ArrayPtr = std::shared_ptr<const StaticArray>;  // of NumPy, known while compiling: static_array.h

struct None {};
// The value of what failed after a diagnostic: whatever meets it stays silent.
struct Poison {};
struct Ellipsis {};
struct Slice;

using List = std::vector<Value>;
using Map = std::vector<std::pair<Value, Value>>;  // in the order written; keys are texts, numbers or truth values

// A value of the model language: static (known while compiling) or a tensor (known by dtype and shape). Cheap to copy; lists and
// maps are values without identity.
class Value {
 public:
  Value() : held_(None{}) {}
  Value(None) : held_(None{}) {}                                              // NOLINT(google-explicit-constructor)
  Value(Poison p) : held_(p) {}                                               // NOLINT(google-explicit-constructor)
  Value(Ellipsis e) : held_(e) {}                                             // NOLINT(google-explicit-constructor)
  Value(bool b) : held_(b) {}                                                 // NOLINT(google-explicit-constructor)
  Value(Dim d) : held_(std::move(d)) {}                                       // NOLINT(google-explicit-constructor)
  Value(std::int64_t i) : held_(Dim(i)) {}                                    // NOLINT(google-explicit-constructor)
  Value(int i) : held_(Dim(i)) {}                                             // NOLINT(google-explicit-constructor)
  Value(double d) : held_(d) {}                                               // NOLINT(google-explicit-constructor)
  Value(std::string s) : held_(std::move(s)) {}                               // NOLINT(google-explicit-constructor)
  Value(const char* s) : held_(std::string(s)) {}                             // NOLINT(google-explicit-constructor)
  Value(List list) : held_(std::make_shared<const List>(std::move(list))) {}  // NOLINT(google-explicit-constructor)
  Value(Map map) : held_(std::make_shared<const Map>(std::move(map))) {}      // NOLINT(google-explicit-constructor)
  Value(Tensor t) : held_(t) {}                                               // NOLINT(google-explicit-constructor)
  Value(ArrayPtr a) : held_(std::move(a)) {}                                  // NOLINT(google-explicit-constructor)
  Value(DType d) : held_(d) {}                                                // NOLINT(google-explicit-constructor)
  Value(FunctionPtr f) : held_(std::move(f)) {}                               // NOLINT(google-explicit-constructor)
  Value(TemplatePtr t) : held_(std::move(t)) {}                               // NOLINT(google-explicit-constructor)
  Value(InstancePtr i) : held_(std::move(i)) {}                               // NOLINT(google-explicit-constructor)
  Value(std::shared_ptr<const Slice> s) : held_(std::move(s)) {}              // NOLINT(google-explicit-constructor)
  Value(std::shared_ptr<const Namespace> n) : held_(std::move(n)) {}          // NOLINT(google-explicit-constructor)
  Value(std::shared_ptr<VariableRef> v) : held_(std::move(v)) {}              // NOLINT(google-explicit-constructor)
  Value(const Dims& dims);                                                    // a list of sizes  NOLINT(google-explicit-constructor)

  [[nodiscard]] bool is_none() const { return std::holds_alternative<None>(held_); }
  [[nodiscard]] bool is_poison() const { return std::holds_alternative<Poison>(held_); }
  [[nodiscard]] bool is_ellipsis() const { return std::holds_alternative<Ellipsis>(held_); }
  [[nodiscard]] const bool* boolean() const { return std::get_if<bool>(&held_); }
  [[nodiscard]] const Dim* integer() const { return std::get_if<Dim>(&held_); }
  [[nodiscard]] const double* number() const { return std::get_if<double>(&held_); }
  [[nodiscard]] const std::string* text() const { return std::get_if<std::string>(&held_); }
  [[nodiscard]] const List* list() const { return pointee<List>(); }
  [[nodiscard]] const Map* map() const { return pointee<Map>(); }
  [[nodiscard]] const Tensor* tensor() const { return std::get_if<Tensor>(&held_); }
  [[nodiscard]] ArrayPtr array() const { return shared<const StaticArray>(); }
  [[nodiscard]] const DType* dtype() const { return std::get_if<DType>(&held_); }
  [[nodiscard]] FunctionPtr function() const { return shared<const Function>(); }
  [[nodiscard]] TemplatePtr module_template() const { return shared<const Template>(); }
  [[nodiscard]] InstancePtr instance() const { return shared<Instance>(); }
  [[nodiscard]] const Slice* slice() const { return pointee<Slice>(); }
  [[nodiscard]] std::shared_ptr<const Namespace> name_space() const { return shared<const Namespace>(); }
  [[nodiscard]] std::shared_ptr<VariableRef> variable() const { return shared<VariableRef>(); }

  // The entry of a map with this text as its key, or nothing.
  [[nodiscard]] const Value* entry(std::string_view key) const;
  // Whether a tensor stands anywhere in it.
  [[nodiscard]] bool has_tensor() const;
  [[nodiscard]] bool has_poison() const;

 private:
  template <class T>
  [[nodiscard]] const T* pointee() const {
    const auto* held = std::get_if<std::shared_ptr<const T>>(&held_);
    return held ? held->get() : nullptr;
  }
  template <class T>
  [[nodiscard]] std::shared_ptr<T> shared() const {
    const auto* held = std::get_if<std::shared_ptr<T>>(&held_);
    return held ? *held : nullptr;
  }

  std::variant<None, Poison, Ellipsis, bool, Dim, double, std::string, std::shared_ptr<const List>, std::shared_ptr<const Map>, Tensor, ArrayPtr,
               DType, FunctionPtr, TemplatePtr, InstancePtr, std::shared_ptr<const Slice>, std::shared_ptr<const Namespace>,
               std::shared_ptr<VariableRef>>
      held_;
};

struct Slice {
  Value begin, end, step;  // none where not written
};

// How a diagnostic calls a value: "a tensor float32[batch, 3]", "int 3", "str 'SAME'", "a list", "the template Dense".
[[nodiscard]] std::string kind(const Value& value);
// The value as text: numbers and texts as Python's str, `true`, `none`; lists as [1, 2].
[[nodiscard]] std::string display(const Value& value);
// Python's repr of static values (texts in quotes).
[[nodiscard]] std::string repr(const Value& value);
// Equality of static values as Python has it (1 == 1.0, lists by element); tensors are equal to nothing here.
[[nodiscard]] bool same(const Value& a, const Value& b);
// Python's truth of a static value; functions and modules are true.
[[nodiscard]] bool truth(const Value& value);

// Calls `f` on every tensor in the value and puts the results in their places.
template <class F>
[[nodiscard]] Value map_tensors(const Value& value, const F& f) {
  if (const Tensor* t = value.tensor()) return f(*t);
  if (const List* list = value.list()) {
    List out;
    for (const Value& item : *list) out.push_back(map_tensors(item, f));
    return out;
  }
  if (const Map* map = value.map()) {
    Map out;
    for (const auto& [key, item] : *map) out.emplace_back(key, map_tensors(item, f));
    return out;
  }
  return value;
}

}  // namespace linenc::catalog
