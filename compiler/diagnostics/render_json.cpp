// Diagnostics as data for editors and CI (cli.md, section 4).
#include "compiler/diagnostics/render_json.h"

#include <nlohmann/json.hpp>

#include "compiler/diagnostics/escape.h"

namespace linenc::diagnostics {
namespace {

using Json = nlohmann::ordered_json;
using source::SourceSet;

Json position(const source::SourceFile& file, std::uint32_t byte) {
  const source::Place place = file.place(byte);
  return {{"line", place.line}, {"column", place.column}, {"byte", byte}};
}

// Null where a diagnostic belongs to no text.
Json range(const Span& span, const SourceSet& sources) {
  if (!span.exists()) return nullptr;
  const auto& file = sources.file(span.file);
  return {{"start", position(file, span.begin)}, {"end", position(file, span.end)}};
}

Json path(const Span& span, const SourceSet& sources) {
  if (!span.exists()) return nullptr;
  return as_utf8(sources.file(span.file).path());
}

Json marks_json(const Diagnostic& diagnostic, const SourceSet& sources) {
  Json marks = Json::array();
  for (const Mark& mark : diagnostic.marks) {
    marks.push_back({{"range", range(mark.span, sources)}, {"message", as_utf8(mark.message)}});
  }
  return marks;
}

Json notes_json(const Diagnostic& diagnostic, const SourceSet& sources) {
  Json notes = Json::array();
  for (const Note& note : diagnostic.notes) {
    notes.push_back({{"path", path(note.span, sources)}, {"range", range(note.span, sources)}, {"message", as_utf8(note.message)}});
  }
  return notes;
}

Json fixes_json(const Diagnostic& diagnostic, const SourceSet& sources) {
  Json fixes = Json::array();
  for (const Fix& fix : diagnostic.fixes) {
    Json edits = Json::array();
    for (const Fix::Edit& edit : fix.edits) {
      edits.push_back({{"path", path(edit.span, sources)}, {"range", range(edit.span, sources)}, {"text", as_utf8(edit.text)}});
    }
    fixes.push_back({{"title", as_utf8(fix.title)}, {"applicability", fix.safe ? "safe" : "unsafe"}, {"edits", edits}});
  }
  return fixes;
}

}  // namespace

Json to_json(const Diagnostic& diagnostic, const SourceSet& sources, std::string_view file) {
  const bool has_file_alone = !diagnostic.span.exists() && !file.empty();
  return {{"code", number(diagnostic.code)},
          {"slug", slug(diagnostic.code)},
          {"severity", severity(diagnostic.code) == Severity::Error ? "error" : "warning"},
          {"message", as_utf8(diagnostic.message)},
          {"path", has_file_alone ? Json(as_utf8(file)) : path(diagnostic.span, sources)},
          {"range", range(diagnostic.span, sources)},
          {"module", as_utf8(diagnostic.module)},
          {"marks", marks_json(diagnostic, sources)},
          {"related", notes_json(diagnostic, sources)},
          {"fixes", fixes_json(diagnostic, sources)}};
}

Json report_json(const std::vector<Json>& diagnostics, std::size_t files, std::size_t errors, std::size_t warnings) {
  Json all = Json::array();
  for (const Json& diagnostic : diagnostics) all.push_back(diagnostic);
  return {{"format_version", "1.0"},
          {"tool", {{"name", "linenc"}, {"version", LINENC_VERSION}}},
          {"summary", {{"files", files}, {"errors", errors}, {"warnings", warnings}}},
          {"diagnostics", std::move(all)}};
}

}  // namespace linenc::diagnostics
