#pragma once

#include "compiler/driver/model_file.h"

namespace linenc::driver {

inline constexpr std::int64_t kMaxParameters = std::int64_t{1} << 42;  // L13

// Reports E0218 where the variables of a run have more elements in all than the limit; sizes that are symbolic count as 1.
void check_total(ModelFile& file, const elaborate::Run& run);

// Ends the command (exit 2) where a run that needs so many bytes cannot have them. `what` completes "out of memory: … needs".
void require_memory(std::uint64_t bytes, std::string_view what);

}  // namespace linenc::driver
