#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "compiler/diagnostics/render_text.h"
#include "compiler/driver/option_table.h"

namespace linenc::driver {

// Options that every command has.
struct CommonOptions {
  std::string color = "auto";
  bool quiet = false;
  bool verbose = false;
};
void add_common_options(OptionTable& table, CommonOptions& options);
// Of the commands that have more to say; `doc` tells what.
void add_verbose_option(OptionTable& table, CommonOptions& options, const std::string& doc);

// What says which model, and which variant of it.
struct ModelOptions {
  std::string path;
  std::vector<std::string> sets;  // KEY=VALUE
  std::vector<std::string> dims;  // NAME=N
  std::string method;
  std::string import_root;           // the folder that imports may not leave; empty: that of the file
  std::string stdin_name = "stdin";  // what the file is called where the path is `-`
};
void add_model_path(OptionTable& table, ModelOptions& options);
void add_variant_options(OptionTable& table, ModelOptions& options);
// Ends the command (exit 2) where `--import-root` is no folder.
void check_import_root(const ModelOptions& options);

// `--json` and `--output-format text|json` of commands that report something.
void add_json_options(OptionTable& table, bool& json, std::string& format);
[[nodiscard]] inline bool wants_json(bool json, const std::string& format) { return json || format == "json"; }

// Random streams, by name, with their seeds: `--rng dropout=1`.
using Seeds = std::map<std::string, std::int64_t>;

// `NAME=VALUE` of an option; ends the command (exit 2) where it is something else.
[[nodiscard]] std::pair<std::string, std::string> name_and_value(std::string_view option, const std::string& text);
// Whole numbers of 64 bits, `1_000` too.
[[nodiscard]] std::optional<std::int64_t> integer_of(std::string_view text);
[[nodiscard]] std::int64_t integer_value(std::string_view option, const std::string& text);
[[nodiscard]] std::map<std::string, std::int64_t> parse_sizes(const std::vector<std::string>& dims);
[[nodiscard]] std::vector<std::pair<std::string, std::string>> parse_sets(const std::vector<std::string>& sets);
// `--rng`s, and `--seed` as the stream `params`; giving that twice ends the command.
[[nodiscard]] Seeds parse_seeds(const std::vector<std::string>& rngs, const std::optional<std::string>& seed = std::nullopt);

// Whether text for descriptor 1 or 2 is coloured: `--color`, else NO_COLOR, CLICOLOR_FORCE, else on a terminal.
[[nodiscard]] bool use_colour(const CommonOptions& options, int descriptor);
[[nodiscard]] diagnostics::TextStyle text_style(const CommonOptions& options, int descriptor);

using diagnostics::grouped;
// As C's %g with so many digits: "0.00123", "1e-05", "nan"
[[nodiscard]] std::string number_text(double number, int digits);
// "256 B", "12.4 MiB"
[[nodiscard]] std::string byte_text(std::uint64_t bytes);
// "1 variable", "3 variables"
[[nodiscard]] std::string counted(std::uint64_t number, std::string_view noun);

}  // namespace linenc::driver
