// "Did you mean": the optimal string alignment distance, with a smaller cost for a letter in the other case.
#include "compiler/diagnostics/closest_name.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <utility>

#include "compiler/diagnostics/concat.h"
#include "compiler/diagnostics/diagnostics.h"
#include "compiler/diagnostics/foreign_names.h"

namespace linenc::diagnostics {
namespace {

constexpr std::size_t kEdit = 8;       // one letter too many, missing, wrong, or changed places with the next
constexpr std::size_t kOtherCase = 1;  // `conv` is nearer to `Conv` than to `cond`
constexpr std::size_t kLongestName = 256;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// The letters of a name, whatever their case, as a set of 64 bits. One edit takes one letter out and puts one in.
std::uint64_t letters(std::string_view name) {
  std::uint64_t set = 0;
  for (const char c : name) set |= std::uint64_t{1} << (static_cast<unsigned char>(lower(c)) % 64);
  return set;
}

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

// Names of dtypes elsewhere: Rust's and XLA's short ones, PyTorch's, and Python's, which have 32 bits in JAX.
constexpr std::pair<std::string_view, std::string_view> kForeignDtypes[] = {
    {"pred", "bool"},    {"s8", "int8"},        {"i16", "int16"},    {"s16", "int16"},     {"short", "int16"},    {"i32", "int32"},
    {"s32", "int32"},    {"int", "int32"},      {"i64", "int64"},    {"s64", "int64"},     {"long", "int64"},     {"byte", "uint8"},
    {"u16", "uint16"},   {"u32", "uint32"},     {"uint", "uint32"},  {"bf16", "bfloat16"}, {"f16", "float16"},    {"fp16", "float16"},
    {"half", "float16"}, {"f32", "float32"},    {"fp32", "float32"}, {"float", "float32"}, {"single", "float32"}, {"f64", "float64"},
    {"fp64", "float64"}, {"double", "float64"}, {"u64", "uint64"},   {"boolean", "bool"},
};

}  // namespace

std::optional<std::string> closest_name(std::string_view name, std::span<const std::string> known) {
  if (name.empty() || name.size() > kLongestName) return std::nullopt;
  // Flags of Linen's layers: `bias` of `use_bias`.
  const auto flag = std::find(known.begin(), known.end(), concat("use_", name));
  if (flag != known.end()) return *flag;
  const std::span<const ForeignName> foreign = foreign_names(name);
  for (const ForeignName& row : foreign) {
    if (!row.ours.empty() && std::find(known.begin(), known.end(), row.ours) != known.end()) return std::string(row.ours);
  }
  if (std::any_of(foreign.begin(), foreign.end(), [](const ForeignName& row) { return row.ours.empty(); })) return std::nullopt;
  const std::string* best = nullptr;
  std::size_t best_distance = 0;
  const std::uint64_t own = letters(name);
  for (const std::string& candidate : known) {
    const std::size_t length = std::max(name.size(), candidate.size());
    const std::size_t shorter = std::min(name.size(), candidate.size());
    if (candidate.empty() || candidate == name || length > kLongestName) continue;
    // The difference of the lengths and that of the letters are bounds: most candidates need no table.
    if ((length - shorter) * 3 > length) continue;
    if (static_cast<std::size_t>(std::popcount(own ^ letters(candidate))) > length / 3 * 2) continue;
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

std::string did_you_mean_dtype(std::string_view text, const std::vector<std::string>& further) {
  std::vector<std::string> names = {"bool", "int8", "int16", "int32", "uint8", "uint16", "uint32", "bfloat16", "float16", "float32"};
  const std::string_view bare = text.substr(text.rfind('.') + 1);  // npos + 1 is 0
  for (const auto& [foreign, dtype] : kForeignDtypes) {
    if (bare == foreign) return concat("; did you mean `", dtype, "`?");
  }
  if (bare != text && std::find(names.begin(), names.end(), bare) != names.end()) return concat("; write `", bare, "`");
  names.insert(names.end(), further.begin(), further.end());
  return did_you_mean(bare, names);
}

std::string listed(std::span<const std::string> names, std::size_t limit) {
  if (names.empty()) return "none";
  std::string out;
  for (std::size_t i = 0; i < names.size() && i < limit; ++i) out += concat(i == 0 ? "`" : ", `", shown(names[i]), '`');
  if (names.size() > limit) out += concat(" and ", names.size() - limit, " more");
  return out;
}

}  // namespace linenc::diagnostics
