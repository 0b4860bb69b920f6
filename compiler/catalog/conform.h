#pragma once

#include "compiler/catalog/context.h"
#include "compiler/catalog/field_type.h"

namespace linenc::catalog {

// As `conform`, of a value that an entry of `config` gave: where it does not fit, `entry` is shown as the place to change.
[[nodiscard]] Value conform_entry(Context& context, Value value, const FieldType& type, Span span, std::string_view what, Span entry);

}  // namespace linenc::catalog
