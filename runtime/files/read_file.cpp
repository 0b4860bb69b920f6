// Files read whole, or mapped.
//
// Tested by tests/runtime/files/read_file_test.cpp.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "runtime/files/pieces.h"
#include "runtime/files/system_error.h"
#include "runtime/files/temporaries.h"
#include "runtime/files/write_file.h"

namespace linenc::runtime {
namespace {

constexpr std::string_view kReading = "cannot read";
constexpr std::size_t kFirstPiece = 1 << 16;

// Memory that grows without a copy of what it holds, and is taken page by page as it is filled.
class Pages {
 public:
  Pages() = default;
  Pages(const Pages&) = delete;
  Pages& operator=(const Pages&) = delete;
  ~Pages() {
    if (memory_ != nullptr) munmap(memory_, size_);
  }
  [[nodiscard]] std::byte* data() const { return static_cast<std::byte*>(memory_); }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool grow(std::size_t size) {
    void* const memory = memory_ == nullptr ? mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
                                            : mremap(memory_, size_, size, MREMAP_MAYMOVE);
    if (memory == MAP_FAILED) return false;
    memory_ = memory;
    size_ = size;
    return true;
  }

 private:
  void* memory_ = nullptr;
  std::size_t size_ = 0;
};

struct StreamBytes {
  std::shared_ptr<const void> pages;
  std::span<const std::byte> bytes;
};

// An open file, or stdin, which stays open.
class Source {
 public:
  explicit Source(const std::filesystem::path& path) : path_(path) {
    static std::atomic<bool> stdin_was_read = false;
    stdin_ = path == "-";
    again_ = stdin_ && stdin_was_read.exchange(true);
    descriptor_ = stdin_ ? 0 : ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (descriptor_ < 0 || fstat(descriptor_, &status_) != 0) error_ = errno;
  }
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;
  ~Source() {
    if (descriptor_ >= 0 && !stdin_) close(descriptor_);
  }

  // Why nothing can be read from it.
  [[nodiscard]] std::optional<RunError> error() const {
    if (error_ != 0) return failure(error_, "open");
    if (S_ISDIR(status_.st_mode)) return problem(RunError::Kind::System, "is a folder");
    if (again_) return problem(RunError::Kind::System, "was read before: `-` can be given once");
    return std::nullopt;
  }
  [[nodiscard]] int descriptor() const { return descriptor_; }
  [[nodiscard]] bool is_regular() const { return S_ISREG(status_.st_mode); }
  [[nodiscard]] std::uint64_t length() const { return static_cast<std::uint64_t>(status_.st_size); }
  [[nodiscard]] std::string name() const { return stdin_ ? "stdin" : shown(path_); }

  [[nodiscard]] RunError failure(int number, std::string_view call) const {
    if (stdin_) return system_error(kReading, "stdin", number, call);
    return system_error(kReading, path_, number, call);
  }
  [[nodiscard]] RunError problem(RunError::Kind kind, const std::string& text) const { return {kind, name() + " " + text, ""}; }

  // At most `limit` bytes from where the file stands; counted as they come, as devices and pipes tell no length.
  [[nodiscard]] Result<std::string> read_all(std::size_t limit) const {
    std::string bytes;
    std::size_t filled = 0;
    while (true) {
      // One byte more than the limit shows that there is one.
      const std::size_t most = limit == SIZE_MAX ? limit : limit + 1;
      if (filled == bytes.size()) bytes.resize(std::min(most, next_size(bytes.size())));
      const ssize_t count = ::read(descriptor_, bytes.data() + filled, bytes.size() - filled);
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return failure(errno, "read");
      if (count == 0) break;
      filled += static_cast<std::size_t>(count);
      if (filled > limit) {
        return problem(RunError::Kind::BadFile, "is longer than the limit of " + std::to_string(limit) + " bytes");
      }
    }
    if (is_cut_off(filled)) return problem(RunError::Kind::System, "changed while it was read");
    bytes.resize(filled);
    return bytes;
  }

  // As much as the judge wants.
  [[nodiscard]] Result<StreamBytes> read_judged(const StreamJudge& judge) const {
    const auto pages = std::make_shared<Pages>();
    std::size_t filled = 0;
    std::uint64_t wanted = kStreamBegin;
    while (true) {
      if (filled == wanted) {
        const auto next = judge({pages->data(), filled});
        if (!next) return RunError{next.error().kind, shown(path_) + ": " + next.error().text, ""};
        if (*next <= filled) break;
        wanted = *next;
      }
      if (filled == pages->size() && !pages->grow(std::min<std::uint64_t>(wanted, std::max(kStreamBegin, 2 * filled)))) {
        return problem(RunError::Kind::OutOfMemory, "is larger than the memory that is left");
      }
      const ssize_t count = ::read(descriptor_, pages->data() + filled, pages->size() - filled);
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return failure(errno, "read");
      if (count == 0 && is_cut_off(filled)) return problem(RunError::Kind::System, "changed while it was read");
      if (count == 0) break;
      filled += static_cast<std::size_t>(count);
    }
    return StreamBytes{pages, {pages->data(), filled}};
  }

 private:
  [[nodiscard]] bool is_cut_off(std::size_t filled) const { return is_regular() && !stdin_ && filled < length(); }

  // The announced length of a file and one byte to see its end; else growing pieces.
  [[nodiscard]] std::size_t next_size(std::size_t size) const {
    if (size > 0) return size * 2;
    const std::uint64_t announced = is_regular() ? length() : 0;
    return std::max<std::size_t>(kFirstPiece, static_cast<std::size_t>(announced) + 1);
  }

  const std::filesystem::path& path_;
  bool stdin_ = false;
  bool again_ = false;  // stdin was read before
  int descriptor_ = -1;
  int error_ = 0;
  struct stat status_ = {};
};

// The mappings that are open now.
class Mappings {
 public:
  void add(std::span<const std::byte> bytes) {
    const std::lock_guard lock(mutex_);
    all_.push_back(bytes);
  }
  void remove(std::span<const std::byte> bytes) {
    const std::lock_guard lock(mutex_);
    std::erase_if(all_, [&](std::span<const std::byte> other) { return other.data() == bytes.data(); });
  }
  // The lock is held while pages are released: the mapping must not go away meanwhile.
  void release(std::span<const std::byte> bytes) {
    const std::lock_guard lock(mutex_);
    for (const std::span<const std::byte> mapping : all_) {
      if (bytes.data() < mapping.data() || bytes.data() >= mapping.data() + mapping.size()) continue;
      const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
      const auto from = static_cast<std::size_t>(bytes.data() - mapping.data());
      const std::size_t begin = from / page * page;
      const std::size_t end = std::min(from + bytes.size(), mapping.size());
      madvise(const_cast<std::byte*>(mapping.data()) + begin, end - begin, MADV_DONTNEED);
    }
  }

 private:
  std::mutex mutex_;
  std::vector<std::span<const std::byte>> all_;
};

Mappings& mappings() {
  static Mappings all;
  return all;
}

}  // namespace

void release_pages(std::span<const std::byte> bytes) { mappings().release(bytes); }

Result<std::string> read_file(const std::filesystem::path& path, std::size_t limit) {
  const Source source(path);
  if (auto error = source.error()) return *error;
  return source.read_all(limit);
}

Result<std::shared_ptr<const MappedFile>> MappedFile::open(const std::filesystem::path& path, const StreamJudge& judge) {
  const Source source(path);
  if (auto error = source.error()) return *error;
  // Not make_shared: the constructor is private.
  std::shared_ptr<MappedFile> file(new MappedFile());
  if (source.is_regular() && source.length() > 0 && path != "-") {
    const auto length = static_cast<std::size_t>(source.length());
    void* const memory = mmap(nullptr, length, PROT_READ, MAP_PRIVATE, source.descriptor(), 0);
    if (memory != MAP_FAILED) {
      file->mapped_ = true;
      file->bytes_ = {static_cast<const std::byte*>(memory), length};
      count_mapping(1);
      mappings().add(file->bytes_);
      return std::shared_ptr<const MappedFile>(std::move(file));
    }
  }
  Result<StreamBytes> stream = source.read_judged(judge);
  if (!stream) return stream.error();
  file->pages_ = std::move(stream->pages);
  file->bytes_ = stream->bytes;
  return std::shared_ptr<const MappedFile>(std::move(file));
}

MappedFile::~MappedFile() {
  if (!mapped_) return;
  mappings().remove(bytes_);
  munmap(const_cast<std::byte*>(bytes_.data()), bytes_.size());
  count_mapping(-1);
}

}  // namespace linenc::runtime
