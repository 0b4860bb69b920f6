#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "runtime/core/run_error.h"
#include "runtime/core/threads.h"
#include "runtime/plan/plan_file.h"

namespace linenc {

// Whether bytes begin as a plan file does.
[[nodiscard]] bool is_plan_file(std::span<const std::byte> bytes);

// A plan file, verified wholly: both checksums, every number, and verify(). Constants and variables are views of `bytes`, which
// `owner` keeps alive.
[[nodiscard]] runtime::Result<PlanFile> read_plan(std::span<const std::byte> bytes, std::shared_ptr<const void> owner, runtime::Threads& threads);

}  // namespace linenc
