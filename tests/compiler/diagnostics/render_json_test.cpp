#include "compiler/diagnostics/render_json.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

namespace linenc::diagnostics {
namespace {

TEST_CASE("a diagnostic has the fields of cli.md, in this order") {
  source::SourceSet sources;
  const auto file = sources.add("m.yaml", "a: é + b\nb: 1\n");
  Diagnostics diagnostics;
  diagnostics.error(Code::ShapeMismatch, {file, 3, 9}, "shapes differ")
      .mark({file, 3, 5}, "left")
      .note({file, 10, 11}, "here")
      .help("a rule")
      .fix({file, 8, 9}, "c", "write `c`", false)
      .module("Dense_0")
      .emit();
  CHECK(to_json(diagnostics.all().front(), sources).dump() ==
        R"({"code":"E0203","slug":"shape-mismatch","severity":"error","message":"shapes differ","path":"m.yaml",)"
        R"("range":{"start":{"line":1,"column":4,"byte":3},"end":{"line":1,"column":9,"byte":9}},"module":"Dense_0",)"
        R"("marks":[{"range":{"start":{"line":1,"column":4,"byte":3},"end":{"line":1,"column":5,"byte":5}},"message":"left"}],)"
        R"("related":[{"path":"m.yaml","range":{"start":{"line":2,"column":1,"byte":10},"end":{"line":2,"column":2,"byte":11}},"message":"here"},)"
        R"({"path":null,"range":null,"message":"a rule"}],)"
        R"("fixes":[{"title":"write `c`","applicability":"unsafe","edits":[{"path":"m.yaml",)"
        R"("range":{"start":{"line":1,"column":8,"byte":8},"end":{"line":1,"column":9,"byte":9}},"text":"c"}]}]})");
}

TEST_CASE("a report counts files, errors and warnings") {
  const auto report = report_json({}, 3, 2, 1);
  CHECK(report["format_version"] == "1.0");
  CHECK(report["tool"]["name"] == "linenc");
  CHECK(report["summary"].dump() == R"({"files":3,"errors":2,"warnings":1})");
  CHECK(report["diagnostics"].dump() == "[]");
}

TEST_CASE("a path that is not UTF-8 does not break the document") {
  source::SourceSet sources;
  const auto file = sources.add("m\xFF.yaml", "a");
  Diagnostics diagnostics;
  diagnostics.error(Code::UnknownName, {file, 0, 1}, "bad \xC3").emit();
  CHECK(to_json(diagnostics.all().front(), sources)["path"] == "m\uFFFD.yaml");
  CHECK_NOTHROW((void)to_json(diagnostics.all().front(), sources).dump());
}

}  // namespace
}  // namespace linenc::diagnostics
