#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace linenc::driver {

// Everything that has a name of its own in the model language: layers, functions, initializers, transforms and statements, as the
// registry describes them.
struct Word {
  std::string kind;  // "layer", "function", "initializer", "transform", "statement"
  std::string name;
  std::string signature;  // "Dense(features: int, use_bias: bool = true, ...)"
  std::string doc;        // one sentence
  std::string details;    // further lines for `explain`; may be empty
};

// By kind, then by name.
[[nodiscard]] const std::vector<Word>& vocabulary();
// The page of `linenc explain NAME`: every word of that name, prefixes (`jnp.select`) understood; empty where there is none.
[[nodiscard]] std::string explain_word(std::string_view name);
// The whole catalog, a line each.
[[nodiscard]] std::string catalog_text();
[[nodiscard]] nlohmann::ordered_json catalog_json();

}  // namespace linenc::driver
