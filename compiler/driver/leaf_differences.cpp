// Two trees of variables beside each other.
// Tested by tests/compiler/driver/vars_test.cpp.
#include "compiler/driver/leaf_differences.h"

#include <bit>
#include <cmath>
#include <cstring>
#include <unordered_map>

namespace linenc::driver {

using runtime::Leaf;
using runtime::Variables;

namespace {

constexpr std::int64_t kStep = 1 << 16;  // elements compared at a time

// The bits of an element as a number.
std::uint64_t bits_at(const std::byte* data, std::size_t item, std::int64_t index) {
  std::uint64_t bits = 0;
  std::memcpy(&bits, data + static_cast<std::size_t>(index) * item, item);
  return bits;
}

// How far two integers are apart, which doubles cannot tell of large ones.
std::uint64_t integer_distance(std::uint64_t a, std::uint64_t b, DType dtype) {
  const std::size_t unused = 64 - 8 * byte_size(dtype);
  const auto widened = [&](std::uint64_t bits) { return static_cast<std::uint64_t>(static_cast<std::int64_t>(bits << unused) >> unused); };
  if (is_unsigned(dtype)) return a > b ? a - b : b - a;
  const std::uint64_t x = widened(a), y = widened(b);
  return static_cast<std::int64_t>(x) > static_cast<std::int64_t>(y) ? x - y : y - x;
}

// Floats in the order of their values, as consecutive numbers; both zeros are 0.
std::int64_t rank_of(std::uint64_t bits, std::size_t item) {
  const std::uint64_t sign = std::uint64_t{1} << (8 * item - 1);
  const auto size = static_cast<std::int64_t>(bits & (sign - 1));
  return (bits & sign) != 0 ? -size : size;
}

std::uint64_t steps_between(std::uint64_t a, std::uint64_t b, std::size_t item) {
  const std::int64_t x = rank_of(a, item);
  const std::int64_t y = rank_of(b, item);
  return x > y ? static_cast<std::uint64_t>(x) - static_cast<std::uint64_t>(y) : static_cast<std::uint64_t>(y) - static_cast<std::uint64_t>(x);
}

class Differences {
 public:
  Differences(const Array& a, const Array& b, const std::optional<Tolerance>& tolerance)
      : a_(a),
        b_(b),
        tolerance_(tolerance),
        complex_(a.dtype() == DType::Complex64),
        part_(complex_ ? DType::Float32 : a.dtype()),
        item_(byte_size(part_)) {
    if (is_float(part_)) found_.ulps = 0;
  }

  ValueDifferences find() {
    const std::int64_t parts = a_.size() * (complex_ ? 2 : 1);
    for (std::int64_t begin = 0; begin < parts; begin += kStep) {
      const std::int64_t count = std::min(kStep, parts - begin);
      const std::size_t offset = static_cast<std::size_t>(begin) * item_;
      if (std::memcmp(a_.data() + offset, b_.data() + offset, static_cast<std::size_t>(count) * item_) != 0) piece(begin, count);
    }
    return found_;
  }

 private:
  const Array& a_;
  const Array& b_;
  const std::optional<Tolerance>& tolerance_;
  bool complex_;
  DType part_;
  std::size_t item_;
  std::vector<double> x_, y_;
  ValueDifferences found_;

  void piece(std::int64_t begin, std::int64_t count) {
    x_.resize(static_cast<std::size_t>(count));
    y_.resize(static_cast<std::size_t>(count));
    const std::size_t offset = static_cast<std::size_t>(begin) * item_;
    convert_elements(part_, a_.data() + offset, DType::Float64, reinterpret_cast<std::byte*>(x_.data()), count);
    convert_elements(part_, b_.data() + offset, DType::Float64, reinterpret_cast<std::byte*>(y_.data()), count);
    for (std::int64_t i = 0; i < count; ++i) {
      const std::uint64_t a = bits_at(a_.data(), item_, begin + i);
      const std::uint64_t b = bits_at(b_.data(), item_, begin + i);
      if (a != b) element(begin + i, a, b, x_[static_cast<std::size_t>(i)], y_[static_cast<std::size_t>(i)]);
    }
  }

  void element(std::int64_t index, std::uint64_t a, std::uint64_t b, double x, double y) {
    const bool whole = is_integer(part_);
    const bool both_nan = std::isnan(x) && std::isnan(y);
    double distance = whole ? static_cast<double>(integer_distance(a, b, part_)) : both_nan ? 0 : std::abs(x - y);
    if (tolerance_ && (whole ? distance <= tolerance_->atol + tolerance_->rtol * std::abs(y) : is_close(x, y, *tolerance_))) return;
    const bool first = found_.count++ == 0;
    if (std::isnan(distance)) distance = INFINITY;
    found_.relative = std::max(found_.relative, distance == 0 ? 0 : std::isinf(distance) ? INFINITY : distance / std::abs(y));
    if (found_.ulps && !std::isnan(x) && !std::isnan(y)) found_.ulps = std::max(*found_.ulps, steps_between(a, b, item_));
    if (!first && distance <= found_.largest) return;
    found_.largest = distance;
    found_.farthest = complex_ ? index / 2 : index;
    found_.a = x;
    found_.b = y;
  }
};

LeafDifference compare(const Leaf& a, const Array& b, const std::optional<Tolerance>& tolerance) {
  LeafDifference difference{.kind = LeafDifference::Kind::Type, .key = a.key, .a = &a.array, .b = &b, .values = {}};
  if (a.array.dtype() != b.dtype() || a.array.shape() != b.shape()) return difference;
  difference.kind = LeafDifference::Kind::Values;
  difference.values = value_differences(a.array, b, tolerance);
  return difference;
}

std::unordered_map<std::string_view, const Array*> by_key(const Variables& variables) {
  std::unordered_map<std::string_view, const Array*> arrays;
  for (const Leaf& leaf : variables.leaves) arrays.emplace(leaf.key, &leaf.array);
  return arrays;
}

}  // namespace

ValueDifferences value_differences(const Array& a, const Array& b, const std::optional<Tolerance>& tolerance) {
  return Differences(a, b, tolerance).find();
}

std::vector<LeafDifference> leaf_differences(const Variables& a, const Variables& b, const std::optional<Tolerance>& tolerance) {
  std::vector<LeafDifference> differences;
  const auto second = by_key(b);
  for (const Leaf& leaf : a.leaves) {
    const auto found = second.find(leaf.key);
    if (found == second.end()) {
      differences.push_back({.kind = LeafDifference::Kind::OnlyFirst, .key = leaf.key, .a = &leaf.array, .b = nullptr, .values = {}});
      continue;
    }
    LeafDifference difference = compare(leaf, *found->second, tolerance);
    if (difference.kind == LeafDifference::Kind::Type || difference.values.count > 0) differences.push_back(std::move(difference));
  }
  const auto first = by_key(a);
  for (const Leaf& leaf : b.leaves) {
    if (!first.contains(leaf.key))
      differences.push_back({.kind = LeafDifference::Kind::OnlySecond, .key = leaf.key, .a = nullptr, .b = &leaf.array, .values = {}});
  }
  return differences;
}

}  // namespace linenc::driver
