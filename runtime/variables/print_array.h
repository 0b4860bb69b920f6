#pragma once

#include <string>

#include "runtime/core/array.h"

namespace linenc::runtime {

// What `print(array)` shows in NumPy 2.4 with its default options: precision 8, lines of 75 characters, arrays of more than
// 1000 elements shortened to 3 at each edge unless `full`. bfloat16 as ml_dtypes shows it; random keys as pairs of words.
[[nodiscard]] std::string numpy_repr(const Array& array, bool full);

}  // namespace linenc::runtime
