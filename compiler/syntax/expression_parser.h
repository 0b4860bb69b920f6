#pragma once

#include <memory>

#include "compiler/diagnostics/diagnostics.h"
#include "compiler/syntax/expression.h"
#include "compiler/syntax/yaml.h"

namespace linenc::syntax {

// Limits L9: a recursive descent needs a bound on its depth.
inline constexpr std::size_t kExpressionDepth = 64;
inline constexpr std::size_t kExpressionBytes = 64u << 10;

// Parses the value of a scalar from byte `skip` on (1 after the mark `=`). Reports E0110 (and E0107, E0108) at the exact
// place and gives null. Messages say what was expected: "expected `)` to close the arguments of `mean`"; where a plain
// flow scalar was cut by YAML, the hint offers the quoted line. An element of a YAML list may be a splice, `*xs`: a Star.
[[nodiscard]] ExprPtr parse_expression(const Node& scalar, std::size_t skip, diagnostics::Diagnostics& diagnostics, bool may_be_splice = false);

// Parses a target: `a`, `a, *rest`, `(c, h), y`, `_`, `out.stem`, `out['a']`.
[[nodiscard]] std::unique_ptr<Target> parse_target(const Node& scalar, diagnostics::Diagnostics& diagnostics);

// Parses the dimensions of a tensor type, the text between `[` and `]` (bytes [begin, end) of the scalar): a list of
// expressions, the first of which may be the constant "...". Gives a Tuple, or null after a report.
[[nodiscard]] ExprPtr parse_dimensions(const Node& scalar, std::size_t begin, std::size_t end, diagnostics::Diagnostics& diagnostics);

// A text with `{expr}` parts as an FString (names: `block_{i}`); a text without braces is a String. `{{` and `}}` are braces.
[[nodiscard]] ExprPtr parse_interpolation(const Node& scalar, diagnostics::Diagnostics& diagnostics);

}  // namespace linenc::syntax
