// "Did you mean": the optimal string alignment distance, with a smaller cost for a letter in the other case.
#include "compiler/diagnostics/closest_name.h"

#include <algorithm>
#include <cctype>

#include "compiler/diagnostics/concat.h"
#include "compiler/diagnostics/diagnostics.h"

namespace linenc::diagnostics {
namespace {

constexpr std::size_t kEdit = 8;       // one letter too many, missing, wrong, or changed places with the next
constexpr std::size_t kOtherCase = 1;  // `conv` is nearer to `Conv` than to `cond`
constexpr std::size_t kLongestName = 256;

char lower(char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); }

std::size_t replace_cost(char a, char b) { return a == b ? 0 : lower(a) == lower(b) ? kOtherCase : kEdit; }

std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j * kEdit;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i * kEdit;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({last[j] + kEdit, row[j - 1] + kEdit, last[j - 1] + replace_cost(a[i - 1], b[j - 1])});
      if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1])) {
        row[j] = std::min(row[j], before[j - 2] + kEdit);
      }
    }
    std::swap(before, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

}  // namespace

std::optional<std::string> closest_name(std::string_view name, std::span<const std::string> known) {
  if (name.empty() || name.size() > kLongestName) return std::nullopt;
  // Flags of Linen's layers: `bias` of `use_bias`.
  const auto flag = std::find(known.begin(), known.end(), concat("use_", name));
  if (flag != known.end()) return *flag;
  const std::string* best = nullptr;
  std::size_t best_distance = 0;
  for (const std::string& candidate : known) {
    const std::size_t length = std::max(name.size(), candidate.size());
    const std::size_t shorter = std::min(name.size(), candidate.size());
    if (candidate.empty() || candidate == name || length > kLongestName) continue;
    // The difference of the lengths alone is a bound: most candidates need no table.
    if ((length - shorter) * 3 > length) continue;
    const std::size_t found = distance(name, candidate);
    const bool near = found <= length / 3 * kEdit || found < kEdit;  // only the case differs
    if (near && (best == nullptr || found < best_distance)) {
      best = &candidate;
      best_distance = found;
    }
  }
  return best == nullptr ? std::nullopt : std::optional(*best);
}

std::string did_you_mean(std::string_view name, std::span<const std::string> known) {
  const auto closest = closest_name(name, known);
  return closest ? concat("; did you mean `", shown(*closest), "`?") : std::string();
}

std::string listed(std::span<const std::string> names, std::size_t limit) {
  if (names.empty()) return "none";
  std::string out;
  for (std::size_t i = 0; i < names.size() && i < limit; ++i) out += concat(i == 0 ? "`" : ", `", shown(names[i]), '`');
  if (names.size() > limit) out += concat(" and ", names.size() - limit, " more");
  return out;
}

}  // namespace linenc::diagnostics
