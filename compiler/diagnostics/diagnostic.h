#pragma once

#include <string>
#include <vector>

#include "compiler/diagnostics/code.h"
#include "compiler/source/span.h"

namespace linenc::diagnostics {

using source::Span;

// A part of the problem, drawn under the same picture.
struct Mark {
  Span span;
  std::string message;
};

// Another place that explains the problem. Without a span it is a bare line.
struct Note {
  Span span;
  std::string message;
};

// Replacement texts, offered only where they are likely right. Safe ones keep the meaning the author must have had.
struct Fix {
  struct Edit {
    Span span;
    std::string text;
  };
  std::string title;
  std::vector<Edit> edits;
  bool safe = true;
};

struct Diagnostic {
  Code code;
  Span span;            // the smallest text that shows the problem
  std::string message;  // lower case start, no final period, code in backticks
  std::vector<Mark> marks;
  std::vector<Note> notes;
  std::vector<Fix> fixes;
  std::string module;  // path of the module instance, "encoder/Dense_0"; empty at the root or outside of one
};

}  // namespace linenc::diagnostics
