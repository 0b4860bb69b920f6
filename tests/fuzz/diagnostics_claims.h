#pragma once

// What holds of every report: it points into its text, and printing it hands no control to the text of the file.

#include "compiler/diagnostics/render_json.h"
#include "compiler/diagnostics/render_text.h"
#include "runtime/variables/text.h"
#include "tests/fuzz/require.h"

namespace linenc::fuzz {

inline void require_inside(const source::Span& span, const source::SourceSet& sources) {
  if (!span.exists()) return;
  require(span.file < sources.size(), "a span is in a file");
  require(span.begin <= span.end && span.end <= sources.file(span.file).text().size(), "a span lies in its text");
}

inline void require_well_told(const diagnostics::Diagnostics& diagnostics, const source::SourceSet& sources) {
  for (const diagnostics::Diagnostic& d : diagnostics.all()) {
    require(!d.message.empty(), "a report has a message");
    require_inside(d.span, sources);
    for (const auto& mark : d.marks) require_inside(mark.span, sources);
    for (const auto& note : d.notes) require_inside(note.span, sources);
    for (const auto& fix : d.fixes) {
      for (const auto& edit : fix.edits) require_inside(edit.span, sources);
    }
  }
  const diagnostics::TextStyle style;
  const std::string text = render_full(diagnostics, sources, style);
  require(text.size() <= style.max_bytes + 1024, "the text of all reports is short");
  require(runtime::is_utf8(text), "reports are UTF-8");
  bool line_start = true;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    require(byte >= 0x20 || byte == '\n', "reports hold no control bytes");
    require(byte != 0x7F, "reports hold no control bytes");
    require(!line_start || text.compare(i, 2, "::") != 0, "no line begins as a command of CI does");
    line_start = byte == '\n';
  }
}

}  // namespace linenc::fuzz
