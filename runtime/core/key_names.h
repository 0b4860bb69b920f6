#pragma once

#include <string>
#include <string_view>

namespace linenc::runtime {

// The names on the way to a leaf are joined by `/`. Flax has names that hold a `/` themselves (WeightNorm's
// `Dense_0/kernel/scale`): inside a key it is written `%2F`, and a `%` that would begin such a code `%25`, so that every tree
// has one list of keys.
[[nodiscard]] std::string escaped_name(std::string_view name);
[[nodiscard]] std::string unescaped_name(std::string_view part);
// A key whose names are joined as Flax's flatten_dict(sep='/') joins them: "a%2Fb/kernel" and "a/b/kernel" are both "a/b/kernel".
[[nodiscard]] std::string plain_key(std::string_view key);

}  // namespace linenc::runtime
