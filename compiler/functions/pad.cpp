// jnp.pad: constant edge reflect symmetric wrap empty; lax.pad. Tested by tests/compiler/functions/goldens_test.cpp.
#include "compiler/catalog/arrange.h"
#include "compiler/catalog/registry.h"

namespace linenc::functions {
namespace {

using namespace catalog;

struct Pair {
  Dim before, after;
};

// A number for all, a pair for all, or a pair for each axis.
std::vector<Pair> pairs_of(const Bound& args, std::size_t i, std::int64_t rank) {
  const Value& value = args.value(i);
  const auto axes = static_cast<std::size_t>(rank);
  const List* list = value.list();
  const auto size_of = [&](const Value& item) {
    const Dim* dim = item.integer();
    if (!dim) args.wrong_type(i, "an int, a pair of ints or a list of pairs");
    return *dim;
  };
  const auto pair_of = [&](const Value& item) -> Pair {
    const List* both = item.list();
    if (!both) return {size_of(item), size_of(item)};
    if (both->size() == 1) return {size_of((*both)[0]), size_of((*both)[0])};
    if (both->size() != 2) args.wrong_type(i, "an int, a pair of ints or a list of pairs");
    return {size_of((*both)[0]), size_of((*both)[1])};
  };
  if (!list) return std::vector<Pair>(axes, pair_of(value));
  const bool holds_pairs = !list->empty() && (*list)[0].list();
  if (!holds_pairs) return std::vector<Pair>(axes, pair_of(value));
  if (list->size() == 1) return std::vector<Pair>(axes, pair_of((*list)[0]));
  if (list->size() != axes) {
    args.context.fail(Code::WrongArguments, args.item(i).place, concat("`pad_width` has ", list->size(), " pairs for an array of rank ", rank));
  }
  std::vector<Pair> out;
  for (const Value& item : *list) out.push_back(pair_of(item));
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

// The array read backwards from its end, as often as it takes. The edge itself is repeated by `symmetric` only.
Tensor pad_mirrored(Context& context, Tensor x, std::int64_t axis, Dim amount, bool before, bool is_reflect) {
  graph::Builder& b = context.builder;
  const graph::DimContext& dims = b.dims();
  const Dim size = x.dim(axis);
  const Dim offset = is_reflect && size != Dim(1) ? 1 : 0, reach = size - offset;
  for (int turn = 0; amount != Dim(0); ++turn) {
    const bool fits = dims.holds(amount, graph::DimContext::Relation::LessEqual, reach) == graph::Truth::Yes;
    if (!fits && (!size.is_constant() || !amount.is_constant() || turn > 1000)) {
      fail_shape(context, concat("cannot mirror ", amount, " elements of an axis of ", size), {x});
    }
    const Dim now = fits ? amount : reach;
    const Dim start = before ? offset : x.dim(axis) - now - offset;
    const Tensor mirror = graph::reverse(b, graph::slice_axis(b, x, axis, start, now), {axis});
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

// Parameters: array pad_width mode constant_values reflect_type.
Value pad_of(const Bound& args) {
  Context& context = args.context;
  Tensor x = args.tensor(0);
  const std::vector<Pair> pairs = pairs_of(args, 1, x.rank());
  const std::string mode = args.text(2);
  if (mode == "constant") return pad_constants(args, x, pairs);
  if (mode == "empty") return padded(context, x, zero_of(context, x), pairs);
  if (args.text(4) != "even") context.fail(Code::NotSupportedYet, args.place, "`reflect_type` other than 'even' is not supported yet");
  for (std::int64_t axis = 0; axis < x.rank(); ++axis) {
    const Pair& pair = pairs[static_cast<std::size_t>(axis)];
    if (pair.before == Dim(0) && pair.after == Dim(0)) continue;
    if (mode == "edge") {
      x = pad_edge(context, x, axis, pair);
    } else if (mode == "wrap") {
      x = pad_wrapped(context, x, axis, pair);
    } else if (mode == "reflect" || mode == "symmetric") {
      x = pad_mirrored(context, x, axis, pair.before, true, mode == "reflect");
      x = pad_mirrored(context, x, axis, pair.after, false, mode == "reflect");
    } else {
      context.fail(Code::NotSupportedYet, args.place,
                   concat("the mode '", mode, "' of `pad` is not supported yet; constant, edge, reflect, symmetric, wrap are"));
    }
  }
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
