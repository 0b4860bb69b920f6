#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "runtime/core/dtype.h"
#include "runtime/core/run_error.h"
#include "runtime/core/shape.h"
#include "runtime/variables/limits.h"

namespace linenc::runtime {

inline constexpr std::string_view kNpyMagic = "\x93NUMPY";

inline constexpr std::uint64_t kNpyHeadBytes = 12;  // before the dictionary, at most

struct NpyHeader {
  DType dtype = DType::Float32;
  bool big_endian = false;
  bool fortran_order = false;
  Shape shape;
  std::size_t size = 0;  // bytes before the data
};

// The magic, the version, and the dictionary `{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }`: exactly these
// keys once each, in any order. Anything else that Python could read there is refused.
[[nodiscard]] Result<NpyHeader> parse_npy_header(std::span<const std::byte> bytes, const ReadLimits& limits);

}  // namespace linenc::runtime
