#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace linenc::syntax {

// Python's identifiers (language reference, 2.3: XID_Start, then XID_Continue, in the normal form NFKC of Unicode). Texts are UTF-8.

// The bytes of the longest identifier that a text begins with; 0 where there is none.
[[nodiscard]] std::size_t identifier_size(std::string_view text);
// What Python calls a name: `ﬁ` is `fi`, and a letter with an accent is one character however it is written.
[[nodiscard]] std::string normal_form(std::string_view identifier);

}  // namespace linenc::syntax
