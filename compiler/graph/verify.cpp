// Invariants of graphs. A broken one is a mistake of the compiler, never of the user.
// Tested by tests/compiler/graph/builder_test.cpp.
#include "compiler/graph/verify.h"

#include "compiler/diagnostics/concat.h"
#include "compiler/graph/infer.h"

namespace linenc::graph {
namespace {

// The ports from `first` up to `last` have `length` in front.
struct Stacked {
  std::size_t first = 0, last = 0;
  Dim length;
};

class Verifier {
 public:
  Verifier(const Graph& graph, const DimContext& context, std::string place, std::vector<std::string>& problems)
      : graph_(graph), context_(context), place_(std::move(place)), problems_(problems), made_(graph.values.size()) {}

  void run() {
    for (const Port& input : graph_.inputs) check_input(input);
    for (std::size_t i = 0; i < graph_.nodes.size(); ++i) check_node(i);
    for (const Port& output : graph_.outputs) {
      if (!is_made(output.value)) problem(concat("output `", output.name, "` is a value that nothing makes"));
    }
    for (std::size_t i = 0; i < graph_.regions.size(); ++i) {
      if (graph_.regions[i]->parent != &graph_) problem(concat("region ", i, " does not know the graph around it"));
      Verifier(*graph_.regions[i], context_, concat(place_, "region ", i, ": "), problems_).run();
    }
  }

 private:
  const Graph& graph_;
  const DimContext& context_;
  std::string place_;
  std::vector<std::string>& problems_;
  std::vector<bool> made_;

  void problem(std::string text) { problems_.push_back(place_ + std::move(text)); }
  [[nodiscard]] bool is_made(ValueId id) const { return index(id) < made_.size() && made_[index(id)]; }

  void check_input(const Port& input) {
    if (index(input.value) >= made_.size()) return problem(concat("input `", input.name, "` has no value"));
    if (graph_.values[index(input.value)].producer != kNoNode) problem(concat("input `", input.name, "` is made by a node"));
    made_[index(input.value)] = true;
  }

  void check_node(std::size_t i) {
    const Node& node = graph_.nodes[i];
    const std::string words = concat("node ", i, " (", name(node.op), ") ");
    for (const ValueId input : node.inputs) {
      if (!is_made(input)) return problem(concat(words, "uses %", index(input), " before it is made"));
    }
    for (const ValueId output : node.outputs) {
      if (index(output) >= made_.size()) return problem(concat(words, "has a result that is no value"));
      if (made_[index(output)]) problem(concat(words, "makes %", index(output), " a second time"));
      if (index(graph_.values[index(output)].producer) != i) problem(concat(words, "is not the producer of %", index(output)));
      made_[index(output)] = true;
    }
    if (node.op == OpKind::Call)
      check_call(node, words);
    else if (node.op == OpKind::Loop)
      check_loop(node, words);
    else
      check_facts(node, words);
  }

  [[nodiscard]] bool same(const Fact& a, const Fact& b) const {
    if (a.dtype != b.dtype || a.rank() != b.rank()) return false;
    for (std::size_t axis = 0; axis < a.rank(); ++axis) {
      if (a.shape[axis] != b.shape[axis] && context_.equal(a.shape[axis], b.shape[axis]) != Truth::Yes) return false;
    }
    return true;
  }

  void check_facts(const Node& node, const std::string& words) {
    std::vector<const Fact*> operands;
    for (const ValueId input : node.inputs) operands.push_back(&graph_.fact(input));
    Request request;
    if (!node.outputs.empty()) request = {graph_.fact(node.outputs[0]).dtype, graph_.fact(node.outputs[0]).shape};
    const Inferred inferred = infer(node.op, node.attributes, operands, request, context_);
    if (const auto* reason = std::get_if<Reason>(&inferred)) return problem(words + reason->text);
    const auto& facts = std::get<std::vector<Fact>>(inferred);
    if (facts.size() != node.outputs.size()) return problem(concat(words, "has ", node.outputs.size(), " results, not ", facts.size()));
    for (std::size_t i = 0; i < facts.size(); ++i) {
      const Fact& recorded = graph_.fact(node.outputs[i]);
      if (!same(recorded, facts[i])) problem(concat(words, "gives ", to_string(facts[i]), ", recorded is ", to_string(recorded)));
    }
  }

  void check_ports(const std::vector<ValueId>& values, const Graph& region, const std::vector<Port>& ports, const std::string& words,
                   const Stacked& stacked = {}) {
    if (values.size() != ports.size()) return problem(concat(words, "has ", values.size(), " values for ", ports.size(), " ports"));
    for (std::size_t i = 0; i < ports.size(); ++i) {
      if (index(ports[i].value) >= region.values.size()) continue;
      const Fact& given = graph_.fact(values[i]);
      Fact wanted = region.fact(ports[i].value);
      if (i >= stacked.first && i < stacked.last) wanted.shape.insert(wanted.shape.begin(), stacked.length);
      if (!same(given, wanted)) problem(concat(words, "has ", to_string(given), " for the port `", ports[i].name, "` of ", to_string(wanted)));
    }
  }

  void check_call(const Node& node, const std::string& words) {
    const auto* call = std::get_if<CallAttributes>(&node.attributes);
    if (!call || call->program >= graph_.regions.size()) return problem(concat(words, "calls a region that does not exist"));
    const Graph& region = *graph_.regions[call->program];
    check_ports(node.inputs, region, region.inputs, words);
    check_ports(node.outputs, region, region.outputs, words);
  }

  void check_loop(const Node& node, const std::string& words) {
    const auto* loop = std::get_if<LoopAttributes<Dim>>(&node.attributes);
    if (!loop || loop->program >= graph_.regions.size()) return problem(concat(words, "runs a region that does not exist"));
    const Graph& region = *graph_.regions[loop->program];
    const auto carried = static_cast<std::size_t>(loop->carried), sliced = static_cast<std::size_t>(loop->sliced);
    if (carried + sliced > region.inputs.size() || carried > region.outputs.size())
      return problem(concat(words, "carries more than its region takes"));
    check_ports(node.inputs, region, region.inputs, words, {carried, carried + sliced, loop->length});
    check_ports(node.outputs, region, region.outputs, words, {carried, region.outputs.size(), loop->length});
    for (std::size_t i = 0; i < carried; ++i) {
      if (!same(region.fact(region.inputs[i].value), region.fact(region.outputs[i].value)))
        problem(concat(words, "changes the type of what it carries"));
    }
  }
};

}  // namespace

std::vector<std::string> verify(const Graph& graph, const DimContext& context) {
  std::vector<std::string> problems;
  Verifier(graph, context, "", problems).run();
  return problems;
}

}  // namespace linenc::graph
