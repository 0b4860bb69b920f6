// scan: the module is a region that a Loop node runs once for each step, with a carry that goes from step to step. Flax traces the body
// twice: a first time to find what the steps share (variables of `variable_broadcast`, results that are the same in each step), which is
// made outside of the loop, and then for the loop itself; counters of random streams go on (linen-semantics E.3).
// Tested by tests/compiler/transforms/scan_test.cpp and the models with scan in tests/models.
#include <algorithm>
#include <memory>
#include <optional>

#include "compiler/catalog/carry.h"
#include "compiler/catalog/lifted_axes.h"
#include "compiler/catalog/numpy.h"
#include "compiler/catalog/registry.h"
#include "compiler/graph/ops.h"
#include "compiler/graph/rewrite.h"
#include "compiler/vectorize/vectorize.h"

namespace linenc::transforms {
namespace {

using namespace catalog;

// One trace of the body, in a region of its own.
struct Trace {
  std::vector<graph::ValueId> carry_inputs;
  Value carry, result;  // what the body gives
};

// The parts of one call of scan.
class Scan {
 public:
  Scan(Context& context, const TransformOptions& options, Instance& instance, const TransformSpec::Body& body, const Arguments& arguments)
      : context_(context),
        options_(options),
        instance_(instance),
        body_(body),
        arguments_(arguments),
        streams_(context.view->streams),
        automatic_names_(instance.automatic_names),
        reservations_(instance.scope->reservations),
        axes_(context, options, instance, "scan", "length") {}

  Value run() {
    read_groups();
    List positional = axes_.positional_values(arguments_);
    if (positional.empty()) context_.fail(Code::WrongArguments, arguments_.place, "`scan` carries its first argument, and none is given");
    carry_ = tree_of(positional.front());
    for (const Value& value : List(positional.begin() + 1, positional.end())) xs_.push_back(value);
    x_axes_ = axes_.axes_of(xs_, "in_axes");
    axes_.meet_option();
    axes_.meet_arguments(xs_, x_axes_);
    if (!axes_.size()) context_.fail(Code::WrongTransform, options_.place, "`scan` cannot tell how many steps it makes: `length` says it");
    if (checks_constancy()) find_constants();
    if (!loop()) loop();  // again, with a carry of another dtype
    return result_;
  }

 private:
  [[nodiscard]] bool flag(const char* option, bool otherwise) const {
    const Value* given = options_.find(option);
    return given == nullptr ? otherwise : truth(*given);
  }

  [[nodiscard]] bool checks_constancy() const { return flag("check_constancy_invariants", true); }

  [[nodiscard]] Value tree_of(const Value& value) const { return with_sorted_maps(map_arrays(context_, value, arguments_.place)); }

  // A collection belongs to the first group that names it.
  void read_groups() {
    const auto add = [&](const char* option, bool carried) {
      const Value* given = options_.find(option);
      if (given != nullptr) groups_.push_back({read_filter(context_, *given, options_.place_of(option)), std::nullopt, carried});
    };
    add("variable_broadcast", false);
    add("variable_carry", true);
    for (VariableView::Group& group : axes_.variable_groups(false)) groups_.push_back(std::move(group));
    if (const Value* data = options_.find("data_transform"); data != nullptr && !data->is_none()) {
      context_.fail(Code::NotSupportedYet, options_.place_of("data_transform"), "`data_transform` of `scan` is not supported yet");
    }
  }

  [[nodiscard]] static bool is_shared(const std::string& collection, RegionGuard& guard) {
    const VariableView::Group* group = guard.view().group_of(collection);
    return group != nullptr && !group->axis && !group->carried;
  }

  // Runs the body in the region with inputs for the carry, the slices and the split keys.
  Trace traced(RegionGuard& guard, LiftedAxes& axes) {
    Trace trace;
    instance_.automatic_names = automatic_names_;
    instance_.scope->reservations = reservations_;
    Arguments inner;
    inner.place = arguments_.place;
    const Value carry = map_tensors(carry_, [&](const Tensor& outer) -> Value {
      graph::Fact fact = outer.fact();
      trace.carry_inputs.push_back(guard.graph().add_input(std::move(fact), graph::PortRole::Argument, concat("carry ", trace.carry_inputs.size())));
      return Tensor{&guard.graph(), trace.carry_inputs.back()};
    });
    inner.positional.push_back({carry, arguments_.positional[0].place, arguments_.positional[0].text});
    std::size_t next = 0;
    for (std::size_t i = 0; i < xs_.size(); ++i) {
      const auto& written = arguments_.positional[i + 1];
      inner.positional.push_back({axes.sliced(guard, xs_[i], x_axes_, next), written.place, written.text});
    }
    axes.open_streams(guard, streams_);
    const Value pair = body_(inner);
    if (pair.has_poison()) throw Failed{};
    if (pair.list() == nullptr || pair.list()->size() != 2) {
      context_.fail(Code::WrongType, arguments_.place,
                    concat("the body of `scan` gives [carry, result of the step], and `", instance_.type->class_name(), "` gives ", kind(pair)));
    }
    trace.carry = tree_of((*pair.list())[0]);
    trace.result = tree_of((*pair.list())[1]);
    return trace;
  }

  // --- what the steps share --------------------------------------------------------------------------

  // The first trace: shared variables that it makes, and results whose axis is `broadcast`, are computed outside of the loop.
  void find_constants() {
    const std::size_t calls_before = context_.calls == nullptr ? 0 : context_.calls->size();
    LiftedAxes axes = axes_;
    RegionGuard guard(context_, "scan " + instance_.type->class_name(), groups_, Filter{true, {}});
    const Trace trace = traced(guard, axes);
    std::vector<StoredVariable> shared;
    for (const StoredVariable* variable : guard.view().written()) {
      if (is_shared(variable->key.collection, guard)) shared.push_back(*variable);
    }
    std::vector<Tensor> wanted;
    for (const StoredVariable& variable : shared) collect_tensors(variable.value, wanted);
    const std::vector<Tensor> results = tensors_of(trace.result);
    const std::vector<LiftedAxes::Axis> out_axes = axes_.axes_of(trace.result, "out_axes");
    for (std::size_t i = 0; i < results.size(); ++i) {
      if (!out_axes[i]) wanted.push_back(results[i]);
    }
    for (const Tensor& tensor : wanted) guard.graph().outputs.push_back({context_.builder.use(tensor).id, graph::PortRole::Argument, ""});
    guard.leave();
    const std::vector<Tensor> captures = context_.builder.captured(guard.region());
    if (context_.calls != nullptr) context_.calls->resize(calls_before);
    const std::vector<Tensor> constants = outside(context_.builder.take_region(), captures);
    std::size_t next = 0;
    for (const StoredVariable& variable : shared) context_.view->put(variable.key, with_tensors(variable.value, constants, next), variable.place);
    constant_results_.assign(constants.begin() + static_cast<std::ptrdiff_t>(next), constants.end());
  }

  // The outputs of the region, built again in the current graph; they depend on what the region captured alone.
  std::vector<Tensor> outside(std::unique_ptr<graph::Graph> region, const std::vector<Tensor>& captures) {
    graph::drop_dead(*region);
    std::vector<bool> used(region->values.size());
    for (const graph::Node& node : region->nodes) {
      for (const graph::ValueId input : node.inputs) used[index(input)] = true;
    }
    for (const graph::Port& output : region->outputs) used[index(output.value)] = true;
    std::vector<vectorize::Batched> operands;
    std::size_t next = 0;
    for (const graph::Port& input : region->inputs) {
      const bool is_capture = input.role == graph::PortRole::Capture;
      if (!is_capture && used[index(input.value)]) {
        context_.fail(Code::LayerRule, options_.place,
                      concat("a variable of `variable_broadcast`, or a result whose axis is `broadcast`, depends on ",
                             input.role == graph::PortRole::Stream ? concat("the keys of `", input.name, "`") : concat("`", input.name, "`"),
                             ", which differ from step to step"));
      }
      operands.push_back({is_capture ? captures[next++] : Tensor{}, false});
    }
    std::vector<Tensor> tensors;
    for (const vectorize::Batched& output : vectorize::vectorize(context_.builder, *region, operands, *axes_.size()))
      tensors.push_back(output.tensor);
    return tensors;
  }

  // --- the loop --------------------------------------------------------------------------------------

  // False where the carry had to take the dtype that the body gives: a weakly typed one does.
  bool loop() {
    LiftedAxes axes = axes_;
    const std::size_t calls_before = context_.calls == nullptr ? 0 : context_.calls->size();
    RegionGuard guard(context_, "scan " + instance_.type->class_name(), groups_, Filter{true, {}});
    context_.merged_draws = true;
    const Trace trace = traced(guard, axes);
    check_carry_form(context_, arguments_.place, "scan", carry_, trace.carry);
    if (const Promotions promotions = carry_promotions(carry_, trace.carry); !promotions.empty()) {
      guard.leave();
      if (context_.calls != nullptr) context_.calls->resize(calls_before);
      (void)context_.builder.take_region();
      carry_ = promoted(context_, carry_, promotions);
      return false;
    }
    check_carry_types(context_, arguments_.place, "scan", carry_, trace.carry);
    close(guard, axes, trace);
    return true;
  }

  // What the region gives: the carry and the carried variables, then what is stacked.
  struct Given {
    std::vector<StoredVariable> carried, stacked;
    std::vector<LiftedAxes::Axis> out_axes;  // of each array of the result
    std::size_t carried_count = 0;           // of arrays
  };

  Given give_outputs(RegionGuard& guard, const Trace& trace) {
    const auto give = [&](const Value& value, graph::PortRole role, const std::string& name) {
      for (const Tensor& tensor : tensors_of(value)) guard.graph().outputs.push_back({context_.builder.use(tensor).id, role, name});
    };
    Given given{carried_variables(guard), stacked_variables(guard), axes_.axes_of(trace.result, "out_axes")};
    give(trace.carry, graph::PortRole::Argument, "carry");
    for (const StoredVariable& variable : given.carried) give(variable.value, graph::PortRole::Variable, to_string(variable.key));
    given.carried_count = guard.graph().outputs.size();
    const std::vector<Tensor> results = tensors_of(trace.result);
    for (std::size_t i = 0; i < results.size(); ++i) {
      if (given.out_axes[i]) give(results[i], graph::PortRole::Argument, "result");
    }
    for (const StoredVariable& variable : given.stacked) give(variable.value, graph::PortRole::Variable, to_string(variable.key));
    return given;
  }

  void close(RegionGuard& guard, LiftedAxes& axes, const Trace& trace) {
    const Given given = give_outputs(guard, trace);
    if (!checks_constancy() && std::find(given.out_axes.begin(), given.out_axes.end(), std::nullopt) != given.out_axes.end()) {
      context_.fail(Code::WrongTransform, options_.place_of("out_axes"), "`broadcast` results want `check_constancy_invariants`");
    }
    guard.leave();
    const std::vector<Tensor> outputs = loop_node(guard, axes, trace, given.carried_count);
    std::size_t next = 0, number = 0, constant = 0;
    Value carry = with_tensors(trace.carry, outputs, next);
    for (const StoredVariable& variable : given.carried)
      context_.view->put(variable.key, with_tensors(variable.value, outputs, next), variable.place);
    Value result = map_tensors(trace.result, [&](const Tensor&) -> Value {
      const LiftedAxes::Axis axis = given.out_axes[number++];
      return axis ? axes.placed(outputs[next++], *axis, "out_axes") : constant_results_[constant++];
    });
    for (const StoredVariable& variable : given.stacked) {
      const std::int64_t axis = *guard.view().group_of(variable.key.collection)->axis;
      Value value = map_tensors(variable.value, [&](const Tensor&) -> Value { return axes.placed(outputs[next++], axis, "variable_axes"); });
      context_.view->put(variable.key, std::move(value), variable.place);
    }
    result_ = List{std::move(carry), std::move(result)};
  }

  // Those that the body touched, in the order in which it did; each with as many tensors of the same types as it had.
  std::vector<StoredVariable> carried_variables(RegionGuard& guard) const {
    std::vector<StoredVariable> carried;
    const auto& imports = guard.view().imports();
    for (std::size_t i = 0; i < imports.size(); ++i) {
      if (imports[i].axis) continue;
      const VariableKey& key = imports[i].key;
      if (!carried.empty() && carried.back().key == key) continue;
      const StoredVariable* now = guard.view().find(key);
      const std::vector<Tensor> tensors = tensors_of(now->value);
      const auto count =
          static_cast<std::size_t>(std::count_if(imports.begin(), imports.end(), [&](const auto& import) { return import.key == key; }));
      const std::string name = concat("`", to_string(key), "`");
      if (tensors.size() != count) {
        context_.fail(Code::LayerRule, now->place,
                      concat(name, " is carried by `scan` and holds ", count, " arrays before a step and ", tensors.size(), " after it"));
      }
      for (std::size_t j = 0; j < count; ++j) check_carried(context_, arguments_.place, name, imports[i + j].outer.fact(), tensors[j].fact());
      carried.push_back(*now);
    }
    for (const StoredVariable* variable : guard.view().written()) {
      const VariableView::Group* group = guard.view().group_of(variable->key.collection);
      if (group == nullptr || !group->carried) continue;
      if (std::any_of(carried.begin(), carried.end(), [&](const StoredVariable& known) { return known.key == variable->key; })) continue;
      context_.fail(
          Code::LayerRule, variable->place,
          concat("`", to_string(variable->key), "` is carried by `scan`, so it must exist before the first step: make it outside of the loop"));
    }
    return carried;
  }

  std::vector<StoredVariable> stacked_variables(RegionGuard& guard) const {
    std::vector<StoredVariable> stacked;
    for (const StoredVariable* variable : guard.view().written()) {
      const VariableView::Group* group = guard.view().group_of(variable->key.collection);
      if (group != nullptr && group->axis) stacked.push_back(*variable);
    }
    std::sort(stacked.begin(), stacked.end(), [](const StoredVariable& a, const StoredVariable& b) { return a.key < b.key; });
    return stacked;
  }

  // Brings the inputs of the region into their order (carried, sliced, the same in each step), and hands over their values.
  std::vector<Tensor> loop_node(RegionGuard& guard, LiftedAxes& axes, const Trace& trace, std::size_t carried_count) {
    struct Operand {
      graph::Port port;
      Tensor tensor;
    };
    std::vector<Operand> carried, sliced, whole;
    const std::vector<Tensor> carry = tensors_of(carry_);
    const std::vector<Tensor> captures = context_.builder.captured(guard.region());
    std::size_t next_carry = 0, next_capture = 0;
    const auto& imports = guard.view().imports();
    for (const graph::Port& port : guard.graph().inputs) {
      const auto import = std::find_if(imports.begin(), imports.end(), [&](const auto& i) { return i.input == port.value && !i.axis; });
      if (next_carry < carry.size() && trace.carry_inputs[next_carry] == port.value) {
        carried.push_back({port, carry[next_carry++]});
      } else if (import != imports.end()) {
        carried.push_back({port, import->outer});
      } else if (const std::optional<Tensor> slices = axes.operand(guard, port)) {
        sliced.push_back({port, *slices});
      } else {
        whole.push_back({port, captures[next_capture++]});
      }
    }
    LoopAttributes<graph::Dim> attributes{guard.region(), *axes_.size(), static_cast<std::int64_t>(carried_count),
                                          static_cast<std::int64_t>(sliced.size()), flag("reverse", false)};
    std::vector<Tensor> tensors;
    guard.graph().inputs.clear();
    for (const auto* part : {&carried, &sliced, &whole}) {
      for (const Operand& operand : *part) {
        guard.graph().inputs.push_back(operand.port);
        tensors.push_back(operand.tensor);
      }
    }
    return context_.builder.loop(attributes, tensors);
  }

  Context& context_;
  const TransformOptions& options_;
  Instance& instance_;
  const TransformSpec::Body& body_;
  const Arguments& arguments_;
  const std::vector<VariableView::Stream> streams_;
  // Of the module before the first trace: each trace gives its submodules the same names.
  const decltype(Instance::automatic_names) automatic_names_;
  const decltype(ScopeNode::reservations) reservations_;
  LiftedAxes axes_;
  std::vector<VariableView::Group> groups_;
  Value carry_;
  List xs_;
  std::vector<LiftedAxes::Axis> x_axes_;
  std::vector<Tensor> constant_results_;
  Value result_;
};

Value run(Context& context, const TransformOptions& options, Instance& instance, const TransformSpec::Body& body, const Arguments& arguments) {
  return Scan(context, options, instance, body, arguments).run();
}

TransformSpec spec() {
  TransformSpec scan;
  scan.name = "scan";
  scan.prefix = "Scan";
  scan.doc = "Runs the module in a loop: a carry goes from step to step, variables are stacked, shared or carried.";
  scan.options = {{"variable_axes", "collection -> axis along which its variables are stacked, one slice for each step"},
                  {"variable_broadcast", "collections whose variables are shared by the steps"},
                  {"variable_carry", "collections whose variables go from step to step"},
                  {"split_rngs", "stream -> whether each step gets a key of its own; streams not named are not visible inside"},
                  {"in_axes", "axis of each further argument that is cut into slices, or broadcast (default: 0)"},
                  {"out_axes", "where the axis of the steps stands in each result, or broadcast (default: 0)"},
                  {"length", "number of steps, where no argument tells"},
                  {"reverse", "whether the last slices come first"},
                  {"unroll", "accepted; changes no value"},
                  {"data_transform", "must be none"},
                  {"metadata_params", "accepted; changes no value"},
                  {"check_constancy_invariants", "whether the body is traced once more to find what the steps share (default: true)"},
                  {"methods", "methods that are transformed (default: call)"}};
  scan.positional_only = true;
  scan.run = &run;
  return scan;
}

const RegisterTransform scan{spec()};

}  // namespace
}  // namespace linenc::transforms
