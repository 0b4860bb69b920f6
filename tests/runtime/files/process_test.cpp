// Signals and closed descriptors; each case in a process of its own.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <csignal>

#include "runtime/files/write_file.h"
#include "tests/runtime/files/scratch_folder.h"

using namespace linenc::runtime;
using namespace linenc::runtime::test;

namespace {

using Names = std::vector<std::string>;

}  // namespace

TEST_SUITE("runtime/files/process") {
  TEST_CASE("SIGINT, SIGTERM, SIGHUP and SIGPIPE remove every temporary, leave the old file and end the process by the signal") {
    for (const int signal_number : {SIGINT, SIGTERM, SIGHUP, SIGPIPE}) {
      CAPTURE(signal_number);
      const ScratchFolder folder;
      put(folder / "a", "old");
      const int status = status_of_child([&] {
        prepare_process();
        auto first = FileWriter::open(folder / "a");
        auto second = FileWriter::open(folder / "b");
        if (!first || !second || folder.names().size() != 3) _exit(1);
        first->write(std::string(100000, 'x'));
        raise(signal_number);
      });
      CHECK(WIFSIGNALED(status));
      CHECK(WTERMSIG(status) == signal_number);
      CHECK(content(folder / "a") == "old");
      CHECK(folder.names() == Names{"a"});
    }
  }

  TEST_CASE("a signal after commit removes nothing") {
    const ScratchFolder folder;
    const int status = status_of_child([&] {
      prepare_process();
      auto file = FileWriter::open(folder / "a");
      if (!file) _exit(1);
      file->write("new");
      if (!file->commit()) _exit(1);
      raise(SIGTERM);
    });
    CHECK(WIFSIGNALED(status));
    CHECK(content(folder / "a") == "new");
    CHECK(folder.names() == Names{"a"});
  }

  TEST_CASE("SIGTERM at any moment of many writes leaves no temporary") {
    const ScratchFolder folder;
    for (int i = 0; i < 30; ++i) {
      int ready[2];
      REQUIRE(pipe(ready) == 0);
      const pid_t child = fork();
      if (child == 0) {
        prepare_process();
        if (write(ready[1], "r", 1) != 1) _exit(1);
        while (true) {
          auto file = FileWriter::open(folder / "a");
          if (!file) _exit(1);
          file->write(std::string(100000, 'x'));
          if (!file->commit()) _exit(1);
        }
      }
      char byte = 0;
      REQUIRE(read(ready[0], &byte, 1) == 1);
      usleep(static_cast<useconds_t>(i * 97));
      kill(child, SIGTERM);
      int status = 0;
      waitpid(child, &status, 0);
      CHECK(WIFSIGNALED(status));
      for (const std::string& found : folder.names()) CHECK(found == "a");
      close(ready[0]);
      close(ready[1]);
    }
  }

  TEST_CASE("a signal that was ignored from the start stays ignored") {
    const int status = status_of_child([] {
      signal(SIGHUP, SIG_IGN);
      prepare_process();
      raise(SIGHUP);
      _exit(42);
    });
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 42);
  }

  TEST_CASE("with descriptors 0 to 2 closed a file is still written right, and stdout is not it") {
    const ScratchFolder folder;
    const int status = status_of_child([&] {
      for (const int descriptor : {0, 1, 2}) close(descriptor);
      prepare_process();
      for (const int descriptor : {0, 1, 2}) {
        if (fcntl(descriptor, F_GETFD) == -1) _exit(1);
      }
      auto file = FileWriter::open(folder / "a");
      if (!file) _exit(2);
      // Nothing can be printed.
      if (write(1, "noise", 5) != -1) _exit(3);
      file->write("content");
      if (!file->commit()) _exit(4);
      _exit(42);
    });
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 42);
    CHECK(content(folder / "a") == "content");
  }

  TEST_CASE("a writer does not take descriptors 0 to 2 even where nobody filled them") {
    const ScratchFolder folder;
    const int status = status_of_child([&] {
      for (const int descriptor : {0, 1, 2}) close(descriptor);
      auto file = FileWriter::open(folder / "a");
      if (!file) _exit(1);
      if (write(1, "noise", 5) != -1 || write(2, "noise", 5) != -1) _exit(2);
      file->write("content");
      _exit(file->commit() ? 42 : 3);
    });
    CHECK(WEXITSTATUS(status) == 42);
    CHECK(content(folder / "a") == "content");
  }

  TEST_CASE("a mapped file that becomes shorter ends the process with a message and status 2") {
    const ScratchFolder folder;
    put(folder / "a", std::string(100000, 'x'));
    int output[2];
    REQUIRE(pipe(output) == 0);
    const int status = status_of_child([&] {
      dup2(output[1], 2);
      prepare_process();
      auto other = FileWriter::open(folder / "b");
      auto file = MappedFile::open(folder / "a", [](auto) { return std::uint64_t{0}; });
      if (!file || !other) _exit(1);
      if (truncate((folder / "a").c_str(), 0) != 0) _exit(1);
      const volatile std::byte* last = &(*file)->bytes()[99999];
      _exit(*last == std::byte{0} ? 3 : 4);
    });
    close(output[1]);
    char text[200] = {};
    CHECK(read(output[0], text, sizeof text - 1) > 0);
    close(output[0]);
    CHECK(std::string(text) == "linenc: a file became shorter while it was read\n");
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 2);
    CHECK(folder.names() == Names{"a"});
  }

}  // TEST_SUITE
