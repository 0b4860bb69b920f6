#pragma once

#include <span>
#include <string_view>

namespace linenc::diagnostics {

// What a word of Python, PyTorch or Keras is called here; `ours` is empty where it is nobody's slip: nothing here stands for it.
struct ForeignName {
  std::string_view word, ours;
};

// The rows of a word, of which there may be several: `body` is the `do` of a loop and the `call` of a module.
[[nodiscard]] std::span<const ForeignName> foreign_names(std::string_view word);

}  // namespace linenc::diagnostics
