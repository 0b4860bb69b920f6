#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace linenc {

// Sizes of the axes of an array, outermost first; every size is at least 0. A scalar has none.
using Shape = std::vector<std::int64_t>;

inline constexpr std::size_t kMaxRank = 32;                          // L11
inline constexpr std::int64_t kMaxElements = std::int64_t{1} << 40;  // L12

// The product of the sizes; none where it passes 2^63 - 1 or a size is negative.
[[nodiscard]] std::optional<std::int64_t> checked_element_count(const Shape& shape);
// The same for shapes that were checked before.
[[nodiscard]] std::int64_t element_count(const Shape& shape);
// "[2, 3]"
[[nodiscard]] std::string to_string(const Shape& shape);

}  // namespace linenc
