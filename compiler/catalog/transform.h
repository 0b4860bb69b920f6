#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "compiler/catalog/context.h"

namespace linenc::catalog {

// The options of a transform as written: {name: value}, values read as `any` (or function).
struct TransformOptions {
  struct Option {
    std::string name;
    Value value;
    Span place;
  };
  std::vector<Option> options;
  Span place;
  [[nodiscard]] const Value* find(std::string_view name) const;
  [[nodiscard]] Span place_of(std::string_view name) const;
};

// A lifted transform of Linen. `run` calls `body` (the untransformed method) as often and in such a region as its meaning wants.
struct TransformSpec {
  using Body = std::function<Value(const Arguments&)>;
  using Run = Value (*)(Context&, const TransformOptions&, Instance&, const Body& body, const Arguments& arguments);
  std::string name;    // "vmap"
  std::string prefix;  // of the class name: "Vmap"; "Checkpoint" for remat
  std::string doc;
  std::vector<std::pair<std::string, std::string>> options;  // name, one line of documentation
  // vmap, scan, … hand on positional arguments only (linen-semantics E.1).
  bool positional_only = false;
  Run run = nullptr;
};

// The type whose methods `methods` (default: call) are transformed; class name with the prefix.
[[nodiscard]] ModuleTypePtr transformed(ModuleTypePtr inner, const TransformSpec& spec, TransformOptions options);

}  // namespace linenc::catalog
