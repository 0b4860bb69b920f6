#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace linenc::driver {

// The options of one command: which variable each one sets, and what `--help` says of it. Names are written "-o,--output"; `type` is
// what stands for the value in the help ("FILE").
class OptionTable {
 public:
  explicit OptionTable(CLI::App& app) : app_(app) {}

  void flag(const std::string& names, bool& value, const std::string& doc);
  void option(const std::string& names, std::string& value, const std::string& type, const std::string& doc);
  void option(const std::string& names, std::optional<std::string>& value, const std::string& type, const std::string& doc);
  void option(const std::string& names, std::int64_t& value, const std::string& type, const std::string& doc);
  // May be given several times, with one value each.
  void repeated(const std::string& names, std::vector<std::string>& values, const std::string& type, const std::string& doc);
  // One of a few words; ends the command where it is another.
  void choice(const std::string& names, std::string& value, const std::vector<std::string>& words, const std::string& type, const std::string& doc);
  // Hands the value to a function while the options are read.
  void call(const std::string& names, const std::string& type, const std::string& doc, std::function<void(const std::string&)> take,
            bool several = false);
  void positional(const std::string& name, std::string& value, const std::string& type, const std::string& doc);
  void positional(const std::string& name, std::vector<std::string>& values, const std::string& type, const std::string& doc);

 private:
  CLI::App& app_;
};

// The parser takes `[1, 2]` apart as a list. Arguments go to it guarded, and OptionTable hands them on as they were.
[[nodiscard]] std::string guarded(std::string argument);
[[nodiscard]] std::string unguarded(const std::string& argument);

}  // namespace linenc::driver
