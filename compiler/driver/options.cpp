// Options that several commands share, and how their values are read.
// Tested by tests/compiler/driver/options_test.cpp.
#include "compiler/driver/options.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "compiler/driver/command.h"
#include "compiler/driver/limits.h"
#include "runtime/files/write_file.h"

namespace linenc::driver {

using diagnostics::shown;

namespace {

constexpr std::int64_t kMostSeconds = 100'000'000;

}  // namespace

void add_common_options(OptionTable& table, CommonOptions& options) {
  add_limit_options(table);
  table.call("--timeout", "SECONDS", "give up after so long (exit code 124)", [](const std::string& text) {
    const std::int64_t seconds = integer_value("--timeout", text);
    if (seconds < 1 || seconds > kMostSeconds) stop(Exit::CannotDo, concat("`--timeout` is 1 to ", kMostSeconds, " seconds, and this is ", seconds));
    runtime::limit_time(seconds);
  });
  table.choice("--color", options.color, {"auto", "always", "never"}, "WHEN", "colour: auto, always, never");
  table.flag("-q,--quiet", options.quiet, "print results only");
}

void add_model_path(OptionTable& table, ModelOptions& options) {
  table.positional("model", options.path, "MODEL.yaml", "the model file; `-` is stdin");
}

void add_variant_options(OptionTable& table, ModelOptions& options) {
  table.repeated("--set", options.sets, "KEY=VALUE", "replace an entry of `config`; dots go deeper");
  table.repeated("--dim", options.dims, "NAME=N", "the size of a named dimension");
  table.option("--method", options.method, "NAME", "the method of the model to run");
  table.option("--import-root", options.import_root, "FOLDER", "the folder that imports may not leave (that of the model file)");
}

void add_verbose_option(OptionTable& table, CommonOptions& options, const std::string& doc) { table.flag("-v,--verbose", options.verbose, doc); }

void add_json_options(OptionTable& table, bool& json, std::string& format) {
  table.flag("--json", json, "short for --output-format json");
  table.choice("--output-format", format, {"text", "json"}, "FORMAT", "text or json");
}

void check_import_root(const ModelOptions& options) {
  if (options.import_root.empty() || std::filesystem::is_directory(options.import_root)) return;
  stop(Exit::CannotDo, concat("`--import-root ", shown(options.import_root), "` is no folder"));
}

std::pair<std::string, std::string> name_and_value(std::string_view option, const std::string& text) {
  const std::size_t mark = text.find('=');
  if (mark == std::string::npos || mark == 0) {
    stop(Exit::CannotDo, concat("`", option, "` wants NAME=VALUE, and this is `", shown(text), "`"));
  }
  return {text.substr(0, mark), text.substr(mark + 1)};
}

std::optional<std::int64_t> integer_of(std::string_view text) {
  std::string digits;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool between = i > 0 && i + 1 < text.size() && text[i - 1] != '_' && text[i - 1] != '-';
    if (text[i] == '_' && between) continue;
    digits += text[i];
  }
  if (digits.starts_with('+')) digits.erase(0, 1);
  std::int64_t number = 0;
  const char* end = digits.data() + digits.size();
  const auto [rest, error] = std::from_chars(digits.data(), end, number);
  return error == std::errc() && rest == end && !digits.empty() ? std::optional(number) : std::nullopt;
}

std::int64_t integer_value(std::string_view option, const std::string& text) {
  const std::optional<std::int64_t> number = integer_of(text);
  if (!number) stop(Exit::CannotDo, concat("`", option, "` wants a whole number of 64 bits, and this is `", shown(text), "`"));
  return *number;
}

std::map<std::string, std::int64_t> parse_sizes(const std::vector<std::string>& dims) {
  std::map<std::string, std::int64_t> sizes;
  for (const std::string& text : dims) {
    const auto [name, value] = name_and_value("--dim", text);
    const std::int64_t size = integer_value(concat("--dim ", shown(name)), value);
    if (size < 0) stop(Exit::CannotDo, concat("`--dim ", shown(name), "` is ", size, ", and sizes start at 0"));
    if (!sizes.emplace(name, size).second) stop(Exit::CannotDo, concat("`--dim ", shown(name), "` is given twice"));
  }
  return sizes;
}

std::vector<std::pair<std::string, std::string>> parse_sets(const std::vector<std::string>& sets) {
  std::vector<std::pair<std::string, std::string>> parsed;
  for (const std::string& text : sets) {
    parsed.push_back(name_and_value("--set", text));
    const std::string& path = parsed.back().first;
    const auto before = parsed.end() - 1;
    if (std::any_of(parsed.begin(), before, [&](const auto& other) { return other.first == path; })) {
      stop(Exit::CannotDo, concat("`--set ", shown(path), "` is given twice"));
    }
  }
  return parsed;
}

Seeds parse_seeds(const std::vector<std::string>& rngs, const std::optional<std::string>& seed) {
  Seeds seeds;
  for (const std::string& text : rngs) {
    const auto [name, value] = name_and_value("--rng", text);
    const std::int64_t number = integer_value(concat("--rng ", shown(name)), value);
    if (!seeds.emplace(name, number).second) stop(Exit::CannotDo, concat("`--rng ", shown(name), "` is given twice"));
  }
  if (seed && !seeds.emplace("params", integer_value("--seed", *seed)).second)
    stop(Exit::CannotDo, "`--seed` and `--rng params` are the same stream: give one of them");
  return seeds;
}

namespace {

bool is_set(const char* variable) {
  const char* value = std::getenv(variable);
  return value != nullptr && *value != '\0';
}

}  // namespace

bool use_colour(const CommonOptions& options, int descriptor) {
  if (options.color == "always") return true;
  if (options.color == "never") return false;
  if (is_set("NO_COLOR")) return false;
  if (is_set("CLICOLOR_FORCE") && std::string_view(std::getenv("CLICOLOR_FORCE")) != "0") return true;
  return isatty(descriptor) == 1;
}

diagnostics::TextStyle text_style(const CommonOptions& options, int descriptor) {
  diagnostics::TextStyle style;
  style.colour = use_colour(options, descriptor);
  return style;
}

std::string number_text(double number, int digits) {
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%.*g", digits, number);
  return text.data();
}

std::string byte_text(std::uint64_t bytes) {
  if (bytes < 1024) return concat(bytes, " B");
  constexpr std::array<const char*, 4> kUnits = {"KiB", "MiB", "GiB", "TiB"};
  double value = static_cast<double>(bytes) / 1024;
  std::size_t unit = 0;
  // 1023.96 would be printed as 1024.0.
  while (value >= 1023.95 && unit + 1 < kUnits.size()) value /= 1024, ++unit;
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%.1f %s", value, kUnits[unit]);
  return text.data();
}

std::string counted(std::uint64_t number, std::string_view noun) { return concat(grouped(number), " ", noun, number == 1 ? "" : "s"); }

}  // namespace linenc::driver
