// Tested by tests/compiler/optimize/split_prepare_test.cpp.
#include "compiler/optimize/split_prepare.h"

#include <map>
#include <string>
#include <vector>

#include "compiler/graph/rewrite.h"

namespace linenc::optimize {
namespace {

using graph::Graph;
using graph::Node;
using graph::NodeId;
using graph::PortRole;
using graph::ValueId;

class Splitter {
 public:
  explicit Splitter(Graph& graph) : graph_(graph), of_weights_(graph.values.size()), constant_(graph.values.size()) {}

  std::unique_ptr<Graph> split() {
    mark();
    find_frontier();
    if (frontier_.empty()) return nullptr;
    auto prepare = std::make_unique<Graph>();
    prepare->name = "prepare";
    for (const ValueId value : frontier_) {
      prepare->outputs.push_back({copy(value, *prepare), PortRole::Capture, "prepared/" + std::to_string(prepare->outputs.size())});
    }
    for (std::size_t i = 0; i < frontier_.size(); ++i) {
      const ValueId input = graph_.add_input(graph_.fact(frontier_[i]), PortRole::Capture, prepare->outputs[i].name);
      replace_uses(graph_, frontier_[i], input);
    }
    return prepare;
  }

 private:
  // What depends on variables and constants alone, and on at least one variable.
  void mark() {
    for (const graph::Port& input : graph_.inputs) of_weights_[index(input.value)] = input.role == PortRole::Variable;
    for (const Node& node : graph_.nodes) {
      bool weights = called_program(node.attributes) == nullptr;
      bool any = false;
      for (const ValueId input : node.inputs) {
        weights = weights && (of_weights_[index(input)] || constant_[index(input)]);
        any = any || of_weights_[index(input)];
      }
      for (const ValueId output : node.outputs) {
        of_weights_[index(output)] = weights && any;
        constant_[index(output)] = weights && !any;
      }
    }
  }

  void find_frontier() {
    for (const Node& node : graph_.nodes) {
      if (!node.outputs.empty() && of_weights_[index(node.outputs[0])]) continue;
      for (const ValueId input : node.inputs) consider(input);
    }
    for (const graph::Port& output : graph_.outputs) consider(output.value);
  }

  void consider(ValueId value) {
    // A reshape takes no step: it stays, and what it reshapes may move.
    while (true) {
      const Node* producer = graph_.producer(value);
      if (producer == nullptr || producer->op != OpKind::Reshape) break;
      value = producer->inputs[0];
    }
    if (!of_weights_[index(value)] || graph_.producer(value) == nullptr) return;
    for (const ValueId known : frontier_) {
      if (known == value) return;
    }
    frontier_.push_back(value);
  }

  ValueId copy(ValueId value, Graph& prepare) {
    if (const auto found = copied_.find(index(value)); found != copied_.end()) return found->second;
    const Node* producer = graph_.producer(value);
    if (producer == nullptr) {
      for (const graph::Port& input : graph_.inputs) {
        if (input.value == value) return copied_[index(value)] = prepare.add_input(graph_.fact(value), input.role, input.name);
      }
    }
    Node node{producer->op, producer->attributes, {}, {}, producer->origin};
    for (const ValueId input : producer->inputs) node.inputs.push_back(copy(input, prepare));
    const NodeId node_id{static_cast<std::uint32_t>(prepare.nodes.size())};
    for (const ValueId output : producer->outputs) {
      const ValueId made{static_cast<std::uint32_t>(prepare.values.size())};
      prepare.values.push_back({graph_.fact(output), node_id});
      node.outputs.push_back(made);
      copied_[index(output)] = made;
    }
    prepare.nodes.push_back(std::move(node));
    return copied_.at(index(value));
  }

  Graph& graph_;
  std::vector<bool> of_weights_, constant_;
  std::vector<ValueId> frontier_;
  std::map<std::uint32_t, ValueId> copied_;
};

}  // namespace

std::unique_ptr<Graph> split_prepare(Graph& graph) { return Splitter(graph).split(); }

}  // namespace linenc::optimize
