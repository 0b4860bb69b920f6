#pragma once

#include <string>
#include <vector>

#include "runtime/variables/variables.h"

namespace linenc::driver {

// What apply gives back, as NumPy would print it: "output float32[2, 3]" and the values, an array after the other.
[[nodiscard]] std::string printed(const std::vector<runtime::Leaf>& outputs, bool full);

// One `-o`: FILE, NAME=FILE, or `-` for the standard output.
struct OutputTarget {
  std::string name;  // empty: everything
  std::string path;
};
[[nodiscard]] OutputTarget output_target(const std::string& text);

// The arrays that a target asks for. Ends the command (exit 2) where there is no output of that name.
[[nodiscard]] std::vector<runtime::Leaf> chosen(const std::vector<runtime::Leaf>& outputs, const std::string& name);
// The bytes of the file, in the format of its suffix. bfloat16 becomes one of `casts` where the format cannot hold it.
[[nodiscard]] std::string output_bytes(std::vector<runtime::Leaf> outputs, const std::string& path, const std::vector<std::string>& casts);

}  // namespace linenc::driver
