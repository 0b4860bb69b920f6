#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "compiler/catalog/function.h"

namespace linenc::catalog {

class Context;
struct Instance;

struct FieldInfo {
  std::string name;
  FieldType type;
  bool required = false;
  std::string default_text;  // as it would be written; empty where required
  std::string doc;
};

// What a module literal names: a layer of Linen, a definition of a file, or a transform of one.
class ModuleType {
 public:
  virtual ~ModuleType() = default;
  // The class name that automatic names are made of: "Dense", "VmapCritic".
  [[nodiscard]] virtual std::string class_name() const = 0;
  [[nodiscard]] virtual const std::vector<FieldInfo>& fields() const = 0;
  // The default of a field that is not required; `before` are the values of the fields before it.
  [[nodiscard]] virtual Value default_value(Context& context, std::size_t field, const std::vector<Value>& before) const = 0;
  // Where that default is written, in a model file; no place for layers of Linen.
  [[nodiscard]] virtual Span default_place(std::size_t /*field*/) const { return {}; }
  [[nodiscard]] virtual std::vector<std::string> methods() const = 0;  // "call", ...
  [[nodiscard]] virtual bool is_compact(const std::string& method) const = 0;
  // The names of a method's arguments in order; `has_rest` tells of `**rest`.
  [[nodiscard]] virtual std::vector<std::string> arguments(const std::string& method) const = 0;
  [[nodiscard]] virtual bool has_setup() const { return false; }
  // Of a transform: whether there is a `setup`, which runs inside of it each time a method does (has_setup is false).
  [[nodiscard]] virtual bool has_setup_inside() const { return false; }
  // Whether the method runs under transforms of its own: what `setup` makes for it is made inside of them.
  [[nodiscard]] virtual bool has_transforms(const std::string& /*method*/) const { return false; }
  // The type that a transform transforms, past all of them.
  [[nodiscard]] virtual const ModuleType& untransformed() const { return *this; }
  // The type that this one extends, where it is a definition that does.
  [[nodiscard]] virtual const ModuleType* extended() const { return nullptr; }
  // A transform of another type, whose methods it runs.
  [[nodiscard]] virtual bool is_transform() const { return false; }
  virtual void run_setup(Context&, Instance&) const {}
  // What Linen's own `setup` of the class makes, which an instance is read for (`embed.embedding`): the names, and the value of one; none
  // where there is no such name.
  [[nodiscard]] virtual std::vector<std::string> attributes() const { return {}; }
  [[nodiscard]] virtual std::optional<Value> attribute(Context&, Instance&, const std::string& /*name*/, Span /*place*/) const {
    return std::nullopt;
  }
  // Runs the body; called by call_method alone, which has set the stage (stack, scope, site).
  virtual Value run(Context& context, Instance& instance, const std::string& method, const Arguments& arguments) const = 0;
  // Checks of field values beyond their types (labels `Dense.c1`); reports and throws Failed.
  virtual void check_fields(Context&, const std::vector<Value>&, Span) const {}
};
using ModuleTypePtr = std::shared_ptr<const ModuleType>;

// A module with some of its fields bound and nothing made yet: Python's `partial(Class, **fields)`.
struct Template {
  ModuleTypePtr type;
  struct Field {
    std::string name;
    Value value;
    Span place;  // of the value
  };
  std::vector<Field> fields;
  std::string name;  // of the submodule, where it is fixed
  Span place;        // of the literal

  [[nodiscard]] const Field* find(std::string_view field) const;
  // The same with more fields; later ones win.
  [[nodiscard]] TemplatePtr with(std::vector<Field> more, std::string new_name, Span new_place) const;
};

// A module that was made: fields complete, perhaps bound to a place in the tree.
struct Instance {
  ModuleTypePtr type;
  std::vector<Value> fields;       // parallel to type->fields()
  std::vector<Span> field_places;  // parallel; empty spans for defaults
  std::string name;
  struct ScopeNode* scope = nullptr;  // null: not attached yet
  Instance* parent = nullptr;         // whose method was running when it was made
  Span place;

  std::vector<std::pair<std::string, Value>> attributes;  // what `setup` made, in order
  bool setup_done = false;
  int compact_depth = 0;
  bool setup_inside = false;  // of a transformed module: its `setup` ran inside of the transform that is running
  std::vector<std::pair<std::string, std::int64_t>> automatic_names;  // class name -> next number

  [[nodiscard]] const Value* attribute(std::string_view attribute_name) const;
  [[nodiscard]] const Value* field(std::string_view field_name) const;
  [[nodiscard]] Span field_place(std::string_view field_name) const;
};

// A `variable`: binds a name to a place in the tree; reading gives the newest value.
struct VariableRef {
  std::string collection;
  std::string name;
  ScopeNode* scope = nullptr;
};

}  // namespace linenc::catalog
