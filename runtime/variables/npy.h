#pragma once

#include "runtime/core/run_error.h"
#include "runtime/variables/formats.h"
#include "runtime/variables/npy_header.h"
#include "runtime/variables/sink.h"

namespace linenc::runtime {

// The array that follows this header in `bytes`, the whole file.
[[nodiscard]] Result<Array> npy_array(const NpyHeader& header, std::span<const std::byte> bytes, const std::shared_ptr<const void>& owner,
                                      const ReadLimits& limits);

// What stands before the data of an array in an .npy file. `bfloat16_as_void` writes bfloat16 as ml_dtypes does.
[[nodiscard]] Result<std::string> npy_head(const Array& array, bool bfloat16_as_void);

}  // namespace linenc::runtime
