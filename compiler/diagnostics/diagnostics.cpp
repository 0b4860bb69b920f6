// Collects what is reported: checks its wording, drops repetitions, sorts by place.
#include "compiler/diagnostics/diagnostics.h"

#include <algorithm>
#include <cassert>
#include <tuple>

namespace linenc::diagnostics {
namespace {

// Messages are parts of a sentence (`error[E0203 shape-mismatch]: ...`).
[[maybe_unused]] bool is_well_worded(const std::string& message) {
  if (message.empty() || message.back() == '.') return message.ends_with("...") && message.size() > 3;
  const char first = message.front();
  return !(first >= 'A' && first <= 'Z') && first != ' ';
}

// What is wrong at one place is told once: a body that runs twice, or a loop, may word it with other sizes.
std::string identity(const Diagnostic& d) {
  // Several leaves of a checkpoint may be asked for by one line.
  const bool by_message = !d.span.exists() || d.code == Code::CheckpointMismatch;
  if (by_message) return concat(number(d.code), ' ', d.message);
  return concat(number(d.code), ' ', d.span.file, ' ', d.span.begin, ' ', d.span.end);
}

}  // namespace

Report::Report(Diagnostics& owner, Code code, Span span, std::string message) : owner_(owner) {
  diagnostic_.code = code;
  diagnostic_.span = span;
  diagnostic_.message = std::move(message);
}

Report& Report::mark(Span span, std::string message) {
  diagnostic_.marks.push_back({span, std::move(message)});
  return *this;
}

Report& Report::note(Span span, std::string message) {
  diagnostic_.notes.push_back({span, std::move(message)});
  return *this;
}

Report& Report::fix(Span span, std::string text, std::string title, bool safe) {
  diagnostic_.fixes.push_back({std::move(title), {{span, std::move(text)}}, safe});
  return *this;
}

Report& Report::module(std::string path) {
  diagnostic_.module = std::move(path);
  return *this;
}

Reported Report::emit() {
  owner_.add(std::move(diagnostic_));
  return Reported();
}

std::vector<Diagnostic> Diagnostics::sorted() const {
  std::vector<Diagnostic> result = all_;
  std::stable_sort(result.begin(), result.end(), [](const Diagnostic& a, const Diagnostic& b) {
    return std::tie(a.span.file, a.span.begin, a.span.end, a.code) < std::tie(b.span.file, b.span.begin, b.span.end, b.code);
  });
  return result;
}

void Diagnostics::add(Diagnostic diagnostic) {
  assert(is_well_worded(diagnostic.message));
  if (!seen_.insert(identity(diagnostic)).second) return;
  if (severity(diagnostic.code) == Severity::Error) ++errors_;
  all_.push_back(std::move(diagnostic));
}

}  // namespace linenc::diagnostics
