#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "compiler/catalog/context.h"

namespace linenc::catalog {

// The carry of a loop, as lax.scan has it: a step gives a tree of the same form and types as it takes. A weakly typed part (a Python
// number) whose dtype a step changes takes that dtype before the first step, and the step is traced again.

// E0207 where the trees differ, E0203 where shapes or dtypes do. `loop` is the name that the message speaks of.
void check_carry_form(Context& context, Span place, std::string_view loop, const Value& before, const Value& after);
void check_carry_types(Context& context, Span place, std::string_view loop, const Value& before, const Value& after);
void check_carried(Context& context, Span place, std::string_view what, const graph::Fact& before, const graph::Fact& after);

// For each array the dtype that it takes, where a step changes a weakly typed one; empty where nothing changes.
using Promotions = std::vector<std::optional<DType>>;
[[nodiscard]] Promotions carry_promotions(const Value& before, const Value& after);
[[nodiscard]] Value promoted(Context& context, const Value& before, const Promotions& promotions);

}  // namespace linenc::catalog
