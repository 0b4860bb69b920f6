#pragma once

#include <string_view>

#include "compiler/elaborate/frame.h"
#include "compiler/syntax/tree.h"

namespace linenc::elaborate {

// The pieces that statements are made of; one function for each verb. All throw Failed after a report.

// An option that must be there; the value at the verb.
[[nodiscard]] const Node& needed(Context& context, const syntax::Statement& statement, std::string_view option);
[[nodiscard]] const Node& subject(Context& context, const syntax::Statement& statement);
[[nodiscard]] const syntax::Target& target_of(Context& context, const Frame& frame, const Node& node);
// `out`: a name, nested lists of names, `_`, an entry of a record; null is `x`.
void bind_out(Context& context, Frame& frame, const Node* out, const Value& value, Span place);
void poison_out(Context& context, Frame& frame, const Node* out);
// Whether a case of `match` has this value.
[[nodiscard]] bool case_fits(Context& context, const Node& label, const Value& value);
// The names of a loop: `i`, `[i, feat]`, `[i, [a, b]]`.
void bind_loop(Context& context, Frame& frame, const Node& names, const Value& item);
// `in`: one expression, a list of positional ones whose last may be a map of keywords, or that map; null is `x`.
[[nodiscard]] Arguments input_arguments(Context& context, const Frame& frame, const Node* in, Span place);

void run_apply(Context& context, Frame& frame, const syntax::Statement& statement);
void run_call(Context& context, Frame& frame, const syntax::Statement& statement);
void run_transform(Context& context, Frame& frame, const syntax::Statement& statement);
void run_template(Context& context, Frame& frame, const syntax::Statement& statement);
void run_instance(Context& context, Frame& frame, const syntax::Statement& statement);
void run_param(Context& context, Frame& frame, const syntax::Statement& statement);
void run_variable(Context& context, Frame& frame, const syntax::Statement& statement);
void run_set(Context& context, Frame& frame, const syntax::Statement& statement);
void run_sow(Context& context, Frame& frame, const syntax::Statement& statement);
void run_perturb(Context& context, Frame& frame, const syntax::Statement& statement);
void run_make_rng(Context& context, Frame& frame, const syntax::Statement& statement);

}  // namespace linenc::elaborate
