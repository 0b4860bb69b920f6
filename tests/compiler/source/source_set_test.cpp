#include "compiler/source/source_set.h"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>

namespace linenc::source {
namespace {

namespace fs = std::filesystem;

// A folder of its own for each test, gone afterwards.
class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "linenc_source_XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~Folder() { fs::remove_all(path_); }
  fs::path file(const std::string& name, const std::string& text) const {
    std::ofstream(path_ / name, std::ios::binary) << text;
    return path_ / name;
  }
  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

std::string message_of(const std::variant<FileId, ReadFailure>& result) {
  const auto* failure = std::get_if<ReadFailure>(&result);
  return failure == nullptr ? std::string("read") : failure->message;
}

TEST_CASE("a file is read as it stands, and shown by the path that is given") {
  const Folder folder;
  SourceSet sources;
  const auto result = sources.read(folder.file("m.yaml", "linenc: 1\r\n"), "models/m.yaml");
  REQUIRE(std::holds_alternative<FileId>(result));
  CHECK(sources.file(std::get<FileId>(result)).text() == "linenc: 1\r\n");
  CHECK(sources.file(std::get<FileId>(result)).path() == "models/m.yaml");
}

TEST_CASE("files keep their address while others are added") {
  SourceSet sources;
  const SourceFile* first = &sources.file(sources.add("a", "a"));
  for (int i = 0; i < 1000; ++i) sources.add("b", "b");
  CHECK(first == &sources.file(0));
  CHECK(sources.size() == 1001);
  CHECK(sources.text(Span{0, 0, 1}) == "a");
}

TEST_CASE("what cannot be read says why") {
  const Folder folder;
  SourceSet sources;
  CHECK(message_of(sources.read(folder.path() / "none.yaml", "none.yaml")) == "cannot read `none.yaml`: no such file");
  CHECK(message_of(sources.read(folder.path(), "models")) == "cannot read `models`: it is a folder");
  fs::create_symlink("loop", folder.path() / "loop");
  CHECK(message_of(sources.read(folder.path() / "loop", "loop")) == "cannot read `loop`: too many symbolic links");
  CHECK(message_of(sources.read(std::string("a\0b", 3), "a")) == "cannot read `a`: the name holds a NUL byte");
}

TEST_CASE("a path in a message cannot begin a line or move the cursor") {
  SourceSet sources;
  CHECK(message_of(sources.read("/none/x", "x\n::error::\x1B[2J")) == "cannot read `x\\x0A::error::\\x1B[2J`: no such file");
}

TEST_CASE("the limit holds for the bytes read, at N and N + 1") {
  const Folder folder;
  SourceSet sources(8);
  CHECK(message_of(sources.read(folder.file("n", "12345678"), "n")) == "read");
  CHECK(message_of(sources.read(folder.file("m", "123456789"), "m")) ==
        "cannot read `m`: it is larger than the limit of 8 bytes (see `--limit yaml-bytes=N`)");
  CHECK(message_of(sources.read("/dev/zero", "/dev/zero")).ends_with("(see `--limit yaml-bytes=N`)"));
}

TEST_CASE("a pipe can be read, though it tells no size") {
  const Folder folder;
  const fs::path pipe = folder.path() / "pipe";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  std::thread writer([&] { std::ofstream(pipe) << "linenc: 1"; });
  SourceSet sources;
  const auto result = sources.read(pipe, "pipe");
  writer.join();
  REQUIRE(std::holds_alternative<FileId>(result));
  CHECK(sources.file(std::get<FileId>(result)).text() == "linenc: 1");
}

}  // namespace
}  // namespace linenc::source
