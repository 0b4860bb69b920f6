#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "compiler/graph/dim.h"
#include "compiler/source/span.h"
#include "runtime/core/dtype.h"

namespace linenc::graph {

using Dims = std::vector<Dim>;

// Where the size of an axis was decided: index into Origins::axes; 0 is "not known".
using AxisOrigin = std::uint32_t;

// What is known of a tensor. `weak` is JAX's weak type: the tensor came from a Python number and does not widen others.
struct Fact {
  DType dtype = DType::Float32;
  Dims shape;
  bool weak = false;
  std::vector<AxisOrigin> axis_origins;  // one for each axis, or empty: none known

  [[nodiscard]] std::size_t rank() const { return shape.size(); }
  [[nodiscard]] AxisOrigin axis_origin(std::size_t axis) const { return axis < axis_origins.size() ? axis_origins[axis] : 0; }
};

// What is known of a slice, and of slices put together: the axis gone, or `size` in front.
[[nodiscard]] inline Fact without_axis(Fact fact, std::size_t axis) {
  fact.shape.erase(fact.shape.begin() + static_cast<std::ptrdiff_t>(axis));
  if (!fact.axis_origins.empty()) fact.axis_origins.erase(fact.axis_origins.begin() + static_cast<std::ptrdiff_t>(axis));
  return fact;
}
[[nodiscard]] inline Fact with_leading_axis(Fact fact, const Dim& size) {
  fact.shape.insert(fact.shape.begin(), size);
  if (!fact.axis_origins.empty()) fact.axis_origins.insert(fact.axis_origins.begin(), 0);
  return fact;
}

// "float32[batch, 10]"
[[nodiscard]] std::string to_string(const Fact& fact);
// "[batch, 10]"
[[nodiscard]] std::string to_string(const Dims& dims);
// The product of the sizes.
[[nodiscard]] Dim element_count(const Dims& dims);

// The places that nodes and axes come from, shared by all graphs of one elaboration.
struct Origins {
  struct Axis {
    source::Span span;
    std::string what;  // "`x`", "the field `features`", "Conv": completes "… gets its last axis here"
  };
  std::vector<Axis> axes = {{}};            // [0]: not known
  std::vector<std::string> modules = {""};  // module paths, "encoder/Dense_0"; [0] is the root

  AxisOrigin add_axis(source::Span span, std::string what) {
    axes.push_back({span, std::move(what)});
    return static_cast<AxisOrigin>(axes.size() - 1);
  }
};

}  // namespace linenc::graph
