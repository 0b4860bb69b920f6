#pragma once

#include <memory>
#include <optional>
#include <string>

#include "compiler/driver/command_files.h"
#include "runtime/core/threads.h"
#include "runtime/files/write_file.h"
#include "runtime/plan/plan_file.h"

namespace linenc::driver {

// A plan file that is mapped, not yet read.
struct PlanSource {
  std::string path;
  std::shared_ptr<const runtime::MappedFile> file;
};

// The file, where it begins as plan files do, whatever its name; none where it is something else, or cannot be opened.
[[nodiscard]] std::optional<PlanSource> open_plan(const std::string& path);

// The plan, verified. Ends the command with exit 1 where the file is broken.
[[nodiscard]] PlanFile read_plan_file(const PlanSource& source, runtime::Threads& threads);

// Adds the file; gives its length. Ends the command where that fails.
std::uint64_t add_plan_file(CommandFiles& files, const PlanFile& file, const std::string& path, runtime::Threads& threads);

}  // namespace linenc::driver
