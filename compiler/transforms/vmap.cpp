// vmap: the module is built once as a region for one element, and the region is rewritten over one more axis (vectorize/). Variables get an
// axis, or are shared, as `variable_axes` say; keys are split or shared as `split_rngs` say (linen-semantics E.2).
// Tested by tests/compiler/transforms/names_test.cpp.
#include <algorithm>

#include "compiler/catalog/lifted_axes.h"
#include "compiler/catalog/named_axes.h"
#include "compiler/catalog/registry.h"
#include "compiler/graph/ops.h"
#include "compiler/vectorize/vectorize.h"

namespace linenc::transforms {
namespace {

using namespace catalog;
using vectorize::Batched;

// The parts of one call of vmap.
class Vmap {
 public:
  Vmap(Context& context, const TransformOptions& options, Instance& instance)
      : context_(context), options_(options), instance_(instance), axes_(context, options, instance, "vmap", "axis_size") {}

  Value run(const TransformSpec::Body& body, const Arguments& arguments) {
    groups_ = axes_.variable_groups(true);
    const List positional = axes_.positional_values(arguments);
    const std::vector<LiftedAxes::Axis> in_axes = axes_.axes_of(positional, "in_axes");
    axes_.meet_arguments(positional, in_axes);
    axes_.meet_option();
    find_stored_size();
    const std::vector<VariableView::Stream> streams = context_.view->streams;
    const MapScope scope(context_, axis_name(), *axes_.size());
    RegionGuard guard(context_, "vmap " + instance_.type->class_name(), groups_, Filter{true, {}});
    Arguments inner;
    inner.place = arguments.place;
    std::size_t next = 0;
    for (std::size_t i = 0; i < positional.size(); ++i) {
      inner.positional.push_back({axes_.sliced(guard, positional[i], in_axes, next), arguments.positional[i].place, arguments.positional[i].text});
    }
    axes_.open_streams(guard, streams);
    const Value result = body(inner);
    if (result.has_poison()) throw Failed{};
    const std::vector<StoredVariable> written = close_region(context_, guard, result);
    guard.leave();
    return inline_region(guard, result, written, scope.number());
  }

 private:
  // A name, or any other static value, as in JAX.
  [[nodiscard]] std::optional<std::string> axis_name() const {
    const Value* name = options_.find("axis_name");
    return name == nullptr || name->is_none() ? std::nullopt : std::optional(display(*name));
  }

  // Without mapped arguments the stacked variables tell.
  void find_stored_size() {
    for (VariableView* view = context_.view; view != nullptr && !axes_.size(); view = view->outer()) {
      for (const StoredVariable& variable : view->all()) {
        const auto& path = instance_.scope->path;
        const bool below = variable.key.path.size() >= path.size() && std::equal(path.begin(), path.end(), variable.key.path.begin());
        for (const VariableView::Group& group : groups_) {
          if (!below || !group.axis || !group.filter.matches(variable.key.collection)) continue;
          std::vector<Tensor> tensors;
          collect_tensors(variable.value, tensors);
          if (!tensors.empty() && !axes_.size()) axes_.meet(tensors[0].dim(*group.axis));
        }
      }
    }
    if (!axes_.size()) context_.fail(Code::WrongTransform, options_.place, "`vmap` cannot tell how many times it maps: `axis_size` says it");
  }

  // The operands of the region, in the order of its inputs.
  std::vector<Batched> operands(RegionGuard& guard) {
    const std::vector<Tensor> captures = context_.builder.captured(guard.region());
    std::size_t next_capture = 0;
    std::vector<Batched> result;
    for (const graph::Port& port : guard.graph().inputs) {
      if (port.role == graph::PortRole::Capture) {
        result.push_back({captures[next_capture++], false});
      } else {
        result.push_back({*axes_.operand(guard, port), true});
      }
    }
    return result;
  }

  Value inline_region(RegionGuard& guard, const Value& result, const std::vector<StoredVariable>& written, std::uint32_t map) {
    const std::vector<Batched> outputs = vectorize::vectorize(context_.builder, guard.graph(), operands(guard), *axes_.size(), map);
    std::size_t next = 0;
    const std::vector<LiftedAxes::Axis> axes = axes_.axes_of(result, "out_axes");
    const Value outer = map_tensors(result, [&](const Tensor&) -> Value {
      const LiftedAxes::Axis axis = axes[next];
      return placed(outputs[next++], axis, "out_axes", "the result");
    });
    for (const StoredVariable& variable : written) {
      const LiftedAxes::Axis axis = guard.view().group_of(variable.key.collection)->axis;
      Value value = map_tensors(variable.value, [&](const Tensor&) -> Value {
        return placed(outputs[next++], axis, "variable_axes", concat("`", to_string(variable.key), "`"));
      });
      context_.view->put(variable.key, std::move(value), variable.place);
    }
    return outer;
  }

  Tensor placed(const Batched& output, LiftedAxes::Axis axis, const char* option, const std::string& what) {
    if (!axis) {
      if (output.batched)
        context_.fail(Code::LayerRule, options_.place_of(option),
                      concat(what, " differs from element to element, so it needs an axis in `", option, "`"));
      return output.tensor;
    }
    Tensor tensor = output.tensor;
    if (!output.batched) {
      graph::Dims shape = tensor.shape();
      shape.insert(shape.begin(), *axes_.size());
      tensor = graph::broadcast_to(context_.builder, tensor, shape);
    }
    return axes_.placed(tensor, *axis, option);
  }

  Context& context_;
  const TransformOptions& options_;
  Instance& instance_;
  LiftedAxes axes_;
  std::vector<VariableView::Group> groups_;
};

Value run(Context& context, const TransformOptions& options, Instance& instance, const TransformSpec::Body& body, const Arguments& arguments) {
  return Vmap(context, options, instance).run(body, arguments);
}

TransformSpec spec() {
  TransformSpec vmap;
  vmap.name = "vmap";
  vmap.prefix = "Vmap";
  vmap.doc = "Maps the module over an axis of its arguments, with variables stacked or shared.";
  vmap.options = {{"variable_axes", "collection -> axis along which its variables are stacked, or none: shared"},
                  {"split_rngs", "stream -> whether each element gets a key of its own; streams not named are not visible inside"},
                  {"in_axes", "the mapped axis of each argument, or none (default: 0)"},
                  {"out_axes", "where the mapped axis stands in each result (default: 0)"},
                  {"axis_size", "how many elements, where no argument tells"},
                  {"axis_name", "name of the axis, for statistics over it (`axis_name` of the norms)"},
                  {"spmd_axis_name", "accepted; changes no value"},
                  {"metadata_params", "accepted; changes no value"},
                  {"methods", "methods that are transformed (default: call)"}};
  vmap.positional_only = true;
  vmap.run = &run;
  return vmap;
}

const RegisterTransform vmap{spec()};

}  // namespace
}  // namespace linenc::transforms
