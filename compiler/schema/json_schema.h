#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>

namespace linenc::schema {

// A sentence for each statement word that is no transform: {"let", "binds names, one after another"}.
using StatementDocs = std::map<std::string, std::string>;

// The JSON Schema (draft 2020-12) of model files, for editors and pre-commit hooks: what the catalog and the table of statements
// know, with their documentation. It is a first look: what a schema can say without reading expressions. It refuses unknown keys,
// options and fields, and values of the wrong kind; names, shapes and the order of keys are left to `linenc check`.
[[nodiscard]] nlohmann::ordered_json model_schema(const StatementDocs& docs);

}  // namespace linenc::schema
