// The table of commands, `--help`, and the mistakes of a command line.
// Tested by tests/compiler/driver/check_test.cpp.
#include "compiler/driver/command.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <span>

#include "compiler/diagnostics/closest_name.h"
#include "compiler/diagnostics/concat.h"
#include "compiler/diagnostics/diagnostics.h"
#include "compiler/driver/option_table.h"
#include "compiler/driver/problem_document.h"

namespace linenc::driver {

using diagnostics::shown;

void stop(Exit exit, std::string_view message) { throw Stop{exit, concat("error: ", message, "\n")}; }

const std::vector<Command>& commands() {
  static const std::vector<Command> all = {init_command(),    apply_command(),  check_command(),   tabulate_command(),
                                           explain_command(), plan_command(),   compile_command(), vars_command(),
                                           catalog_command(), schema_command(), version_command()};
  return all;
}

namespace {

constexpr std::size_t kHelpColumn = 28;

std::string indented(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    out += concat("  ", text.substr(0, end));
    text.remove_prefix(end);
  }
  return out;
}

void append_row(std::string& text, std::string left, std::string_view right) {
  left = "  " + left;
  if (left.size() + 2 > kHelpColumn) {
    text += left + "\n";
    left.clear();
  }
  left.resize(kHelpColumn, ' ');
  text += concat(left, right, "\n");
}

std::string option_words(const CLI::Option& option) {
  std::string words = option.get_name(false, true);  // "-o,--output"
  for (std::size_t at = words.find(','); at != std::string::npos; at = words.find(',', at + 2)) words.insert(at + 1, " ");
  const bool takes_value = option.get_expected_max() > 0 && !option.get_type_name().empty();
  return takes_value ? words + " " + option.get_type_name() : words;
}

std::string help(const Command& command, const CLI::App& app) {
  std::string text = concat("examples:\n", indented(command.examples), "\nlinenc ", command.name, ": ", command.summary, "\nusage: linenc ",
                            command.name, command.usage.empty() ? "" : " ", command.usage, "\n\n");
  for (const bool positional : {true, false}) {
    std::string rows;
    for (const CLI::Option* option : app.get_options()) {
      if (option->get_positional() != positional) continue;
      append_row(rows, positional ? option->get_type_name() : option_words(*option), option->get_description());
    }
    if (!rows.empty()) text += concat(positional ? "arguments:\n" : "options:\n", rows, positional ? "\n" : "");
  }
  return text;
}

std::string overview() {
  std::string text =
      "examples:\n  linenc init models/mlp.yaml\n  linenc apply models/mlp.yaml vars.bin input.npy\n\n"
      "linenc compiles Flax Linen models written in YAML, and runs them.\nusage: linenc COMMAND [arguments]\n\ncommands:\n";
  for (const Command& command : commands()) append_row(text, command.name, command.summary);
  text += "\nlinenc COMMAND --help tells more about one. linenc --version prints the version.\n";
  return text;
}

// `linenc vars --help`: the verbs of a command.
std::string overview_of(const Command& command) {
  std::string text = concat("examples:\n", indented(command.examples), "\nlinenc ", command.name, ": ", command.summary, "\nusage: linenc ",
                            command.name, " ", command.usage, "\n\ncommands:\n");
  for (const Command& verb : command.verbs) append_row(text, verb.name, verb.summary);
  return text + concat("\nlinenc ", command.name, " VERB --help tells more about one.\n");
}

[[noreturn]] void stop_with_hint(const Command& command, std::string_view message) {
  throw Stop{Exit::CannotDo, concat("error: ", message, "\nsee: linenc ", command.name, " --help\n")};
}

std::vector<std::string> option_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    for (const std::string& name : option->get_snames()) names.push_back("-" + name);
  }
  return names;
}

// "; did you mean `--output`?": the one option that begins so, or the nearest name.
std::string nearest_option(const std::string& name, const std::vector<std::string>& known) {
  std::vector<std::string> longer;
  std::copy_if(known.begin(), known.end(), std::back_inserter(longer), [&](const std::string& option) { return option.starts_with(name); });
  return longer.size() == 1 && name.size() > 3 ? concat("; did you mean `", longer.front(), "`?") : diagnostics::did_you_mean(name, known);
}

// The parser's "--seed: 1 required N missing" and its kin in our words.
[[noreturn]] void stop_on_value(const Command& command, const CLI::App& app, const CLI::ParseError& error) {
  std::string message = error.what();
  while (message.ends_with('\n') || message.ends_with('.')) message.pop_back();
  for (const CLI::Option* option : app.get_options()) {
    const std::string name = option->get_name();
    if (message.find(name) == std::string::npos) continue;
    const bool takes_value = option->get_expected_max() > 0;
    if (message.find("At Most") != std::string::npos) stop_with_hint(command, concat("`", name, "` is given twice"));
    if (message.find("required") != std::string::npos) {
      stop_with_hint(command, concat("`", name, "` needs a value: `", name, " ", option->get_type_name(), "`"));
    }
    if (message.find("Could not convert") == std::string::npos) continue;
    const std::string value = message.substr(message.find("= ") + 2);
    stop_with_hint(command, takes_value ? concat("`", name, "` wants a number, and this is `", shown(value), "`")
                                        : concat("`", name, "` takes no value, and is given `", shown(value), "`"));
  }
  stop_with_hint(command, shown(message));
}

// What the parser could not place: an option that does not exist, or one argument too many.
[[noreturn]] void stop_on_extra(const Command& command, const CLI::App& app, const std::string& argument) {
  const std::string extra = unguarded(argument);
  if (!extra.starts_with('-')) stop_with_hint(command, concat("`", shown(extra), "` is one argument too many"));
  const std::string name = extra.substr(0, extra.find('='));
  stop_with_hint(command, concat("`linenc ", command.name, "` has no option `", shown(name), "`", nearest_option(name, option_names(app))));
}

CommandResult run_one(const Command& command, std::span<const std::string> arguments) {
  CLI::App app;
  app.set_help_flag("-h,--help", "print this text");
  app.allow_extras();
  OptionTable table(app);
  const auto run = command.prepare(table);
  std::vector<std::string> reversed;  // the parser takes them from the back
  for (std::size_t i = arguments.size(); i-- > 0;) reversed.push_back(guarded(arguments[i]));
  try {
    app.parse(std::move(reversed));
  } catch (const CLI::CallForHelp&) {
    return {Exit::Done, help(command, app)};
  } catch (const CLI::ParseError& error) {
    stop_on_value(command, app, error);
  }
  std::vector<std::string> extras = app.remaining();
  if (const auto mark = std::find(extras.begin(), extras.end(), "--"); mark != extras.end()) extras.erase(mark);
  if (!extras.empty()) stop_on_extra(command, app, extras.front());
  return run();
}

// A machine format owns stdout, also where a command ends before it has looked at its options. None where people read it.
std::optional<ReportFormat> machine_format(const std::vector<std::string>& arguments) {
  constexpr std::string_view kOption = "--output-format";
  for (std::size_t i = 0; i < arguments.size() && arguments[i] != "--"; ++i) {
    std::string_view argument = arguments[i];
    if (argument == "--json") return ReportFormat::Json;
    if (!argument.starts_with(kOption)) continue;
    argument.remove_prefix(kOption.size());
    if (argument.empty() && i + 1 < arguments.size()) argument = arguments[i + 1];
    if (argument.starts_with('=')) argument.remove_prefix(1);
    const auto format = report_format_of(argument);  // none of FORMAT=FILE
    if (format && is_for_machines(*format)) return format;
  }
  return std::nullopt;
}

bool asks_for_help(const std::string& argument) { return argument == "--help" || argument == "-h"; }

CommandResult run_verb(const Command& command, std::span<const std::string> arguments) {
  if (arguments.empty()) return {Exit::CannotDo, "", overview_of(command)};
  if (asks_for_help(arguments.front())) return {Exit::Done, overview_of(command)};
  std::vector<std::string> names;
  for (const Command& verb : command.verbs) {
    names.push_back(verb.name.substr(command.name.size() + 1));
    if (names.back() == arguments.front()) return run_one(verb, arguments.subspan(1));
  }
  stop_with_hint(command, concat("`linenc ", command.name, "` cannot `", shown(arguments.front()), "`",
                                 diagnostics::did_you_mean(arguments.front(), names), " (it can ", diagnostics::listed(names), ")"));
}

CommandResult run_named(const std::vector<std::string>& arguments) {
  const std::string& name = arguments.front();
  for (const Command& command : commands()) {
    if (command.name != name) continue;
    const auto rest = std::span(arguments).subspan(1);
    return command.verbs.empty() ? run_one(command, rest) : run_verb(command, rest);
  }
  std::vector<std::string> names;
  for (const Command& command : commands()) names.push_back(command.name);
  if (name.starts_with('-')) {
    stop(Exit::CannotDo, concat("`linenc` has no option `", shown(name), "`", nearest_option(name, {"--help", "--version"}), "\nsee: linenc --help"));
  }
  stop(Exit::CannotDo,
       concat("there is no command `", shown(name), "`", diagnostics::did_you_mean(name, names), " (they are ", diagnostics::listed(names), ")"));
}

}  // namespace

CommandResult run_command(const std::vector<std::string>& arguments) {
  try {
    if (arguments.empty()) return {Exit::CannotDo, "", overview()};
    if (arguments.front() == "help" && arguments.size() > 1) {  // `linenc help vars list`
      std::vector<std::string> asked(arguments.begin() + 1, arguments.end());
      asked.emplace_back("--help");
      return run_named(asked);
    }
    if (asks_for_help(arguments.front()) || arguments.front() == "help") return {Exit::Done, overview()};
    if (arguments.front() == "--version" || arguments.front() == "-V") return {Exit::Done, "linenc " LINENC_VERSION "\n"};
    return run_named(arguments);
  } catch (const Stop& end) {
    const auto format = machine_format(arguments);
    return {end.exit, format ? problem_document(end, *format) : "", end.text};
  }
}

}  // namespace linenc::driver
