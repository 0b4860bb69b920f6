// Byte offsets to lines and columns. A line ends with `\n` or `\r\n`.
#include "compiler/source/source_file.h"

#include <algorithm>
#include <utility>

namespace linenc::source {

SourceFile::SourceFile(std::string path, std::string text) : path_(std::move(path)), text_(std::move(text)) {
  line_starts_.push_back(0);
  for (std::size_t i = 0; i < text_.size(); ++i) {
    if (text_[i] == '\n') line_starts_.push_back(static_cast<std::uint32_t>(i + 1));
  }
}

std::string_view SourceFile::text(const Span& span) const {
  const std::size_t begin = std::min<std::size_t>(span.begin, text_.size());
  const std::size_t end = std::clamp<std::size_t>(span.end, begin, text_.size());
  return std::string_view(text_).substr(begin, end - begin);
}

Place SourceFile::place(std::uint32_t byte) const {
  const auto size = static_cast<std::uint32_t>(text_.size());
  byte = std::min(byte, size);
  const auto after = std::upper_bound(line_starts_.begin(), line_starts_.end(), byte);
  const auto number = static_cast<std::uint32_t>(after - line_starts_.begin());
  Place place{number, 1};
  for (std::uint32_t i = line_starts_[number - 1]; i < byte; ++i) {
    // A code point is counted at its first byte, so that a place inside of one is the place after it.
    if ((static_cast<unsigned char>(text_[i]) & 0xC0u) != 0x80u) ++place.column;
  }
  // A byte order mark takes no column.
  if (number == 1 && byte >= 3 && text_.starts_with("\xEF\xBB\xBF")) --place.column;
  return place;
}

std::string_view SourceFile::line(std::uint32_t number) const {
  if (number == 0 || number > line_count()) return {};
  const std::size_t begin = line_starts_[number - 1];
  std::size_t end = number < line_count() ? line_starts_[number] - 1 : text_.size();
  if (end > begin && text_[end - 1] == '\r') --end;
  return std::string_view(text_).substr(begin, end - begin);
}

}  // namespace linenc::source
