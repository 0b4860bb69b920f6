#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "runtime/core/run_error.h"
#include "runtime/variables/variables.h"

namespace linenc::driver {

// The files of arrays that one command reads, each once. Everything ends the command where it fails: exit 2 where a file cannot be
// opened or has no such key, 1 where it is broken.
class ArrayFiles {
 public:
  // FILE, or FILE:KEY; `-` is stdin. FILE alone must hold one array.
  [[nodiscard]] Array array(const std::string& text);
  // All arrays of a file, with their keys.
  [[nodiscard]] const std::vector<runtime::Leaf>& all(const std::string& path);

 private:
  std::map<std::string, std::vector<runtime::Leaf>> files_;
};

// Ends the command: what could not be opened is exit 2, what is broken 1.
[[noreturn]] void stop_on_file(const runtime::RunError& error, bool checkpoint = false);
// Ends the command: a file could not be written (exit 2).
[[noreturn]] void stop_on_write(const runtime::RunError& error);

// The array that a literal spells: a number, a truth value, or lists of them of one shape; none where it is something else. Whole
// numbers are int64, others float64, truth values bool.
[[nodiscard]] std::optional<Array> literal_array(const std::string& text);

}  // namespace linenc::driver
