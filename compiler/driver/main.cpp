// The program `linenc`: runs a command, prints what it has to say, and turns everything that goes wrong into an exit code.
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <exception>
#include <new>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/driver/command.h"
#include "runtime/files/write_file.h"

namespace {

using linenc::driver::CommandResult;
using linenc::driver::Exit;

bool write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = write(descriptor, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

// Does not allocate: memory may be gone.
int end(Exit exit, std::string_view text) {
  write_all(STDERR_FILENO, text);
  return static_cast<int>(exit);
}

// Files come last: none is there where the results could not be printed.
int print(CommandResult result) {
  write_all(STDERR_FILENO, result.err);
  if (!write_all(STDOUT_FILENO, result.out)) {
    return end(Exit::CannotDo, "error: cannot write to the standard output: " + std::string(std::strerror(errno)) + "\n");
  }
  const auto done = result.files.commit();
  if (!done) return end(Exit::CannotDo, "error: " + done.error().text + "\n");
  return static_cast<int>(result.exit);
}

int internal_error(std::string_view what) {
  return end(Exit::Internal,
             "internal error: " + std::string(what) +
                 "\nThis is a bug of linenc. Please report it with the command and the model file, and what `linenc --version` prints.\n");
}

}  // namespace

int main(int count, char** arguments) {
  linenc::runtime::prepare_process();
  try {
    return print(linenc::driver::run_command(std::vector<std::string>(arguments + 1, arguments + count)));
  } catch (const std::bad_alloc&) {
    return end(Exit::CannotDo, "error: out of memory\n");
  } catch (const std::exception& error) {
    return internal_error(error.what());
  } catch (...) {
    return internal_error("unknown exception");
  }
}
