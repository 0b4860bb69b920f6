// Tested by tests/compiler/transforms.
#include "compiler/catalog/named_axes.h"

#include <algorithm>

#include "compiler/catalog/numpy.h"
#include "compiler/diagnostics/concat.h"
#include "compiler/graph/ops.h"

namespace linenc::catalog {

MapScope::MapScope(Context& context, std::optional<std::string> axis_name, const Dim& size)
    : context_(context), number_(context.maps++), named_(axis_name.has_value()) {
  if (named_) context.named_axes.push_back({std::move(*axis_name), number_, size});
}

MapScope::~MapScope() {
  if (named_) context_.named_axes.pop_back();
}

const Context::NamedAxis* find_axis(const Context& context, const std::string& name) {
  const auto found =
      std::find_if(context.named_axes.rbegin(), context.named_axes.rend(), [&](const Context::NamedAxis& axis) { return axis.name == name; });
  return found == context.named_axes.rend() ? nullptr : &*found;
}

Tensor pmean(Context& context, Tensor x, const Context::NamedAxis& axis) {
  graph::Builder& b = context.builder;
  const Tensor sum = b.collective({ReduceKind::Sum, axis.map}, x, concat("sum over the mapped axis `", axis.name, "`"));
  return binary(context, ElementwiseKind::Divide, sum, graph::size_scalar(b, axis.size, x.dtype()));
}

}  // namespace linenc::catalog
