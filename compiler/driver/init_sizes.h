#pragma once

#include "compiler/driver/model_file.h"

namespace linenc::driver {

// Gives a size to every named dimension that `request.sizes` and the arrays leave open, so that init can run: the size under
// `expect: at:`, else 1 where no variable depends on it. Reports E0211 where one does; gives false after a report.
[[nodiscard]] bool complete_init_sizes(ModelFile& file, elaborate::RunRequest& request, const std::map<std::string, std::int64_t>& of_arrays,
                                       const CommonOptions& options);

}  // namespace linenc::driver
