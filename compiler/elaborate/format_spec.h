#pragma once

#include <string>

#include "compiler/catalog/context.h"

namespace linenc::elaborate {

// Python's format(value, spec) of static numbers, texts and truth values:
// [[fill]align][sign][#][0][width][,|_][.precision][type]. E0217 where the spec does not fit the value; an empty one is str(value).
[[nodiscard]] std::string format_value(catalog::Context& context, const catalog::Value& value, const std::string& spec, source::Span place);

// How many characters (code points) a text has.
[[nodiscard]] std::size_t character_count(std::string_view text);

}  // namespace linenc::elaborate
