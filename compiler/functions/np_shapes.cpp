// NumPy's functions that move elements, on arrays that are known while compiling. Tested by tests/compiler/functions/numpy_goldens_test.cpp.
#include <algorithm>
#include <numeric>

#include "compiler/catalog/registry.h"
#include "compiler/diagnostics/concat.h"
#include "compiler/functions/np_arguments.h"

namespace linenc::functions {
namespace {

using namespace catalog;

using Permutation = std::vector<std::size_t>;

std::int64_t normalized(const Bound& args, std::int64_t axis, std::int64_t rank) {
  if (axis >= -rank && axis < rank) return axis < 0 ? axis + rank : axis;
  args.context.fail(Code::ShapeMismatch, args.place, concat("the axis ", axis, " does not exist: the array has rank ", rank));
}

// One -1 stands for the rest.
ArrayPtr reshaped(const Bound& args, const ArrayPtr& x, Sizes shape) {
  const auto open = std::find(shape.begin(), shape.end(), -1);
  if (open != shape.end()) {
    *open = 1;
    const std::int64_t others = count_of(shape);
    *open = others > 0 && std::find(shape.begin(), shape.end(), -1) == shape.end() ? count_of(x->shape) / others : -1;
  }
  const bool is_negative = std::any_of(shape.begin(), shape.end(), [](std::int64_t size) { return size < 0; });
  if (is_negative || count_of(shape) != count_of(x->shape)) {
    args.context.fail(Code::ShapeMismatch, args.place,
                      concat("an array ", text_of(*x), " has no shape ", graph::to_string(Dims(shape.begin(), shape.end()))));
  }
  charge(args.context, count_of(shape));
  return with_shape(x, std::move(shape));
}

ArrayPtr turned_around(const Bound& args, const ArrayPtr& x) {
  Permutation permutation(x->rank());
  for (std::size_t i = 0; i < permutation.size(); ++i) permutation[i] = permutation.size() - 1 - i;
  return numpy_transpose(args.context, *x, permutation);
}

// reshape(a, shape, order), a.reshape(2, 3)
Value reshape(const Bound& args) {
  const ArrayPtr x = np_array(args, 0);
  const bool has_order = args.rest().size() == 1 && args.rest()[0].value.text() != nullptr;
  Sizes shape = has_order ? args.integers(1) : np_integers_or_rest(args, 1);
  if (!np_column_major(args, has_order ? args.rest()[0].value : args.value(3))) return reshaped(args, x, std::move(shape));
  std::reverse(shape.begin(), shape.end());
  return turned_around(args, reshaped(args, turned_around(args, x), std::move(shape)));
}

Value ravel(const Bound& args) {
  const ArrayPtr x = np_array(args, 0);
  return reshaped(args, np_column_major(args, args.value(1)) ? turned_around(args, x) : x, {-1});
}

Value transpose(const Bound& args) {
  const ArrayPtr x = np_array(args, 0);
  Permutation permutation(x->rank());
  if (args.none(1)) {
    for (std::size_t i = 0; i < permutation.size(); ++i) permutation[i] = permutation.size() - 1 - i;
  } else {
    const std::vector<std::int64_t> axes = np_integers_or_rest(args, 1);
    Permutation sorted;
    for (const std::int64_t axis : axes) sorted.push_back(static_cast<std::size_t>(normalized(args, axis, rank_of(x))));
    permutation = sorted;
    std::sort(sorted.begin(), sorted.end());
    for (std::size_t i = 0; i < x->rank(); ++i) {
      if (sorted.size() != x->rank() || sorted[i] != i)
        args.context.fail(Code::WrongArguments, args.place, concat("`transpose` names each axis of ", text_of(*x), " once"));
    }
  }
  return numpy_transpose(args.context, *x, permutation);
}

Value swapaxes(const Bound& args) {
  const ArrayPtr x = np_array(args, 0);
  Permutation permutation(x->rank());
  std::iota(permutation.begin(), permutation.end(), std::size_t{0});
  std::swap(permutation[static_cast<std::size_t>(args.axis(1, rank_of(x)))], permutation[static_cast<std::size_t>(args.axis(2, rank_of(x)))]);
  return numpy_transpose(args.context, *x, permutation);
}

Value moveaxis(const Bound& args) {
  const ArrayPtr x = np_array(args, 0);
  const std::vector<std::int64_t> from = args.integers(1), to = args.integers(2);
  if (from.size() != to.size()) args.context.fail(Code::WrongArguments, args.place, "`source` and `destination` have one length");
  std::vector<std::pair<std::size_t, std::size_t>> moves;
  Permutation permutation;
  for (std::size_t i = 0; i < from.size(); ++i) {
    moves.emplace_back(static_cast<std::size_t>(normalized(args, to[i], rank_of(x))),
                       static_cast<std::size_t>(normalized(args, from[i], rank_of(x))));
  }
  for (std::size_t axis = 0; axis < x->rank(); ++axis) {
    if (std::none_of(moves.begin(), moves.end(), [&](const auto& move) { return move.second == axis; })) permutation.push_back(axis);
  }
  std::sort(moves.begin(), moves.end());
  for (const auto& [place, axis] : moves)
    permutation.insert(permutation.begin() + static_cast<std::ptrdiff_t>(std::min(place, permutation.size())), axis);
  if (permutation.size() != x->rank()) args.context.fail(Code::WrongArguments, args.place, "`moveaxis` names an axis twice");
  return numpy_transpose(args.context, *x, permutation);
}

Value expand_dims(const Bound& args) {
  const ArrayPtr x = np_array(args, 0);
  std::vector<std::int64_t> axes = args.integers(1);
  const std::int64_t rank = rank_of(x) + static_cast<std::int64_t>(axes.size());
  for (std::int64_t& axis : axes) axis = normalized(args, axis, rank);
  std::sort(axes.begin(), axes.end());
  Sizes shape = x->shape;
  for (const std::int64_t axis : axes) shape.insert(shape.begin() + axis, 1);
  return reshaped(args, x, shape);
}

Value squeeze(const Bound& args) {
  const ArrayPtr x = np_array(args, 0);
  std::vector<std::int64_t> axes;
  if (!args.none(1)) axes = args.axes(1, rank_of(x));
  Sizes shape;
  for (std::int64_t axis = 0; axis < rank_of(x); ++axis) {
    const std::int64_t size = x->shape[static_cast<std::size_t>(axis)];
    const bool is_named = std::find(axes.begin(), axes.end(), axis) != axes.end();
    if (is_named && size != 1) args.context.fail(Code::ShapeMismatch, args.place, concat("the axis ", axis, " has size ", size, ", not 1"));
    if (!(is_named || (args.none(1) && size == 1))) shape.push_back(size);
  }
  return reshaped(args, x, shape);
}

Value broadcast(const Bound& args) { return broadcast_to(args.context, np_array(args, 0), np_shape(args, 1)); }

FunctionSpec at_least(std::size_t rank) {
  return np_function(concat("atleast_", rank, "d"), concat("An array of rank ", rank, " at least."))
      .rest("arys")
      .does([rank](const Bound& args) -> Value {
        List out;
        for (const Arguments::Item& item : args.rest()) {
          const ArrayPtr x = to_static_array(args.context, item.value, item.place);
          Sizes shape = x->shape;
          if (rank == 3 && shape.size() == 2) shape.push_back(1);
          if (rank == 3 && shape.size() == 1) shape = {1, shape[0], 1};
          while (shape.size() < rank) shape.insert(shape.begin(), 1);
          out.push_back(reshaped(args, x, shape));
        }
        return out.size() == 1 ? out[0] : Value(out);
      });
}

// --- several arrays ------------------------------------------------------------------------------------

ArrayPtr joined(const Bound& args, std::vector<NumpyOperand> parts, std::int64_t axis, std::optional<DType> wanted = std::nullopt) {
  if (parts.empty()) args.context.fail(Code::WrongArguments, args.place, "nothing is there to be joined");
  const DType dtype = wanted.value_or(numpy_result_type(parts));
  for (const NumpyOperand& part : parts) {
    if (wanted) np_require_same_kind(args, part.array->dtype, *wanted);
  }
  const ArrayPtr first = parts[0].array;
  if (first->rank() == 0) args.context.fail(Code::ShapeMismatch, args.place, "numbers cannot be joined: see `np.stack`");
  const auto along = static_cast<std::size_t>(normalized(args, axis, rank_of(first)));
  Sizes shape = first->shape;
  shape[along] = 0;
  for (const NumpyOperand& part : parts) {
    Sizes expected = part.array->shape;
    if (expected.size() == shape.size()) {
      const std::int64_t size = std::exchange(expected[along], 0);
      Sizes other = shape;
      other[along] = 0;
      if (expected == other) {
        shape[along] += size;
        continue;
      }
    }
    args.context.fail(
        Code::ShapeMismatch, args.place,
        concat("arrays that are joined along the axis ", axis, " have one shape otherwise: ", text_of(*first), " and ", text_of(*part.array)));
  }
  charge(args.context, count_of(shape));
  StaticArray out(dtype, shape);
  std::int64_t outer = 1, inner = 1;
  for (std::size_t i = 0; i < shape.size(); ++i) (i < along ? outer : i > along ? inner : outer) *= i == along ? 1 : shape[i];
  std::int64_t begin = 0;
  for (const NumpyOperand& part : parts) {
    const StaticArray x = cast(*part.array, dtype);
    const std::int64_t run = x.shape[along] * inner;
    for (std::int64_t o = 0; o < outer; ++o) {
      const std::int64_t to = (o * shape[along] + begin) * inner;
      if (out.is_real())
        std::copy_n(x.reals.begin() + o * run, run, out.reals.begin() + to);
      else
        std::copy_n(x.integers.begin() + o * run, run, out.integers.begin() + to);
    }
    begin += x.shape[along];
  }
  return std::make_shared<const StaticArray>(std::move(out));
}

Value concatenate(const Bound& args) {
  std::vector<NumpyOperand> parts = np_operands(args, 0);
  if (args.none(1)) {
    for (NumpyOperand& part : parts) part.array = reshaped(args, part.array, {-1});
    return joined(args, std::move(parts), 0, np_dtype(args, 3));
  }
  return joined(args, std::move(parts), args.integer(1), np_dtype(args, 3));
}

Value stack(const Bound& args) {
  std::vector<NumpyOperand> parts = np_operands(args, 0);
  if (parts.empty()) args.context.fail(Code::WrongArguments, args.place, "nothing is there to be stacked");
  const std::int64_t axis = args.axis(1, rank_of(parts[0].array) + 1);
  for (NumpyOperand& part : parts) {
    Sizes shape = part.array->shape;
    if (axis > static_cast<std::int64_t>(shape.size())) args.context.fail(Code::ShapeMismatch, args.place, "arrays that are stacked have one shape");
    shape.insert(shape.begin() + axis, 1);
    part.array = with_shape(part.array, shape);
  }
  return joined(args, std::move(parts), axis, np_dtype(args, 3));
}

// hstack, vstack and dstack: each array gets a least rank, then they are joined.
Value stacked(const Bound& args, char how) {
  std::vector<NumpyOperand> parts = np_operands(args, 0);
  for (NumpyOperand& part : parts) {
    Sizes shape = part.array->shape;
    if (shape.empty()) shape = {1};
    if (how != 'h' && shape.size() == 1) shape = {1, shape[0]};
    if (how == 'd' && shape.size() == 2) shape.push_back(1);
    part.array = with_shape(part.array, shape);
  }
  const bool along_first = how == 'v' || (how == 'h' && !parts.empty() && parts[0].array->rank() == 1);
  return joined(args, std::move(parts), along_first ? 0 : how == 'd' ? 2 : 1, how == 'd' ? std::nullopt : np_dtype(args, 1));
}

// --- the same elements again -----------------------------------------------------------------------

// The elements whose positions along an axis are `positions`.
ArrayPtr taken(const Bound& args, const ArrayPtr& x, const std::vector<std::int64_t>& positions, std::int64_t axis) {
  const auto along = static_cast<std::size_t>(axis);
  Sizes shape = x->shape;
  shape[along] = static_cast<std::int64_t>(positions.size());
  charge(args.context, count_of(shape));
  std::int64_t inner = 1, outer = 1;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    if (i < along) outer *= shape[i];
    if (i > along) inner *= shape[i];
  }
  std::vector<std::size_t> offsets;
  offsets.reserve(static_cast<std::size_t>(count_of(shape)));
  for (std::int64_t o = 0; o < outer; ++o) {
    for (const std::int64_t position : positions) {
      for (std::int64_t i = 0; i < inner; ++i) offsets.push_back(static_cast<std::size_t>((o * x->shape[along] + position) * inner + i));
    }
  }
  return std::make_shared<const StaticArray>(picked(*x, offsets, shape));
}

Value repeat(const Bound& args) {
  ArrayPtr x = np_array(args, 0);
  if (args.none(2)) x = reshaped(args, x, {-1});
  const std::int64_t axis = args.none(2) ? 0 : args.axis(2, rank_of(x));
  std::vector<std::int64_t> counts = args.integers(1);
  const std::int64_t size = x->shape[static_cast<std::size_t>(axis)];
  if (counts.size() == 1) counts.assign(static_cast<std::size_t>(size), counts[0]);
  if (static_cast<std::int64_t>(counts.size()) != size)
    args.context.fail(Code::ShapeMismatch, args.place, concat("`repeats` has ", counts.size(), " numbers for ", size, " elements"));
  std::vector<std::int64_t> positions;
  for (std::int64_t i = 0; i < size; ++i) {
    const std::int64_t count = counts[static_cast<std::size_t>(i)];
    if (count < 0) args.context.fail(Code::EvaluationFailed, args.place, "counts cannot be negative");
    charge(args.context, static_cast<std::int64_t>(positions.size()) + count);
    positions.insert(positions.end(), static_cast<std::size_t>(count), i);
  }
  return taken(args, x, positions, axis);
}

Value tile(const Bound& args) {
  ArrayPtr x = np_array(args, 0);
  std::vector<std::int64_t> times = args.integers(1);
  const std::size_t rank = std::max(x->rank(), times.size());
  Sizes shape = x->shape;
  shape.insert(shape.begin(), rank - shape.size(), 1);
  times.insert(times.begin(), rank - times.size(), 1);
  x = with_shape(x, shape);
  for (std::size_t axis = 0; axis < rank; ++axis) {
    if (times[axis] < 0) args.context.fail(Code::EvaluationFailed, args.place, "counts cannot be negative");
    charge(args.context, count_of({times[axis], shape[axis]}));
    std::vector<std::int64_t> positions;
    for (std::int64_t k = 0; k < times[axis]; ++k) {
      for (std::int64_t i = 0; i < shape[axis]; ++i) positions.push_back(i);
    }
    x = taken(args, x, positions, static_cast<std::int64_t>(axis));
  }
  return x;
}

Value flip(const Bound& args) {
  ArrayPtr x = np_array(args, 0);
  for (const std::int64_t axis : args.axes(1, rank_of(x))) {
    std::vector<std::int64_t> positions(static_cast<std::size_t>(x->shape[static_cast<std::size_t>(axis)]));
    for (std::size_t i = 0; i < positions.size(); ++i) positions[i] = static_cast<std::int64_t>(positions.size() - 1 - i);
    x = taken(args, x, positions, axis);
  }
  return x;
}

Value roll(const Bound& args) {
  const ArrayPtr given = np_array(args, 0);
  ArrayPtr x = args.none(2) ? reshaped(args, given, {-1}) : given;
  const std::vector<std::int64_t> axes = args.none(2) ? std::vector<std::int64_t>{0} : args.integers(2);
  std::vector<std::int64_t> shifts = args.integers(1);
  if (shifts.size() == 1) shifts.assign(axes.size(), shifts[0]);
  for (std::size_t k = 0; k < std::min(axes.size(), shifts.size()); ++k) {
    const std::int64_t axis = normalized(args, axes[k], rank_of(x)), size = x->shape[static_cast<std::size_t>(axis)];
    std::vector<std::int64_t> positions;
    for (std::int64_t i = 0; i < size; ++i) positions.push_back(((i - shifts[k]) % size + size) % size);
    x = taken(args, x, positions, axis);
  }
  return with_shape(x, given->shape);
}

// Positions outside brought inside: 'wrap' goes on from the other end, 'clip' takes the nearest; 'raise' leaves them.
ArrayPtr inside(const Bound& args, const ArrayPtr& positions, std::int64_t size, const std::string& mode) {
  if (mode != "raise" && mode != "wrap" && mode != "clip") args.wrong_type(4, "'raise', 'wrap' or 'clip'");
  if (mode == "raise" || size == 0 || positions->is_real()) return positions;
  StaticArray out = *positions;
  for (std::int64_t& i : out.integers) i = mode == "wrap" ? (i % size + size) % size : std::clamp<std::int64_t>(i, 0, size - 1);
  return std::make_shared<const StaticArray>(std::move(out));
}

// take(a, indices, axis, out, mode)
Value take(const Bound& args) {
  ArrayPtr x = np_array(args, 0);
  if (args.none(2)) x = reshaped(args, x, {-1});
  const std::int64_t axis = args.none(2) ? 0 : args.axis(2, rank_of(x));
  List index(static_cast<std::size_t>(axis), Value(std::make_shared<const Slice>()));
  index.emplace_back(inside(args, np_array(args, 1), x->shape[static_cast<std::size_t>(axis)], args.text(4)));
  return numpy_index(args.context, x, index, args.place);
}

// --- pieces ----------------------------------------------------------------------------------------

// split and array_split: into equal parts (the first ones larger), or at the positions of a list.
Value split(const Bound& args, bool must_fit) {
  const ArrayPtr x = np_array(args, 0);
  const std::int64_t axis = args.axis(2, rank_of(x)), size = x->shape[static_cast<std::size_t>(axis)];
  std::vector<std::int64_t> ends;
  if (args.value(1).list() || (args.value(1).array() && args.value(1).array()->rank() == 1)) {
    ends = args.integers(1);
  } else {
    const std::int64_t parts = args.integer(1);
    if (parts < 1 || (must_fit && size % parts != 0))
      args.context.fail(Code::ShapeMismatch, args.place, concat("the axis of size ", size, " is not split into ", parts, " equal parts"));
    for (std::int64_t i = 0, at = 0; i + 1 < parts; ++i) ends.push_back(at += size / parts + (i < size % parts ? 1 : 0));
  }
  List out;
  std::int64_t begin = 0;
  ends.push_back(size);
  for (const std::int64_t end : ends) {
    const auto clamped = [&](std::int64_t at) { return std::clamp<std::int64_t>(at < 0 ? at + size : at, 0, size); };
    std::vector<std::int64_t> positions;
    for (std::int64_t i = clamped(begin); i < clamped(end); ++i) positions.push_back(i);
    out.push_back(taken(args, x, positions, axis));
    begin = end;
  }
  return out;
}

Value append(const Bound& args) {
  std::vector<NumpyOperand> parts{np_operand(args, 0), np_operand(args, 1)};
  if (!args.none(2)) return joined(args, std::move(parts), args.integer(2));
  for (NumpyOperand& part : parts) part.array = reshaped(args, part.array, {-1});
  return joined(args, std::move(parts), 0);
}

// rot90 of the first two axes (or those given).
Value turned(const Bound& args) {
  ArrayPtr x = np_array(args, 0);
  const std::vector<std::int64_t> axes = args.integers(2);
  if (axes.size() != 2) args.context.fail(Code::WrongArguments, args.place, "`axes` holds two axes");
  const std::int64_t a = normalized(args, axes[0], rank_of(x)), b = normalized(args, axes[1], rank_of(x));
  for (std::int64_t k = (args.integer(1) % 4 + 4) % 4; k > 0; --k) {
    std::vector<std::int64_t> positions(static_cast<std::size_t>(x->shape[static_cast<std::size_t>(b)]));
    for (std::size_t i = 0; i < positions.size(); ++i) positions[i] = static_cast<std::int64_t>(positions.size() - 1 - i);
    x = taken(args, x, positions, b);
    Permutation permutation(x->rank());
    std::iota(permutation.begin(), permutation.end(), std::size_t{0});
    std::swap(permutation[static_cast<std::size_t>(a)], permutation[static_cast<std::size_t>(b)]);
    x = numpy_transpose(args.context, *x, permutation);
  }
  return x;
}

Value shape_of(const Bound& args) {
  const ArrayPtr x = np_array(args, 0);
  return List(x->shape.begin(), x->shape.end());
}

FunctionSpec joining(std::string name, std::string doc) {
  return np_function(std::move(name), std::move(doc)).arg("arrays").arg("axis", 0).arg("out", None{}).keyword_only().arg("dtype", None{});
}

Value size_of(const Bound& args) {
  const ArrayPtr x = np_array(args, 0);
  if (args.none(1)) return count_of(x->shape);
  std::int64_t size = 1;
  for (const std::int64_t axis : args.axes(1, rank_of(x))) size *= x->shape[static_cast<std::size_t>(axis)];
  return size;
}

const RegisterFunctions family{{
    np_function("reshape", "The same elements in another shape; one size may be -1.")
        .arg("a")
        .arg("shape")
        .rest("more")
        .keyword_only()
        .arg("order", "C")
        .arg("copy", None{})
        .does(&reshape),
    np_function("ravel", "All elements in one row.").arg("a").arg("order", "C").does(&ravel),
    np_function("flatten", "All elements in one row.").arg("a").arg("order", "C").does(&ravel),
    np_function("transpose", "The axes in another order, by default turned around.").arg("a").arg("axes", None{}).rest("more").does(&transpose),
    np_function("permute_dims", "The axes in another order.").arg("a").arg("axes", None{}).does(&transpose),
    np_function("swapaxes", "Two axes exchanged.").arg("a").arg("axis1").arg("axis2").does(&swapaxes),
    np_function("moveaxis", "Some axes moved to other places.").arg("a").arg("source").arg("destination").does(&moveaxis),
    np_function("expand_dims", "New axes of size 1.").arg("a").arg("axis").does(&expand_dims),
    np_function("squeeze", "Without axes of size 1.").arg("a").arg("axis", None{}).does(&squeeze),
    np_function("broadcast_to", "Repeated to a larger shape.").arg("array").arg("shape").does(&broadcast),
    at_least(1),
    at_least(2),
    at_least(3),
    joining("concatenate", "Arrays joined along an axis.").does(&concatenate),
    joining("concat", "Arrays joined along an axis.").does(&concatenate),
    joining("stack", "Arrays joined along a new axis.").does(&stack),
    np_function("hstack", "Arrays side by side.").arg("tup").keyword_only().arg("dtype", None{}).does([](const Bound& args) {
      return stacked(args, 'h');
    }),
    np_function("vstack", "Arrays one below the other.").arg("tup").keyword_only().arg("dtype", None{}).does([](const Bound& args) {
      return stacked(args, 'v');
    }),
    np_function("dstack", "Arrays one behind the other.").arg("tup").does([](const Bound& args) { return stacked(args, 'd'); }),
    np_function("append", "Two arrays joined.").arg("arr").arg("values").arg("axis", None{}).does(&append),
    np_function("repeat", "Each element several times.").arg("a").arg("repeats").arg("axis", None{}).does(&repeat),
    np_function("tile", "The whole array several times.").arg("A").arg("reps").does(&tile),
    np_function("flip", "Turned around along some axes.").arg("m").arg("axis", None{}).does(&flip),
    np_function("roll", "Shifted along an axis; what leaves at one end enters at the other.").arg("a").arg("shift").arg("axis", None{}).does(&roll),
    np_function("rot90", "Turned by quarters.").arg("m").arg("k", 1).arg("axes", List{0, 1}).does(&turned),
    np_function("take", "The elements at some positions.")
        .arg("a")
        .arg("indices")
        .arg("axis", None{})
        .arg("out", None{})
        .arg("mode", "raise")
        .does(&take),
    np_function("split", "Equal parts along an axis.").arg("ary").arg("indices_or_sections").arg("axis", 0).does([](const Bound& args) {
      return split(args, true);
    }),
    np_function("array_split", "Parts along an axis, the first ones larger where they are not equal.")
        .arg("ary")
        .arg("indices_or_sections")
        .arg("axis", 0)
        .does([](const Bound& args) { return split(args, false); }),
    np_function("shape", "The sizes of the axes.").arg("a").does(&shape_of),
    np_function("ndim", "The number of axes.").arg("a").does([](const Bound& args) -> Value { return rank_of(np_array(args, 0)); }),
    np_function("size", "The number of elements, or of those along some axes.").arg("a").arg("axis", None{}).does(&size_of),
}};

}  // namespace

ArrayPtr np_taken(const Bound& args, const ArrayPtr& x, const std::vector<std::int64_t>& positions, std::int64_t axis) {
  return taken(args, x, positions, axis);
}

ArrayPtr np_concatenate(const Bound& args, std::vector<NumpyOperand> parts, std::int64_t axis) { return joined(args, std::move(parts), axis); }

}  // namespace linenc::functions
