// What is read of streams, of which nobody knows how long they are.
#include <unistd.h>
#include <csignal>

#include <atomic>
#include <thread>

#include "tests/runtime/variables/support.h"

using namespace linenc;
using namespace linenc::runtime;
using namespace std::string_literals;

namespace {

// A pipe that delivers a beginning and then a byte for ever, and counts what was taken of it.
class EndlessPipe {
 public:
  EndlessPipe(const std::string& begin, char rest) {
    std::signal(SIGPIPE, SIG_IGN);
    if (pipe(ends_) != 0) std::abort();
    writer_ = std::thread([this, begin, rest] {
      std::string piece = begin.empty() ? std::string(4096, rest) : begin;
      ssize_t count = 0;
      while ((count = write(ends_[1], piece.data(), piece.size())) > 0) {
        taken_ += static_cast<std::size_t>(count);
        piece.erase(0, static_cast<std::size_t>(count));
        if (piece.empty()) piece.assign(4096, rest);
      }
      close(ends_[1]);
    });
  }
  ~EndlessPipe() {
    if (writer_.joinable()) (void)end();
  }
  [[nodiscard]] std::string path() const { return "/dev/fd/" + std::to_string(ends_[0]); }
  // Nobody reads any more: how many bytes went into the pipe.
  std::size_t end() {
    close(ends_[0]);
    writer_.join();
    return taken_;
  }

 private:
  int ends_[2];
  std::atomic<std::size_t> taken_ = 0;
  std::thread writer_;
};

std::string npy_begin(const std::string& shape) {
  std::string header = "{'descr': '<f4', 'fortran_order': False, 'shape': " + shape + ", }";
  header.append(128 - 10 - header.size() - 1, ' ');
  return "\x93NUMPY\x01\0"s + static_cast<char>(header.size() + 1) + '\0' + header + '\n';
}

std::string safetensors_begin(const std::string& shape, std::uint64_t end) {
  std::string header = R"({"x":{"dtype":"F32","shape":)" + shape + R"(,"data_offsets":[0,)" + std::to_string(end) + "]}}";
  header.resize((header.size() + 7) / 8 * 8, ' ');
  const std::uint64_t length = header.size();
  return std::string(reinterpret_cast<const char*>(&length), 8) + header;
}

constexpr std::size_t kBeginning = 1 << 20;  // the first piece, and what fits into a pipe

}  // namespace

TEST_SUITE("runtime/variables/stream") {
  TEST_CASE("of an endless stream that is refused, its beginning alone is read") {
    ReadLimits limits;
    limits.memory_bytes = 50 << 20;
    limits.safetensors_header_bytes = 1 << 16;
    struct Row {
      std::string begin;
      char rest;
      std::string message;
    };
    for (const Row& row :
         {Row{"", 'y', "the content is none of"}, Row{"", '\0', "the content is none of"}, Row{"", '{', "no JSON"},
          Row{"GGUF", 'x', "a GGUF file is not supported"}, Row{"\x89LNPLAN\n", 'x', "a plan, which `linenc compile` made"},
          Row{npy_begin("(4, 4)"), '\0', "trailing bytes after the array"},
          Row{npy_begin("(1000000000, 784)"), '\0', "announces 3136000000128 bytes, and 52428800 may be taken"},
          Row{npy_begin("(-1,)"), '\0', "dimension out of range"}, Row{"\x93NUMPY\x01\0\xFF\xFF"s, ' ', "needs `{`"},
          Row{safetensors_begin("[4]", 16), '\0', "trailing bytes"},
          Row{safetensors_begin("[100000000]", 400000000), '\0', "bytes, and 52428800 may be taken"}, Row{"\0\0\1\0\0\0\0\0{"s, '\0', "header"},
          Row{"\1\0\1\0\0\0\0\0{"s, ' ', "header length"}, Row{"PK\x03\x04", '\0', "no end record"}, Row{"PK\x05\x06", '\0', "no end record"},
          Row{"{\"format\":", '\0', "holds a NUL"}, Row{"\x81\xA1x\xC7", '\0', "extension"},
          Row{"\x81\xA1x\xC6\x7F\xFF\xFF\xFF", '\0', "bytes, and 52428800 may be taken"}, Row{"\x80", '\0', "trailing bytes after the msgpack"}}) {
      CAPTURE(row.message);
      EndlessPipe pipe(row.begin, row.rest);
      const auto arrays = read_arrays(pipe.path(), limits);
      CHECK(contains(error_of(arrays), row.message));
      CHECK(pipe.end() <= kBeginning);
    }
  }

  TEST_CASE("a stream without an announced length is read up to the memory that may be taken, or to its limit") {
    ReadLimits limits;
    limits.memory_bytes = 1 << 20;
    {
      EndlessPipe spaces("{", ' ');
      const auto arrays = read_arrays(spaces.path(), limits);
      CHECK(contains(error_of(arrays), "out of memory: the stream has more than 1048576 bytes"));
      CHECK(spaces.end() <= 2 * kBeginning);
    }
    limits.json_bytes = 1 << 19;
    EndlessPipe spaces("{", ' ');
    CHECK(contains(error_of(read_arrays(spaces.path(), limits)), "limit 524288"));
    CHECK(spaces.end() <= 2 * kBeginning);
  }

  TEST_CASE("an array of exactly the memory that may be taken is read from a stream, and not one of a byte less") {
    const std::string file = npy_begin("(100000,)") + std::string(400000, '\0');
    ReadLimits limits;
    for (const std::uint64_t memory : {file.size(), file.size() - 1}) {
      CAPTURE(memory);
      limits.memory_bytes = memory;
      EndlessPipe pipe(file, 'x');
      CHECK(contains(error_of(read_arrays(pipe.path(), limits)), memory < file.size() ? "out of memory" : "trailing bytes"));
    }
  }

  TEST_CASE("the data of an array that is not wanted are not read") {
    ReadLimits limits;
    limits.wanted = [](std::string_view, DType, const Shape& shape) { return shape != Shape{100'000'000}; };
    for (const std::string& begin : {npy_begin("(100000000,)"), safetensors_begin("[100000000]", 400000000)}) {
      EndlessPipe pipe(begin, '\0');
      const auto arrays = read_arrays(pipe.path(), limits);
      REQUIRE_MESSAGE(arrays, error_of(arrays));
      const Array& array = arrays->at(0).array;
      CHECK(to_string(array) == "float32[100000000]");
      CHECK(array.data() == nullptr);
      CHECK(pipe.end() <= kBeginning);
    }
  }

}  // TEST_SUITE
