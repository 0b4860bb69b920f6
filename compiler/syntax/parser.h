#pragma once

#include <memory>

#include "compiler/syntax/tree.h"

namespace linenc::syntax {

// Text -> tree: reads the YAML, sorts the top-level keys, definitions and statements, and checks every structural
// word: top-level and definition keys (E0114, with the nearest), statement options, required options (E0115), the
// kinds of nodes (E0113), the version (E0116). Goes on after an error; the broken part is left out. Never null;
// `root` is null where the YAML could not be read.
[[nodiscard]] std::unique_ptr<Tree> parse(source::FileId file, const source::SourceSet& sources, diagnostics::Diagnostics& diagnostics,
                                          const YamlLimits& limits = {});

// Parses one body (a list of statements); public for setup, tests and tools.
[[nodiscard]] Body parse_body(const Node& node, diagnostics::Diagnostics& diagnostics);

}  // namespace linenc::syntax
