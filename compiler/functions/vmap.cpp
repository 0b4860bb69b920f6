// vmap of a pure function: the function is built once for one element, as a region, and the region is rewritten over one more axis
// (vectorize/). Tested by tests/compiler/functions/goldens_test.cpp.
#include "compiler/vectorize/vectorize.h"

#include "compiler/catalog/arrange.h"
#include "compiler/catalog/lift.h"
#include "compiler/catalog/named_axes.h"
#include "compiler/catalog/numpy.h"
#include "compiler/catalog/registry.h"

namespace linenc::functions {
namespace {

using namespace catalog;
using vectorize::Batched;
using Axes = std::vector<std::optional<std::int64_t>>;

std::size_t count_tensors(const Value& value) {
  std::vector<Tensor> tensors;
  collect_tensors(value, tensors);
  return tensors.size();
}

// The axis of every tensor of a value; none: not mapped. `axis` is a prefix of the value's tree.
void spread(Context& context, const Value& value, const Value& axis, std::string_view option, Axes& axes) {
  if (const Dim* number = axis.integer(); number && number->constant()) {
    axes.insert(axes.end(), count_tensors(value), *number->constant());
  } else if (axis.is_none()) {
    axes.insert(axes.end(), count_tensors(value), std::nullopt);
  } else if (axis.list() && value.list() && axis.list()->size() == value.list()->size()) {
    for (std::size_t i = 0; i < value.list()->size(); ++i) spread(context, (*value.list())[i], (*axis.list())[i], option, axes);
  } else if (axis.map() && value.map()) {
    for (const auto& [key, item] : *value.map()) {
      const Value* entry = axis.entry(display(key));
      spread(context, item, entry ? *entry : Value(), option, axes);
    }
  } else {
    context.fail(Code::WrongArguments, concat("`", option, "` of `vmap` does not have the form of what it stands for: ", display(axis)));
  }
}

class Mapping {
 public:
  Mapping(Context& context, const Value& in_axes, const Value& out_axes, std::optional<Dim> size, std::optional<std::string> axis_name = std::nullopt)
      : context_(context), in_axes_(in_axes), out_axes_(out_axes), size_(std::move(size)), axis_name_(std::move(axis_name)) {}

  Value run(const Value& function, const Arguments& arguments) {
    const Axes axes = argument_axes(arguments);
    find_size(arguments, axes);
    const MapScope scope(context_, axis_name_, *size_);
    // Variables may be read in a pure function, and nothing is made or drawn there.
    RegionGuard region(context_, "vmap", {{Filter{true, {}}, std::nullopt}}, Filter{});
    const Value result = inner_result(function, arguments, axes, region);
    region.leave();
    const std::vector<Batched> outputs = vectorize::vectorize(context_.builder, region.graph(), operands(region), *size_, scope.number());
    Axes places;
    spread(context_, result, out_axes_, "out_axes", places);
    std::vector<Tensor> placed_outputs;
    for (std::size_t i = 0; i < outputs.size(); ++i) placed_outputs.push_back(placed(outputs[i], places[i]));
    std::size_t next = 0;
    return with_tensors(result, placed_outputs, next);
  }

 private:
  // Keywords are mapped over their first axis, as in JAX.
  Axes argument_axes(const Arguments& arguments) {
    Axes axes;
    const List* list = in_axes_.list();
    if (list && list->size() != arguments.positional.size()) {
      context_.fail(Code::WrongArguments, arguments.place,
                    concat("`in_axes` of `vmap` has ", list->size(), " entries for ", arguments.positional.size(), " arguments"));
    }
    for (std::size_t i = 0; i < arguments.positional.size(); ++i) {
      spread(context_, arguments.positional[i].value, list ? (*list)[i] : in_axes_, "in_axes", axes);
    }
    for (const auto& [name, item] : arguments.keywords) spread(context_, item.value, 0, "in_axes", axes);
    return axes;
  }

  void find_size(const Arguments& arguments, const Axes& axes) {
    std::vector<Tensor> tensors;
    for (const auto& item : arguments.positional) collect_tensors(item.value, tensors);
    for (const auto& [name, item] : arguments.keywords) collect_tensors(item.value, tensors);
    for (std::size_t i = 0; i < tensors.size(); ++i) {
      if (!axes[i]) continue;
      const Dim& found = tensors[i].dim(normalize_axis(context_, *axes[i], tensors[i].rank()));
      if (size_)
        require_equal(context_, *size_, found, concat("maps over axes of different sizes, ", *size_, " and ", found), {tensors[i]});
      else
        size_ = found;
    }
    if (!size_) context_.fail(Code::WrongArguments, arguments.place, "`vmap` cannot tell how many times it maps: `axis_size` says it");
  }

  Value inner_result(const Value& function, const Arguments& arguments, const Axes& axes, RegionGuard& region) {
    Arguments inner;
    inner.place = arguments.place;
    std::size_t next = 0;
    const auto sliced = [&](const Value& value) {
      return map_tensors(value, [&](const Tensor& outer) -> Value {
        const std::optional<std::int64_t> axis = axes[next++];
        if (!axis) return outer;  // becomes a capture where it is used
        const std::int64_t at = normalize_axis(context_, *axis, outer.rank());
        const graph::ValueId input = region.graph().add_input(without_axis(outer.fact(), static_cast<std::size_t>(at)), graph::PortRole::Argument,
                                                              concat("argument ", mapped_.size()));
        mapped_.push_back({input, outer, at});
        return Tensor{&region.graph(), input};
      });
    };
    for (const auto& item : arguments.positional) inner.positional.push_back({sliced(item.value), item.place, item.text});
    for (const auto& [name, item] : arguments.keywords) inner.keywords.emplace_back(name, Arguments::Item{sliced(item.value), item.place, item.text});
    const Value result = map_arrays(context_, context_.call(function, inner));
    std::vector<Tensor> outputs;
    collect_tensors(result, outputs);
    for (const Tensor& output : outputs) region.graph().outputs.push_back({context_.builder.use(output).id, graph::PortRole::Argument, "output"});
    return result;
  }

  // In the order of the region's inputs.
  std::vector<Batched> operands(RegionGuard& region) {
    const std::vector<Tensor> captures = context_.builder.captured(region.region());
    std::size_t next_capture = 0;
    std::vector<Batched> out;
    for (const graph::Port& port : region.graph().inputs) {
      if (port.role == graph::PortRole::Capture) {
        out.push_back({captures[next_capture++], false});
        continue;
      }
      for (const Mapped& mapped : mapped_) {
        if (mapped.input == port.value) out.push_back({move_axis(context_, context_.builder.use(mapped.outer), mapped.axis, 0), true});
      }
    }
    return out;
  }

  Tensor placed(const Batched& output, std::optional<std::int64_t> axis) {
    if (!axis) {
      if (output.batched)
        context_.fail(Code::WrongArguments, "a result of `vmap` differs from element to element, so it needs an axis in `out_axes`");
      return output.tensor;
    }
    Tensor tensor = output.tensor;
    if (!output.batched) {
      Dims shape = tensor.shape();
      shape.insert(shape.begin(), *size_);
      tensor = graph::broadcast_to(context_.builder, tensor, shape);
    }
    return move_axis(context_, tensor, 0, normalize_axis(context_, *axis, tensor.rank()));
  }

  struct Mapped {
    graph::ValueId input;
    Tensor outer;
    std::int64_t axis;
  };

  Context& context_;
  Value in_axes_, out_axes_;
  std::optional<Dim> size_;
  std::optional<std::string> axis_name_;
  std::vector<Mapped> mapped_;
};

// Parameters: fun in_axes out_axes axis_name axis_size.
Value vmap(const Bound& args) {
  const Value function = args.function(0);
  const Value in_axes = args.value(1), out_axes = args.value(2);
  const std::optional<Dim> size = args.none(4) ? std::nullopt : std::optional(args.size(4));
  const std::optional<std::string> name = args.none(3) ? std::nullopt : std::optional(display(args.value(3)));
  auto body = [function, in_axes, out_axes, size, name](Context& context, const Arguments& arguments) {
    return Mapping(context, in_axes, out_axes, size, name).run(function, arguments);
  };
  return FunctionPtr(std::make_shared<NativeFunction>("vmap(" + args.function(0)->name() + ")", std::move(body), args.function(0)->parameters()));
}

// lax.map(f, xs): of a pure function the same as vmap; JAX takes one element after another, or `batch_size` of them.
Value lax_map(const Bound& args) {
  Arguments arguments;
  arguments.place = args.place;
  arguments.positional.push_back(args.item(1));
  if (!args.value(1).has_tensor()) args.wrong_type(1, "an array or a tree of arrays");
  return Mapping(args.context, 0, 0, std::nullopt).run(Value(args.function(0)), arguments);
}

const RegisterFunction lax_family{FunctionSpec("map", "A function of each element of the first axis, the results stacked.")
                                      .in({"lax"})
                                      .arg("f")
                                      .arg("xs")
                                      .keyword_only()
                                      .arg("batch_size", None{})
                                      .does(&lax_map)};

const RegisterFunction family{FunctionSpec("vmap", "A function mapped over an axis of its arguments.")
                                  .in({"python", "jax"})
                                  .arg("fun")
                                  .arg("in_axes", 0)
                                  .arg("out_axes", 0)
                                  .arg("axis_name", None{})
                                  .arg("axis_size", None{})
                                  .does(&vmap)};

}  // namespace
}  // namespace linenc::functions
