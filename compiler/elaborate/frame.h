#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/catalog/context.h"
#include "compiler/modules/module.h"

namespace linenc::elaborate {

using catalog::Arguments;
using catalog::Context;
using catalog::InstancePtr;
using catalog::List;
using catalog::Map;
using catalog::Poison;
using catalog::Tensor;
using catalog::Value;
using diagnostics::Code;
using graph::Dim;
using graph::Dims;
using graph::Failed;
using source::Span;
using syntax::Expr;
using syntax::Node;

class Unit;

// The names that an expression or a body sees (language.md section 5): the body's bindings and arguments, then fields, `setup` entries
// and methods of the running module, then the file's, then the built-in ones. Inner frames (comprehensions, lambdas) hold a few names
// more than the frame around them.
class Frame {
 public:
  explicit Frame(const Unit& file) : unit_(&file) {}
  Frame(const Unit& file, InstancePtr running, const modules::Method* running_method)
      : unit_(&file), module_(std::move(running)), method_(running_method) {}
  // A frame inside of `outer`.
  explicit Frame(const Frame* outer) : unit_(outer->unit_), outer_(outer), module_(outer->module_), method_(outer->method_), makes_(outer->makes_) {}

  // The value of a name, read; none where there is no such name. Variables give their newest value.
  [[nodiscard]] std::optional<Value> find(Context& context, const std::string& name, Span place) const;
  // The same; E0201 with the nearest name where there is none.
  [[nodiscard]] Value lookup(Context& context, const std::string& name, Span place) const;
  // What a name is bound to in this body, not read (a VariableRef stays one).
  [[nodiscard]] const Value* binding(const std::string& name) const;
  // A field, setup entry or method of the running module.
  [[nodiscard]] std::optional<Value> own(Context& context, const std::string& name, Span place) const;

  void bind(const std::string& name, Value value) { names_[name] = std::move(value); }
  [[nodiscard]] bool has(const std::string& name) const { return binding(name) != nullptr; }

  [[nodiscard]] const Unit& unit() const { return *unit_; }
  [[nodiscard]] const InstancePtr& module() const { return module_; }
  [[nodiscard]] const modules::Method* method() const { return method_; }
  // Of a function with a `compact` body: what it makes belongs to the module that runs it.
  [[nodiscard]] bool makes() const { return makes_; }
  void set_makes() { makes_ = true; }
  [[nodiscard]] std::vector<std::string> known_names() const;
  // A frame of its own with every name bound here and around, as they are now.
  [[nodiscard]] Frame snapshot() const;

 private:
  const Unit* unit_;
  const Frame* outer_ = nullptr;
  InstancePtr module_;
  const modules::Method* method_ = nullptr;
  bool makes_ = false;
  std::map<std::string, Value> names_;
};

}  // namespace linenc::elaborate
