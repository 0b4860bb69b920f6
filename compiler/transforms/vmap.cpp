// vmap: the module is built once as a region for one element, and the region is rewritten over one more axis (vectorize/). Variables get an
// axis, or are shared, as `variable_axes` say; keys are split or shared as `split_rngs` say (linen-semantics E.2).
// Tested by tests/compiler/transforms/names_test.cpp.
#include <algorithm>
#include <optional>

#include "compiler/catalog/lift.h"
#include "compiler/catalog/registry.h"
#include "compiler/graph/ops.h"
#include "compiler/vectorize/vectorize.h"

namespace linenc::transforms {
namespace {

using namespace catalog;
using graph::Dim;
using graph::Fact;
using vectorize::Batched;

std::int64_t normal_axis(Context& context, std::int64_t axis, std::int64_t rank, Span place, std::string_view what) {
  const std::int64_t result = axis < 0 ? axis + rank : axis;
  if (result < 0 || result >= rank)
    context.fail(Code::ShapeMismatch, place, concat(what, " ", axis, " is out of range for ", rank, rank == 1 ? " axis" : " axes"));
  return result;
}

Tensor move_axis(Builder& builder, const Tensor& tensor, std::int64_t from, std::int64_t to) {
  if (from == to) return tensor;
  std::vector<std::int64_t> permutation;
  for (std::int64_t i = 0; i < tensor.rank(); ++i) {
    if (i != from) permutation.push_back(i);
  }
  permutation.insert(permutation.begin() + to, from);
  return graph::transpose(builder, tensor, std::move(permutation));
}

// The parts of one call of vmap.
class Vmap {
 public:
  Vmap(Context& context, const TransformOptions& options, Instance& instance) : context_(context), options_(options), instance_(instance) {}

  Value run(const TransformSpec::Body& body, const Arguments& arguments) {
    read_groups();
    const List positional = positional_values(arguments);
    std::vector<std::optional<std::int64_t>> axes = argument_axes(positional);
    find_size(positional, axes);
    std::vector<VariableView::Stream> streams = context_.view->streams;
    RegionGuard guard(context_, "vmap " + instance_.type->class_name(), groups_, Filter{true, {}});
    const Arguments inner = slice_arguments(guard, arguments, positional, axes);
    open_streams(guard, streams);
    const Value result = body(inner);
    if (result.has_poison()) throw Failed{};
    const std::vector<StoredVariable> written = close_region(context_, guard, result);
    guard.leave();
    return inline_region(guard, result, written);
  }

 private:
  void read_groups() {
    const Value* axes = options_.find("variable_axes");
    if (axes == nullptr || axes->is_none()) return;
    if (axes->map() == nullptr) context_.fail(Code::WrongType, options_.place_of("variable_axes"), "`variable_axes` is a map of collections to axes");
    for (const auto& [key, axis] : *axes->map()) {
      VariableView::Group group{key.boolean() != nullptr || display(key) == "true" ? Filter{true, {}} : Filter{false, {display(key)}}, std::nullopt};
      if (const Dim* number = axis.integer()) {
        group.axis = number->constant();
      } else if (!axis.is_none()) {
        context_.fail(Code::WrongType, options_.place_of("variable_axes"),
                      concat("an axis of `variable_axes` is an int or none, and this is ", kind(axis)));
      }
      groups_.push_back(std::move(group));
    }
  }

  List positional_values(const Arguments& arguments) {
    if (!arguments.keywords.empty()) {
      context_.fail(Code::WrongArguments, arguments.place,
                    concat("`vmap` hands on positional arguments only, and `", arguments.keywords.front().first, "` is a keyword"));
    }
    List values;
    for (const auto& item : arguments.positional) values.push_back(item.value);
    return values;
  }

  // The axis of every tensor of the arguments, in order; none: not mapped. `in_axes` is a prefix of the arguments' tree.
  std::vector<std::optional<std::int64_t>> argument_axes(const List& arguments) {
    const Value* given = options_.find("in_axes");
    const Value in_axes = given == nullptr ? Value(0) : *given;
    std::vector<std::optional<std::int64_t>> axes;
    if (const List* list = in_axes.list()) {
      if (list->size() != arguments.size()) {
        context_.fail(Code::WrongTransform, options_.place_of("in_axes"),
                      concat("`in_axes` has ", list->size(), " entries for ", arguments.size(), " arguments"));
      }
      for (std::size_t i = 0; i < arguments.size(); ++i) spread(arguments[i], (*list)[i], "in_axes", axes);
    } else {
      for (const Value& argument : arguments) spread(argument, in_axes, "in_axes", axes);
    }
    return axes;
  }

  void spread(const Value& value, const Value& axis, const char* option, std::vector<std::optional<std::int64_t>>& axes) {
    if (const Dim* number = axis.integer()) {
      std::vector<Tensor> tensors;
      collect_tensors(value, tensors);
      for (std::size_t i = 0; i < tensors.size(); ++i) axes.push_back(number->constant());
    } else if (axis.is_none() || (axis.text() != nullptr && *axis.text() == "broadcast")) {
      std::vector<Tensor> tensors;
      collect_tensors(value, tensors);
      axes.resize(axes.size() + tensors.size());
    } else if (axis.list() != nullptr && value.list() != nullptr && axis.list()->size() == value.list()->size()) {
      for (std::size_t i = 0; i < value.list()->size(); ++i) spread((*value.list())[i], (*axis.list())[i], option, axes);
    } else if (axis.map() != nullptr && value.map() != nullptr) {
      for (const auto& [key, item] : *value.map()) {
        const Value* entry = axis.entry(display(key));
        spread(item, entry == nullptr ? Value() : *entry, option, axes);
      }
    } else {
      context_.fail(Code::WrongTransform, options_.place_of(option), concat("`", option, "` does not have the form of the arguments"));
    }
  }

  void find_size(const List& arguments, const std::vector<std::optional<std::int64_t>>& axes) {
    std::vector<Tensor> tensors;
    for (const Value& argument : arguments) collect_tensors(argument, tensors);
    for (std::size_t i = 0; i < tensors.size(); ++i) {
      if (!axes[i]) continue;
      const std::int64_t axis = normal_axis(context_, *axes[i], tensors[i].rank(), options_.place_of("in_axes"), "the mapped axis");
      meet(tensors[i].shape()[static_cast<std::size_t>(axis)]);
    }
    const Value* given = options_.find("axis_size");
    if (given != nullptr && given->integer() != nullptr) meet(*given->integer());
    if (!size_) size_ = stored_size();
    if (!size_) context_.fail(Code::WrongTransform, options_.place, "`vmap` cannot tell how many times it maps: `axis_size` says it");
  }

  void meet(const Dim& size) {
    if (!size_) {
      size_ = size;
    } else if (context_.builder.dims().equal(*size_, size) != graph::Truth::Yes) {
      context_.fail(Code::ShapeMismatch, options_.place, concat("`vmap` maps over axes of different sizes: ", size_->text(), " and ", size.text()));
    }
  }

  // Without mapped arguments the stacked variables tell.
  std::optional<Dim> stored_size() {
    for (VariableView* view = context_.view; view != nullptr; view = view->outer()) {
      for (const StoredVariable& variable : view->all()) {
        const auto& path = instance_.scope->path;
        const bool below = variable.key.path.size() >= path.size() && std::equal(path.begin(), path.end(), variable.key.path.begin());
        for (const VariableView::Group& group : groups_) {
          if (!below || !group.axis || !group.filter.matches(variable.key.collection)) continue;
          std::vector<Tensor> tensors;
          collect_tensors(variable.value, tensors);
          if (!tensors.empty()) return tensors[0].dim(*group.axis);
        }
      }
    }
    return std::nullopt;
  }

  Arguments slice_arguments(RegionGuard& guard, const Arguments& arguments, const List& positional,
                            const std::vector<std::optional<std::int64_t>>& axes) {
    Arguments inner;
    inner.place = arguments.place;
    std::size_t next = 0;
    for (std::size_t i = 0; i < positional.size(); ++i) {
      Value value = map_tensors(positional[i], [&](const Tensor& outer) -> Value {
        const std::optional<std::int64_t> axis = axes[next++];
        if (!axis) return outer;  // becomes a capture where it is used
        const std::int64_t at = normal_axis(context_, *axis, outer.rank(), options_.place_of("in_axes"), "the mapped axis");
        Fact fact = outer.fact();
        fact.shape.erase(fact.shape.begin() + at);
        if (!fact.axis_origins.empty()) fact.axis_origins.erase(fact.axis_origins.begin() + at);
        const graph::ValueId input = guard.graph().add_input(std::move(fact), graph::PortRole::Argument, concat("argument ", i));
        mapped_.push_back({input, outer, at});
        return Tensor{&guard.graph(), input};
      });
      inner.positional.push_back({std::move(value), arguments.positional[i].place, arguments.positional[i].text});
    }
    return inner;
  }

  void open_streams(RegionGuard& guard, const std::vector<VariableView::Stream>& streams) {
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

  // The operands of the region, in the order of its inputs.
  std::vector<Batched> operands(RegionGuard& guard) {
    Builder& builder = context_.builder;
    const std::vector<Tensor> captures = builder.captured(guard.region());
    std::size_t next_capture = 0;
    std::vector<Batched> result;
    for (const graph::Port& port : guard.graph().inputs) {
      if (port.role == graph::PortRole::Capture) {
        result.push_back({captures[next_capture++], false});
        continue;
      }
      for (const Mapped& mapped : mapped_) {
        if (mapped.input == port.value) result.push_back({move_axis(builder, builder.use(mapped.outer), mapped.axis, 0), true});
      }
      for (const Split& split : split_) {
        if (split.input == port.value) result.push_back({graph::key_split(builder, builder.use(split.base), {*size_}), true});
      }
      for (const VariableView::Import& import : guard.view().imports()) {
        if (import.input != port.value) continue;
        meet_variable(import);
        result.push_back({move_axis(builder, builder.use(import.outer), import.axis, 0), true});
      }
    }
    return result;
  }

  void meet_variable(const VariableView::Import& import) {
    const Dim& size = import.outer.shape()[static_cast<std::size_t>(import.axis)];
    if (context_.builder.dims().equal(*size_, size) == graph::Truth::Yes) return;
    context_.fail(Code::ParameterShape, instance_.place,
                  concat("`", to_string(import.key), "` holds ", size.text(), " slices, and `vmap` maps over ", size_->text()));
  }

  Value inline_region(RegionGuard& guard, const Value& result, const std::vector<StoredVariable>& written) {
    Builder& builder = context_.builder;
    const std::vector<Batched> outputs = vectorize::vectorize(builder, guard.graph(), operands(guard), *size_);
    std::size_t next = 0;
    std::vector<std::optional<std::int64_t>> axes;
    const Value* given = options_.find("out_axes");
    spread(result, given == nullptr ? Value(0) : *given, "out_axes", axes);
    const Value outer = map_tensors(result, [&](const Tensor&) -> Value {
      const std::optional<std::int64_t> axis = axes[next];
      return placed(outputs[next++], axis, "out_axes", "the result");
    });
    for (const StoredVariable& variable : written) {
      const std::optional<std::int64_t> axis = guard.view().group_of(variable.key.collection)->axis;
      Value value = map_tensors(variable.value, [&](const Tensor&) -> Value {
        return placed(outputs[next++], axis, "variable_axes", concat("`", to_string(variable.key), "`"));
      });
      context_.view->put(variable.key, std::move(value), variable.place);
    }
    return outer;
  }

  Tensor placed(const Batched& output, std::optional<std::int64_t> axis, const char* option, const std::string& what) {
    Builder& builder = context_.builder;
    if (!axis) {
      if (output.batched)
        context_.fail(Code::LayerRule, options_.place_of(option),
                      concat(what, " differs from element to element, so it needs an axis in `", option, "`"));
      return output.tensor;
    }
    Tensor tensor = output.tensor;
    if (!output.batched) {
      graph::Dims shape = tensor.shape();
      shape.insert(shape.begin(), *size_);
      tensor = graph::broadcast_to(builder, tensor, shape);
    }
    return move_axis(builder, tensor, 0, normal_axis(context_, *axis, tensor.rank(), options_.place_of(option), "the axis"));
  }

  struct Mapped {
    graph::ValueId input;
    Tensor outer;
    std::int64_t axis;
  };
  struct Split {
    graph::ValueId input;
    Tensor base;
  };

  Context& context_;
  const TransformOptions& options_;
  Instance& instance_;
  std::vector<VariableView::Group> groups_;
  std::optional<Dim> size_;
  std::vector<Mapped> mapped_;
  std::vector<Split> split_;
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
                  {"axis_name", "accepted; names the axis for collectives"},
                  {"methods", "methods that are transformed (default: call)"}};
  vmap.positional_only = true;
  vmap.run = &run;
  return vmap;
}

const RegisterTransform vmap{spec()};

}  // namespace
}  // namespace linenc::transforms
