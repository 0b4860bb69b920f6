#pragma once

#include "runtime/core/run_error.h"
#include "runtime/variables/formats.h"
#include "runtime/variables/sink.h"

namespace linenc::runtime {

// What stands before the data of an array in an .npy file. `bfloat16_as_void` writes bfloat16 as ml_dtypes does.
[[nodiscard]] Result<std::string> npy_head(const Array& array, bool bfloat16_as_void);

}  // namespace linenc::runtime
