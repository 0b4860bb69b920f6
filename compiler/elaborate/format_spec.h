#pragma once

#include <string>

#include "compiler/catalog/context.h"

namespace linenc::elaborate {

// Python's format(value, spec) of static numbers, texts and truth values:
// [[fill]align][sign][#][0][width][,|_][.precision][type]. E0217 where the spec does not fit the value; an empty one is str(value).
[[nodiscard]] std::string format_value(catalog::Context& context, const catalog::Value& value, const std::string& spec, source::Span place);

// Python's `text % value`: one value, a list of them, or a map for `%(name)s`. E0217 where they do not fit.
[[nodiscard]] std::string percent_text(catalog::Context& context, const std::string& text, const catalog::Value& value, source::Span place);

}  // namespace linenc::elaborate
