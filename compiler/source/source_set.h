#pragma once

#include <deque>
#include <filesystem>
#include <string>
#include <string_view>
#include <variant>

#include "compiler/source/source_file.h"

namespace linenc::source {

// Why a file could not be read, as a message for people.
struct ReadFailure {
  std::string message;
  bool is_too_large = false;
};

// The files of one compilation: the root and what it imports. Files keep their address.
class SourceSet {
 public:
  static constexpr std::size_t kDefaultByteLimit = 4u << 20;  // L1 of the limits: a model file has at most 4 MiB

  explicit SourceSet(std::size_t byte_limit = kDefaultByteLimit) : byte_limit_(byte_limit) {}

  // Reads at most the byte limit; devices and pipes work, folders do not. `shown` is the path diagnostics print.
  [[nodiscard]] std::variant<FileId, ReadFailure> read(const std::filesystem::path& path, std::string shown);
  // Adds a text that is already in memory (stdin, tests, the value of an option).
  FileId add(std::string shown, std::string text);

  [[nodiscard]] const SourceFile& file(FileId id) const { return files_[id]; }
  [[nodiscard]] std::size_t size() const { return files_.size(); }
  [[nodiscard]] std::string_view text(const Span& span) const { return files_[span.file].text(span); }

 private:
  std::size_t byte_limit_;
  std::deque<SourceFile> files_;
};

}  // namespace linenc::source
