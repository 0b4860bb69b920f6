#pragma once

#include <string>

#include "compiler/driver/command.h"
#include "compiler/driver/model_file.h"
#include "compiler/driver/report_formats.h"

namespace linenc::driver {

// The document of a run that failed, for who reads stdout: that of `check --output-format` (schemas/problems.schema.json for JSON).

// Of everything that was reported about a file, as JSON.
[[nodiscard]] std::string problem_document(const ModelFile& file);
// Of what ends a command: the document that it brings along, else one of its text, as problems that belong to no file.
[[nodiscard]] std::string problem_document(const Stop& end, ReportFormat format);

}  // namespace linenc::driver
