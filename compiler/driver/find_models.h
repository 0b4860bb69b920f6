#pragma once

#include <string>
#include <vector>

namespace linenc::driver {

// The model files that the arguments of `check` mean, each once, in a fixed order: files as they are given, folders walked (names
// sorted; hidden folders and links to folders left out) for *.yaml and *.yml with a top-level `linenc:`. Ends the command (exit 2)
// where a path does not exist or a folder cannot be read.
[[nodiscard]] std::vector<std::string> find_models(const std::vector<std::string>& paths);

// Whether a line begins with the key `linenc:`, or the text with `{linenc:`.
[[nodiscard]] bool looks_like_model(std::string_view text);

}  // namespace linenc::driver
