#include "runtime/files/write_file.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>

#include "tests/runtime/files/scratch_folder.h"

using namespace linenc::runtime;
using namespace linenc::runtime::test;

namespace {

using Names = std::vector<std::string>;

mode_t mode_of(const std::filesystem::path& path) {
  struct stat status = {};
  lstat(path.c_str(), &status);
  return status.st_mode & 07777;
}

void write_whole(const std::filesystem::path& path, const std::string& text) {
  auto file = FileWriter::open(path);
  REQUIRE(file);
  file->write(text);
  REQUIRE(file->commit());
}

std::string error_of(const std::filesystem::path& path) {
  auto file = FileWriter::open(path);
  return file ? "" : file.error().text;
}

}  // namespace

TEST_SUITE("runtime/files/write_file") {
  TEST_CASE("a new file appears whole, under the umask, and nothing else stays") {
    const ScratchFolder folder;
    const mode_t mask = umask(027);
    {
      auto file = FileWriter::open(folder / "a.bin");
      REQUIRE(file);
      file->write("hello ");
      const std::string large(200000, 'x');
      file->write(large);
      file->write(std::as_bytes(std::span("!", 1)));
      CHECK(file->size() == 200007);
      CHECK_FALSE(std::filesystem::exists(folder / "a.bin"));
      CHECK(file->commit());
      CHECK(content(folder / "a.bin") == "hello " + large + "!");
    }
    umask(mask);
    CHECK(mode_of(folder / "a.bin") == 0640);
    CHECK(folder.names() == Names{"a.bin"});
  }

  TEST_CASE("a header may be written last") {
    const ScratchFolder folder;
    auto file = FileWriter::open(folder / "a");
    REQUIRE(file);
    file->write("????body");
    file->write_at(0, std::as_bytes(std::span("HEAD", 4)));
    file->write(" and tail");
    REQUIRE(file->commit());
    CHECK(content(folder / "a") == "HEADbody and tail");
  }

  TEST_CASE("overwriting what was never written is an error at commit") {
    const ScratchFolder folder;
    put(folder / "a", "old");
    auto file = FileWriter::open(folder / "a");
    REQUIRE(file);
    file->write("abc");
    file->write_at(2, std::as_bytes(std::span("zz", 2)));
    CHECK_FALSE(file->commit());
    CHECK(content(folder / "a") == "old");
    CHECK(folder.names() == Names{"a"});
  }

  TEST_CASE("what is durable has not its name yet, and takes no more bytes") {
    const ScratchFolder folder;
    put(folder / "a", "old");
    auto file = FileWriter::open(folder / "a");
    REQUIRE(file);
    file->write("new");
    REQUIRE(file->make_durable());
    CHECK(content(folder / "a") == "old");
    REQUIRE(file->commit());
    CHECK(content(folder / "a") == "new");
    auto late = FileWriter::open(folder / "a");
    REQUIRE(late);
    REQUIRE(late->make_durable());
    late->write("more");
    CHECK_FALSE(late->commit());
    CHECK(content(folder / "a") == "new");
    CHECK(folder.names() == Names{"a"});
  }

  TEST_CASE("the temporary is hidden, in the same folder and named after the file") {
    const ScratchFolder folder;
    auto file = FileWriter::open(folder / "vars.bin");
    REQUIRE(file);
    const Names names = folder.names();
    REQUIRE(names.size() == 1);
    const std::string prefix = ".vars.bin.linenc-";
    CHECK(names[0].substr(0, prefix.size()) == prefix);
    CHECK(names[0].size() == prefix.size() + 16);
    CHECK(names[0].find_first_not_of("0123456789abcdef", prefix.size()) == std::string::npos);
  }

  TEST_CASE("without commit the old file stays and the temporary goes") {
    const ScratchFolder folder;
    put(folder / "a", "old");
    {
      auto file = FileWriter::open(folder / "a");
      REQUIRE(file);
      file->write("new");
    }
    CHECK(content(folder / "a") == "old");
    CHECK(folder.names() == Names{"a"});
  }

  TEST_CASE("the mode of the replaced file is kept") {
    const ScratchFolder folder;
    put(folder / "a", "old");
    for (const mode_t mode : {0600, 0444, 0755}) {
      CAPTURE(mode);
      REQUIRE(chmod((folder / "a").c_str(), mode) == 0);
      write_whole(folder / "a", "new");
      CHECK(mode_of(folder / "a") == mode);
    }
  }

  TEST_CASE("a symbolic link is replaced and what it points to is untouched") {
    const ScratchFolder folder;
    put(folder / "target", "old");
    std::filesystem::create_symlink("target", folder / "link");
    std::filesystem::create_symlink("nowhere", folder / "broken");
    write_whole(folder / "link", "new");
    write_whole(folder / "broken", "new");
    CHECK(content(folder / "target") == "old");
    CHECK(std::filesystem::is_regular_file(std::filesystem::symlink_status(folder / "link")));
    CHECK(content(folder / "link") == "new");
    CHECK(content(folder / "broken") == "new");
  }

  TEST_CASE("folders, pipes and devices are refused and stay what they are") {
    const ScratchFolder folder;
    std::filesystem::create_directory(folder / "sub");
    REQUIRE(mkfifo((folder / "pipe").c_str(), 0600) == 0);
    CHECK(error_of(folder / "sub") == "cannot write `" + (folder / "sub").string() + "`: it is a folder");
    CHECK(error_of(folder / "pipe") == "cannot write `" + (folder / "pipe").string() + "`: it is not a regular file");
    CHECK(error_of("/dev/null") == "cannot write `/dev/null`: it is not a regular file");
    CHECK(error_of(folder.path() / "") == "cannot write `" + folder.path().string() + "/`: it names no file");
    CHECK(error_of("") == "cannot write ``: it names no file");
    CHECK(folder.names() == Names{"pipe", "sub"});
  }

  TEST_CASE("a pipe that appears before commit is not replaced") {
    const ScratchFolder folder;
    auto file = FileWriter::open(folder / "a");
    REQUIRE(file);
    REQUIRE(mkfifo((folder / "a").c_str(), 0600) == 0);
    CHECK_FALSE(file->commit());
    CHECK(std::filesystem::is_fifo(folder / "a"));
    CHECK(folder.names() == Names{"a"});
  }

  TEST_CASE("a missing folder and a file in its place are told") {
    const ScratchFolder folder;
    put(folder / "file", "");
    CHECK(error_of(folder / "no/a") == "cannot write `" + (folder / "no/a").string() + "`: No such file or directory (folder)");
    CHECK(error_of(folder / "file/a") == "cannot write `" + (folder / "file/a").string() + "`: Not a directory (folder)");
  }

  TEST_CASE("names go up to 255 bytes, one more is told; control bytes are shown escaped") {
    const ScratchFolder folder;
    write_whole(folder / std::string(255, 'n'), "long");
    CHECK(content(folder / std::string(255, 'n')) == "long");
    CHECK(error_of(folder / std::string(256, 'n')).find("File name too long") != std::string::npos);
    CHECK(error_of("/nowhere/\x1b[2J").find("`/nowhere/\\x1b[2J`") != std::string::npos);
  }

  TEST_CASE("two writers of one file leave one of both, whole") {
    const ScratchFolder folder;
    auto first = FileWriter::open(folder / "a");
    auto second = FileWriter::open(folder / "a");
    REQUIRE(first);
    REQUIRE(second);
    first->write("first");
    second->write("second");
    CHECK(second->commit());
    CHECK(first->commit());
    CHECK(content(folder / "a") == "first");
    CHECK(folder.names() == Names{"a"});
  }

  TEST_CASE("a second commit is an error and harms nothing") {
    const ScratchFolder folder;
    auto file = FileWriter::open(folder / "a");
    REQUIRE(file);
    file->write("x");
    CHECK(file->commit());
    CHECK_FALSE(file->commit());
    CHECK(content(folder / "a") == "x");
  }

  TEST_CASE("where the space ends, commit says so and the old file stays") {
    const ScratchFolder folder;
    put(folder / "a", "old");
    const int status = status_of_child([&] {
      prepare_process();  // ignores SIGXFSZ
      const rlimit limit{100000, 100000};
      setrlimit(RLIMIT_FSIZE, &limit);
      auto file = FileWriter::open(folder / "a");
      if (!file) _exit(1);
      for (int i = 0; i < 50; ++i) file->write(std::string(5000, 'x'));
      const auto done = file->commit();
      _exit(!done && done.error().text.find("File too large (write)") != std::string::npos ? 42 : 2);
    });
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 42);
    CHECK(content(folder / "a") == "old");
    CHECK(folder.names() == Names{"a"});
  }

  TEST_CASE("SIGKILL during a write leaves the old file") {
    const ScratchFolder folder;
    put(folder / "a", "old");
    for (int i = 0; i < 20; ++i) {
      const int status = status_of_child([&] {
        auto file = FileWriter::open(folder / "a");
        if (!file) _exit(1);
        for (int piece = 0; piece <= i; ++piece) file->write(std::string(70000, 'x'));
        raise(SIGKILL);
      });
      CHECK(WIFSIGNALED(status));
      CHECK(content(folder / "a") == "old");
    }
  }

  TEST_CASE("SIGKILL at any moment of many writes leaves an old or a new file") {
    const ScratchFolder folder;
    const std::string old_text(300000, 'o'), new_text(300000, 'n');
    put(folder / "a", old_text);
    for (int i = 0; i < 30; ++i) {
      const pid_t child = fork();
      if (child == 0) {
        for (int round = 0;; ++round) {
          auto file = FileWriter::open(folder / "a");
          if (!file) _exit(1);
          file->write(round % 2 == 0 ? new_text : old_text);
          if (!file->commit()) _exit(1);
        }
      }
      usleep(static_cast<useconds_t>(500 + i * 137));
      kill(child, SIGKILL);
      waitpid(child, nullptr, 0);
      const std::string found = content(folder / "a");
      CHECK((found == old_text || found == new_text));
    }
  }

}  // TEST_SUITE
