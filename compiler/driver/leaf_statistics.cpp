// Statistics of one leaf, in pieces of its bytes.
// Tested by tests/compiler/driver/vars_test.cpp.
#include "compiler/driver/leaf_statistics.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

#include "runtime/files/pieces.h"

namespace linenc::driver {
namespace {

class Statistics {
 public:
  void take(double value) {
    if (std::isnan(value)) {
      ++found_.nan;
    } else if (std::isinf(value)) {
      ++found_.infinite;
    } else {
      ++finite_;
      least_ = std::min(least_, value);
      largest_ = std::max(largest_, value);
      add(value);
    }
  }

  [[nodiscard]] LeafStatistics result() const {
    LeafStatistics result = found_;
    if (finite_ == 0) return result;
    result.least = least_;
    result.largest = largest_;
    const double mean = (sum_ + rest_) / static_cast<double>(finite_);
    result.mean = std::clamp(mean, least_, largest_);
    return result;
  }

 private:
  LeafStatistics found_;
  std::uint64_t finite_ = 0;
  double least_ = INFINITY, largest_ = -INFINITY;
  double sum_ = 0, rest_ = 0;

  // Neumaier's sum.
  void add(double value) {
    const double next = sum_ + value;
    rest_ += std::abs(sum_) >= std::abs(value) ? (sum_ - next) + value : (value - next) + sum_;
    sum_ = next;
  }
};

}  // namespace

LeafStatistics statistics_of(const runtime::Leaf& leaf) {
  const DType dtype = leaf.array.dtype();
  if (dtype == DType::Key) return {};
  const bool is_complex = dtype == DType::Complex64;
  const DType part = is_complex ? DType::Float32 : dtype;  // a complex number is two of them
  const std::size_t item = byte_size(part);
  Statistics statistics;
  std::vector<double> values;
  // Elements may stand anywhere in a file, and conversion wants them aligned.
  Array aligned(part, {static_cast<std::int64_t>(runtime::kPieceBytes / item)});
  runtime::for_each_piece({leaf.array.data(), leaf.array.bytes()}, [&](std::span<const std::byte> piece) {
    const std::size_t count = piece.size() / item;
    std::memcpy(aligned.data(), piece.data(), piece.size());
    values.resize(count);
    convert_elements(part, aligned.data(), DType::Float64, reinterpret_cast<std::byte*>(values.data()), static_cast<std::int64_t>(count));
    for (const double value : values) statistics.take(value);
  });
  LeafStatistics result = statistics.result();
  if (is_complex) result.least = result.largest = result.mean = std::nullopt;
  return result;
}

}  // namespace linenc::driver
