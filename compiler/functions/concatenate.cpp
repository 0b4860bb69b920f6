// Arrays joined and taken apart: concatenate stack split and their kin. Tested by tests/compiler/functions/goldens_test.cpp.
#include <algorithm>

#include "compiler/catalog/arrange.h"
#include "compiler/catalog/registry.h"
#include "compiler/catalog/static_array.h"
#include "compiler/catalog/unequal.h"
#include "compiler/functions/lax_arguments.h"

namespace linenc::functions {
namespace {

using namespace catalog;

std::vector<Tensor> parts_of(const Bound& args, std::size_t i) {
  std::vector<Tensor> parts = args.tensors(i);
  if (parts.empty()) args.context.fail(Code::WrongArguments, args.place, "there is no array to join");
  return parts;
}

// Stacked arrays have one shape, which is told before they get the new axis.
void check_one_shape(Context& context, const std::vector<Tensor>& parts) {
  for (std::size_t i = 1; i < parts.size(); ++i) {
    graph::Reason reason;
    reason.text = concat("stacks arrays of one shape, and has ", graph::to_string(parts[0].shape()), " and ", graph::to_string(parts[i].shape()));
    reason.operand_a = 0, reason.operand_b = static_cast<int>(i);
    if (parts[i].rank() != parts[0].rank()) context.builder.fail(reason, parts);
    for (std::int64_t axis = 0; axis < parts[0].rank(); ++axis) {
      reason.axis_a = reason.axis_b = static_cast<int>(axis);
      if (!is_equal(context, parts[0].dim(axis), parts[i].dim(axis))) fail_unequal(context, parts[0].dim(axis), parts[i].dim(axis), reason, parts);
    }
  }
}

Tensor as_requested(const Bound& args, std::size_t dtype, Tensor x) {
  const auto wanted = args.optional_dtype(dtype);
  return wanted ? astype(args.context, x, *wanted) : x;
}

// `in: [x, y]` hands over two arguments.
void refuse_second_array(const Bound& args) {
  if (args.value(1).tensor() == nullptr) return;
  args.context.fail(Code::NotStatic, args.item(1).place, "the arrays are one argument, a list: as `in` of a statement `in: [[x, y]]`");
}

// Parameters: arrays axis dtype.
Value concatenate_of(const Bound& args) {
  refuse_second_array(args);
  std::vector<Tensor> parts = parts_of(args, 0);
  if (args.none(1)) {
    for (Tensor& part : parts) part = flatten(args.context, part);
    return as_requested(args, 2, concatenate(args.context, std::move(parts), 0));
  }
  const std::int64_t axis = args.axis(1, parts[0].rank());
  return as_requested(args, 2, concatenate(args.context, std::move(parts), axis));
}

Value concat_of(const Bound& args) {
  refuse_second_array(args);
  std::vector<Tensor> parts = parts_of(args, 0);
  const std::int64_t axis = args.axis(1, parts[0].rank());
  return concatenate(args.context, std::move(parts), axis);
}

// lax.concatenate: arrays of one type.
Value lax_concatenate(const Bound& args) {
  refuse_second_array(args);
  const std::vector<Tensor> parts = parts_of(args, 0);
  for (const Tensor& part : parts) {
    if (part.dtype() != parts[0].dtype()) {
      fail_dtype(args.context,
                 concat("joins arrays of one type, and has ", parts[0].dtype(), " and ", part.dtype(), ": `jnp.concatenate` converts them"), parts);
    }
  }
  const std::int64_t axis = lax_axis(args, 1, parts[0].rank());
  return parts.size() == 1 ? parts[0] : graph::concatenate(args.context.builder, parts, axis);
}

// Parameters: arrays axis out dtype.
Value stack_of(const Bound& args) {
  refuse_second_array(args);
  std::vector<Tensor> parts = parts_of(args, 0);
  check_one_shape(args.context, parts);
  const std::int64_t axis = args.axis(1, parts[0].rank() + 1);
  return as_requested(args, 3, stack(args.context, std::move(parts), axis));
}

// Joined along `axis` after each has got a rank of at least `rank`.
Value joined(const Bound& args, std::int64_t rank, std::int64_t axis) {
  Context& context = args.context;
  std::vector<Tensor> parts = parts_of(args, 0);
  for (Tensor& part : parts) {
    part = with_rank(context, part, std::min<std::int64_t>(rank, 2));
    if (rank == 3 && part.rank() == 2) part = graph::expand_dims(context.builder, part, 2);
  }
  return as_requested(args, 1, concatenate(context, std::move(parts), axis));
}

Value hstack(const Bound& args) {
  const std::vector<Tensor> parts = parts_of(args, 0);
  return joined(args, 1, parts[0].rank() <= 1 ? 0 : 1);
}

// Vectors become columns.
Value column_stack(const Bound& args) {
  Context& context = args.context;
  std::vector<Tensor> parts = parts_of(args, 0);
  for (Tensor& part : parts) {
    part = with_rank(context, part, 1);
    if (part.rank() == 1) part = graph::expand_dims(context.builder, part, 1);
  }
  return concatenate(context, std::move(parts), 1);
}

// --- split -----------------------------------------------------------------------------------------

// Unlike NumPy's, they ascend from 0 to the size.
void check_borders(Context& context, Tensor x, const Dims& borders, std::int64_t axis) {
  Dim last = 0;
  for (std::size_t i = 0; i <= borders.size(); ++i) {
    const Dim& next = i == borders.size() ? x.dim(axis) : borders[i];
    if (context.builder.dims().holds(next, graph::DimContext::Relation::Less, last) == graph::Truth::Yes) {
      fail_shape(context, concat("cuts an axis of ", x.dim(axis), " at ascending places between 0 and its end, not at ", graph::to_string(borders)),
                 {x});
    }
    last = next;
  }
}

// How many parts, or the borders between them.
Value split_parts(const Bound& args, std::int64_t axis, bool even) {
  Context& context = args.context;
  const Tensor x = args.tensor(0);
  if (args.value(1).list() || (args.value(1).array() && args.value(1).array()->rank() > 0)) {
    const Dims borders = args.dims(1);
    check_borders(context, x, borders, axis);
    const std::vector<Tensor> parts = split_at(context, x, borders, axis);
    return List(parts.begin(), parts.end());
  }
  const std::int64_t count = args.integer(1);
  if (count < 1) context.fail(Code::WrongArguments, args.place, concat("an array is split into 1 part or more, not ", count));
  const Dim& size = x.dim(axis);
  const Dim part = context.builder.dims().simplify(floor_div(size, count)), rest = context.builder.dims().simplify(size - part * count);
  if (even)
    require_equal(context, rest, 0, concat("cannot split axis ", axis, " of ", graph::to_string(x.shape()), " into ", count, " equal parts"), {x});
  Dims borders;
  Dim border = 0;
  for (std::int64_t i = 0; i + 1 < count; ++i) {
    // The first parts take one more each until the rest is used up.
    border = border + part;
    if (!even) border = context.builder.dims().simplify(border + minimum(maximum(rest - i, 0), 1));
    borders.push_back(border);
  }
  const std::vector<Tensor> parts = split_at(context, x, borders, axis);
  return List(parts.begin(), parts.end());
}

Value split_of(const Bound& args) { return split_parts(args, args.axis(2, args.tensor(0).rank()), true); }
Value array_split(const Bound& args) { return split_parts(args, args.axis(2, args.tensor(0).rank()), false); }

FunctionSpec split_along(std::string name, std::string doc, std::int64_t axis) {
  return FunctionSpec(std::move(name), std::move(doc)).in({"jnp"}).arg("ary").arg("indices_or_sections").does([axis](const Bound& args) {
    const Tensor x = args.tensor(0);
    // A vector is split along the axis that it has.
    const std::int64_t along = axis == 1 && x.rank() == 1 ? 0 : axis;
    if (x.rank() <= along) fail_shape(args.context, concat("has no axis ", along, ": ", x.fact()), {x});
    return split_parts(args, along, true);
  });
}

// lax.split: the sizes of the parts.
Value split_sizes(const Bound& args) {
  Context& context = args.context;
  const Tensor x = args.tensor(0);
  const std::int64_t axis = args.axis(2, x.rank());
  Dims borders;
  Dim end = 0;
  for (const Dim& size : args.dims(1)) borders.push_back(end = end + size);
  require_equal(context, end, x.dim(axis), concat("splits axis ", axis, " of ", graph::to_string(x.shape()), " into parts of ", end, " together"),
                {x});
  if (!borders.empty()) borders.pop_back();
  const std::vector<Tensor> parts = split_at(context, x, borders, axis);
  return List(parts.begin(), parts.end());
}

// The slices along an axis, without that axis.
Value unstack(const Bound& args) {
  Context& context = args.context;
  const Tensor x = args.tensor(0);
  const std::int64_t axis = args.axis(1, x.rank());
  const auto count = x.dim(axis).constant();
  if (!count)
    context.fail(Code::UnknownSize, args.place, concat("`unstack` needs to know how many there are, and `", x.dim(axis), "` is not known yet"));
  List out;
  for (std::int64_t i = 0; i < *count; ++i) {
    out.push_back(graph::squeeze(context.builder, graph::slice_axis(context.builder, x, axis, i, 1), axis));
  }
  return out;
}

// Nested lists of arrays: the innermost lie side by side along the last axis, the lists around them along the axis before.
std::pair<Tensor, std::int64_t> block_of(const Bound& args, const Value& value) {
  const List* list = value.list();
  if (!list) return {to_tensor(args.context, value, args.item(0).place), 1};
  if (list->empty()) args.context.fail(Code::WrongArguments, args.place, "`block` takes no empty list");
  std::vector<Tensor> parts;
  std::int64_t depth = 0, rank = 0;
  for (const Value& item : *list) {
    const auto [part, part_depth] = block_of(args, item);
    if (depth != 0 && part_depth != depth) args.context.fail(Code::WrongArguments, args.place, "the lists of `block` differ in depth");
    depth = part_depth;
    rank = std::max({rank, depth, part.rank()});
    parts.push_back(part);
  }
  for (Tensor& part : parts) part = with_rank(args.context, part, rank);
  return {concatenate(args.context, std::move(parts), rank - depth), depth + 1};
}

Value block(const Bound& args) { return block_of(args, args.value(0)).first; }

// jnp.append: the values at the end of an axis, or of the flattened array.
Value append(const Bound& args) {
  Context& context = args.context;
  Tensor x = args.tensor(0), values = args.tensor(1);
  if (args.none(2)) return concatenate(context, {flatten(context, x), flatten(context, values)}, 0);
  return concatenate(context, {x, values}, args.axis(2, x.rank()));
}

const RegisterFunctions family{{
    FunctionSpec("concatenate", "Arrays one after another along an axis.")
        .in({"jnp"})
        .arg("arrays")
        .arg("axis", 0)
        .arg("dtype", None{})
        .does(&concatenate_of),
    FunctionSpec("concatenate", "Arrays one after another along an axis.").in({"lax"}).arg("operands").arg("dimension").does(&lax_concatenate),
    FunctionSpec("concat", "Arrays one after another along an axis.")
        .in({"jnp"})
        .arg("arrays")
        .positional_only()
        .keyword_only()
        .arg("axis", 0)
        .does(&concat_of),
    FunctionSpec("stack", "Arrays side by side along a new axis.")
        .in({"jnp"})
        .arg("arrays")
        .arg("axis", 0)
        .arg("out", None{})
        .arg("dtype", None{})
        .does(&stack_of),
    FunctionSpec("hstack", "Arrays one after another along the second axis; vectors along the first.")
        .in({"jnp"})
        .arg("tup")
        .arg("dtype", None{})
        .does(&hstack),
    FunctionSpec("vstack", "Arrays one below another.").in({"jnp"}).arg("tup").arg("dtype", None{}).does([](const Bound& args) {
      return joined(args, 2, 0);
    }),
    FunctionSpec("dstack", "Arrays one behind another along the third axis.").in({"jnp"}).arg("tup").arg("dtype", None{}).does([](const Bound& args) {
      return joined(args, 3, 2);
    }),
    FunctionSpec("column_stack", "Vectors as the columns of a matrix, matrices side by side.").in({"jnp"}).arg("tup").does(&column_stack),
    FunctionSpec("split", "An axis cut into equal parts, or at the borders given.")
        .in({"jnp"})
        .arg("ary")
        .arg("indices_or_sections")
        .arg("axis", 0)
        .does(&split_of),
    FunctionSpec("split", "An axis cut into parts of the sizes given.").in({"lax"}).arg("operand").arg("sizes").arg("axis", 0).does(&split_sizes),
    FunctionSpec("array_split", "An axis cut into parts that differ by one at most.")
        .in({"jnp"})
        .arg("ary")
        .arg("indices_or_sections")
        .arg("axis", 0)
        .does(&array_split),
    split_along("vsplit", "The first axis cut into parts.", 0),
    split_along("hsplit", "The second axis cut into parts.", 1),
    split_along("dsplit", "The third axis cut into parts.", 2),
    FunctionSpec("unstack", "The slices along an axis as a list.")
        .in({"jnp"})
        .arg("x")
        .positional_only()
        .keyword_only()
        .arg("axis", 0)
        .does(&unstack),
    FunctionSpec("block", "Nested lists of arrays laid out as one array.").in({"jnp"}).arg("arrays").does(&block),
    FunctionSpec("append", "Values at the end of an axis.").in({"jnp"}).arg("arr").arg("values").arg("axis", None{}).does(&append),
}};

}  // namespace
}  // namespace linenc::functions
