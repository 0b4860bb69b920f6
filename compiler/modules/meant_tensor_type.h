#pragma once

#include <string_view>

#include "compiler/diagnostics/diagnostics.h"
#include "compiler/syntax/yaml.h"

namespace linenc::modules {

// The dtype that a text begins with, however it goes on: `float32batch, 12]`; empty without one.
[[nodiscard]] std::string_view leading_dtype(std::string_view text);

// Bytes [begin, end) of a scalar are no tensor type: true where it is known what was meant, which is reported.
[[nodiscard]] bool report_meant_tensor_type(const syntax::Node& node, std::size_t begin, std::size_t end, diagnostics::Diagnostics& diagnostics);

}  // namespace linenc::modules
