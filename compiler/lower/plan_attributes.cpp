#include "compiler/lower/plan_attributes.h"

#include <cassert>

namespace linenc::lower {
namespace {

using graph::Dim;

std::int64_t number(const Dim& dim) {
  const auto value = dim.constant();
  assert(value && "a size is still symbolic when the graph is lowered");
  return value.value_or(0);
}

// Attributes without sizes are the same on both sides.
template <class T>
Attributes convert(const T& attributes) {
  return attributes;
}
Attributes convert(const ConstantAttributes<Dim>& a) { return ConstantAttributes<std::int64_t>{a.bytes, a.is_size, number(a.size)}; }
Attributes convert(const SliceAttributes<Dim>& a) { return SliceAttributes<std::int64_t>{plan_shape(a.start), a.stride}; }
Attributes convert(const PadAttributes<Dim>& a) { return PadAttributes<std::int64_t>{plan_shape(a.low), plan_shape(a.high), a.interior}; }
Attributes convert(const TopKAttributes<Dim>& a) { return TopKAttributes<std::int64_t>{number(a.k)}; }
Attributes convert(const ConvolutionAttributes<Dim>& a) {
  return ConvolutionAttributes<std::int64_t>{a.strides,         plan_shape(a.low), plan_shape(a.high), a.input_dilation,
                                             a.kernel_dilation, a.groups,          a.batch_groups,     a.activation};
}
Attributes convert(const WindowAttributes<Dim>& a) {
  return WindowAttributes<std::int64_t>{a.kind, a.window, a.strides, a.window_dilation, plan_shape(a.low), plan_shape(a.high)};
}
Attributes convert(const LoopAttributes<Dim>& a) { return LoopAttributes<std::int64_t>{a.program, number(a.length), a.carried, a.sliced, a.reverse}; }

}  // namespace

Shape plan_shape(const graph::Dims& dims) {
  Shape shape;
  shape.reserve(dims.size());
  for (const Dim& dim : dims) shape.push_back(number(dim));
  return shape;
}

Attributes plan_attributes(const graph::GraphAttributes& attributes) {
  return std::visit([](const auto& a) { return convert(a); }, attributes);
}

}  // namespace linenc::lower
