#pragma once

#include <optional>

#include "compiler/elaborate/frame.h"
#include "compiler/syntax/tree.h"

namespace linenc::elaborate {

// Runs statements one after another; gives the value of `return`, or none where the body goes on. A statement that fails leaves poison
// in the names it binds, so that the rest is checked as well.
[[nodiscard]] std::optional<Value> run_statements(Context& context, Frame& frame, const syntax::Body& body);

// Runs a whole body: what it returns, or `x`.
[[nodiscard]] Value run_whole_body(Context& context, Frame& frame, const syntax::Body& body, Span place);

// One statement; throws Failed.
[[nodiscard]] std::optional<Value> run_statement(Context& context, Frame& frame, const syntax::Statement& statement);

// The entries of `setup`, made in order.
void run_setup_entries(Context& context, Frame& frame, const InstancePtr& instance, const Node& entries, const syntax::Tree& tree);

// self.param from the options `shape dtype`, `args`, or `value`.
[[nodiscard]] Value make_param(Context& context, const Frame& frame, const InstancePtr& module, const std::string& name, const Node* init,
                               const Node& options, Span place);

// The module that owns what a statement makes; E0225 where a pure function runs.
[[nodiscard]] InstancePtr making_module(Context& context, const Frame& frame, Span place);

}  // namespace linenc::elaborate
