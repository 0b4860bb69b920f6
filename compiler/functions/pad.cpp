// jnp.pad in all of its modes; lax.pad. Tested by tests/compiler/functions/goldens_test.cpp.
#include "compiler/catalog/arrange.h"
#include "compiler/catalog/registry.h"
#include "compiler/catalog/static_array.h"
#include "compiler/functions/creation.h"
#include "compiler/functions/pad_modes.h"
#include "compiler/functions/sort.h"

namespace linenc::functions {
namespace {

using namespace catalog;

struct Pair {
  Dim before, after;
};

// A NumPy array as the lists that it stands for.
Value as_lists(const Value& value) {
  const ArrayPtr array = value.array();
  if (!array) return value;
  if (array->rank() == 0) return plain(value);
  List out;
  for (const Value& item : rows(*array)) out.push_back(as_lists(item));
  return out;
}

// One for all ends, a pair for all axes, or a pair for each axis.
std::vector<std::pair<Value, Value>> pairs_of(const Bound& args, std::size_t i, std::int64_t rank) {
  constexpr std::string_view kWanted = "a number, a pair or a list of pairs";
  const auto axes = static_cast<std::size_t>(rank);
  const Value value = as_lists(args.value(i));
  const List* list = value.list();
  if (!list) return {axes, {value, value}};
  const auto is_pair = [](const List& items) { return items.size() == 2 && !items[0].list() && !items[1].list(); };
  if (list->size() == 1 && !(*list)[0].list()) return {axes, {(*list)[0], (*list)[0]}};
  if (is_pair(*list)) return {axes, {(*list)[0], (*list)[1]}};
  std::vector<std::pair<Value, Value>> out;
  for (const Value& item : *list) {
    if (!item.list() || !is_pair(*item.list())) args.wrong_type(i, kWanted);
    out.emplace_back((*item.list())[0], (*item.list())[1]);
  }
  if (out.size() == 1) out.resize(axes, out[0]);
  if (out.size() != axes) {
    args.context.fail(Code::WrongArguments, args.item(i).place, concat("`pad` has ", out.size(), " pairs for an array of rank ", rank));
  }
  return out;
}

std::vector<Pair> sizes_of(const Bound& args, std::size_t i, std::int64_t rank) {
  const auto size_of = [&](const Value& item) {
    const Value number = plain(item);
    const Dim* dim = number.integer();
    if (!dim) args.wrong_type(i, "an int, a pair of ints or a list of pairs");
    if (args.context.builder.dims().holds(*dim, graph::DimContext::Relation::Less, 0) == graph::Truth::Yes)
      args.context.fail(Code::ShapeMismatch, args.item(i).place, concat("`pad` adds or counts elements, and this is ", *dim));
    return *dim;
  };
  std::vector<Pair> out;
  for (const auto& [before, after] : pairs_of(args, i, rank)) out.push_back({size_of(before), size_of(after)});
  return out;
}

Tensor zero_of(Context& context, Tensor x) {
  return is_float(x.dtype()) ? graph::scalar(context.builder, 0, x.dtype()) : graph::integer_scalar(context.builder, 0, x.dtype());
}

Tensor padded(Context& context, Tensor x, Tensor value, const std::vector<Pair>& pairs) {
  Dims low, high;
  for (const Pair& pair : pairs) low.push_back(pair.before), high.push_back(pair.after);
  return graph::pad(context.builder, x, value, low, high, std::vector<std::int64_t>(pairs.size(), 0));
}

// Different values for the two ends, or for each end of each axis.
Tensor pad_constants(const Bound& args, Tensor x, const std::vector<Pair>& pairs) {
  Context& context = args.context;
  Tensor values = astype(context, to_tensor(context, args.value(3), args.item(3).place), x.dtype());
  if (values.rank() == 0) return padded(context, x, values, pairs);
  values = graph::broadcast_to(context.builder, values, {x.rank(), 2});
  for (std::int64_t axis = 0; axis < x.rank(); ++axis) {
    for (std::int64_t end = 0; end < 2; ++end) {
      std::vector<Pair> one(pairs.size());
      const Pair& pair = pairs[static_cast<std::size_t>(axis)];
      (end == 0 ? one[static_cast<std::size_t>(axis)].before : one[static_cast<std::size_t>(axis)].after) = end == 0 ? pair.before : pair.after;
      const Tensor value = graph::slice(context.builder, values, {axis, end}, {1, 1}, {1, 1});
      x = padded(context, x, graph::reshape(context.builder, value, {}), one);
    }
  }
  return x;
}

Tensor pad_edge(Context& context, Tensor x, std::int64_t axis, const Pair& pair) {
  graph::Builder& b = context.builder;
  std::vector<Tensor> parts;
  if (pair.before != Dim(0)) parts.push_back(repeat(context, graph::slice_axis(b, x, axis, 0, 1), pair.before, axis));
  parts.push_back(x);
  if (pair.after != Dim(0)) parts.push_back(repeat(context, graph::slice_axis(b, x, axis, x.dim(axis) - 1, 1), pair.after, axis));
  return graph::concatenate(b, parts, axis);
}

struct Mirror {
  bool is_reflect = false;  // the edge itself is repeated by `symmetric` only
  bool is_odd = false;      // mirrored through the edge in value, too
};

// The array read backwards from its end, as often as it takes: in turns of `given`, the size before any padding, where values are
// computed, as their rounding shows the turns.
Tensor pad_mirrored(Context& context, Tensor x, std::int64_t axis, Dim amount, bool before, Mirror how, const Dim& given) {
  graph::Builder& b = context.builder;
  const graph::DimContext& dims = b.dims();
  const Dim size = how.is_odd ? given : x.dim(axis);
  const Dim offset = how.is_reflect && size != Dim(1) ? 1 : 0, reach = size - offset;
  Tensor edge = graph::slice_axis(b, x, axis, before ? Dim(0) : x.dim(axis) - 1, 1);
  for (int turn = 0; amount != Dim(0); ++turn) {
    const bool fits = dims.holds(amount, graph::DimContext::Relation::LessEqual, reach) == graph::Truth::Yes;
    if (!fits && (!size.is_constant() || !amount.is_constant() || turn > 1000)) {
      fail_shape(context, concat("cannot mirror ", amount, " elements of an axis of ", size), {x});
    }
    const Dim now = fits ? amount : reach;
    const Dim start = before ? offset : x.dim(axis) - now - offset;
    Tensor mirror = graph::reverse(b, graph::slice_axis(b, x, axis, start, now), {axis});
    if (how.is_odd) {
      const Tensor twice = catalog::binary(context, ElementwiseKind::Multiply, graph::integer_scalar(b, 2, DType::Int32, true), edge);
      mirror = catalog::binary(context, ElementwiseKind::Subtract, twice, mirror);
      if (size != Dim(1)) edge = graph::slice_axis(b, mirror, axis, before ? Dim(0) : now - 1, 1);
    }
    x = graph::concatenate(b, before ? std::vector{mirror, x} : std::vector{x, mirror}, axis);
    amount = amount - now;
  }
  return x;
}

Tensor pad_wrapped(Context& context, Tensor x, std::int64_t axis, const Pair& pair) {
  graph::Builder& b = context.builder;
  const Dim size = x.dim(axis);
  const auto whole = [&](const Dim& amount) {
    const Dim times = b.dims().simplify(floor_div(amount, size));
    if (!times.is_constant()) fail_shape(context, concat("cannot tell how often ", amount, " elements wrap round an axis of ", size), {x});
    return *times.constant();
  };
  const std::int64_t before = pair.before == Dim(0) ? 0 : whole(pair.before), after = pair.after == Dim(0) ? 0 : whole(pair.after);
  const Dim first = pair.before - size * before, last = pair.after - size * after;
  std::vector<Tensor> parts;
  if (first != Dim(0)) parts.push_back(graph::slice_axis(b, x, axis, size - first, first));
  for (std::int64_t i = 0; i < before + after + 1; ++i) parts.push_back(x);
  if (last != Dim(0)) parts.push_back(graph::slice_axis(b, x, axis, 0, last));
  return graph::concatenate(b, parts, axis);
}

// --- statistics and ramps ------------------------------------------------------------------------------

enum class Statistic : std::uint8_t { Mean, Maximum, Minimum, Median };

std::optional<Statistic> statistic_of(const std::string& mode) {
  if (mode == "mean") return Statistic::Mean;
  if (mode == "maximum") return Statistic::Maximum;
  if (mode == "minimum") return Statistic::Minimum;
  if (mode == "median") return Statistic::Median;
  return std::nullopt;
}

// Along an axis that stays with size 1; of integers to the nearest one, halves to even.
Tensor statistic(const Bound& args, Tensor x, std::int64_t axis, Statistic which) {
  Context& context = args.context;
  graph::Builder& b = context.builder;
  const DType dtype = x.dtype();
  if (x.dim(axis) == Dim(0)) fail_shape(context, concat("has nothing to pad with: ", x.fact(), " is empty along axis ", axis), {x});
  if (which == Statistic::Maximum || which == Statistic::Minimum) {
    const bool is_max = which == Statistic::Maximum;
    const ReduceKind kind = dtype == DType::Bool ? (is_max ? ReduceKind::Any : ReduceKind::All) : is_max ? ReduceKind::Max : ReduceKind::Min;
    return graph::reduce(b, kind, x, {axis}, true);
  }
  Tensor out = which == Statistic::Mean ? mean(context, x, {axis}, true) : median_along(context, x, axis, args.place);
  if (is_integer(dtype)) out = graph::unary(b, ElementwiseKind::RoundEven, out);
  return astype(context, out, dtype);
}

Tensor pad_statistic(const Bound& args, Tensor x, const std::vector<Pair>& pairs, Statistic which) {
  Context& context = args.context;
  graph::Builder& b = context.builder;
  const auto lengths = args.none(5) ? std::optional<std::vector<Pair>>() : sizes_of(args, 5, x.rank());
  const auto limited = [&](const Dim& wanted, const Dim& size) {
    if (wanted == Dim(0)) context.fail(Code::WrongArguments, args.place, "`stat_length` of 0 has no element to pad with");
    return b.dims().holds(wanted, graph::DimContext::Relation::LessEqual, size) == graph::Truth::Yes ? wanted
                                                                                                     : b.dims().simplify(minimum(wanted, size));
  };
  for (std::int64_t axis = 0; axis < x.rank(); ++axis) {
    const auto i = static_cast<std::size_t>(axis);
    const Dim size = x.dim(axis);
    Tensor before, after;
    if (lengths) {
      const Dim first = limited((*lengths)[i].before, size), last = limited((*lengths)[i].after, size);
      before = statistic(args, graph::slice_axis(b, x, axis, 0, first), axis, which);
      after = statistic(args, graph::slice_axis(b, x, axis, size - last, last), axis, which);
    } else {
      before = after = statistic(args, x, axis, which);
    }
    x = graph::concatenate(b, std::vector{repeat(context, before, pairs[i].before, axis), x, repeat(context, after, pairs[i].after, axis)}, axis);
  }
  return x;
}

// From the end values in equal steps towards the edges.
Tensor pad_ramp(const Bound& args, Tensor x, const std::vector<Pair>& pairs) {
  Context& context = args.context;
  graph::Builder& b = context.builder;
  const auto ends = pairs_of(args, 6, x.rank());
  const DType dtype = x.dtype();
  const auto count_of = [&](const Dim& amount) {
    const auto known = amount.constant();
    if (!known) context.fail(Code::UnknownSize, args.place, concat("a ramp needs the number of its steps, and `", amount, "` is not known yet"));
    return *known;
  };
  const auto ramp = [&](const Value& end, const Tensor& edge, const Dim& amount, std::int64_t axis) {
    return open_linspace(context, to_tensor(context, end, args.item(6).place), graph::squeeze(b, edge, axis), count_of(amount), dtype, axis);
  };
  for (std::int64_t axis = 0; axis < x.rank(); ++axis) {
    const auto i = static_cast<std::size_t>(axis);
    const Tensor before = ramp(ends[i].first, graph::slice_axis(b, x, axis, 0, 1), pairs[i].before, axis);
    const Tensor after = ramp(ends[i].second, graph::slice_axis(b, x, axis, x.dim(axis) - 1, 1), pairs[i].after, axis);
    x = graph::concatenate(b, std::vector{before, x, graph::reverse(b, after, {axis})}, axis);
  }
  return x;
}

Tensor pad_along(const Bound& args, Tensor x, std::int64_t axis, const Pair& pair, const std::string& mode) {
  Context& context = args.context;
  if (pair.before == Dim(0) && pair.after == Dim(0)) return x;
  if (x.dim(axis) == Dim(0)) fail_shape(context, concat("has nothing to pad with: ", x.fact(), " is empty along axis ", axis), {x});
  if (mode == "edge") return pad_edge(context, x, axis, pair);
  if (mode == "wrap") return pad_wrapped(context, x, axis, pair);
  const std::string type = args.text(4);
  if (type != "even" && type != "odd") args.wrong_type(4, "'even' or 'odd'");
  const Mirror how{mode == "reflect", type == "odd"};
  const Dim size = x.dim(axis);
  x = pad_mirrored(context, x, axis, pair.before, true, how, size);
  return pad_mirrored(context, x, axis, pair.after, false, how, size);
}

// Parameters: array pad_width mode constant_values reflect_type stat_length end_values.
Value pad_of(const Bound& args) {
  Context& context = args.context;
  Tensor x = args.tensor(0);
  const std::string mode = pad_mode(args, {"constant_values", "reflect_type", "stat_length", "end_values"});
  if (x.rank() == 0) return x;
  const std::vector<Pair> pairs = sizes_of(args, 1, x.rank());
  if (mode == "constant") return pad_constants(args, x, pairs);
  if (mode == "empty") return padded(context, x, zero_of(context, x), pairs);
  if (const auto which = statistic_of(mode)) return pad_statistic(args, x, pairs, *which);
  if (mode == "linear_ramp") return pad_ramp(args, x, pairs);
  for (std::int64_t axis = 0; axis < x.rank(); ++axis) x = pad_along(args, x, axis, pairs[static_cast<std::size_t>(axis)], mode);
  return x;
}

// lax.pad: low, high, interior for each axis.
Value lax_pad(const Bound& args) {
  const Tensor x = args.tensor(0);
  const List* config = args.value(2).list();
  if (!config || static_cast<std::int64_t>(config->size()) != x.rank()) args.wrong_type(2, "a list of (low, high, interior) for each axis");
  Dims low, high;
  std::vector<std::int64_t> interior;
  for (const Value& item : *config) {
    const List* three = item.list();
    if (!three || three->size() != 3 || !(*three)[0].integer() || !(*three)[1].integer() || !(*three)[2].integer() ||
        !(*three)[2].integer()->constant()) {
      args.wrong_type(2, "a list of (low, high, interior) for each axis");
    }
    low.push_back(*(*three)[0].integer());
    high.push_back(*(*three)[1].integer());
    interior.push_back(*(*three)[2].integer()->constant());
  }
  return graph::pad(args.context.builder, x, args.tensor(1), low, high, interior);
}

const RegisterFunctions family{{
    FunctionSpec("pad", "An array with more elements at its ends.")
        .in({"jnp"})
        .arg("array")
        .arg("pad_width")
        .arg("mode", "constant")
        .keyword_only()
        .arg("constant_values", 0)
        .arg("reflect_type", "even")
        .arg("stat_length", None{})
        .arg("end_values", 0)
        .does(&pad_of),
    FunctionSpec("pad", "An array with a value at its ends and between its elements.")
        .in({"lax"})
        .arg("operand")
        .arg("padding_value")
        .arg("padding_config")
        .does(&lax_pad),
}};

}  // namespace
}  // namespace linenc::functions
