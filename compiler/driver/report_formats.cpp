// A report of problems for people, editors and CI systems.
// Tested by tests/compiler/driver/report_formats_test.cpp and check_test.cpp.
#include "compiler/driver/report_formats.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <unordered_set>

#include "compiler/diagnostics/escape.h"
#include "compiler/diagnostics/render_json.h"
#include "compiler/driver/options.h"
#include "runtime/variables/formats.h"

namespace linenc::driver {
namespace {

using diagnostics::Diagnostic;
using diagnostics::Severity;
using Json = nlohmann::ordered_json;

const std::vector<std::pair<std::string, ReportFormat>>& formats() {
  static const std::vector<std::pair<std::string, ReportFormat>> all = {
      {"full", ReportFormat::Full},     {"concise", ReportFormat::Concise}, {"json", ReportFormat::Json},   {"jsonl", ReportFormat::Jsonl},
      {"github", ReportFormat::Github}, {"gitlab", ReportFormat::Gitlab},   {"sarif", ReportFormat::Sarif}, {"junit", ReportFormat::Junit}};
  return all;
}

// One problem, and the file it was found in.
struct Item {
  Diagnostic diagnostic;
  const CheckedFile* checked;

  [[nodiscard]] const source::SourceSet& sources() const { return checked->file->sources; }
  [[nodiscard]] bool is_error() const { return severity(diagnostic.code) == Severity::Error; }
  // Whether it has a place in a file, and not in an option or nowhere.
  [[nodiscard]] bool has_place() const { return diagnostic.span.exists() && !checked->file->is_option(diagnostic.span.file); }
  // The path that the problem belongs to: that of its text, else of the file that was checked. Empty where it belongs to no file.
  [[nodiscard]] const std::string& path() const { return has_place() ? sources().file(diagnostic.span.file).path() : checked->path; }
  // Its line for people, with the path in any case.
  [[nodiscard]] std::string line() const {
    const std::string text = render_concise(diagnostic, sources());
    return diagnostic.span.exists() || path().empty() ? text : concat(diagnostics::shown(path()), ": ", text);
  }
  [[nodiscard]] source::Place begin() const { return place(diagnostic.span.begin); }
  [[nodiscard]] source::Place end() const { return place(diagnostic.span.end); }
  [[nodiscard]] std::string message() const { return diagnostics::as_utf8(diagnostics::escaped(diagnostic.message)); }

 private:
  [[nodiscard]] source::Place place(std::uint32_t byte) const {
    return has_place() ? sources().file(diagnostic.span.file).place(byte) : source::Place{};
  }
};

std::vector<Item> items_of(const CheckedFile& checked) {
  std::vector<Item> all;
  for (Diagnostic& diagnostic : checked.file->diagnostics.sorted()) all.push_back({std::move(diagnostic), &checked});
  return all;
}

// A mistake in a file that several of them import is one.
std::vector<Item> items(const Report& report) {
  std::vector<Item> all;
  std::unordered_set<std::string> seen;
  for (const CheckedFile& checked : report.files) {
    for (Item& item : items_of(checked)) {
      const source::Span& span = item.diagnostic.span;
      const std::string identity =
          concat(number(item.diagnostic.code), "\n", item.path(), "\n", span.begin, "\n", span.end, "\n", item.diagnostic.message);
      if (seen.insert(identity).second) all.push_back(std::move(item));
    }
  }
  return all;
}

std::size_t errors(const std::vector<Item>& all) { return static_cast<std::size_t>(std::ranges::count_if(all, &Item::is_error)); }

// "3 errors, 1 warning in 2 of 40 files"
std::string tally(const std::vector<Item>& all, std::size_t files) {
  std::unordered_set<const CheckedFile*> touched;
  for (const Item& item : all) touched.insert(item.checked);
  const std::size_t wrong = errors(all);
  const std::string found = concat(counted(wrong, "error"), ", ", counted(all.size() - wrong, "warning"), " in ");
  if (touched.empty()) return concat(found, counted(files, "file"));
  return concat(found, grouped(static_cast<std::uint64_t>(touched.size())), " of ", counted(files, "file"));
}

// Pictures or lines, up to the limits, and the tally.
std::string for_people(const Report& report, bool full, const diagnostics::TextStyle& style) {
  const std::vector<Item> all = items(report);
  std::string text;
  std::size_t count = 0;
  for (; count < all.size(); ++count) {
    if (style.max_errors != 0 && count == style.max_errors) break;
    const Item& item = all[count];
    std::string one = full ? render_full(item.diagnostic, item.sources(), style) + "\n" : item.line() + "\n";
    if (style.max_bytes != 0 && count > 0 && text.size() + one.size() > style.max_bytes) break;
    text += one;
  }
  if (count < all.size()) text += concat("... and ", counted(all.size() - count, "more problem"), ", not shown (`--max-errors 0` shows all)\n");
  return text + tally(all, report.files.size()) + "\n";
}

std::string json(const Report& report) {
  const std::vector<Item> all = items(report);
  std::vector<Json> problems;
  for (const Item& item : all) problems.push_back(diagnostics::to_json(item.diagnostic, item.sources(), item.path()));
  const std::size_t wrong = errors(all);
  return diagnostics::report_json(problems, report.files.size(), wrong, all.size() - wrong).dump(2) + "\n";
}

std::string json_lines(const Report& report) {
  std::string text;
  for (const Item& item : items(report)) text += diagnostics::to_json(item.diagnostic, item.sources(), item.path()).dump() + "\n";
  return text;
}

// Workflow commands take %XX for what would end them.
std::string github_escaped(std::string_view text, bool property) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '%': out += "%25"; break;
      case '\r': out += "%0D"; break;
      case '\n': out += "%0A"; break;
      case ':': out += property ? "%3A" : ":"; break;
      case ',': out += property ? "%2C" : ","; break;
      default: out += c;
    }
  }
  return out;
}

// "file=m.yaml,line=5,col=15,endLine=5,endColumn=22,": as much as there is.
std::string github_place(const Item& item) {
  if (item.path().empty()) return "";
  const std::string file = concat("file=", github_escaped(diagnostics::as_utf8(diagnostics::escaped(item.path())), true), ",");
  if (!item.has_place()) return file;
  return concat(file, "line=", item.begin().line, ",col=", item.begin().column, ",endLine=", item.end().line, ",endColumn=", item.end().column, ",");
}

std::string github(const Report& report) {
  std::string text;
  for (const Item& item : items(report)) {
    text += concat("::", item.is_error() ? "error" : "warning", " ", github_place(item), "title=", number(item.diagnostic.code), " ",
                   slug(item.diagnostic.code), "::", github_escaped(item.message(), false), "\n");
  }
  return text;
}

// For formats that want a name in any case.
std::string named(const std::string& path) { return path.empty() ? "command line" : diagnostics::as_utf8(path); }

std::string gitlab(const Report& report) {
  Json all = Json::array();
  std::map<std::string, int> seen;
  for (const Item& item : items(report)) {
    // Places are left out, so that a problem keeps its fingerprint when lines above it change.
    const std::string path = named(item.path());
    std::string identity = concat(path, "\n", number(item.diagnostic.code), "\n", item.message());
    identity += concat("\n", seen[identity]++);
    all.push_back({{"description", item.message()},
                   {"check_name", concat(number(item.diagnostic.code), " ", slug(item.diagnostic.code))},
                   {"fingerprint", runtime::sha256_hex(std::as_bytes(std::span(identity.data(), identity.size())))},
                   {"severity", item.is_error() ? "major" : "minor"},
                   {"location", {{"path", path}, {"lines", {{"begin", item.begin().line}, {"end", item.end().line}}}}}});
  }
  return all.dump(2) + "\n";
}

// A path as a relative reference of RFC 3986.
std::string uri_of(std::string_view path) {
  constexpr std::string_view kKept = "-._~/";
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string uri;
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    const bool is_kept = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || kKept.find(c) != std::string_view::npos;
    uri += is_kept ? std::string(1, c) : std::string{'%', kDigits[byte >> 4], kDigits[byte & 15]};
  }
  return uri;
}

Json sarif_locations(const Item& item) {
  if (item.path().empty()) return Json::array();
  Json location = {{"artifactLocation", {{"uri", uri_of(item.path())}}}};
  if (item.has_place()) {
    location["region"] = {
        {"startLine", item.begin().line}, {"startColumn", item.begin().column}, {"endLine", item.end().line}, {"endColumn", item.end().column}};
  }
  return Json::array({{{"physicalLocation", location}}});
}

Json sarif_result(const Item& item) {
  return {{"ruleId", number(item.diagnostic.code)},
          {"level", item.is_error() ? "error" : "warning"},
          {"message", {{"text", item.message()}}},
          {"locations", sarif_locations(item)}};
}

std::string sarif(const Report& report) {
  Json results = Json::array();
  std::map<std::string, std::string> used;
  for (const Item& item : items(report)) {
    results.push_back(sarif_result(item));
    used.emplace(number(item.diagnostic.code), slug(item.diagnostic.code));
  }
  Json rules = Json::array();
  for (const auto& [id, name] : used) rules.push_back({{"id", id}, {"name", name}});
  const Json run = {{"tool", {{"driver", {{"name", "linenc"}, {"version", LINENC_VERSION}, {"rules", rules}}}}},
                    {"columnKind", "unicodeCodePoints"},
                    {"results", results}};
  const Json document = {{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"}, {"version", "2.1.0"}, {"runs", Json::array({run})}};
  return document.dump(2) + "\n";
}

std::string xml_escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      default: out += c;
    }
  }
  return out;
}

std::string junit(const Report& report) {
  std::size_t failures = 0;
  std::string cases;
  for (const CheckedFile& checked : report.files) {
    std::string lines;
    std::size_t errors = 0;
    for (const Item& item : items_of(checked)) {
      if (!item.is_error()) continue;
      ++errors;
      lines += item.line() + "\n";
    }
    const std::string name = xml_escaped(diagnostics::escaped(named(checked.path)));
    if (errors == 0) {
      cases += concat("    <testcase name=\"", name, "\" classname=\"linenc check\"/>\n");
      continue;
    }
    ++failures;
    cases += concat("    <testcase name=\"", name, "\" classname=\"linenc check\">\n      <failure message=\"", counted(errors, "error"), "\">",
                    xml_escaped(diagnostics::as_utf8(lines)), "</failure>\n    </testcase>\n");
  }
  const std::string counts = concat("tests=\"", report.files.size(), "\" failures=\"", failures, "\"");
  return concat("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites ", counts, ">\n  <testsuite name=\"linenc check\" ", counts, ">\n", cases,
                "  </testsuite>\n</testsuites>\n");
}

}  // namespace

std::optional<ReportFormat> report_format_of(std::string_view name) {
  for (const auto& [known, format] : formats()) {
    if (known == name) return format;
  }
  return std::nullopt;
}

const std::vector<std::string>& report_format_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (const auto& [name, format] : formats()) all.push_back(name);
    return all;
  }();
  return names;
}

bool is_for_machines(ReportFormat format) { return format != ReportFormat::Full && format != ReportFormat::Concise; }

std::string written(const Report& report, ReportFormat format, const diagnostics::TextStyle& style) {
  switch (format) {
    case ReportFormat::Full: return for_people(report, true, style);
    case ReportFormat::Concise: return for_people(report, false, style);
    case ReportFormat::Json: return json(report);
    case ReportFormat::Jsonl: return json_lines(report);
    case ReportFormat::Github: return github(report);
    case ReportFormat::Gitlab: return gitlab(report);
    case ReportFormat::Sarif: return sarif(report);
    case ReportFormat::Junit: return junit(report);
  }
  return "";
}

}  // namespace linenc::driver
