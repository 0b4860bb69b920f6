#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/driver/command_files.h"

namespace linenc::driver {

class OptionTable;

// How the process ends (cli.md, section 1).
enum class Exit : int {
  Done = 0,
  Problems = 1,  // the input has problems: model, checkpoint, array; a contract is broken
  CannotDo = 2,  // usage, a file that cannot be opened, disk, memory
  Internal = 3,  // our bug
};

// What a command has to say: `out` goes to stdout, `err` to stderr. Nothing is printed before the command is done, and its files
// appear once all is printed.
struct CommandResult {
  Exit exit = Exit::Done;
  std::string out = "";
  std::string err = "";
  CommandFiles files = {};
};

// Thrown by the commands and their helpers to end with a message; run_command catches it. `text` is complete, with line breaks.
struct Stop {
  Exit exit;
  std::string text;
  std::string document = "";  // the same problems as JSON, where there is more to say than `text` says
};
// "error: MESSAGE".
[[noreturn]] void stop(Exit exit, std::string_view message);

// One row of the table of commands.
struct Command {
  std::string name;
  std::string summary;   // one line, lower case
  std::string usage;     // what follows the name: "MODEL.yaml [-o VARS]"
  std::string examples;  // lines that `--help` begins with
  // Adds the options to the parser; what it gives runs once they are read.
  std::function<CommandResult()> (*prepare)(OptionTable& options);
  // Of a command that has some: `linenc vars list`. Their names are whole ("vars list"), and `prepare` is not used.
  std::vector<Command> verbs = {};
};

// In the order of `linenc --help`.
[[nodiscard]] const std::vector<Command>& commands();

[[nodiscard]] Command init_command();
[[nodiscard]] Command apply_command();
[[nodiscard]] Command check_command();
[[nodiscard]] Command tabulate_command();
[[nodiscard]] Command plan_command();
[[nodiscard]] Command compile_command();
[[nodiscard]] Command explain_command();
[[nodiscard]] Command catalog_command();
[[nodiscard]] Command schema_command();
[[nodiscard]] Command vars_command();
[[nodiscard]] Command version_command();

// Reads the arguments (without the program's name), runs the command they name, and never throws but for what no command can
// help: std::bad_alloc, and exceptions that are bugs.
[[nodiscard]] CommandResult run_command(const std::vector<std::string>& arguments);

}  // namespace linenc::driver
