// NumPy's indexing of static arrays: where each element of the result stands in the array is worked out, then they are picked.
// Tested by tests/compiler/functions/numpy_goldens_test.cpp.
#include <algorithm>
#include <array>
#include <limits>

#include "compiler/catalog/context.h"
#include "compiler/catalog/static_numpy.h"
#include "compiler/diagnostics/concat.h"

namespace linenc::catalog {
namespace {

// One entry of an index: a new axis, a regular walk along an axis (a slice), or positions along an axis (an int or integer array).
struct Entry {
  enum class Kind : std::uint8_t { NewAxis, Walk, Positions } kind = Kind::Walk;
  std::int64_t start = 0, step = 1, count = 1;  // of a walk
  ArrayPtr positions;                           // int64, not negative
};

class Indexer {
 public:
  Indexer(Context& context, const ArrayPtr& array, Span place) : context_(context), array_(array), place_(place) {}

  Value run(const Value& index) {
    read(index);
    std::vector<std::size_t> strides(array_->rank(), 1);
    for (std::size_t axis = array_->rank(); axis-- > 1;) strides[axis - 1] = strides[axis] * static_cast<std::size_t>(array_->shape[axis]);
    place_axes(strides);
    charge(context_, count_of(shape_));
    return std::make_shared<const StaticArray>(picked(*array_, offsets(), shape_));
  }

 private:
  Context& context_;
  const ArrayPtr& array_;
  Span place_;
  std::vector<Entry> entries_;
  // The result: its shape, how far each axis moves, and the offsets that the positions add along one run of its axes.
  Sizes shape_;
  std::vector<std::int64_t> strides_;
  std::int64_t base_ = 0;
  std::size_t first_position_axis_ = 0, position_axes_ = 0;
  std::vector<std::int64_t> position_offsets_{0};

  void read(const Value& index) {
    const List single{index};
    const List& written = index.list() ? *index.list() : single;
    std::size_t taken = 0;
    for (const Value& value : written) taken += axes_of(value);
    if (taken > array_->rank()) {
      context_.fail(Code::ShapeMismatch, place_, concat("too many indices: ", taken, " for ", text_of(*array_)));
    }
    std::size_t axis = 0;
    bool has_dots = false;
    for (const Value& value : written) {
      if (!value.is_ellipsis()) {
        add(value, axis);
        continue;
      }
      if (has_dots) context_.fail(Code::WrongArguments, place_, "an index holds `...` once at most");
      has_dots = true;
      for (std::size_t rest = array_->rank() - taken; rest > 0; --rest) add_whole(axis);
    }
    while (axis < array_->rank()) add_whole(axis);
  }

  // How many axes of the array an entry takes.
  std::size_t axes_of(const Value& value) {
    if (value.is_none() || value.is_ellipsis()) return 0;
    if (value.slice() || value.integer()) return 1;
    const ArrayPtr positions = to_static_array(context_, value, place_);
    return positions->dtype == DType::Bool ? positions->rank() : 1;
  }

  void add_whole(std::size_t& axis) { entries_.push_back({Entry::Kind::Walk, 0, 1, array_->shape[axis++], nullptr}); }

  void add(const Value& value, std::size_t& axis) {
    if (value.is_none()) return void(entries_.push_back({Entry::Kind::NewAxis, 0, 1, 1, nullptr}));
    if (const Slice* slice = value.slice()) return add_slice(*slice, axis);
    ArrayPtr positions = to_static_array(context_, value, place_);
    if (positions->is_real() && positions->size() > 0)
      context_.fail(Code::WrongType, place_,
                    concat("an array is indexed by ints, slices, none, `...`, integer and bool arrays, not by ", text_of(*positions)));
    if (positions->dtype == DType::Bool) {
      for (std::size_t i = 0; i < positions->rank(); ++i) {
        if (positions->shape[i] != array_->shape[axis + i]) {
          context_.fail(Code::ShapeMismatch, place_,
                        concat("the mask has size ", positions->shape[i], " where the array has ", array_->shape[axis + i]));
        }
      }
      for (ArrayPtr& part : numpy_nonzero(*positions)) add_positions(std::move(part), axis);
      return;
    }
    add_positions(std::move(positions), axis);
  }

  void add_positions(ArrayPtr given, std::size_t& axis) {
    StaticArray positions = cast(*given, DType::Int64);
    const std::int64_t size = array_->shape[axis++];
    for (std::int64_t& i : positions.integers) {
      if (i < -size || i >= size) {
        context_.fail(Code::EvaluationFailed, place_, concat("the index ", i, " is out of range: the axis has ", size, " elements"));
      }
      if (i < 0) i += size;
    }
    entries_.push_back({Entry::Kind::Positions, 0, 1, 1, std::make_shared<const StaticArray>(std::move(positions))});
  }

  std::optional<std::int64_t> bound(const Value& given) {
    const Value value = plain(given);
    if (value.is_none()) return std::nullopt;
    const Dim* dim = value.integer();
    if (!dim) context_.fail(Code::WrongType, place_, concat("a slice bound is an int, and this is ", kind(value)));
    if (const auto known = dim->constant()) return *known;
    context_.fail(Code::UnknownSize, place_, concat("the slice bound `", *dim, "` has no size yet"));
  }

  // Python's slice.indices.
  void add_slice(const Slice& slice, std::size_t& axis) {
    const std::int64_t size = array_->shape[axis++], step = bound(slice.step).value_or(1);
    if (step == 0) context_.fail(Code::EvaluationFailed, place_, "a slice step cannot be 0");
    const auto clamped = [&](std::optional<std::int64_t> value, std::int64_t absent) {
      if (!value) return absent;
      const std::int64_t i = *value < 0 ? *value + size : *value;
      return step > 0 ? std::clamp<std::int64_t>(i, 0, size) : std::clamp<std::int64_t>(i, -1, size - 1);
    };
    const std::int64_t begin = clamped(bound(slice.begin), step > 0 ? 0 : size - 1), end = clamped(bound(slice.end), step > 0 ? size : -1);
    const std::int64_t span = step > 0 ? end - begin : begin - end, width = step > 0 ? step : -step;
    entries_.push_back({Entry::Kind::Walk, begin, step, span > 0 ? (span - 1) / width + 1 : 0, nullptr});
  }

  // The positions stand where they are written if nothing stands between them, else in front.
  void place_axes(const std::vector<std::size_t>& strides) {
    std::vector<Sizes> shapes;
    std::size_t first = entries_.size(), last = 0;
    for (std::size_t i = 0; i < entries_.size(); ++i) {
      if (entries_[i].kind != Entry::Kind::Positions) continue;
      shapes.push_back(entries_[i].positions->shape);
      first = std::min(first, i);
      last = i;
    }
    const bool has_positions = !shapes.empty();
    const bool together = has_positions && last - first + 1 == shapes.size();
    const Sizes common = broadcast_shapes(context_, shapes);
    if (has_positions) position_offsets_.assign(static_cast<std::size_t>(count_of(common)), 0);
    const auto put_positions = [&] {
      first_position_axis_ = shape_.size();
      position_axes_ = common.size();
      shape_.insert(shape_.end(), common.begin(), common.end());
      strides_.insert(strides_.end(), common.size(), 0);
    };
    if (has_positions && !together) put_positions();
    std::size_t axis = 0;
    for (std::size_t i = 0; i < entries_.size(); ++i) {
      const Entry& entry = entries_[i];
      if (together && i == first) put_positions();
      if (entry.kind == Entry::Kind::NewAxis) {
        shape_.push_back(1);
        strides_.push_back(0);
        continue;
      }
      const auto stride = static_cast<std::int64_t>(strides[axis++]);
      if (entry.kind == Entry::Kind::Walk) {
        shape_.push_back(entry.count);
        strides_.push_back(entry.step * stride);
        base_ += entry.start * stride;
        continue;
      }
      const ArrayPtr positions = broadcast_to(context_, entry.positions, common);
      for (std::size_t k = 0; k < position_offsets_.size(); ++k) position_offsets_[k] += positions->integers[k] * stride;
    }
  }

  std::vector<std::size_t> offsets() {
    const auto count = static_cast<std::size_t>(count_of(shape_));
    std::vector<std::size_t> out(count);
    Sizes index(shape_.size(), 0);
    for (std::size_t i = 0; i < count; ++i) {
      std::int64_t offset = base_, position = 0;
      for (std::size_t axis = 0; axis < shape_.size(); ++axis) {
        offset += index[axis] * strides_[axis];
        if (axis >= first_position_axis_ && axis < first_position_axis_ + position_axes_) position = position * shape_[axis] + index[axis];
      }
      out[i] = static_cast<std::size_t>(offset + position_offsets_[static_cast<std::size_t>(position)]);
      for (std::size_t axis = shape_.size(); axis-- > 0;) {
        if (++index[axis] < shape_[axis]) break;
        index[axis] = 0;
      }
    }
    return out;
  }
};

}  // namespace

Value numpy_index(Context& context, const ArrayPtr& array, const Value& index, Span place) { return Indexer(context, array, place).run(index); }

std::vector<ArrayPtr> numpy_nonzero(const StaticArray& array) {
  std::vector<Sizes> found(array.rank());
  Sizes index(array.rank(), 0);
  for (std::size_t i = 0; i < array.size(); ++i) {
    for (std::size_t axis = 0; axis < array.rank() && array.real(i) != 0; ++axis) found[axis].push_back(index[axis]);
    for (std::size_t axis = array.rank(); axis-- > 0;) {
      if (++index[axis] < array.shape[axis]) break;
      index[axis] = 0;
    }
  }
  std::vector<ArrayPtr> out;
  for (Sizes& positions : found) {
    StaticArray part(DType::Int64, {static_cast<std::int64_t>(positions.size())});
    part.integers = std::move(positions);
    out.push_back(std::make_shared<const StaticArray>(std::move(part)));
  }
  return out;
}

}  // namespace linenc::catalog
