#pragma once

#include <functional>
#include <string>

#include "compiler/diagnostics/render_text.h"
#include "compiler/syntax/expression_parser.h"
#include "compiler/syntax/yaml.h"

namespace linenc::syntax::testing {

// A text read as YAML, with what was reported.
struct Read {
  explicit Read(std::string text, const YamlLimits& limits = {}) {
    file = sources.add("m.yaml", std::move(text));
    document = read_yaml(file, sources, diagnostics, limits);
  }

  [[nodiscard]] const Node* root() const { return document->root(); }
  // One line for each problem, in the order of the text: "1:4 E0102: message".
  [[nodiscard]] std::string problems() const { return problems_of(diagnostics, sources); }
  [[nodiscard]] std::string pictures() const { return "\n" + render_full(diagnostics, sources, {}); }

  static std::string problems_of(const diagnostics::Diagnostics& found, const source::SourceSet& sources) {
    std::string out;
    for (const auto& d : found.sorted()) {
      const auto place = sources.file(d.span.file).place(d.span.begin);
      out += concat(out.empty() ? "" : "\n", place.line, ":", place.column, " ", number(d.code), ": ", d.message);
    }
    return out;
  }

  source::SourceSet sources;
  diagnostics::Diagnostics diagnostics;
  source::FileId file = 0;
  std::unique_ptr<YamlDocument> document;
};

// A scalar that is not plain, over a whole text.
struct Scalar {
  explicit Scalar(std::string text) {
    const auto file = sources.add("m.yaml", text);
    node.plain = false;
    node.span = {file, 0, static_cast<std::uint32_t>(text.size())};
    node.text = std::move(text);
  }

  [[nodiscard]] std::string problems() const { return Read::problems_of(diagnostics, sources); }

  source::SourceSet sources;
  diagnostics::Diagnostics diagnostics;
  Node node;
};

}  // namespace linenc::syntax::testing
