#pragma once

// Texts that a command prints, word for word as they are kept in git. With LINENC_UPDATE_GOLDENS set they are written anew
// (`make golden`): the difference is what a reviewer reads.

#include <doctest/doctest.h>
#include <sys/wait.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace linenc::test {

// What `linenc ARGUMENTS` prints in a folder, and its exit code.
inline std::string run_in(const std::filesystem::path& folder, const std::string& arguments, int& status) {
  const std::string command = "cd '" + folder.string() + "' && '" LINENC_PROGRAM "' " + arguments + " 2>&1";
  FILE* pipe = popen(command.c_str(), "r");
  std::string out;
  char buffer[4096];
  for (std::size_t n; (n = fread(buffer, 1, sizeof buffer, pipe)) > 0;) out.append(buffer, n);
  const int ended = pclose(pipe);
  status = WIFEXITED(ended) ? WEXITSTATUS(ended) : 128;
  return out;
}

inline void check_golden(const std::filesystem::path& file, const std::string& seen) {
  if (std::getenv("LINENC_UPDATE_GOLDENS") != nullptr) std::ofstream(file) << seen;
  std::ifstream in(file);
  std::stringstream expected;
  expected << in.rdbuf();
  CHECK(seen == expected.str());
}

}  // namespace linenc::test
