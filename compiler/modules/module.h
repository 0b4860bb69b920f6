#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/catalog/field_type.h"
#include "compiler/catalog/module_type.h"
#include "compiler/diagnostics/diagnostics.h"
#include "compiler/syntax/tree.h"
#include "runtime/core/dtype.h"

namespace linenc::modules {

using catalog::FieldType;
using diagnostics::Diagnostics;
using source::Span;
using syntax::Expr;
using syntax::Node;
using syntax::Tree;

// `dtype[d0, d1, …]` (language.md section 8): what a tensor must be.
struct TensorType {
  const Node* node = nullptr;
  const Tree* tree = nullptr;
  std::optional<DType> dtype;  // none: `any`, or `dtype_entry`
  std::string dtype_entry;     // of `config.model.dtype`: "model.dtype"
  const Expr* dims = nullptr;  // a Tuple; the first may be "..."
  bool optional = false;
  std::string text;  // as written
};

struct Field {
  std::string name;
  FieldType type;
  Span place;
  const Tree* tree = nullptr;
  const Expr* default_expr = nullptr;     // `type = default`
  const Node* default_literal = nullptr;  // the long form
  bool broken = false;                    // its declaration was reported: it has no value
  [[nodiscard]] bool required() const { return default_expr == nullptr && default_literal == nullptr && !broken; }
};

struct Argument {
  std::string name;
  Span place;
  const Expr* default_expr = nullptr;
  bool required = true;
  bool rest = false;  // `**rest`
  std::optional<TensorType> tensor;
  std::optional<FieldType> type;
};

// A transform of a body: `transform: [remat, {scan: {in_axes: 1}}]`.
struct TransformUse {
  std::string name;
  const Node* options = nullptr;  // a map, or null
  Span place;
};

struct Method {
  std::string name;
  const Tree* tree = nullptr;       // the file it stands in
  const Tree* body_tree = nullptr;  // that of its body, which may be inherited
  std::vector<Argument> arguments;
  const syntax::Body* body = nullptr;
  bool compact = false;
  const Node* returns = nullptr;
  std::vector<TransformUse> transforms;  // the first outermost
  std::shared_ptr<const Method> base;    // the method of the extended definition that this one replaces
  Span place;
};

// One definition of a file: fields, methods, setup. Nothing is computed.
struct Definition {
  std::string name;
  const Tree* tree = nullptr;
  const syntax::DefinitionTree* source = nullptr;
  std::vector<Field> fields;
  std::vector<std::shared_ptr<const Method>> methods;  // `call` first where there is one
  const Node* setup = nullptr;
  const Tree* setup_tree = nullptr;
  Span place;
  bool broken = false;  // which of two things a name of it means is not known: reported, and none is made

  [[nodiscard]] const Field* field(std::string_view field_name) const;
  [[nodiscard]] std::shared_ptr<const Method> method(std::string_view method_name) const;
  [[nodiscard]] const Node* setup_entry(std::string_view entry_name) const;
};

// `int`, `list[int]`, `float?`, `str | none`; none after a report. `at` is where the text stands.
[[nodiscard]] std::optional<FieldType> parse_field_type(std::string_view text, Span at, Diagnostics& diagnostics);
// Whether a text is a tensor type rather than a field type or a value.
[[nodiscard]] bool is_tensor_type(std::string_view text);
// Whether a text is written as a tensor type, though it may be a broken one: `flaot32[batch]`, `float32`, `[batch, 12]`.
[[nodiscard]] bool looks_like_tensor_type(std::string_view text);
// The tensor type in bytes [begin, end) of a scalar; none after a report.
[[nodiscard]] std::optional<TensorType> parse_tensor_type(const Tree& tree, const Node& node, std::size_t begin, std::size_t end,
                                                          Diagnostics& diagnostics);
[[nodiscard]] std::optional<TensorType> parse_tensor_type(const Tree& tree, const Node& node, Diagnostics& diagnostics);
// `[x, mask = none]`, or a map of contracts; absent: `[x]`.
[[nodiscard]] std::vector<Argument> parse_arguments(const Tree& tree, const Node* node, Diagnostics& diagnostics);

// The definition as written; `base` is the extended definition, whose fields and methods it takes over, `layer` the extended layer, which
// gives types to fields that have none.
[[nodiscard]] std::shared_ptr<Definition> collect(const Tree& tree, const syntax::DefinitionTree& source, const Definition* base,
                                                  const catalog::ModuleType* layer, Diagnostics& diagnostics);

}  // namespace linenc::modules
