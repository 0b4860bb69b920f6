#pragma once

#include "compiler/catalog/context.h"
#include "compiler/driver/model_file.h"
#include "compiler/driver/option_table.h"
#include "compiler/source/source_set.h"
#include "runtime/variables/limits.h"

namespace linenc::driver {

// How much of everything is taken before it is refused (docs/limits.md). One set for the whole process: `--limit NAME=N` changes it
// while the options are read, before any file is.
struct Limits {
  std::uint64_t yaml_bytes = source::SourceSet::kDefaultByteLimit;  // L1
  syntax::YamlLimits yaml;                                          // L3
  catalog::Budget budget;                                           // L6, L7
  std::uint64_t parameters = std::uint64_t{1} << 42;                // L13
  runtime::ReadLimits files;                                        // L15 to L17, L20
};
[[nodiscard]] const Limits& limits();
// Those of files, with the memory that is there now.
[[nodiscard]] runtime::ReadLimits file_limits();

// `--limit` and `--max-memory`.
void add_limit_options(OptionTable& table);

// Reports E0218 where the variables of a run have more elements in all than the limit; sizes that are symbolic count as 1.
void check_total(ModelFile& file, const elaborate::Run& run);

// Reports E0218 where the loops of a graph run more steps in all than a plan may (kMostSteps); lengths that are symbolic count as 1.
void check_steps(ModelFile& file, const graph::Graph& graph);

// Ends the command (exit 2) where a run that needs so many bytes cannot have them. `what` completes "out of memory: … needs".
void require_memory(std::uint64_t bytes, std::string_view what);

}  // namespace linenc::driver
