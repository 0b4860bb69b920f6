#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/core/dtype.h"
#include "runtime/core/run_error.h"
#include "runtime/core/shape.h"
#include "runtime/variables/limits.h"

namespace linenc::runtime {

struct TensorEntry {
  std::string name;
  DType dtype = DType::Float32;
  Shape shape;
  std::array<std::uint64_t, 2> offsets{};  // half-open, in the data section
};

struct SafetensorsHeader {
  std::vector<TensorEntry> tensors;                           // in the order of the header
  std::vector<std::pair<std::string, std::string>> metadata;  // likewise
};

// The JSON of a header: names and fields once each, nothing but what the format knows. Says nothing about offsets.
[[nodiscard]] Result<SafetensorsHeader> parse_safetensors_header(std::string_view text, const ReadLimits& limits);

// "F32"; none for random keys.
[[nodiscard]] std::string_view safetensors_name(DType dtype);

}  // namespace linenc::runtime
