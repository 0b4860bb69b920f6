#pragma once

#include "compiler/schema/field_schema.h"
#include "compiler/schema/json_schema.h"

namespace linenc::schema {

// The definitions `body`, `statement`, `literal`, `setup_entry`, `transforms` and `layer_…`.
[[nodiscard]] Json statement_definitions(const StatementDocs& docs);
// The words of lifted transforms that have a module literal as their subject.
[[nodiscard]] const std::vector<std::string>& transform_words();
// The options of a transform, each with its line of documentation where the catalog has one.
[[nodiscard]] Json transform_option_properties(const std::string& word);
// {"if": the map has the key, "then": ...}
[[nodiscard]] Json where_key(const std::string& key, Json then);
[[nodiscard]] Json keys_of(std::vector<std::string> keys);

}  // namespace linenc::schema
