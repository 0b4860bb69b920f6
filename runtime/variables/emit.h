#pragma once

#include <vector>

#include "runtime/variables/formats.h"
#include "runtime/variables/json_format.h"
#include "runtime/variables/sink.h"

namespace linenc::runtime {

// The format of a file that parse_variables accepts.
[[nodiscard]] Format format_of_content(std::string_view text);

// Checks the leaves and writes them in one of the formats.
[[nodiscard]] Result<Done> emit(const Variables& variables, Format format, JsonKind kind, Sink& sink);

// Variables that look at the arrays and live no longer than they do: copies of arrays are deep.
[[nodiscard]] Variables viewing(const std::vector<Leaf>& arrays);

}  // namespace linenc::runtime
