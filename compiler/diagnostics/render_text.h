#pragma once

#include <string>

#include "compiler/diagnostics/diagnostics.h"
#include "compiler/source/source_set.h"

namespace linenc::diagnostics {

struct TextStyle {
  bool colour = false;
  std::size_t max_errors = 20;        // per run; 0 is no limit
  std::size_t max_bytes = 16u << 10;  // of the whole text (L21); 0 is no limit
};

// One diagnostic as a picture: line, carets, marks, notes, fixes, `see: linenc explain E0203`.
[[nodiscard]] std::string render_full(const Diagnostic& diagnostic, const source::SourceSet& sources, const TextStyle& style);
// models/cnn.yaml:21:23: error[E0203]: message
[[nodiscard]] std::string render_concise(const Diagnostic& diagnostic, const source::SourceSet& sources);
// All of them, sorted, with a blank line between two pictures, ending with a line that says how many are not shown.
[[nodiscard]] std::string render_full(const Diagnostics& diagnostics, const source::SourceSet& sources, const TextStyle& style);

}  // namespace linenc::diagnostics
