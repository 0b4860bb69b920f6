#pragma once

// The built program, run as a user runs it: in a folder of its own, with its exit code and what it prints.

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace linenc::test {

struct Ran {
  int exit = -1;  // the exit code; 128 + the signal where one ended the program
  std::string out, err;
};

inline std::string read_text(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// A folder that is empty at first and gone afterwards.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "linenc-driver-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~Folder() {
    std::error_code error;
    std::filesystem::remove_all(path_, error);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] std::filesystem::path operator/(const std::string& name) const { return path_ / name; }
  void write(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name, std::ios::binary) << text;
  }
  [[nodiscard]] std::string read(const std::string& name) const { return read_text(path_ / name); }
  [[nodiscard]] bool has(const std::string& name) const { return std::filesystem::exists(path_ / name); }
  // Names in the folder, sorted, hidden ones too.
  [[nodiscard]] std::vector<std::string> names() const {
    std::vector<std::string> all;
    for (const auto& entry : std::filesystem::directory_iterator(path_)) all.push_back(entry.path().filename().string());
    std::sort(all.begin(), all.end());
    return all;
  }

  // Runs `COMMAND` in this folder through the shell; `linenc` is the program.
  [[nodiscard]] Ran run(const std::string& command) const {
    const std::string out = path_.string() + ".out";
    const std::string err = path_.string() + ".err";
    const std::string line = "cd '" + path_.string() +
                             "' && unset NO_COLOR CLICOLOR_FORCE; linenc() { '" LINENC_PROGRAM "' \"$@\"; }; models='" LINENC_SOURCE_DIR
                             "/models'; { " +
                             command + "\n} >'" + out + "' 2>'" + err + "'";
    const int status = std::system(("bash -c " + quoted(line)).c_str());
    Ran ran;
    ran.exit = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    ran.out = read_text(out);
    ran.err = read_text(err);
    std::filesystem::remove(out);
    std::filesystem::remove(err);
    return ran;
  }

 private:
  std::filesystem::path path_;

  static std::string quoted(const std::string& text) {
    std::string out = "'";
    for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return out + "'";
  }
};

inline bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace linenc::test
