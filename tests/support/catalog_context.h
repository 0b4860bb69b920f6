#pragma once

// An empty graph with all that a built-in works on, for tests that look at facts and diagnostics.

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "compiler/catalog/context.h"
#include "compiler/catalog/numpy.h"
#include "compiler/diagnostics/concat.h"

namespace linenc::test {

class CatalogContext {
 public:
  graph::Graph graph;
  diagnostics::Diagnostics diagnostics;
  graph::Origins origins;
  graph::DimContext dims;
  graph::Builder builder{graph, diagnostics, origins, dims};
  catalog::Context context{builder, false, catalog::Filter{}};

  // An input of a fact such as "float32[batch, 3]"; "~float32[]" is weak.
  graph::Tensor input(std::string text) {
    graph::Fact fact;
    fact.weak = text[0] == '~';
    if (fact.weak) text.erase(0, 1);
    const std::size_t open = text.find('[');
    fact.dtype = *dtype_of(text.substr(0, open));
    std::string name;
    for (const char c : text.substr(open + 1)) {
      if (c == ' ') continue;
      if (c != ',' && c != ']') {
        name += c;
      } else if (!name.empty()) {
        fact.shape.push_back(std::isdigit(static_cast<unsigned char>(name[0])) ? graph::Dim(std::stoll(name)) : graph::Dim::named(name));
        name.clear();
      }
    }
    return {&graph, graph.add_input(fact, graph::PortRole::Argument, "x")};
  }

  // "~float32[3]": the fact, marked where it is weak.
  static std::string text(const graph::Tensor& tensor) { return (tensor.fact().weak ? "~" : "") + graph::to_string(tensor.fact()); }

  // What `f` gives as text, or the codes and messages it reported.
  template <class F>
  std::string result(const F& f) {
    try {
      return text(f());
    } catch (const graph::Failed&) {
      return problems();
    }
  }

  std::string problems() const {
    std::string out;
    for (const auto& d : diagnostics.all()) {
      if (!out.empty()) out += "\n";
      out += concat(diagnostics::number(d.code), ": ", d.message);
    }
    return out;
  }
};

}  // namespace linenc::test
