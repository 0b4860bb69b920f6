#pragma once

#include <cstddef>
#include <functional>
#include <span>

#include "runtime/core/run_error.h"
#include "runtime/core/threads.h"
#include "runtime/plan/plan_file.h"

namespace linenc {

// Hands the bytes of a plan file on, piece after piece: nothing large is copied. The same bytes for the same `file`, always.
// Texts that the format cannot hold (control bytes in a name) are refused before the first piece.
[[nodiscard]] runtime::Result<runtime::Done> write_plan(const PlanFile& file, runtime::Threads& threads,
                                                        const std::function<void(std::span<const std::byte>)>& put);

}  // namespace linenc
