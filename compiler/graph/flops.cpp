// How much arithmetic nodes take.
// Tested by tests/compiler/graph/flops_test.cpp.
#include "compiler/graph/flops.h"

#include <algorithm>

namespace linenc::graph {
namespace {

const Dims& shape_in(const Graph& graph, const Node& node, std::size_t operand) { return graph.fact(node.inputs[operand]).shape; }
const Dims& shape_out(const Graph& graph, const Node& node) { return graph.fact(node.outputs[0]).shape; }
Dim elements_out(const Graph& graph, const Node& node) { return element_count(shape_out(graph, node)); }

std::int64_t operations(ElementwiseKind kind) {
  using Kind = ElementwiseKind;
  switch (kind) {
    case Kind::Copy: return 0;
    // XLA counts these as transcendental functions, apart from operations.
    case Kind::Exp:
    case Kind::Exp2:
    case Kind::Expm1:
    case Kind::Log:
    case Kind::Log1p:
    case Kind::Log2:
    case Kind::Log10:
    case Kind::Sqrt:
    case Kind::Rsqrt:
    case Kind::Cbrt:
    case Kind::Sin:
    case Kind::Cos:
    case Kind::Tan:
    case Kind::Asin:
    case Kind::Acos:
    case Kind::Atan:
    case Kind::Sinh:
    case Kind::Cosh:
    case Kind::Tanh:
    case Kind::Asinh:
    case Kind::Acosh:
    case Kind::Atanh:
    case Kind::Logistic:
    case Kind::Erf:
    case Kind::Erfc:
    case Kind::ErfInv:
    case Kind::Lgamma:
    case Kind::Digamma:
    case Kind::Power:
    case Kind::Atan2: return 0;
    case Kind::MulAdd:
    case Kind::LogAddExp: return 2;
    case Kind::Silu: return 1;
    case Kind::GeluTanh: return 8;
    case Kind::GeluErf: return 4;
    case Kind::Softplus: return 3;
    case Kind::Negate:
    case Kind::Abs:
    case Kind::Sign:
    case Kind::Floor:
    case Kind::Ceil:
    case Kind::RoundEven:
    case Kind::Not:
    case Kind::IsFinite:
    case Kind::IsNan:
    case Kind::IsInf:
    case Kind::Popcount:
    case Kind::Relu:
    case Kind::Add:
    case Kind::Subtract:
    case Kind::Multiply:
    case Kind::Divide:
    case Kind::Remainder:
    case Kind::Maximum:
    case Kind::Minimum:
    case Kind::NextAfter:
    case Kind::And:
    case Kind::Or:
    case Kind::Xor:
    case Kind::ShiftLeft:
    case Kind::ShiftRightLogical:
    case Kind::ShiftRightArithmetic:
    case Kind::Equal:
    case Kind::NotEqual:
    case Kind::Less:
    case Kind::LessEqual:
    case Kind::Greater:
    case Kind::GreaterEqual:
    case Kind::Select:
    case Kind::Clamp: return 1;
  }
  return 1;
}

// `count` products that are added up, and what a pass fused behind them.
Work products(const Dim& count, const Node& node, const Graph& graph, Activation activation) {
  Work work{Dim(2) * count, count};
  const Dim out = elements_out(graph, node);
  if (node.inputs.size() > 2) work.flops = work.flops + out;
  if (activation != Activation::None) work.flops = work.flops + out;
  return work;
}

Work dot(const Node& node, const Graph& graph) {
  const auto& attributes = std::get<DotAttributes>(node.attributes);
  Dim count = elements_out(graph, node);
  for (const std::int64_t axis : attributes.a_contract) count = count * shape_in(graph, node, 0)[static_cast<std::size_t>(axis)];
  return products(count, node, graph, attributes.activation);
}

// How many pairs of a kernel place and an output place meet an element of the input along one axis: not padding, not the holes of a
// dilated input.
std::int64_t meetings(std::int64_t size, std::int64_t kernel, std::int64_t out, std::int64_t stride, std::int64_t low, std::int64_t input_dilation,
                      std::int64_t kernel_dilation) {
  // Beyond this the border hardly counts.
  constexpr std::int64_t kMostPairs = 1 << 22;
  if (kernel > kMostPairs || out > kMostPairs || kernel * out > kMostPairs) return std::min(kernel, size) * out;
  std::int64_t count = 0;
  for (std::int64_t k = 0; k < kernel; ++k) {
    for (std::int64_t o = 0; o < out; ++o) {
      const std::int64_t place = o * stride + k * kernel_dilation - low;
      if (place >= 0 && place % input_dilation == 0 && place / input_dilation < size) ++count;
    }
  }
  return count;
}

std::int64_t number(const Dim& dim) { return dim.constant().value_or(1); }

Work convolution(const Node& node, const Graph& graph) {
  const auto& attributes = std::get<ConvolutionAttributes<Dim>>(node.attributes);
  const Dims& x = shape_in(graph, node, 0);
  const Dims& kernel = shape_in(graph, node, 1);
  const Dims& out = shape_out(graph, node);
  const std::size_t spatial = attributes.strides.size();
  Dim count = out.front() * out.back() * kernel[spatial];
  for (std::size_t i = 0; i < spatial; ++i) {
    count = count * Dim(meetings(number(x[i + 1]), number(kernel[i]), number(out[i + 1]), attributes.strides[i], number(attributes.low[i]),
                                 attributes.input_dilation[i], attributes.kernel_dilation[i]));
  }
  return products(count, node, graph, attributes.activation);
}

Work window(const Node& node, const Graph& graph) {
  const auto& attributes = std::get<WindowAttributes<Dim>>(node.attributes);
  std::int64_t size = 1;
  for (const std::int64_t one : attributes.window) size *= one;
  return {Dim(size - 1) * elements_out(graph, node), {}};
}

Work normalization(const Node& node, const Graph& graph, std::int64_t per_element) { return {Dim(per_element) * elements_out(graph, node), {}}; }

}  // namespace

Work work_of(const Node& node, const Graph& graph) {
  switch (node.op) {
    case OpKind::DotGeneral: return dot(node, graph);
    case OpKind::Convolution: return convolution(node, graph);
    case OpKind::Elementwise: return {Dim(operations(std::get<ElementwiseAttributes>(node.attributes).kind)) * elements_out(graph, node), {}};
    case OpKind::Convert: return {elements_out(graph, node), {}};
    case OpKind::Reduce:
    case OpKind::ArgReduce: return {element_count(shape_in(graph, node, 0)) - elements_out(graph, node), {}};
    case OpKind::Cumulative: return {elements_out(graph, node), {}};
    case OpKind::ReduceWindow: return window(node, graph);
    case OpKind::Softmax: return normalization(node, graph, 4);
    case OpKind::Normalize: return normalization(node, graph, 8);
    case OpKind::Call: return work_of(*graph.regions[std::get<CallAttributes>(node.attributes).program]);
    case OpKind::Loop: {
      const auto& loop = std::get<LoopAttributes<Dim>>(node.attributes);
      const Work once = work_of(*graph.regions[loop.program]);
      return {loop.length * once.flops, loop.length * once.macs};
    }
    case OpKind::Orthogonalize: {  // 2 n m^2 for the reflections, as much again for applying them
      const Dim columns = shape_out(graph, node).back();
      return {Dim(4) * elements_out(graph, node) * columns, Dim(2) * elements_out(graph, node) * columns};
    }
    case OpKind::Constant:
    case OpKind::Iota:
    case OpKind::Bitcast:
    case OpKind::Reshape:
    case OpKind::Broadcast:
    case OpKind::Transpose:
    case OpKind::Slice:
    case OpKind::Reverse:
    case OpKind::Concatenate:
    case OpKind::Pad:
    case OpKind::Gather:
    case OpKind::Scatter:
    case OpKind::DynamicSlice:
    case OpKind::DynamicUpdateSlice:
    case OpKind::Sort:
    case OpKind::TopK:
    case OpKind::KeySeed:
    case OpKind::KeyDerive:
    case OpKind::KeyFold:
    case OpKind::KeySplit:
    case OpKind::KeyData:
    case OpKind::KeyWrap:
    case OpKind::Draw:
    case OpKind::RandomInt: return {};
  }
  return {};
}

Work work_of(const Graph& graph) {
  Work work;
  for (const Node& node : graph.nodes) work += work_of(node, graph);
  return work;
}

}  // namespace linenc::graph
