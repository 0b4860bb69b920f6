// Plan files by name.
// Tested by tests/compiler/driver/compile_test.cpp.
#include "compiler/driver/plan_files.h"

#include <filesystem>

#include "compiler/diagnostics/concat.h"
#include "compiler/diagnostics/diagnostics.h"
#include "compiler/driver/command.h"
#include "compiler/driver/model_file.h"
#include "compiler/driver/read_arrays.h"
#include "runtime/plan/read.h"
#include "runtime/plan/write.h"

namespace linenc::driver {

using diagnostics::Code;
using diagnostics::shown;

std::optional<PlanSource> open_plan(const std::string& path) {
  // Pipes are for models: what is looked at is gone.
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) return std::nullopt;
  const auto whole = [](std::span<const std::byte> begin) { return std::uint64_t{is_plan_file(begin) ? UINT64_MAX : 0}; };
  auto file = runtime::MappedFile::open(path, whole);
  if (!file || !is_plan_file((*file)->bytes())) return std::nullopt;
  return PlanSource{path, std::move(*file)};
}

PlanFile read_plan_file(const PlanSource& source, runtime::Threads& threads) {
  auto plan = read_plan(source.file->bytes(), source.file, threads);
  if (!plan) {
    throw Stop{Exit::Problems, bare_error(Code::BrokenPlan, concat("the plan `", shown(source.path), "` cannot be used: ", plan.error().text))};
  }
  return std::move(*plan);
}

std::uint64_t add_plan_file(CommandFiles& files, const PlanFile& file, const std::string& path, runtime::Threads& threads) {
  auto writer = runtime::FileWriter::open(path);
  if (!writer) stop_on_write(writer.error());
  const auto written = write_plan(file, threads, [&](std::span<const std::byte> piece) { writer->write(piece); });
  if (!written) stop_on_write(written.error());
  const std::uint64_t bytes = writer->size();
  files.add(std::move(*writer));
  return bytes;
}

}  // namespace linenc::driver
