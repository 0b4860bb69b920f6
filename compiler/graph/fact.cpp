#include "compiler/graph/fact.h"

#include "compiler/diagnostics/concat.h"

namespace linenc::graph {

std::string to_string(const Dims& dims) {
  std::string text = "[";
  for (std::size_t i = 0; i < dims.size(); ++i) {
    if (i > 0) text += ", ";
    text += dims[i].text();
  }
  return text + "]";
}

std::string to_string(const Fact& fact) { return concat(fact.dtype, to_string(fact.shape)); }

Dim element_count(const Dims& dims) {
  Dim product = 1;
  for (const Dim& dim : dims) product = product * dim;
  return product;
}

}  // namespace linenc::graph
