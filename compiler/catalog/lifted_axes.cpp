// Tested by tests/compiler/transforms/names_test.cpp and the models with vmap and scan in tests/models.
#include "compiler/catalog/lifted_axes.h"

#include "compiler/catalog/arrange.h"
#include "compiler/graph/ops.h"

namespace linenc::catalog {

using graph::Dim;
using graph::Fact;

std::vector<VariableView::Group> LiftedAxes::variable_groups(bool may_share) const {
  const Value* axes = options_.find("variable_axes");
  if (axes == nullptr || axes->is_none()) return {};
  const Span place = options_.place_of("variable_axes");
  if (axes->map() == nullptr) context_.fail(Code::WrongType, place, "`variable_axes` is a map of collections to axes");
  std::vector<VariableView::Group> groups;
  for (const auto& [key, axis] : *axes->map()) {
    VariableView::Group group{key.boolean() != nullptr || display(key) == "true" ? Filter{true, {}} : Filter{false, {display(key)}}, std::nullopt};
    if (const Dim* number = axis.integer()) {
      group.axis = number->constant();
    } else if (!may_share || !axis.is_none()) {
      context_.fail(Code::WrongType, place,
                    concat("an axis of `variable_axes` is an int", may_share ? " or none" : "", ", and this is ", kind(axis),
                           may_share ? "" : ": shared variables are named by `variable_broadcast`"));
    }
    groups.push_back(std::move(group));
  }
  return groups;
}

List LiftedAxes::positional_values(const Arguments& arguments) const {
  if (!arguments.keywords.empty()) {
    context_.fail(Code::WrongArguments, arguments.place,
                  concat("`", transform_, "` hands on positional arguments only, and `", arguments.keywords.front().first, "` is a keyword"));
  }
  List values;
  for (const auto& item : arguments.positional) values.push_back(item.value);
  return values;
}

std::vector<LiftedAxes::Axis> LiftedAxes::axes_of(const List& values, const char* option) const {
  const Value* given = options_.find(option);
  const Value tree = given == nullptr ? Value(0) : *given;
  std::vector<Axis> axes;
  if (const List* list = tree.list()) {
    if (list->size() != values.size()) {
      context_.fail(Code::WrongTransform, options_.place_of(option),
                    concat("`", option, "` has ", list->size(), " entries for ", values.size(), values.size() == 1 ? " argument" : " arguments"));
    }
    for (std::size_t i = 0; i < values.size(); ++i) spread(values[i], (*list)[i], option, axes);
  } else {
    for (const Value& value : values) spread(value, tree, option, axes);
  }
  return axes;
}

std::vector<LiftedAxes::Axis> LiftedAxes::axes_of(const Value& value, const char* option) const {
  const Value* given = options_.find(option);
  std::vector<Axis> axes;
  spread(value, given == nullptr ? Value(0) : *given, option, axes);
  return axes;
}

void LiftedAxes::spread(const Value& value, const Value& axis, const char* option, std::vector<Axis>& axes) const {
  std::vector<Tensor> tensors;
  collect_tensors(value, tensors);
  if (const Dim* number = axis.integer()) {
    axes.resize(axes.size() + tensors.size(), number->constant());
  } else if (axis.is_none() || (axis.text() != nullptr && *axis.text() == "broadcast")) {
    axes.resize(axes.size() + tensors.size());
  } else if (axis.list() != nullptr && value.list() != nullptr && axis.list()->size() == value.list()->size()) {
    for (std::size_t i = 0; i < value.list()->size(); ++i) spread((*value.list())[i], (*axis.list())[i], option, axes);
  } else if (axis.map() != nullptr && value.map() != nullptr) {
    for (const auto& [key, item] : *value.map()) {
      const Value* entry = axis.entry(display(key));
      spread(item, entry == nullptr ? Value() : *entry, option, axes);
    }
  } else {
    context_.fail(Code::WrongTransform, options_.place_of(option),
                  concat("`", option, "` does not have the form of the ", option == std::string_view("out_axes") ? "results" : "arguments"));
  }
}

std::int64_t LiftedAxes::normal_axis(std::int64_t axis, std::int64_t rank, const char* option, std::string_view what) const {
  const std::int64_t result = axis < 0 ? axis + rank : axis;
  if (result >= 0 && result < rank) return result;
  context_.fail(Code::ShapeMismatch, options_.place_of(option),
                concat(what, " ", axis, " is out of range for ", rank, rank == 1 ? " axis" : " axes"));
}

void LiftedAxes::meet(const Dim& size) {
  if (!size_) {
    size_ = size;
  } else if (context_.builder.dims().equal(*size_, size) != graph::Truth::Yes) {
    context_.fail(Code::ShapeMismatch, options_.place, concat("`", transform_, "` goes along axes of different sizes, ", *size_, " and ", size));
  }
}

void LiftedAxes::meet_arguments(const List& values, const std::vector<Axis>& axes) {
  std::vector<Tensor> tensors;
  for (const Value& value : values) collect_tensors(value, tensors);
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    if (axes[i]) meet(tensors[i].dim(normal_axis(*axes[i], tensors[i].rank(), "in_axes", "the mapped axis")));
  }
}

void LiftedAxes::meet_option() {
  const Value* given = options_.find(size_option_);
  if (given == nullptr || given->is_none()) return;
  if (given->integer() == nullptr) {
    context_.fail(Code::WrongType, options_.place_of(size_option_), concat("`", size_option_, "` is a size, and this is ", kind(*given)));
  }
  meet(*given->integer());
}

Value LiftedAxes::sliced(RegionGuard& guard, const Value& value, const std::vector<Axis>& axes, std::size_t& next) {
  return map_tensors(value, [&](const Tensor& outer) -> Value {
    const Axis axis = axes[next++];
    if (!axis) return outer;  // becomes a capture where it is used
    const std::int64_t at = normal_axis(*axis, outer.rank(), "in_axes", "the mapped axis");
    const graph::ValueId input = guard.graph().add_input(without_axis(outer.fact(), static_cast<std::size_t>(at)), graph::PortRole::Argument,
                                                         concat("argument ", mapped_.size()));
    mapped_.push_back({input, outer, at});
    return Tensor{&guard.graph(), input};
  });
}

void LiftedAxes::open_streams(RegionGuard& guard, const std::vector<VariableView::Stream>& streams) {
  const Value* split = options_.find("split_rngs");
  if (split == nullptr || split->is_none()) return;
  if (split->map() == nullptr) {
    context_.fail(Code::WrongType, options_.place_of("split_rngs"),
                  concat("`split_rngs` is a map of streams to true or false, such as {params: true}, and this is ", kind(*split)));
  }
  for (const VariableView::Stream& stream : streams) {
    for (const auto& [key, flag] : *split->map()) {
      const std::string name = display(key);
      if (name != stream.name && name != "true") continue;
      VariableView::Stream inner = stream;
      if (truth(flag)) {
        Fact fact = stream.base.fact();
        const graph::ValueId input = guard.graph().add_input(std::move(fact), graph::PortRole::Stream, stream.name);
        split_.push_back({input, stream.base});
        inner.base = {&guard.graph(), input};
      }
      guard.view().streams.push_back(std::move(inner));
      break;
    }
  }
}

Tensor LiftedAxes::in_front(const Tensor& tensor, std::int64_t axis) { return move_axis(context_, context_.builder.use(tensor), axis, 0); }

std::optional<Tensor> LiftedAxes::operand(RegionGuard& guard, const graph::Port& port) {
  for (const Mapped& mapped : mapped_) {
    if (mapped.input == port.value) return in_front(mapped.outer, mapped.axis);
  }
  for (const Split& split : split_) {
    if (split.input == port.value) return graph::key_split(context_.builder, context_.builder.use(split.base), {*size_});
  }
  for (const VariableView::Import& import : guard.view().imports()) {
    if (import.input != port.value || !import.axis) continue;
    const Dim& size = import.outer.dim(*import.axis);
    if (context_.builder.dims().equal(*size_, size) != graph::Truth::Yes) {
      context_.fail(Code::ParameterShape, instance_.place,
                    concat("`", to_string(import.key), "` holds ", size, " slices, and `", transform_, "` goes along ", *size_));
    }
    return in_front(import.outer, *import.axis);
  }
  return std::nullopt;
}

Tensor LiftedAxes::placed(Tensor stacked, std::int64_t axis, const char* option) {
  return move_axis(context_, stacked, 0, normal_axis(axis, stacked.rank(), option, "the axis"));
}

}  // namespace linenc::catalog
