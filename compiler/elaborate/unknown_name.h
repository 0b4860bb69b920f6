#pragma once

#include <string>

#include "compiler/elaborate/frame.h"

namespace linenc::elaborate {

// E0201 (or E0219) of a name that `frame` does not have: the nearest one, what the name may be meant as, and what there is.
[[noreturn]] void fail_unknown_name(Context& context, const Frame& frame, const std::string& name, Span place);

// E0201 of what `self` does not have.
[[noreturn]] void fail_unknown_member(Context& context, const Frame& frame, const std::string& name, Span place);

}  // namespace linenc::elaborate
