#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace linenc::diagnostics {

// The known name that `name` is most likely a slip of (edit distance with transpositions, case ignored at a small
// cost, at most a third of the length), or what stands for a word of another tool; none where nothing is close.
[[nodiscard]] std::optional<std::string> closest_name(std::string_view name, std::span<const std::string> known);

// "; did you mean `features`?" or nothing.
[[nodiscard]] std::string did_you_mean(std::string_view name, std::span<const std::string> known);

// "; did you mean `float32`?" of a text that is no dtype: a slip, `jnp.float32`, or a name as other tools shorten it (`f32`, `long`).
// `further` are names that can stand there as well.
[[nodiscard]] std::string did_you_mean_dtype(std::string_view text, const std::vector<std::string>& further = {});

// "`a`, `b`, `c`"; shortened after `limit` names ("and 12 more"). "none" where the list is empty.
[[nodiscard]] std::string listed(std::span<const std::string> names, std::size_t limit = 24);

}  // namespace linenc::diagnostics
