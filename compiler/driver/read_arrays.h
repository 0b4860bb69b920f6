#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "runtime/core/run_error.h"
#include "runtime/variables/formats.h"

namespace linenc::driver {

// Whether the data of an array of this dtype and shape are wanted. It is asked before they are read; where the answer is no, the array
// may come without data.
using DataWanted = std::function<bool(DType dtype, const Shape& shape)>;
[[nodiscard]] inline bool has_data(const Array& array) { return array.data() != nullptr || array.size() == 0; }

// The files of arrays that one command reads, each opened once. Everything ends the command where it fails: exit 2 where a file cannot
// be opened or has no such key, 1 where it is broken.
class ArrayFiles {
 public:
  // FILE, or FILE:KEY; `-` is stdin. FILE alone must hold one array.
  [[nodiscard]] Array array(const std::string& text, const DataWanted& wanted);
  // The array of this key, which the file has.
  [[nodiscard]] Array array(const std::string& path, const std::string& key, const DataWanted& wanted);
  // All arrays of a file, with their keys; without the data that would have to be unpacked.
  [[nodiscard]] const std::vector<runtime::Leaf>& types(const std::string& path);
  // With all of the data.
  [[nodiscard]] const std::vector<runtime::Leaf>& all(const std::string& path);

 private:
  std::map<std::string, runtime::OpenArrays> files_;
  std::map<std::string, std::vector<runtime::Leaf>> leaves_;  // of each file, as it was read first

  const std::vector<runtime::Leaf>& leaves(const std::string& path, const runtime::ReadLimits& limits);
  Array taken(const std::string& path, const runtime::Leaf& leaf, const DataWanted& wanted);
};

// Ends the command: what could not be opened is exit 2, what is broken 1.
[[noreturn]] void stop_on_file(const runtime::RunError& error, bool checkpoint = false);
// Ends the command: a file could not be written (exit 2).
[[noreturn]] void stop_on_write(const runtime::RunError& error);

// The array that a literal spells: a number, a truth value, or lists of them of one shape; none where it is something else. Whole
// numbers are int64, others float64, truth values bool.
[[nodiscard]] std::optional<Array> literal_array(const std::string& text);

}  // namespace linenc::driver
