// Failures as JSON.
// Tested by tests/compiler/driver/check_test.cpp.
#include "compiler/driver/problem_document.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "compiler/diagnostics/render_json.h"

namespace linenc::driver {

using diagnostics::Code;

std::string problem_document(const ModelFile& file) {
  std::vector<nlohmann::ordered_json> all;
  for (const diagnostics::Diagnostic& diagnostic : file.diagnostics.sorted())
    all.push_back(diagnostics::to_json(diagnostic, file.sources, file.shown_path));
  return diagnostics::report_json(all, 1, file.diagnostics.errors(), file.diagnostics.warnings()).dump(2) + "\n";
}

namespace {

// What ends a command as a file without a name, one problem a line of an error.
std::unique_ptr<ModelFile> problem_file(const Stop& end) {
  auto file = std::make_unique<ModelFile>();
  for (std::string_view rest = end.text; !rest.empty();) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    if (!line.starts_with("error")) continue;
    const std::size_t colon = line.find(": ");
    const std::size_t open = line.find('[');
    const bool has_code = open != std::string_view::npos && open < colon;
    const auto code = has_code ? diagnostics::code_of(line.substr(open + 1, line.find(' ') - open - 1)) : std::nullopt;
    file->diagnostics.error(code.value_or(Code::UnknownOptionValue), {}, std::string(line.substr(colon + 2))).emit();
  }
  return file;
}

}  // namespace

std::string problem_document(const Stop& end, ReportFormat format) {
  if (format == ReportFormat::Json && !end.document.empty()) return end.document;
  std::vector<CheckedFile> files(1);
  files.front().file = problem_file(end);
  return written(Report{files}, format, {});
}

}  // namespace linenc::driver
