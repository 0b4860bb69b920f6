// flax.linen's pooling over windows of the spatial axes, and lax.reduce_window. Tested by tests/compiler/functions/goldens_test.cpp.
//
//   inputs [batch..., spatial..., features]     window_shape, strides: one number for each spatial axis
#include <array>
#include <cmath>
#include <map>

#include "compiler/catalog/arrange.h"
#include "compiler/catalog/registry.h"
#include "compiler/catalog/static_array.h"
#include "compiler/graph/same_padding.h"

namespace linenc::functions {
namespace {

using namespace catalog;
using Numbers = std::vector<std::int64_t>;

std::string upper(std::string text) {
  for (char& c : text) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c);
  return text;
}

// A number for each axis: one number alone is none.
Numbers integer_list(const Bound& args, std::size_t i) {
  const bool is_list = args.value(i).list() || (args.value(i).array() && args.value(i).array()->rank() == 1);
  if (!is_list) args.wrong_type(i, "a list of ints, one for each axis");
  return args.integers(i);
}

struct Padding {
  Dims low, high;
};

// 'SAME', 'SAME_LOWER', 'VALID' for windows over every axis of x.
Padding named_padding(const Bound& args, std::size_t i, Tensor x, const Numbers& window, const Numbers& strides) {
  const std::string name = upper(args.text(i));
  Padding padding{Dims(window.size(), Dim(0)), Dims(window.size(), Dim(0))};
  if (name == "VALID") return padding;
  if (name != "SAME" && name != "SAME_LOWER") args.wrong_type(i, "'SAME', 'VALID' or a list of pairs");
  const graph::DimContext& dims = args.context.builder.dims();
  for (std::size_t axis = 0; axis < window.size(); ++axis) {
    const graph::SamePadding same = graph::same_padding(dims, x.shape()[axis], window[axis], strides[axis], name == "SAME_LOWER");
    padding.low[axis] = same.low;
    padding.high[axis] = same.high;
  }
  return padding;
}

// A list of (low, high) for each spatial axis; the batch axis and the features have none.
Padding written_padding(const Bound& args, std::size_t i, std::size_t spatial) {
  const List* pairs = args.value(i).list();
  if (!pairs || pairs->size() != spatial) {
    args.context.fail(Code::WrongArguments, args.item(i).place.exists() ? args.item(i).place : args.place,
                      concat("`padding` of a window over ", spatial, " axes is 'SAME', 'VALID' or ", spatial, " pairs"));
  }
  Padding padding{{Dim(0)}, {Dim(0)}};
  for (const Value& pair : *pairs) {
    const List* both = pair.list();
    if (!both || both->size() != 2 || !(*both)[0].integer() || !(*both)[1].integer()) args.wrong_type(i, "a list of (low, high) pairs of ints");
    padding.low.push_back(*(*both)[0].integer());
    padding.high.push_back(*(*both)[1].integer());
  }
  padding.low.push_back(0);
  padding.high.push_back(0);
  return padding;
}

Tensor windows_of(Context& context, Tensor x, const WindowAttributes<Dim>& attributes) {
  graph::Builder& b = context.builder;
  const bool is_order = attributes.kind == WindowKind::Max || attributes.kind == WindowKind::Min;
  if (x.dtype() != DType::Bool || !is_order) return graph::reduce_window(b, x, attributes);
  // Of truth values, true is the larger.
  return astype(context, graph::reduce_window(b, graph::convert(b, x, DType::UInt8), attributes), DType::Bool);
}

struct Pooling {
  std::size_t window = 1, strides = 2, padding = 3;  // where the arguments stand
};

// The window over all axes of `x`, whose axes in front of the spatial ones are batch axes.
Tensor pooled(const Bound& args, Tensor x, WindowKind kind, const Pooling& at) {
  Context& context = args.context;
  graph::Builder& b = context.builder;
  const Numbers window_shape = integer_list(args, at.window);
  const Numbers stride_list = args.none(at.strides) ? Numbers(window_shape.size(), 1) : integer_list(args, at.strides);
  const auto spatial = static_cast<std::int64_t>(window_shape.size()), batch = x.rank() - spatial - 1;
  if (batch < 0) fail_shape(context, concat("has a window over ", spatial, " axes, and the array ", x.fact(), " needs features and those"), {x});
  if (stride_list.size() != window_shape.size()) {
    context.fail(Code::WrongArguments, args.place, concat("`strides` has ", stride_list.size(), " numbers for a window over ", spatial, " axes"));
  }
  const bool is_single = batch == 0;
  if (is_single) x = graph::expand_dims(b, x, 0);
  WindowAttributes<Dim> attributes;
  attributes.kind = kind;
  const auto front = static_cast<std::size_t>(is_single ? 1 : batch);
  attributes.window = Numbers(front, 1), attributes.strides = Numbers(front, 1);
  attributes.window.insert(attributes.window.end(), window_shape.begin(), window_shape.end());
  attributes.strides.insert(attributes.strides.end(), stride_list.begin(), stride_list.end());
  attributes.window.push_back(1), attributes.strides.push_back(1);
  attributes.window_dilation = Numbers(attributes.window.size(), 1);
  Padding padding = args.value(at.padding).text() ? named_padding(args, at.padding, x, attributes.window, attributes.strides)
                                                  : written_padding(args, at.padding, window_shape.size());
  if (padding.low.size() != attributes.window.size()) {
    context.fail(Code::WrongArguments, args.place,
                 concat("pairs of `padding` are taken with one batch axis, and the array ", x.fact(), " has ", batch));
  }
  attributes.low = std::move(padding.low), attributes.high = std::move(padding.high);
  const Tensor out = windows_of(context, x, attributes);
  return is_single ? graph::squeeze(b, out, 0) : out;
}

Value max_pool(const Bound& args) { return pooled(args, args.tensor(0), WindowKind::Max, {}); }
Value min_pool(const Bound& args) { return pooled(args, args.tensor(0), WindowKind::Min, {}); }

// The sum of a window over its size, or over what of it lies inside of the array.
Value avg_pool(const Bound& args) {
  Context& context = args.context;
  graph::Builder& b = context.builder;
  const Tensor x = args.tensor(0);
  if (!is_float(x.dtype()) && !is_integer(x.dtype())) fail_dtype(context, concat("needs numbers, not ", x.dtype()), {x});
  Tensor total = pooled(args, x, WindowKind::Sum, {});  // integers wrap as they are added up, before the division
  if (is_integer(x.dtype())) total = astype(context, total, DType::Float32);
  if (args.boolean(4)) {
    double size = 1;
    for (const std::int64_t n : args.integers(1)) size *= static_cast<double>(n);
    return graph::binary(b, ElementwiseKind::Divide, total, graph::scalar(b, size, total.dtype()));
  }
  Dims shape = x.shape();
  shape.back() = 1;
  if (shape.size() == args.integers(1).size() + 2) shape.front() = 1;
  const Tensor ones = graph::full(b, 1, DType::Float32, shape);
  return divide(context, total, pooled(args, ones, WindowKind::Sum, {}));
}

// pool and lax.reduce_window combine by a function; those that are known are ops.
WindowKind kind_of(const Bound& args, std::size_t i) {
  static const std::map<std::string, WindowKind> kinds = {
      {"add", WindowKind::Sum},     {"max", WindowKind::Max},     {"maximum", WindowKind::Max},     {"min", WindowKind::Min},
      {"minimum", WindowKind::Min}, {"mul", WindowKind::Product}, {"multiply", WindowKind::Product}};
  const auto found = kinds.find(args.function(i)->name());
  if (found == kinds.end()) {
    args.context.fail(Code::NotSupportedYet, args.place,
                      concat("a window is combined by add, max, min or mul, and `", args.function(i)->name(), "` is not supported yet"));
  }
  return found->second;
}

Tensor combined_with_start(const Bound& args, Tensor x, std::size_t init, WindowKind kind) {
  using enum ElementwiseKind;
  const ElementwiseKind join = kind == WindowKind::Sum ? Add : kind == WindowKind::Product ? Multiply : kind == WindowKind::Max ? Maximum : Minimum;
  const double neutral = kind == WindowKind::Sum ? 0 : kind == WindowKind::Product ? 1 : kind == WindowKind::Max ? -INFINITY : INFINITY;
  const double* start = args.value(init).number();
  if ((start && *start == neutral) ||
      (args.value(init).integer() && *args.value(init).integer() == Dim(static_cast<int>(neutral == 1)) && std::isfinite(neutral))) {
    return x;
  }
  return graph::binary(args.context.builder, join, x, astype(args.context, args.tensor(init), x.dtype()));
}

Value pool(const Bound& args) {
  const WindowKind kind = kind_of(args, 2);
  return combined_with_start(args, pooled(args, args.tensor(0), kind, {3, 4, 5}), 1, kind);
}

// Parameters: operand init_value computation window_dimensions window_strides padding base_dilation window_dilation.
Value reduce_window(const Bound& args) {
  Context& context = args.context;
  const Tensor x = args.tensor(0);
  const WindowKind kind = kind_of(args, 2);
  WindowAttributes<Dim> attributes;
  attributes.kind = kind;
  attributes.window = integer_list(args, 3);
  const Numbers ones(attributes.window.size(), 1);
  attributes.strides = args.none(4) ? ones : integer_list(args, 4);
  attributes.window_dilation = args.none(7) ? ones : integer_list(args, 7);
  if (!args.none(6) && integer_list(args, 6) != ones) context.fail(Code::NotSupportedYet, args.place, "`base_dilation` is not supported yet");
  if (static_cast<std::int64_t>(attributes.window.size()) != x.rank() || attributes.strides.size() != ones.size() ||
      attributes.window_dilation.size() != ones.size()) {
    fail_shape(context, concat("has a window over ", attributes.window.size(), " axes for ", x.fact()), {x});
  }
  Numbers reach;
  for (std::size_t axis = 0; axis < ones.size(); ++axis) reach.push_back((attributes.window[axis] - 1) * attributes.window_dilation[axis] + 1);
  if (args.value(5).text()) {
    Padding padding = named_padding(args, 5, x, reach, attributes.strides);
    attributes.low = padding.low, attributes.high = padding.high;
  } else {
    const List* pairs = args.value(5).list();
    if (!pairs || pairs->size() != ones.size()) args.wrong_type(5, "'SAME', 'VALID' or a list of pairs");
    for (const Value& pair : *pairs) {
      const List* both = pair.list();
      if (!both || both->size() != 2 || !(*both)[0].integer() || !(*both)[1].integer()) args.wrong_type(5, "'SAME', 'VALID' or a list of pairs");
      attributes.low.push_back(*(*both)[0].integer());
      attributes.high.push_back(*(*both)[1].integer());
    }
  }
  return combined_with_start(args, windows_of(context, x, attributes), 1, kind);
}

FunctionSpec pooling(std::string name, std::string doc) {
  return FunctionSpec(std::move(name), std::move(doc)).in({"nn"}).arg("inputs").arg("window_shape").arg("strides", None{}).arg("padding", "VALID");
}

const RegisterFunctions family{{
    pooling("max_pool", "The largest element of each window.").does(&max_pool),
    // flax.linen has it in its `pooling` alone.
    pooling("min_pool", "The smallest element of each window.").in({"python"}).does(&min_pool),
    pooling("avg_pool", "The mean of each window.").arg("count_include_pad", true).does(&avg_pool),
    FunctionSpec("pool", "The elements of each window combined by a function.")
        .in({"nn"})
        .arg("inputs")
        .arg("init")
        .arg("reduce_fn")
        .arg("window_shape")
        .arg("strides")
        .arg("padding")
        .does(&pool),
    FunctionSpec("reduce_window", "The elements of each window combined by a function.")
        .in({"lax"})
        .arg("operand")
        .arg("init_value")
        .arg("computation")
        .arg("window_dimensions")
        .arg("window_strides", None{})
        .arg("padding", "VALID")
        .arg("base_dilation", None{})
        .arg("window_dilation", None{})
        .does(&reduce_window),
}};

}  // namespace
}  // namespace linenc::functions
