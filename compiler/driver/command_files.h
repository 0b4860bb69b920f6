#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/files/write_file.h"

namespace linenc::driver {

struct InputOptions;

// All files that one command reads and writes. What clashes ends the command (exit 2) as soon as it is known: an output that would
// replace a file that is read, under whatever name, and two outputs that are one file. Files that are written stand complete beside
// their places until everything else has gone well.
class CommandFiles {
 public:
  // A file that is read; "-" is stdin, and an empty name no file. The output of the option `replaced_by` may replace it.
  void reads(const std::string& path, std::string_view replaced_by = "");
  void reads(const std::vector<std::string>& paths);
  // The files that the words name: FILE, FILE:KEY. Other words name no file that exists.
  void reads(const InputOptions& inputs);
  void reads_word(const std::string& word);
  // A file that will be written; "-" is stdout, and an empty name no file. `word` is what stands behind the option.
  void writes(const std::string& option, const std::string& path) { writes(option, path, path); }
  void writes(const std::string& option, const std::string& word, const std::string& path);

  // Puts the bytes beside the target, safe on the disk. Ends the command where that fails.
  void add(const std::string& path, std::string_view bytes);
  void add(runtime::FileWriter writer);
  // What was added takes its place. Without it nothing was written.
  [[nodiscard]] runtime::Result<runtime::Done> commit();

 private:
  // What a path means: a file by its device and inode; where there is none yet, its folder and the name in it.
  struct Place {
    std::uint64_t device = 0, inode = 0;
    std::string name;
    bool operator==(const Place&) const = default;
  };
  struct Input {
    Place place;
    std::string replaced_by;
  };
  struct Output {
    std::string option, word;
    Place place;
  };

  static std::optional<Place> file_at(const std::string& path);
  static std::optional<Place> target_at(const std::string& path);
  static void require_kept(const Input& input, const Output& output);

  std::vector<Input> inputs_;
  std::vector<Output> outputs_;
  std::vector<runtime::FileWriter> writers_;
};

}  // namespace linenc::driver
