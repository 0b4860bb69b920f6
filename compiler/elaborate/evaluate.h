#pragma once

#include <string>

#include "compiler/elaborate/frame.h"
#include "compiler/syntax/expression.h"

namespace linenc::elaborate {

// The value of an expression. Static operands are computed now (Python's rules), tensors become nodes (JAX's). Reports what is wrong and
// throws Failed; a poisoned operand gives a poisoned value.
[[nodiscard]] Value evaluate(Context& context, const Frame& frame, const Expr& expr);

// The same with the promise of a static value: E0208 names `what` ("`if`") where a tensor is in it.
[[nodiscard]] Value evaluate_static(Context& context, const Frame& frame, const Expr& expr, const std::string& what);

// Python's truth of a static value. Poison throws Failed without a second report.
[[nodiscard]] bool is_true(Context& context, const Value& value, Span place, const std::string& what);

// Adds an element of a list: its value, or all those of a splice.
void add_element(Context& context, const Frame& frame, const syntax::Expr& expr, List& items);

// The elements a loop goes over: lists, maps (their keys), texts. E0208 for tensors.
[[nodiscard]] List iterate(Context& context, const Value& value, Span place, const std::string& what);

// The text of an f-string for a message, in which a size without a number stands as its name.
[[nodiscard]] std::string message_text(Context& context, const Frame& frame, const Expr& expr);

// The parts of what is unpacked: the items of a list, the slices of an array along its first axis.
[[nodiscard]] List parts_of(Context& context, const Value& value, Span place);

// Binds the names of a target: `a, *rest`, `(c, h), y`, `out.stem`. The record of an entry must be bound before.
void bind_target(Context& context, Frame& frame, const syntax::Target& target, const Value& value, Span place);

// Gives every name of a target a poisoned value.
void poison_target(Frame& frame, const syntax::Target& target);

// Binary and comparison operators on any two values (operators.cpp).
[[nodiscard]] Value binary_operator(Context& context, syntax::ExprOp op, const Value& left, const Value& right, Span place);
[[nodiscard]] Value compare_operator(Context& context, syntax::ExprOp op, const Value& left, const Value& right, Span place);
[[nodiscard]] Value unary_operator(Context& context, syntax::ExprOp op, const Value& operand, Span place);

// `value.name` (attributes.cpp): fields of records, attributes and methods of tensors, of static values, of modules and namespaces.
[[nodiscard]] Value attribute(Context& context, const Value& value, const std::string& name, Span place);
// `value[index]`
[[nodiscard]] Value subscript(Context& context, const Value& value, const Value& index, Span place);

}  // namespace linenc::elaborate
