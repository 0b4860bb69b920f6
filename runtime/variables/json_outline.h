#pragma once

#include <string>
#include <string_view>
#include <unordered_map>

#include "runtime/core/shape.h"
#include "runtime/variables/limits.h"

namespace linenc::runtime {

struct OutlinedArray {
  std::string dtype;
  Shape shape;
};

// The types of the arrays of a document, by the number of their object in the order in which objects begin: for documents where data
// stand before them. Ends early where the document is deeper or has more arrays than the limits allow.
using JsonOutline = std::unordered_map<std::size_t, OutlinedArray>;
[[nodiscard]] JsonOutline json_outline(std::string_view text, const ReadLimits& limits);

}  // namespace linenc::runtime
