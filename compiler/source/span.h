#pragma once

#include <algorithm>
#include <cstdint>

namespace linenc::source {

// Index of a file in a SourceSet.
using FileId = std::uint32_t;
inline constexpr FileId kNoFile = 0xFFFFFFFFu;

// A range of bytes in one file. Half-open: `end` is one past the last byte. Empty spans are allowed and mark a
// place between two bytes. A span without a file belongs to no text (the command line, a built-in).
struct Span {
  FileId file = kNoFile;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;

  [[nodiscard]] bool exists() const { return file != kNoFile; }
  [[nodiscard]] std::uint32_t size() const { return end - begin; }
  [[nodiscard]] bool contains(const Span& other) const { return file == other.file && begin <= other.begin && other.end <= end; }
  friend bool operator==(const Span&, const Span&) = default;
};

// The smallest span that holds both; `a` where they are in different files.
[[nodiscard]] inline Span join(const Span& a, const Span& b) {
  if (!a.exists()) return b;
  if (!b.exists() || a.file != b.file) return a;
  return {a.file, std::min(a.begin, b.begin), std::max(a.end, b.end)};
}

}  // namespace linenc::source
