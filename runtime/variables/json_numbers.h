#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "runtime/core/array.h"

namespace linenc::runtime {

// A value of a JSON list. For floats `text` is the decimal as it stands in the file.
struct JsonScalar {
  enum class Kind { Bool, Signed, Unsigned, Float, Text };
  Kind kind = Kind::Bool;
  std::int64_t number = 0;    // Bool, Signed
  std::uint64_t natural = 0;  // Unsigned
  double real = 0;            // Float
  std::string_view text;      // Float, Text
};

// Stores the scalar as element `index`; false where it is no value of the dtype. Complex64 counts as twice as many floats.
[[nodiscard]] bool store_scalar(Array& array, std::int64_t index, const JsonScalar& scalar);

// Appends element `index` as JSON.
void append_scalar(std::string& out, const Array& array, std::int64_t index);

}  // namespace linenc::runtime
