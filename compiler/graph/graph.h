#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "compiler/graph/fact.h"
#include "runtime/plan/op.h"

namespace linenc::graph {

using GraphAttributes = OpAttributes<Dim>;

enum class NodeId : std::uint32_t {};
enum class ValueId : std::uint32_t {};
inline constexpr NodeId kNoNode{0xFFFFFFFFu};
[[nodiscard]] constexpr std::uint32_t index(NodeId id) { return static_cast<std::uint32_t>(id); }
[[nodiscard]] constexpr std::uint32_t index(ValueId id) { return static_cast<std::uint32_t>(id); }

// Where a node comes from: module path (index into Origins::modules) and the place in the file.
struct NodeOrigin {
  std::uint32_t module = 0;
  source::Span span;
};

struct Node {
  OpKind op = OpKind::Constant;
  GraphAttributes attributes;
  std::vector<ValueId> inputs, outputs;
  NodeOrigin origin;
};

struct ValueInfo {
  Fact fact;
  NodeId producer = kNoNode;  // kNoNode: an input of the graph
};

// What an input or output of a graph is to its caller.
enum class PortRole : std::uint8_t {
  Argument,  // a call argument; of an output: a result
  Variable,  // a leaf of the variable tree
  Stream,    // the base key of a random stream
  Capture,   // of a region: a value of the graph around it
};

struct Port {
  ValueId value{};
  PortRole role = PortRole::Argument;
  std::string name;  // "x", "params/Dense_0/kernel", "dropout"
};

// A region that stands for what a map brings together: each of its runs gives in a value, and all get the same one out. Its graph is
// the identity, which is what the map of one element gives; vectorize() of the map takes calls of it away.
struct Collective {
  ReduceKind kind = ReduceKind::Sum;  // Sum, Max or Min
  std::uint32_t map = 0;              // the number of the map: Context::NamedAxis
};

// Nodes and values in vectors, by typed ids, in an order in which every node follows its operands. A region is a graph of its
// own that a Call node of the graph around it runs (CallAttributes::program is its index in `regions`).
struct Graph {
  std::vector<Node> nodes;
  std::deque<ValueInfo> values;  // facts keep their address: `reshape(b, exp(b, x), x.shape())` is a common way to write
  std::vector<Port> inputs, outputs;
  std::vector<std::unique_ptr<Graph>> regions;
  Graph* parent = nullptr;   // of a region
  std::size_t begun_at = 0;  // of a region: how many nodes the graph around had when it was begun
  std::string name;
  std::optional<Collective> collective;  // of a region

  [[nodiscard]] const Fact& fact(ValueId id) const { return values[index(id)].fact; }
  [[nodiscard]] Node& node(NodeId id) { return nodes[index(id)]; }
  [[nodiscard]] const Node& node(NodeId id) const { return nodes[index(id)]; }
  [[nodiscard]] const Node* producer(ValueId id) const {
    const NodeId node_id = values[index(id)].producer;
    return node_id == kNoNode ? nullptr : &nodes[index(node_id)];
  }
  ValueId add_input(Fact fact, PortRole role, std::string input_name);
};

// A value of a graph as builders hand it around. Default-made ones stand for "none".
struct Tensor {
  Graph* graph = nullptr;
  ValueId id{};

  [[nodiscard]] bool exists() const { return graph != nullptr; }
  [[nodiscard]] const Fact& fact() const { return graph->fact(id); }
  [[nodiscard]] const Dims& shape() const { return fact().shape; }
  [[nodiscard]] const Dim& dim(std::int64_t axis) const {  // negative axes count from the end
    const Dims& dims = shape();
    return dims[static_cast<std::size_t>(axis < 0 ? axis + static_cast<std::int64_t>(dims.size()) : axis)];
  }
  [[nodiscard]] std::int64_t rank() const { return static_cast<std::int64_t>(shape().size()); }
  [[nodiscard]] DType dtype() const { return fact().dtype; }
  friend bool operator==(const Tensor&, const Tensor&) = default;
};

}  // namespace linenc::graph
