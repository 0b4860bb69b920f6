#pragma once

#include <string_view>

#include "compiler/graph/graph.h"

namespace linenc::optimize {

// A rewriting of a graph that changes no result beyond the accuracy of its ops. Gives whether anything changed. Passes change a graph only
// through graph/rewrite.h, contain no logging, and see regions as graphs of their own.
struct Pass {
  std::string_view name;
  bool (*run)(graph::Graph&);
};

}  // namespace linenc::optimize
