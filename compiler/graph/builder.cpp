// Adds nodes, brings values into regions, and tells the user what does not fit.
// Tested by tests/compiler/graph/builder_test.cpp.
#include "compiler/graph/builder.h"

#include <algorithm>
#include <cassert>

#include "compiler/diagnostics/concat.h"

namespace linenc::graph {
namespace {

using diagnostics::Code;

Code code_of(Reason::Kind kind) {
  switch (kind) {
    case Reason::Kind::Shape:
    case Reason::Kind::Range: return Code::ShapeMismatch;
    case Reason::Kind::Dtype: return Code::DtypeMismatch;
    case Reason::Kind::Unproven: return Code::Unproven;
    case Reason::Kind::TooLarge: return Code::LimitExceeded;
  }
  return Code::ShapeMismatch;
}

std::string words(int axis, std::size_t rank) {
  if (axis + 1 == static_cast<int>(rank)) return "last axis";
  return axis == 0 ? "first axis" : concat("axis ", axis);
}

}  // namespace

Tensor Builder::add(OpKind op, GraphAttributes attributes, std::initializer_list<Tensor> operands, const Request& request) {
  return add(op, std::move(attributes), std::span(operands.begin(), operands.size()), request);
}

Tensor Builder::add(OpKind op, GraphAttributes attributes, std::span<const Tensor> operands, const Request& request) {
  const std::vector<Tensor> results = add_many(op, std::move(attributes), operands, request);
  assert(results.size() == 1);
  return results[0];
}

std::vector<Tensor> Builder::add_many(OpKind op, GraphAttributes attributes, std::span<const Tensor> operands, const Request& request) {
  std::vector<Tensor> used;
  used.reserve(operands.size());
  for (const Tensor& operand : operands) used.push_back(use(operand));
  std::vector<const Fact*> facts;
  facts.reserve(used.size());
  for (const Tensor& operand : used) facts.push_back(&operand.fact());
  Inferred inferred = infer(op, attributes, facts, request, dims_);
  if (const auto* reason = std::get_if<Reason>(&inferred)) fail(*reason, used);

  Node node{op, std::move(attributes), {}, {}, {}};
  for (const Tensor& operand : used) node.inputs.push_back(operand.id);
  append(std::move(node));
  return add_outputs(NodeId{static_cast<std::uint32_t>(graph_->nodes.size() - 1)}, std::get<std::vector<Fact>>(std::move(inferred)));
}

Node& Builder::append(Node node) {
  node.origin = {module_, site_->span};
  ++node_count_;
  graph_->nodes.push_back(std::move(node));
  return graph_->nodes.back();
}

std::vector<Tensor> Builder::add_outputs(NodeId node_id, std::vector<Fact> facts) {
  fill_axis_origins(facts);
  std::vector<Tensor> results;
  for (Fact& fact : facts) {
    const ValueId id{static_cast<std::uint32_t>(graph_->values.size())};
    graph_->values.push_back({std::move(fact), node_id});
    graph_->node(node_id).outputs.push_back(id);
    results.push_back({graph_, id});
  }
  return results;
}

// Axes that came from no operand come from here. Neighbouring nodes of one site share an origin: the table stays small.
void Builder::fill_axis_origins(std::vector<Fact>& facts) {
  if (!site_->span.exists()) return;
  AxisOrigin here = 0;
  for (Fact& fact : facts) {
    fact.axis_origins.resize(fact.rank());
    for (AxisOrigin& origin : fact.axis_origins) {
      if (origin != 0) continue;
      if (here == 0) {
        const Origins::Axis& last = origins_.axes.back();
        const bool shared = last.span == site_->span && last.what == site_->what;
        here = shared ? static_cast<AxisOrigin>(origins_.axes.size() - 1) : origins_.add_axis(site_->span, site_->what);
      }
      origin = here;
    }
  }
}

std::vector<ValueId> Builder::region_operands(std::uint32_t region, std::span<const Tensor> operands) {
  const Graph& callee = *graph_->regions[region];
  const std::vector<Tensor> captures = captured(region);
  const bool all_given = operands.size() == callee.inputs.size();
  std::size_t next = 0, next_capture = 0;
  std::vector<ValueId> ids;
  for (const Port& input : callee.inputs) {
    const bool find_capture = !all_given && input.role == PortRole::Capture;
    ids.push_back((find_capture ? captures.at(next_capture++) : use(operands[next++])).id);
    assert(graph_->fact(ids.back()).dtype == callee.fact(input.value).dtype);
  }
  assert(next == operands.size());
  return ids;
}

std::vector<Tensor> Builder::call(std::uint32_t region, bool remat, std::span<const Tensor> operands) {
  const Graph& callee = *graph_->regions[region];
  std::vector<Fact> facts;
  for (const Port& output : callee.outputs) facts.push_back(callee.fact(output.value));
  append({OpKind::Call, CallAttributes{region, remat}, region_operands(region, operands), {}, {}});
  return add_outputs(NodeId{static_cast<std::uint32_t>(graph_->nodes.size() - 1)}, std::move(facts));
}

std::vector<Tensor> Builder::loop(const LoopAttributes<Dim>& attributes, std::span<const Tensor> operands) {
  const Graph& callee = *graph_->regions[attributes.program];
  const auto carried = static_cast<std::size_t>(attributes.carried);
  std::vector<Fact> facts;
  for (const Port& output : callee.outputs) {
    const Fact& fact = callee.fact(output.value);
    facts.push_back(facts.size() < carried ? fact : with_leading_axis(fact, attributes.length));
  }
  append({OpKind::Loop, attributes, region_operands(attributes.program, operands), {}, {}});
  return add_outputs(NodeId{static_cast<std::uint32_t>(graph_->nodes.size() - 1)}, std::move(facts));
}

Tensor Builder::collective(const Collective& collective, Tensor x, std::string name) {
  x = use(x);
  const std::uint32_t region = enter_region(std::move(name));
  const ValueId input = graph_->add_input(x.fact(), PortRole::Argument, "x");
  graph_->outputs.push_back({input, PortRole::Argument, ""});
  graph_->collective = collective;
  leave_region();
  return call(region, false, std::span(&x, 1))[0];
}

Tensor Builder::use(const Tensor& tensor) {
  assert(tensor.exists());
  if (tensor.graph == graph_) return tensor;
  // The regions between the value and the current graph, the innermost first.
  std::vector<Graph*> between;
  Graph* around = graph_;
  while (around != tensor.graph) {
    assert(around != nullptr && "a value of an inner region is used outside of it");
    between.push_back(around);
    around = around->parent;
  }
  Tensor value = tensor;
  for (auto region = between.rbegin(); region != between.rend(); ++region) value = capture(**region, value);
  return value;
}

Tensor Builder::capture(Graph& region, const Tensor& outer) {
  const auto [found, is_new] = captures_.try_emplace({&region, index(outer.id)}, ValueId{});
  if (is_new) found->second = region.add_input(outer.fact(), PortRole::Capture, concat("capture ", index(outer.id)));
  return {&region, found->second};
}

std::uint32_t Builder::enter_region(std::string name) {
  auto region = std::make_unique<Graph>();
  region->parent = graph_;
  region->begun_at = graph_->nodes.size();
  region->name = std::move(name);
  graph_->regions.push_back(std::move(region));
  const auto number = static_cast<std::uint32_t>(graph_->regions.size() - 1);
  graph_ = graph_->regions.back().get();
  return number;
}

void Builder::leave_region() {
  assert(graph_->parent != nullptr);
  graph_ = graph_->parent;
}

std::unique_ptr<Graph> Builder::take_region() {
  std::unique_ptr<Graph> region = std::move(graph_->regions.back());
  graph_->regions.pop_back();
  forget(*region);
  return region;
}

void Builder::forget(const Graph& region) {
  node_count_ -= region.nodes.size();
  std::erase_if(captures_, [&](const auto& capture) { return capture.first.first == &region; });
  for (const auto& inner : region.regions) forget(*inner);
}

std::vector<Tensor> Builder::captured(std::uint32_t region) const {
  const Graph& callee = *graph_->regions[region];
  std::map<ValueId, std::uint64_t> outer;
  const std::pair<const Graph*, std::uint64_t> first{&callee, 0};
  for (auto it = captures_.lower_bound(first); it != captures_.end() && it->first.first == &callee; ++it) outer[it->second] = it->first.second;
  std::vector<Tensor> values;
  for (const Port& input : callee.inputs) {
    if (input.role == PortRole::Capture) values.push_back({graph_, ValueId{static_cast<std::uint32_t>(outer.at(input.value))}});
  }
  return values;
}

void Builder::fail(const Reason& reason, std::span<const Tensor> operands) {
  std::string message = site_->what.empty() ? reason.text : concat(site_->what, " ", reason.text);
  diagnostics::Report report = diagnostics_.error(code_of(reason.kind), site_->span, std::move(message));
  mark_operand(report, reason.operand_a, operands);
  mark_operand(report, reason.operand_b, operands);
  note_axis(report, reason.operand_a, reason.axis_a, operands);
  note_axis(report, reason.operand_b, reason.axis_b, operands);
  if (!reason.fact.empty()) report.help(concat("where this always holds, `assume: [", reason.fact, "]` at the top of the file states it"));
  report.module(origins_.modules[module_]);
  throw Failed{report.emit()};
}

void Builder::mark_operand(diagnostics::Report& report, int number, std::span<const Tensor> operands) const {
  const auto i = static_cast<std::size_t>(number);
  if (number < 0 || i >= operands.size() || i >= site_->operands.size() || !operands[i].exists()) return;
  const Site::Operand& written = site_->operands[i];
  if (written.span.exists()) report.mark(written.span, to_string(operands[i].fact()));
}

void Builder::note_axis(diagnostics::Report& report, int number, int axis, std::span<const Tensor> operands) const {
  const auto i = static_cast<std::size_t>(number);
  if (number < 0 || axis < 0 || i >= operands.size() || !operands[i].exists()) return;
  const Fact& fact = operands[i].fact();
  const Origins::Axis& origin = origins_.axes[fact.axis_origin(static_cast<std::size_t>(axis))];
  if (!origin.span.exists() || origin.span == site_->span) return;
  std::string subject = i < site_->operands.size() && !site_->operands[i].text.empty() ? concat("`", site_->operands[i].text, "`") : origin.what;
  if (subject.empty()) subject = "the value";
  report.note(origin.span, concat(subject, " gets its ", words(axis, fact.rank()), " here"));
}

}  // namespace linenc::graph
