#pragma once

#include <cstdint>
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
  void positional(const std::string& name, std::string& value, const std::string& type, const std::string& doc);
  void positional(const std::string& name, std::vector<std::string>& values, const std::string& type, const std::string& doc);

 private:
  CLI::App& app_;
};

}  // namespace linenc::driver
