#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "compiler/catalog/layer.h"

namespace linenc::schema {

using Json = nlohmann::ordered_json;

[[nodiscard]] inline Json reference(const std::string& name) { return {{"$ref", "#/$defs/" + name}}; }
// The definitions that field schemas refer to: int, float, bool, str, dtype, function, initializer, module, instance, map.
[[nodiscard]] Json field_definitions();
// The literals of a field's type; an `=expression` serves for each.
[[nodiscard]] Json field_type(const catalog::FieldType& type);
// The map of a layer's fields: every one of them, with its documentation.
[[nodiscard]] Json fields(const catalog::LayerType& layer);

}  // namespace linenc::schema
