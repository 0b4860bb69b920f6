#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <thread>
#include <vector>

#include "runtime/files/write_file.h"
#include "tests/runtime/files/scratch_folder.h"

using namespace linenc::runtime;
using namespace linenc::runtime::test;

namespace {

// The path of a pipe that delivers a text, as `<(...)` of a shell gives it.
class TextPipe {
 public:
  explicit TextPipe(std::string text) {
    if (pipe(ends_) != 0) std::abort();
    writer_ = std::thread([this, kept = std::move(text)] {
      std::size_t sent = 0;
      while (sent < kept.size()) {
        const ssize_t count = write(ends_[1], kept.data() + sent, kept.size() - sent);
        if (count <= 0) break;
        sent += static_cast<std::size_t>(count);
      }
      close(ends_[1]);
    });
  }
  ~TextPipe() {
    char drained[4096];
    while (read(ends_[0], drained, sizeof drained) > 0) {}
    writer_.join();
    close(ends_[0]);
  }
  [[nodiscard]] std::string path() const { return "/dev/fd/" + std::to_string(ends_[0]); }

 private:
  int ends_[2];
  std::thread writer_;
};

std::string error_of(const Result<std::string>& result) { return result ? "" : result.error().text; }

std::string text_of(const MappedFile& file) { return {reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size()}; }

Result<std::uint64_t> nothing_more(std::span<const std::byte>) { return std::uint64_t{0}; }
Result<std::uint64_t> everything(std::span<const std::byte>) { return UINT64_MAX; }

}  // namespace

TEST_SUITE("runtime/files/read_file") {
  TEST_CASE("a file of exactly the limit is read, one byte more is told with the limit") {
    const ScratchFolder folder;
    for (const std::size_t limit : {std::size_t{0}, std::size_t{1}, std::size_t{4096}, std::size_t{65536}, std::size_t{200000}}) {
      CAPTURE(limit);
      put(folder / "a", std::string(limit, 'x'));
      const auto whole = read_file(folder / "a", limit);
      REQUIRE(whole);
      CHECK(*whole == std::string(limit, 'x'));
      put(folder / "a", std::string(limit + 1, 'x'));
      const auto longer = read_file(folder / "a", limit);
      REQUIRE_FALSE(longer);
      CHECK(longer.error().kind == RunError::Kind::BadFile);
      CHECK(longer.error().text == "`" + (folder / "a").string() + "` is longer than the limit of " + std::to_string(limit) + " bytes");
    }
  }

  TEST_CASE("pipes are read to their end, within the limit") {
    const std::string text(300000, 'p');
    {
      const TextPipe pipe(text);
      const auto read = read_file(pipe.path(), 300000);
      REQUIRE(read);
      CHECK(*read == text);
    }
    const TextPipe pipe(text);
    CHECK(error_of(read_file(pipe.path(), 299999)).find("is longer than the limit of 299999 bytes") != std::string::npos);
  }

  TEST_CASE("`-` is stdin") {
    const ScratchFolder folder;
    put(folder / "a", "from stdin");
    const int status = status_of_child([&] {
      const int file = open((folder / "a").c_str(), O_RDONLY);
      dup2(file, 0);
      const auto read = read_file("-", 100);
      _exit(read && *read == "from stdin" && fcntl(0, F_GETFD) != -1 ? 42 : 1);
    });
    CHECK(WEXITSTATUS(status) == 42);
  }

  TEST_CASE("stdin is read once") {
    const int status = status_of_child([] {
      dup2(open("/dev/null", O_RDONLY), 0);
      const auto first = read_file("-", 100);
      const auto second = MappedFile::open("-", everything);
      _exit(first && !second && second.error().text == "stdin was read before: `-` can be given once" ? 42 : 1);
    });
    CHECK(WEXITSTATUS(status) == 42);
  }

  TEST_CASE("an endless device ends at the limit, a file without a length is read") {
    CHECK(error_of(read_file("/dev/zero", 1 << 20)) == "`/dev/zero` is longer than the limit of 1048576 bytes");
    const auto status = read_file("/proc/self/status", 1 << 20);
    REQUIRE(status);
    CHECK(status->size() > 100);
  }

  TEST_CASE("folders, missing files and rings of links are told") {
    const ScratchFolder folder;
    std::filesystem::create_symlink("ring", folder / "ring");
    CHECK(error_of(read_file(folder.path(), 10)) == "`" + folder.path().string() + "` is a folder");
    CHECK(error_of(read_file(folder / "no", 10)) == "cannot read `" + (folder / "no").string() + "`: No such file or directory (open)");
    CHECK(error_of(read_file(folder / "ring", 10)).find("Too many levels of symbolic links") != std::string::npos);
  }

  TEST_CASE("a mapped file has the bytes of the file, also an empty one, and keeps them when the name goes") {
    const ScratchFolder folder;
    put(folder / "a", "abc");
    put(folder / "empty", "");
    const auto file = MappedFile::open(folder / "a", nothing_more);
    const auto empty = MappedFile::open(folder / "empty", nothing_more);
    REQUIRE(file);
    REQUIRE(empty);
    std::filesystem::remove(folder / "a");
    CHECK(text_of(**file) == "abc");
    CHECK((*empty)->bytes().empty());
  }

  TEST_CASE("a file that is replaced while it is mapped keeps its bytes") {
    const ScratchFolder folder;
    put(folder / "a", "old bytes");
    const auto file = MappedFile::open(folder / "a", nothing_more);
    REQUIRE(file);
    auto writer = FileWriter::open(folder / "a");
    REQUIRE(writer);
    writer->write("new");
    REQUIRE(writer->commit());
    CHECK(text_of(**file) == "old bytes");
    CHECK(content(folder / "a") == "new");
  }

  TEST_CASE("what cannot be mapped is read") {
    const std::string text(100000, 'q');
    const TextPipe pipe(text);
    const auto file = MappedFile::open(pipe.path(), everything);
    REQUIRE(file);
    CHECK(text_of(**file) == text);
    CHECK_FALSE(MappedFile::open("/", everything));
  }

  TEST_CASE("of a stream as many bytes are read as its judge wants, and it is asked again when they are there") {
    for (const std::uint64_t wanted : {std::uint64_t{0}, std::uint64_t{kStreamBegin}, std::uint64_t{kStreamBegin + 1}, std::uint64_t{3'000'000}}) {
      CAPTURE(wanted);
      std::vector<std::size_t> asked;
      const auto file = MappedFile::open("/dev/zero", [&](std::span<const std::byte> begin) {
        asked.push_back(begin.size());
        return wanted;
      });
      REQUIRE(file);
      const std::size_t read = std::max<std::size_t>(kStreamBegin, wanted);
      CHECK((*file)->bytes().size() == read);
      CHECK(asked == (wanted > kStreamBegin ? std::vector{kStreamBegin, read} : std::vector{kStreamBegin}));
    }
  }

  TEST_CASE("what the judge refuses is told with the name of the stream") {
    const auto file = MappedFile::open("/dev/zero", [](auto) -> Result<std::uint64_t> { return RunError{RunError::Kind::BadFile, "is odd", ""}; });
    REQUIRE_FALSE(file);
    CHECK(file.error().text == "`/dev/zero`: is odd");
  }

}  // TEST_SUITE
