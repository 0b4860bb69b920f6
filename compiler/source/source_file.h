#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/source/span.h"

namespace linenc::source {

// A place as people count: line and column from 1, columns in Unicode code points.
struct Place {
  std::uint32_t line = 1;
  std::uint32_t column = 1;
  friend bool operator==(const Place&, const Place&) = default;
};

// The text of one file, with the table that turns byte offsets into lines and columns.
class SourceFile {
 public:
  // `path` is what diagnostics show; `text` are the bytes as read (UTF-8 is checked by syntax/yaml).
  SourceFile(std::string path, std::string text);

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::string_view text() const { return text_; }
  [[nodiscard]] std::string_view text(const Span& span) const;

  [[nodiscard]] Place place(std::uint32_t byte) const;
  // The line (from 1) without its line break.
  [[nodiscard]] std::string_view line(std::uint32_t number) const;
  [[nodiscard]] std::uint32_t line_count() const { return static_cast<std::uint32_t>(line_starts_.size()); }
  // Byte offset at which the line (from 1) begins.
  [[nodiscard]] std::uint32_t line_start(std::uint32_t number) const { return line_starts_[number - 1]; }

 private:
  std::string path_;
  std::string text_;
  std::vector<std::uint32_t> line_starts_;
};

}  // namespace linenc::source
