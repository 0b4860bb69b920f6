#pragma once

#include <string>

#include "compiler/driver/command.h"
#include "compiler/driver/model_file.h"

namespace linenc::driver {

// The document of a run that failed, for who reads stdout as JSON: that of `check --output-format json`
// (schemas/problems.schema.json).

// Of everything that was reported about a file.
[[nodiscard]] std::string problem_document(const ModelFile& file);
// Of what ends a command, as one problem that belongs to no file.
[[nodiscard]] std::string problem_document(const Stop& end);

// The same problem as a file that was checked, for the other formats of `check`.
[[nodiscard]] std::unique_ptr<ModelFile> problem_file(const Stop& end);

}  // namespace linenc::driver
