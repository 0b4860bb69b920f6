#pragma once

#include <vector>

#include "runtime/core/run_error.h"
#include "runtime/variables/formats.h"
#include "runtime/variables/sink.h"

namespace linenc::runtime {

// An archive as numpy.savez writes it: members stored one after the other, named KEY.npy, with a fixed time. With
// `bfloat16_as_void`, bfloat16 is what ml_dtypes writes; else it is refused. Expects leaves that check_leaves accepted.
[[nodiscard]] Result<Done> emit_npz(const std::vector<Leaf>& leaves, bool bfloat16_as_void, Sink& sink);

// Whether an archive begins with a member that is called `.npy`; a stored one with an npy header too.
[[nodiscard]] bool begins_npz(std::string_view text);

}  // namespace linenc::runtime
