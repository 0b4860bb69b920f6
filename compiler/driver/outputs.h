#pragma once

#include <string>
#include <vector>

#include "runtime/files/write_file.h"
#include "runtime/variables/variables.h"

namespace linenc::driver {

// What apply gives back, as NumPy would print it: "output float32[2, 3]" and the values, an array after the other.
[[nodiscard]] std::string printed(const std::vector<runtime::Leaf>& outputs, bool full);

// Files that are written together, after everything else has gone well.
class OutputFiles {
 public:
  // Puts the bytes beside the target; nothing happens to the target yet. Ends the command where that fails.
  void add(const std::string& path, std::string_view bytes);
  void commit();

 private:
  std::vector<runtime::FileWriter> writers_;
};

// One `-o`: FILE, NAME=FILE, or `-` for the standard output.
struct OutputTarget {
  std::string name;  // empty: everything
  std::string path;
};
[[nodiscard]] OutputTarget output_target(const std::string& text);

// Ends the command (exit 2) where `output` is one of the files that it reads, under whatever name.
void keep_inputs(const std::string& option, const std::string& output, const std::vector<std::string>& inputs);

// The arrays that a target asks for. Ends the command (exit 2) where there is no output of that name.
[[nodiscard]] std::vector<runtime::Leaf> chosen(const std::vector<runtime::Leaf>& outputs, const std::string& name);
// The bytes of the file, in the format of its suffix. bfloat16 becomes one of `casts` where the format cannot hold it.
[[nodiscard]] std::string output_bytes(std::vector<runtime::Leaf> outputs, const std::string& path, const std::vector<std::string>& casts);

}  // namespace linenc::driver
