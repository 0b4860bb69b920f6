// NumPy's indexing on top of slice, reverse, gather and scatter:
//
//   slices and static ints     slice, then squeeze
//   integer tensors            gather; several are joined to one index into the axes they stand for, made one
//   x.at[i].set(u)             scatter at the positions that the same index gives of a table of positions
//
// Tested by tests/compiler/catalog/indexing_test.cpp.
#include "compiler/catalog/indexing.h"

#include <algorithm>
#include <array>
#include <optional>
#include <tuple>
#include <variant>

#include "compiler/catalog/arrange.h"
#include "compiler/catalog/context.h"
#include "compiler/catalog/static_numpy.h"
#include "compiler/diagnostics/concat.h"

namespace linenc::catalog {
namespace {

using graph::DimContext;
using graph::Reason;
using graph::Truth;
using Relation = DimContext::Relation;

// One entry of an index, for one axis of the tensor or for a new one. A lone truth value picks a new axis of size 1, or nothing of it.
struct NewAxis {};
struct Whole {};
struct Entry {
  std::variant<NewAxis, Whole, Slice, Dim, Tensor> what;
  bool is_truth = false;
  [[nodiscard]] bool takes_axis() const { return !std::holds_alternative<NewAxis>(what); }
  [[nodiscard]] const Tensor* tensor() const { return std::get_if<Tensor>(&what); }
  [[nodiscard]] const Dim* number() const { return std::get_if<Dim>(&what); }
  [[nodiscard]] const Slice* slice() const { return std::get_if<Slice>(&what); }
};

bool is_whole(const Slice& slice) { return slice.begin.is_none() && slice.end.is_none() && slice.step.is_none(); }

[[noreturn]] void wrong_index(Context& context, const Value& value) {
  context.fail(Code::WrongType, concat("an array is indexed by ints, slices, none, `...` and integer arrays, and this is ", kind(value)));
}

Entry entry_of(Context& context, const Value& given) {
  const Value value = plain(given);
  if (value.is_none()) return {NewAxis{}};
  if (const Slice* slice = value.slice()) return is_whole(*slice) ? Entry{Whole{}} : Entry{*slice};
  if (const Dim* number = value.integer()) return {*number};
  const auto none_of_them = [&] { return graph::full(context.builder, 0, DType::Int32, {Dim(0)}); };
  if (const bool* picks = value.boolean()) return {*picks ? to_tensor(context, List{0}, DType::Int32) : none_of_them(), true};
  std::optional<Tensor> listed;  // a list of ints stands for the array of them
  if (const List* list = value.list()) listed = list->empty() ? none_of_them() : to_tensor(context, value);
  if (value.array()) listed = to_tensor(context, value);
  const Tensor* tensor = listed ? &*listed : value.tensor();
  if (!tensor) wrong_index(context, value);
  if (tensor->dtype() == DType::Bool) {
    context.fail(Code::NotStatic, concat("how many elements a bool mask picks is not known while compiling: see `where`; the mask is ", kind(value)));
  }
  if (!is_integer(tensor->dtype())) fail_dtype(context, concat("is indexed by integers, not ", tensor->dtype()), {*tensor});
  return {context.builder.use(*tensor)};
}

// A bool mask that is known while compiling picks the elements that its positions pick.
List without_masks(Context& context, const List& written) {
  List out;
  for (const Value& value : written) {
    const ArrayPtr array = value.array();
    if (!array || array->dtype != DType::Bool || array->rank() == 0) {
      out.push_back(value);
      continue;
    }
    charge(context, count_of(array->shape));
    for (const ArrayPtr& positions : numpy_nonzero(*array)) out.push_back(positions);
  }
  return out;
}

// Numbers alone pick an element, which an empty axis does not have; beside tensors they are indices that may lie outside.
void refuse_empty_axes(Context& context, Tensor x, const std::vector<Entry>& entries) {
  if (std::any_of(entries.begin(), entries.end(), [](const Entry& entry) { return entry.tensor() != nullptr; })) return;
  std::int64_t axis = 0;
  for (const Entry& entry : entries) {
    if (!entry.takes_axis()) continue;
    const Dim* number = entry.number();
    if (number && x.dim(axis) == Dim(0)) fail_shape(context, concat("has no element ", *number, " on the empty axis ", axis, " of ", x.fact()), {x});
    ++axis;
  }
}

// One entry for each axis of x (and the new ones), `...` spelled out. x gets the axes of size 1 that lone truth values pick.
std::vector<Entry> entries_of(Context& context, Tensor& x, const Value& index) {
  const List written = without_masks(context, index.list() ? *index.list() : List{index});
  std::vector<Entry> entries;
  std::optional<std::size_t> dots;
  std::int64_t taken = 0;
  for (const Value& value : written) {
    if (value.is_ellipsis()) {
      if (dots) context.fail(Code::WrongArguments, "an index holds `...` once at most");
      dots = entries.size();
      continue;
    }
    entries.push_back(entry_of(context, value));
    taken += entries.back().takes_axis() && !entries.back().is_truth ? 1 : 0;
  }
  if (taken > x.rank()) {
    fail_shape(context, concat("has ", taken, " indices, and the array ", x.fact(), " has ", x.rank(), x.rank() == 1 ? " axis" : " axes"), {x});
  }
  const auto at = static_cast<std::ptrdiff_t>(dots.value_or(entries.size()));
  entries.insert(entries.begin() + at, static_cast<std::size_t>(x.rank() - taken), Entry{Whole{}});
  std::int64_t axis = 0;
  for (const Entry& entry : entries) {
    if (entry.is_truth) x = graph::expand_dims(context.builder, x, axis);
    axis += entry.takes_axis() ? 1 : 0;
  }
  refuse_empty_axes(context, x, entries);
  return entries;
}

// --- static parts --------------------------------------------------------------------------------

Dim slice_bound(Context& context, const Value& given) {
  const Value value = plain(given);
  if (const Dim* dim = value.integer()) return *dim;
  if (const bool* b = value.boolean()) return *b ? 1 : 0;
  if (value.has_tensor()) {
    context.fail(Code::NotStatic,
                 concat("a slice bound must be known while compiling, and this is ", kind(value), ": see `lax.dynamic_slice_in_dim`"));
  }
  context.fail(Code::WrongType, concat("a slice bound is an int, and this is ", kind(value)));
}

// Counted from the start; Python's rule for negative numbers.
Dim from_start(Context& context, const Dim& bound, const Dim& size) {
  switch (context.builder.dims().holds(bound, Relation::GreaterEqual, 0)) {
    case Truth::Yes: return bound;
    case Truth::No: return bound + size;
    case Truth::Unknown: break;
  }
  context.fail(Code::Unproven, concat("whether the slice bound `", bound, "` counts from the start depends on ", bound, " >= 0"));
}

Dim at_most(Context& context, const Dim& a, const Dim& b) {
  const DimContext& dims = context.builder.dims();
  if (dims.holds(a, Relation::LessEqual, b) == Truth::Yes) return a;
  if (dims.holds(b, Relation::LessEqual, a) == Truth::Yes) return b;
  return minimum(a, b);
}

Dim at_least(Context& context, const Dim& a, const Dim& b) {
  const DimContext& dims = context.builder.dims();
  if (dims.holds(a, Relation::GreaterEqual, b) == Truth::Yes) return a;
  if (dims.holds(b, Relation::GreaterEqual, a) == Truth::Yes) return b;
  return maximum(a, b);
}

std::int64_t slice_step(Context& context, const Slice& slice) {
  if (slice.step.is_none()) return 1;
  const Dim step = slice_bound(context, slice.step);
  if (!step.is_constant()) context.fail(Code::UnknownSize, concat("the step of a slice must be a number, and `", step, "` is not known yet"));
  if (step == Dim(0)) context.fail(Code::EvaluationFailed, "the step of a slice is 0");
  return *step.constant();
}

// How many whole numbers [begin, end) and [0, size) share. It is told of the ends as they were written: of ends that were brought
// into [0, size) first, `size` would stand in the result several times, and in slices of slices twice as often each time.
Dim overlap(Context& context, const Dim& begin, const Dim& end, const Dim& size) {
  Dim shared = end - begin;
  for (const Dim& other : {end, size - begin, size}) shared = at_most(context, shared, other);
  return at_least(context, shared, 0);
}

Tensor apply_slice(Context& context, Tensor x, std::int64_t axis, const Slice& slice) {
  const Dim size = x.dim(axis);
  const std::int64_t step = slice_step(context, slice);
  const auto bound = [&](const Value& value, const Dim& otherwise) {
    return value.is_none() ? otherwise : from_start(context, slice_bound(context, value), size);
  };
  graph::Builder& b = context.builder;
  const bool forward = step > 0;
  Dim begin = bound(slice.begin, forward ? Dim(0) : size - 1), end = bound(slice.end, forward ? size : Dim(-1));
  // From `begin` down to the element behind `end` is [end + 1, begin + 1) in reverse.
  if (!forward) std::tie(begin, end) = std::pair(end + 1, begin + 1);
  const std::int64_t stride = forward ? step : -step;
  const Dim count = ceil_div(overlap(context, begin, end, size), stride);
  if (count == Dim(0)) return graph::slice_axis(b, x, axis, 0, 0);
  const auto clamped = [&](const Dim& place) { return at_most(context, at_least(context, place, 0), size); };
  if (forward) return graph::slice_axis(b, x, axis, clamped(begin), count, stride);
  if (stride == 1) return graph::reverse(b, graph::slice_axis(b, x, axis, clamped(begin), count), {axis});
  return graph::slice_axis(b, graph::reverse(b, x, {axis}), axis, clamped(size - end), count, stride);
}

enum class Side { Inside, Below, Above };

Side side_of(Context& context, const Dim& place, const Dim& size) {
  const DimContext& dims = context.builder.dims();
  if (dims.holds(place, Relation::Less, 0) == Truth::Yes) return Side::Below;
  return dims.holds(place, Relation::GreaterEqual, size) == Truth::Yes ? Side::Above : Side::Inside;
}

// Where a static index points; outside it is the nearest element, with a warning.
Dim position(Context& context, const Dim& number, const Dim& size) {
  const Dim place = from_start(context, number, size);
  const Side side = side_of(context, place, size);
  if (side == Side::Inside) return place;
  const bool is_below = side == Side::Below;
  context.warn(Code::IndexOutOfRange, context.place(),
               concat("the index ", number, " is outside of an axis of ", size, "; JAX takes the ", is_below ? "first" : "last", " element"));
  return is_below ? Dim(0) : size - 1;
}

// --- integer tensors -------------------------------------------------------------------------------

Tensor int32_of(Context& context, Tensor indices) { return graph::convert(context.builder, indices, DType::Int32); }

Tensor clipped(Context& context, Tensor indices, const Dim& size) {
  graph::Builder& b = context.builder;
  return graph::clamp(b, graph::integer_scalar(b, 0, DType::Int32), indices, graph::size_scalar(b, size - 1, DType::Int32));
}

// Which part of the result the tensors make: the axes in front of them, theirs, the axes behind.
struct Gathered {
  Tensor result;
  std::int64_t first = 0;  // where their axes begin
  std::int64_t count = 0;  // how many they are
};

// The indices of several axes as one index into these axes joined, row-major. Outside: as `mode` says.
Tensor joined_index(Context& context, const std::vector<Tensor>& indices, const Dims& sizes, GatherMode mode) {
  graph::Builder& b = context.builder;
  std::optional<Tensor> joined, inside;
  for (std::size_t i = 0; i < indices.size(); ++i) {
    const Tensor size = graph::size_scalar(b, sizes[i], DType::Int32);
    Tensor index = indices[i];
    if (mode == GatherMode::Clip) {
      index = clipped(context, index, sizes[i]);
    } else {
      const Tensor not_below = graph::binary(b, ElementwiseKind::GreaterEqual, index, graph::integer_scalar(b, 0, DType::Int32));
      const Tensor is_inside = graph::binary(b, ElementwiseKind::And, not_below, graph::binary(b, ElementwiseKind::Less, index, size));
      inside = inside ? graph::binary(b, ElementwiseKind::And, *inside, is_inside) : is_inside;
    }
    joined = joined ? graph::binary(b, ElementwiseKind::Add, graph::binary(b, ElementwiseKind::Multiply, *joined, size), index) : index;
  }
  return inside ? graph::select(b, *inside, *joined, graph::integer_scalar(b, -1, DType::Int32)) : *joined;
}

bool has_no_elements(const std::vector<Tensor>& arrays) {
  return std::any_of(arrays.begin(), arrays.end(), [](const Tensor& x) { return std::count(x.shape().begin(), x.shape().end(), Dim(0)) > 0; });
}

bool is_empty_beside(Tensor x, const std::vector<std::int64_t>& axes) {
  for (std::int64_t axis = 0; axis < x.rank(); ++axis) {
    if (x.dim(axis) == Dim(0) && std::find(axes.begin(), axes.end(), axis) == axes.end()) return true;
  }
  return false;
}

// Gathers along `axes` (ascending) with one index tensor for each.
Gathered gather_axes(Context& context, Tensor x, const std::vector<std::int64_t>& axes, std::vector<Tensor> indices, bool to_front, GatherMode mode) {
  graph::Builder& b = context.builder;
  Dims sizes;
  std::int64_t rank = 0;
  for (const Tensor& index : indices) rank = std::max(rank, index.rank());
  for (std::size_t i = 0; i < axes.size(); ++i) {
    sizes.push_back(x.dim(axes[i]));
    const bool takes_some = !has_no_elements(indices) && !is_empty_beside(x, axes);
    if (sizes[i] == Dim(0) && takes_some) fail_shape(context, concat("takes elements of the empty axis ", axes[i], " of ", x.fact()), {x});
    indices[i] = wrapped_indices(context, rank == 0 ? bounded_index(context, indices[i]) : indices[i], sizes[i]);
  }
  if (axes.size() == 1) return {graph::gather(b, x, indices[0], axes[0], 0, mode), axes[0], rank};
  const std::int64_t front = to_front ? 0 : axes[0];
  if (to_front) {
    std::vector<std::int64_t> permutation = axes;
    for (std::int64_t axis = 0; axis < x.rank(); ++axis) {
      if (std::find(axes.begin(), axes.end(), axis) == axes.end()) permutation.push_back(axis);
    }
    x = graph::transpose(b, x, permutation);
  }
  Dims shape = x.shape();
  const auto begin = shape.begin() + front;
  shape.erase(begin, begin + static_cast<std::ptrdiff_t>(axes.size()));
  shape.insert(shape.begin() + front, graph::element_count(sizes));
  x = graph::reshape(b, x, shape);
  return {graph::gather(b, x, joined_index(context, indices, sizes, mode), front, 0, mode), front, rank};
}

// --- the whole index ---------------------------------------------------------------------------------

class Indexer {
 public:
  Indexer(Context& context, Tensor x, std::vector<Entry> entries, GatherMode mode)
      : context_(context), x_(x), entries_(std::move(entries)), mode_(mode) {}

  Tensor run() {
    apply_slices();
    const bool has_tensors = std::any_of(entries_.begin(), entries_.end(), [](const Entry& e) { return e.tensor(); });
    return has_tensors ? with_tensors() : with_numbers();
  }

 private:
  void apply_slices() {
    std::int64_t axis = 0;
    for (Entry& entry : entries_) {
      if (const Slice* slice = entry.slice()) {
        x_ = apply_slice(context_, x_, axis, *slice);
        entry.what = Whole{};
      }
      axis += entry.takes_axis() ? 1 : 0;
    }
  }

  // Static ints and new axes.
  Tensor with_numbers() {
    std::int64_t axis = 0;
    for (const Entry& entry : entries_) {
      if (const Dim* number = entry.number()) {
        x_ = graph::slice_axis(context_.builder, x_, axis, position(context_, *number, x_.dim(axis)), 1);
        x_ = graph::squeeze(context_.builder, x_, axis);
      } else {
        if (!entry.takes_axis()) x_ = graph::expand_dims(context_.builder, x_, axis);
        ++axis;
      }
    }
    return x_;
  }

  // NumPy's advanced indexing: what the tensors (and the ints beside them) make stands where the first of them is, or in front
  // where something stands between them.
  Tensor with_tensors() {
    std::vector<std::int64_t> axes;
    std::vector<Tensor> indices;
    std::optional<std::size_t> first, last;
    std::int64_t axis = 0;
    for (std::size_t i = 0; i < entries_.size(); ++i) {
      if (entries_[i].tensor() || entries_[i].number()) {
        first = first ? first : i;
        last = i;
        axes.push_back(axis);
        indices.push_back(entries_[i].tensor() ? *entries_[i].tensor() : constant_index(*entries_[i].number(), x_.dim(axis)));
      }
      axis += entries_[i].takes_axis() ? 1 : 0;
    }
    const bool to_front = *last - *first + 1 != axes.size();
    const Gathered gathered = gather_axes(context_, x_, axes, std::move(indices), to_front, mode_);
    return insert_new_axes(gathered, to_front ? std::nullopt : first);
  }

  Tensor constant_index(const Dim& number, const Dim& size) {
    return graph::size_scalar(context_.builder, position(context_, number, size), DType::Int32);
  }

  // `first` is the entry at which the gathered axes stand; none where they are in front.
  Tensor insert_new_axes(const Gathered& gathered, std::optional<std::size_t> first) {
    Tensor result = gathered.result;
    std::int64_t axis = first ? 0 : gathered.count;
    for (std::size_t i = 0; i < entries_.size(); ++i) {
      const Entry& entry = entries_[i];
      if (first && i == *first) axis += gathered.count;
      if (entry.tensor() || entry.number()) continue;
      if (!entry.takes_axis()) result = graph::expand_dims(context_.builder, result, axis);
      ++axis;
    }
    return result;
  }

  Context& context_;
  Tensor x_;
  std::vector<Entry> entries_;
  GatherMode mode_;
};

// The entries of an index that leaves out what lies outside: a static number there is left to the op, as it would be in a tensor.
std::vector<Entry> entries_of(Context& context, Tensor& x, const Value& index, GatherMode mode) {
  std::vector<Entry> entries = entries_of(context, x, index);
  if (mode == GatherMode::Clip) return entries;
  std::int64_t axis = 0;
  for (Entry& entry : entries) {
    if (const Dim* number = entry.number()) {
      const Dim& size = x.dim(axis);
      if (side_of(context, from_start(context, *number, size), size) != Side::Inside)
        entry.what = graph::size_scalar(context.builder, size, DType::Int32);
    }
    axis += entry.takes_axis() ? 1 : 0;
  }
  return entries;
}

Tensor gather_index(Context& context, Tensor x, const Value& index, GatherMode mode) {
  std::vector<Entry> entries = entries_of(context, x, index, mode);
  return Indexer(context, x, std::move(entries), mode).run();
}

// The axis that a lone index stands for, where every other axis is taken whole and no axis is new.
std::optional<std::int64_t> only_axis(const std::vector<Entry>& entries) {
  std::optional<std::int64_t> found;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (std::holds_alternative<Whole>(entries[i].what)) continue;
    if (found || (!entries[i].tensor() && !entries[i].number())) return std::nullopt;
    found = static_cast<std::int64_t>(i);
  }
  return found;
}

bool is_empty(const Dims& shape) { return std::find(shape.begin(), shape.end(), Dim(0)) != shape.end(); }

// Indices outside go nowhere: a position that no array has. An index of nothing takes any update, as in JAX.
Tensor scatter_at(Context& context, const Tensor given, const Value& index, ScatterKind kind, Tensor update, GatherMode mode) {
  graph::Builder& b = context.builder;
  Tensor x = given;
  const std::vector<Entry> entries = entries_of(context, x, index, mode);
  if (is_empty(given.shape())) return given;
  if (const auto axis = only_axis(entries)) {
    const Entry& entry = entries[static_cast<std::size_t>(*axis)];
    Tensor indices = entry.tensor() ? wrapped_indices(context, *entry.tensor(), x.dim(*axis))
                                    : graph::size_scalar(b, from_start(context, *entry.number(), x.dim(*axis)), DType::Int32);
    Dims shape(x.shape().begin(), x.shape().begin() + *axis);
    shape.insert(shape.end(), indices.shape().begin(), indices.shape().end());
    shape.insert(shape.end(), x.shape().begin() + *axis + 1, x.shape().end());
    if (is_empty(shape)) return given;
    const Tensor out = graph::scatter(b, x, indices, graph::broadcast_to(b, update, shape), {kind, *axis, 0, mode});
    return entry.is_truth ? graph::reshape(b, out, given.shape()) : out;
  }
  const Dim count = graph::element_count(x.shape());
  const Tensor table = graph::reshape(b, graph::iota(b, DType::Int32, {count}, 0), x.shape());
  const Tensor positions = Indexer(context, table, entries, mode).run();
  if (is_empty(positions.shape())) return given;
  const Tensor updates = flatten(context, graph::broadcast_to(b, update, positions.shape()));
  const Tensor flat = graph::scatter(b, flatten(context, x), flatten(context, positions), updates, {kind, 0, 0, GatherMode::Fill});
  return graph::reshape(b, flat, given.shape());
}

// Combines in the common type, as JAX does, and goes back to the type of x.
Tensor update_at(Context& context, Tensor x, const Value& index, ScatterKind kind, Tensor update, GatherMode mode) {
  std::array<Tensor, 2> both{x, update};
  promote_all(context, both);
  // Of truth values, true is the larger.
  if (both[0].dtype() == DType::Bool && (kind == ScatterKind::Max || kind == ScatterKind::Min)) {
    for (Tensor& t : both) t = graph::convert(context.builder, t, DType::UInt8);
  }
  const Tensor result = scatter_at(context, both[0], index, kind, both[1], mode);
  if (result.dtype() == x.dtype() && result.fact().weak == x.fact().weak) return result;
  const Tensor back = astype(context, result, x.dtype());
  return x.fact().weak ? graph::with_weak(context.builder, back, true) : back;
}

GatherMode mode_of(const Bound& args, std::size_t i, GatherMode otherwise) {
  if (args.none(i)) return otherwise;
  const std::string mode = args.text(i);
  if (mode == "fill" || mode == "drop") return GatherMode::Fill;
  if (mode == "clip") return GatherMode::Clip;
  if (mode == "promise_in_bounds") return GatherMode::Promise;
  args.wrong_type(i, "'fill', 'drop', 'clip' or 'promise_in_bounds'");
}

// Without a mode the nearest element is taken. Fill mode marks what is outside with NaN or an extreme number; another value needs the
// question asked of a table.
Tensor get_at(Context& context, Tensor x, const Value& index, const Bound& args) {
  const GatherMode mode = mode_of(args, 0, GatherMode::Clip);
  const Tensor found = gather_index(context, x, index, mode);
  if (args.none(1)) return found;
  graph::Builder& b = context.builder;
  const Tensor table = graph::broadcast_to(b, graph::integer_scalar(b, 1, DType::Int32), x.shape());
  const Tensor inside =
      graph::binary(b, ElementwiseKind::Equal, gather_index(context, table, index, mode), graph::integer_scalar(b, 1, DType::Int32));
  return where(context, inside, found, astype(context, args.tensor(1), x.dtype()));
}

Tensor ones_like(Context& context, Tensor x) {
  const Tensor one = is_float(x.dtype()) ? graph::scalar(context.builder, 1, x.dtype()) : graph::integer_scalar(context.builder, 1, x.dtype());
  return graph::broadcast_to(context.builder, one, x.shape());
}

// How often an index may name one element: as often as its tensors have entries. Of sizes that are not known yet once tells the types.
std::int64_t most_repeats(Context& context, Tensor x, const Value& index) {
  Dims shape;
  for (const Entry& entry : entries_of(context, x, index)) {
    if (!entry.tensor()) continue;
    auto joined = graph::broadcast_shapes(shape, entry.tensor()->shape(), context.builder.dims());
    if (Dims* both = std::get_if<Dims>(&joined)) shape = std::move(*both);
  }
  return graph::element_count(shape).constant().value_or(1);
}

// An element that the index names several times goes through the function as often.
Value apply_at(Context& context, Tensor x, const Value& index, const Bound& args, GatherMode mode) {
  graph::Builder& b = context.builder;
  const auto applied = [&](Tensor values) {
    Arguments arguments;
    arguments.add(values);
    return to_tensor(context, args.function(0)->call(context, arguments));
  };
  Tensor values = applied(gather_index(context, x, index, GatherMode::Clip));
  if (const std::int64_t turns = most_repeats(context, x, index); turns > 1) {
    const Tensor none = graph::full(b, 0, DType::Int32, x.shape());
    const Tensor counts = scatter_at(context, none, index, ScatterKind::Add, graph::integer_scalar(b, 1, DType::Int32), mode);
    const Tensor repeats = gather_index(context, counts, index, GatherMode::Clip);
    for (std::int64_t turn = 1; turn < turns; ++turn) {
      const Tensor goes_on = graph::binary(b, ElementwiseKind::Greater, repeats, graph::integer_scalar(b, turn, DType::Int32));
      values = where(context, goes_on, applied(values), values);
    }
  }
  return update_at(context, x, index, ScatterKind::Set, values, mode);
}

// `required`, where it is named, then the keywords that JAX has, then promises about the indices that the kernels need not.
std::vector<Parameter> parameters_of(std::string_view required, std::vector<std::string> keywords) {
  std::vector<Parameter> out;
  if (!required.empty()) out.push_back({std::string(required), "", Value(), Parameter::Kind::Normal});
  for (std::string& name : keywords) out.push_back({std::move(name), "none", Value(), Parameter::Kind::KeywordOnly});
  for (const char* name : {"indices_are_sorted", "unique_indices"}) out.push_back({name, "false", false, Parameter::Kind::KeywordOnly});
  return out;
}

}  // namespace

Tensor wrapped_indices(Context& context, Tensor indices, const Dim& size) {
  graph::Builder& b = context.builder;
  if (!is_integer(indices.dtype())) fail_dtype(context, concat("needs integer indices, not ", indices.dtype()), {indices});
  const bool is_never_negative = is_unsigned(indices.dtype());
  indices = int32_of(context, indices);
  if (is_never_negative) return indices;
  const Tensor is_negative = graph::binary(b, ElementwiseKind::Less, indices, graph::integer_scalar(b, 0, DType::Int32));
  const Tensor from_end = graph::binary(b, ElementwiseKind::Add, indices, graph::size_scalar(b, size, DType::Int32));
  return graph::select(b, is_negative, from_end, indices);
}

Tensor bounded_index(Context& context, Tensor index) {
  if (index.dtype() != DType::UInt32) return index;
  return graph::binary(context.builder, ElementwiseKind::Minimum, index, graph::integer_scalar(context.builder, 0x7fffffff, DType::UInt32));
}

Value index(Context& context, Tensor x, const Value& index) { return gather_index(context, x, index, GatherMode::Clip); }

Value at_update(Context& context, Tensor x, const Value& index, ScatterKind kind, const Value& update) {
  return update_at(context, x, index, kind, to_tensor(context, update), GatherMode::Fill);
}

Tensor take(Context& context, Tensor x, Tensor indices, std::int64_t axis, GatherMode mode) {
  if (mode == GatherMode::Fill) indices = wrapped_indices(context, indices, x.dim(axis));
  if (!is_integer(indices.dtype())) fail_dtype(context, concat("needs integer indices, not ", indices.dtype()), {x, indices});
  return graph::gather(context.builder, x, int32_of(context, bounded_index(context, indices)), axis, 0, mode);
}

Value call_at(Context& context, Tensor x, const Value& index, const std::string& method, const Arguments& arguments) {
  if (method == "get") {
    return get_at(context, x, index, catalog::bind(context, "get", parameters_of("", {"mode", "fill_value"}), arguments));
  }
  const Bound args = catalog::bind(context, method, parameters_of(method == "apply" ? "func" : "values", {"mode"}), arguments);
  const GatherMode mode = mode_of(args, 1, GatherMode::Fill);
  if (method == "apply") return apply_at(context, x, index, args, mode);
  const Tensor update = to_tensor(context, args.value(0), args.item(0).place);
  const auto combine = [&](ScatterKind kind, Tensor target, Tensor values) { return update_at(context, target, index, kind, values, mode); };
  if (method == "set") return combine(ScatterKind::Set, x, update);
  if (method == "add") return combine(ScatterKind::Add, x, update);
  if (method == "subtract") {
    std::array<Tensor, 2> both{x, update};
    promote_all(context, both);
    return combine(ScatterKind::Add, x, graph::unary(context.builder, ElementwiseKind::Negate, both[1]));
  }
  if (method == "multiply" || method == "mul") return combine(ScatterKind::Multiply, x, update);
  if (method == "min") return combine(ScatterKind::Min, x, update);
  if (method == "max") return combine(ScatterKind::Max, x, update);
  if (method == "divide") return divide(context, x, combine(ScatterKind::Multiply, ones_like(context, x), update));
  if (method == "power") return power(context, x, combine(ScatterKind::Multiply, ones_like(context, x), update));
  context.fail(Code::UnknownMethod,
               concat("`.at[…]` has no `", method, "`; it has set, add, subtract, multiply, mul, divide, power, min, max, apply and get"));
}

}  // namespace linenc::catalog
