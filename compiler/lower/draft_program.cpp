// The steps of one program: views instead of copies, constants in the plan, outputs where the caller wants them.
#include <algorithm>
#include <cassert>
#include <optional>

#include "compiler/lower/lower_program.h"
#include "compiler/lower/plan_attributes.h"
#include "compiler/lower/schedule.h"
#include "runtime/core/array.h"

namespace linenc::lower {
namespace {

using graph::Graph;
using graph::Node;
using graph::ValueId;

constexpr std::uint32_t kNone = 0xFFFFFFFFu;
constexpr std::uint64_t kMostRepeatedBytes = 4096;  // of a repeated number that is written out in the constants

Shape without_ones(const Shape& shape) {
  Shape kept;
  std::copy_if(shape.begin(), shape.end(), std::back_inserter(kept), [](std::int64_t size) { return size != 1; });
  return kept;
}

// The axes larger than 1 stay in their order.
bool moves_nothing(const Shape& shape, const std::vector<std::int64_t>& permutation) {
  std::int64_t last = -1;
  for (const std::int64_t axis : permutation) {
    if (shape[static_cast<std::size_t>(axis)] == 1) continue;
    if (axis < last) return false;
    last = axis;
  }
  return true;
}

class Draft {
 public:
  Draft(PlanBuilder& plan, const Graph& graph) : plan_(plan), graph_(graph), number_(graph.values.size(), kNone), is_output_(graph.values.size()) {}

  DraftProgram run() {
    program().name = graph_.name;
    for (const graph::Port& output : graph_.outputs) is_output_[index(output.value)] = true;
    add_inputs();
    for (const graph::NodeId node_id : schedule(graph_)) add_node(graph_.node(node_id));
    add_outputs();
    program().callee_frames.resize(program().steps.size());
    draft_.frame_bytes.resize(program().steps.size());
    return std::move(draft_);
  }

 private:
  PlanBuilder& plan_;
  const Graph& graph_;
  DraftProgram draft_;
  std::vector<std::uint32_t> number_;  // by ValueId: the value of the program, once there is one
  std::vector<bool> is_output_;        // by ValueId

  Program& program() { return draft_.program; }

  std::uint32_t add_value(PlanValue value, std::uint32_t root = kNone) {
    const auto id = static_cast<std::uint32_t>(program().values.size());
    program().values.push_back(std::move(value));
    draft_.root.push_back(root == kNone ? id : draft_.root[root]);
    return id;
  }

  [[nodiscard]] PlanValue plan_value(ValueId id) const {
    const graph::Fact& fact = graph_.fact(id);
    return {fact.dtype, plan_shape(fact.shape), Space::Arena, 0, 0, 0};
  }

  void add_inputs() {
    for (std::size_t i = 0; i < graph_.inputs.size(); ++i) {
      PlanValue value = plan_value(graph_.inputs[i].value);
      value.space = Space::Input;
      value.offset = i;
      number_[index(graph_.inputs[i].value)] = add_value(std::move(value));
      program().inputs.push_back({graph_.inputs[i].name, number_[index(graph_.inputs[i].value)]});
    }
  }

  void add_node(const Node& node) {
    if (node.op == OpKind::Constant) return;  // made where it is used
    if (is_view(node)) {
      const std::uint32_t shown = operand(node.inputs[0]);
      PlanValue view = plan_value(node.outputs[0]);
      view.space = program().values[shown].space;
      view.offset = program().values[shown].offset;
      number_[index(node.outputs[0])] = add_value(std::move(view), shown);
      return;
    }
    if (is_empty_loop(node)) {
      add_empty_loop(node);
      return;
    }
    Step step{node.op, plan_attributes(node.attributes), {}, {}, plan_.origin(node.origin)};
    for (std::size_t i = 0; i < node.inputs.size(); ++i) step.inputs.push_back(step_operand(node, i));
    for (const ValueId output : node.outputs) step.outputs.push_back(number_[index(output)] = add_value(plan_value(output)));
    if (std::uint32_t* called = called_program(step.attributes)) {
      *called = plan_.program(*graph_.regions[*called]);
      draft_.frame_bytes.resize(program().steps.size() + 1);
      draft_.frame_bytes.back() = plan_.arena_bytes(*called);
    }
    if (const auto* loop = std::get_if<LoopAttributes<std::int64_t>>(&step.attributes)) {
      for (std::int64_t i = 0; i < loop->carried; ++i) step.outputs.push_back(add_value(plan_value(node.outputs[static_cast<std::size_t>(i)])));
    }
    program().steps.push_back(std::move(step));
  }

  [[nodiscard]] static bool is_empty_loop(const Node& node) {
    const auto* loop = std::get_if<LoopAttributes<graph::Dim>>(&node.attributes);
    return loop != nullptr && loop->length == graph::Dim(0);
  }

  // A loop that runs no time gives what it was to carry; the other results have no elements, and no step need write them.
  void add_empty_loop(const Node& node) {
    const auto carried = static_cast<std::size_t>(std::get<LoopAttributes<graph::Dim>>(node.attributes).carried);
    for (std::size_t i = 0; i < node.outputs.size(); ++i) {
      const std::uint32_t output = number_[index(node.outputs[i])] = add_value(plan_value(node.outputs[i]));
      if (i < carried) {
        program().steps.push_back({OpKind::Reshape, NoAttributes{}, {operand(node.inputs[i])}, {output}, plan_.origin(node.origin)});
      } else {
        program().steps.push_back({OpKind::Constant, ConstantAttributes<std::int64_t>{{}, false, 0}, {}, {output}, plan_.origin(node.origin)});
      }
    }
  }

  // Whether the result has the bytes of the operand.
  [[nodiscard]] bool is_view(const Node& node) const {
    if (node.op == OpKind::Reshape || node.op == OpKind::Bitcast || node.op == OpKind::KeyData || node.op == OpKind::KeyWrap) return true;
    if (node.inputs.size() != 1 || node.outputs.size() != 1) return false;
    if (const auto* elementwise = std::get_if<ElementwiseAttributes>(&node.attributes)) return elementwise->kind == ElementwiseKind::Copy;
    const Shape from = plan_shape(graph_.fact(node.inputs[0]).shape);
    if (const auto* transpose = std::get_if<TransposeAttributes>(&node.attributes)) return moves_nothing(from, transpose->permutation);
    return node.op == OpKind::Broadcast && without_ones(from) == without_ones(plan_shape(graph_.fact(node.outputs[0]).shape));
  }

  // A constant that repeats one number; none for other values.
  [[nodiscard]] const ConstantAttributes<graph::Dim>* repeated_number(ValueId id) const {
    const Node* node = graph_.producer(id);
    if (!node || node->op != OpKind::Constant) return nullptr;
    const auto& constant = std::get<ConstantAttributes<graph::Dim>>(node->attributes);
    const PlanValue value = plan_value(id);
    return element_count(value.shape) > 1 && number_bytes(constant, value.dtype).has_value() ? &constant : nullptr;
  }

  // The one element of the constant, where it has one.
  [[nodiscard]] static std::optional<std::vector<std::byte>> number_bytes(const ConstantAttributes<graph::Dim>& constant, DType dtype) {
    if (!constant.is_size) return constant.bytes.size() == byte_size(dtype) ? std::optional(constant.bytes) : std::nullopt;
    const auto size = constant.size.constant();
    assert(size && "a size is still symbolic when the graph is lowered");
    std::vector<std::byte> bytes(byte_size(dtype));
    convert_elements(DType::Int64, reinterpret_cast<const std::byte*>(&*size), dtype, bytes.data(), 1);
    return bytes;
  }

  std::uint32_t add_constant(DType dtype, Shape shape, std::vector<std::byte> bytes) {
    return add_value({dtype, std::move(shape), Space::Constant, plan_.constant(std::move(bytes)), 0, 0});
  }

  // Elementwise steps read a repeated number as a scalar where another operand has the shape of the result.
  std::uint32_t step_operand(const Node& node, std::size_t i) {
    const ValueId id = node.inputs[i];
    const auto* constant = node.op == OpKind::Elementwise ? repeated_number(id) : nullptr;
    if (!constant) return operand(id);
    const graph::Dims& shape = graph_.fact(node.outputs[0]).shape;
    for (std::size_t other = 0; other < node.inputs.size(); ++other) {
      if (other == i || repeated_number(node.inputs[other]) || graph_.fact(node.inputs[other]).shape != shape) continue;
      const DType dtype = graph_.fact(id).dtype;
      return add_constant(dtype, {}, *number_bytes(*constant, dtype));
    }
    return operand(id);
  }

  // The value of the program; constants come to be here.
  std::uint32_t operand(ValueId id) {
    std::uint32_t& number = number_[index(id)];
    if (number == kNone) number = make_constant(id, *graph_.producer(id));
    return number;
  }

  std::uint32_t make_constant(ValueId id, const Node& node) {
    assert(node.op == OpKind::Constant);
    const auto& constant = std::get<ConstantAttributes<graph::Dim>>(node.attributes);
    PlanValue value = plan_value(id);
    const std::uint64_t bytes = bytes_of(value);
    const auto element = number_bytes(constant, value.dtype);
    const bool repeats = element && element_count(value.shape) != 1;
    if (is_output_[index(id)] || (repeats && bytes > kMostRepeatedBytes)) {
      const std::uint32_t number = add_value(std::move(value));
      program().steps.push_back({OpKind::Constant, plan_attributes(node.attributes), {}, {number}, plan_.origin(node.origin)});
      return number;
    }
    if (!element) return add_constant(value.dtype, value.shape, constant.bytes);
    std::vector<std::byte> all;
    for (std::int64_t i = 0; i < element_count(value.shape); ++i) all.insert(all.end(), element->begin(), element->end());
    return add_constant(value.dtype, value.shape, std::move(all));
  }

  // Each output takes over the bytes of its value where these are nobody else's; else it is a copy.
  void add_outputs() {
    std::vector<bool> taken(program().values.size());
    for (std::size_t i = 0; i < graph_.outputs.size(); ++i) {
      const ValueId id = graph_.outputs[i].value;
      std::uint32_t number = operand(id);
      taken.resize(program().values.size());
      const std::uint32_t root = draft_.root[number];
      if (program().values[root].space == Space::Arena && !taken[root]) {
        taken[root] = true;
        program().values[root].space = Space::Output;
        program().values[root].offset = i;
      } else {
        number = add_copy(number, i, graph_.producer(id));
      }
      program().outputs.push_back({graph_.outputs[i].name, number});
    }
    for (std::size_t i = 0; i < program().values.size(); ++i) {
      const PlanValue& root = program().values[draft_.root[i]];
      if (root.space == Space::Output) program().values[i].space = Space::Output, program().values[i].offset = root.offset;
    }
  }

  std::uint32_t add_copy(std::uint32_t from, std::size_t output, const Node* maker) {
    PlanValue value = program().values[from];
    value.space = Space::Output;
    value.offset = output;
    const std::uint32_t copy = add_value(std::move(value));
    program().steps.push_back({OpKind::Reshape, NoAttributes{}, {from}, {copy}, maker ? plan_.origin(maker->origin) : 0});
    return copy;
  }
};

}  // namespace

DraftProgram draft_program(PlanBuilder& plan, const Graph& graph) { return Draft(plan, graph).run(); }

}  // namespace linenc::lower
