#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compiler/catalog/field_type.h"
#include "compiler/catalog/transform.h"
#include "compiler/elaborate/frame.h"
#include "compiler/syntax/tree.h"

namespace linenc::elaborate {

using catalog::FieldType;
using catalog::TemplatePtr;

// The value at a configuration position of type `type` (language.md section 3): literals as the type reads them, `=expressions`. `what`
// names the position in messages ("`features`").
[[nodiscard]] Value literal(Context& context, const Frame& frame, const Node& node, const FieldType& type, const std::string& what);
// What the command line gives in place of a value of the file (cli.md, section 2): of the same kind, or none.
[[nodiscard]] Value literal_in_place_of(Context& context, const Frame& frame, const Value& old, const Node& node, const std::string& what);

// The value at a dataflow position: an expression, or a list or map of them.
[[nodiscard]] Value dataflow(Context& context, const Frame& frame, const Node& node);
// Adds what an element of a list of expressions gives: a value, or all those of a splice.
void add_dataflow(Context& context, const Frame& frame, const Node& node, List& items);
// The same with the promise of a static value.
[[nodiscard]] Value static_dataflow(Context& context, const Frame& frame, const Node& node, const std::string& what);

// `Type`, `{Type: {fields}}`, a transform of one, or a list of these; a bare name may be any value.
[[nodiscard]] Value module_literal(Context& context, const Frame& frame, const Node& node);
[[nodiscard]] TemplatePtr as_template(Context& context, const Value& value, Span place);
// `Type: {fields}`: the template with the fields of a map; `with:` splices maps in before those written out.
[[nodiscard]] TemplatePtr with_fields(Context& context, const Frame& frame, const TemplatePtr& base, const Node* fields, std::string name,
                                      Span place);

// A transform's map `{vmap: LITERAL, in_axes: 0, …}` as a template; `skip` are keys that are not options.
[[nodiscard]] TemplatePtr transform_literal(Context& context, const Frame& frame, const Node& node, const std::vector<std::string>& skip);
[[nodiscard]] catalog::TransformOptions transform_options(Context& context, const Frame& frame, const std::string& transform,
                                                          const std::vector<syntax::Entry>& entries, Span place);

// A text with `{expr}` parts: names of submodules, variables, collections.
[[nodiscard]] std::string interpolate(Context& context, const Frame& frame, const Node& node);
// The same for the name of a module; E0204 where it is empty.
[[nodiscard]] std::string module_name(Context& context, const Frame& frame, const Node& node);
// The same for a message, in which a size without a number stands as its name.
[[nodiscard]] std::string interpolate_message(Context& context, const Frame& frame, const Node& node);
// The expression in a scalar, parsed; throws Failed where it has a syntax error (reported when it was parsed).
[[nodiscard]] const Expr& parsed(Context& context, const Frame& frame, const Node& node, std::size_t skip = 0);
// Whether a scalar begins with the mark `=` (and not `==`).
[[nodiscard]] bool is_marked(const Node& node);
// What YAML's core schema says of a literal (`any`).
[[nodiscard]] Value core_literal(Context& context, const Node& node);

}  // namespace linenc::elaborate
