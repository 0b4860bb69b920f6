// Files are written beside their place and renamed into it when they are whole and on the disk.
//
// Tested by tests/runtime/files/write_file_test.cpp.
#include "runtime/files/write_file.h"

#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <optional>
#include <utility>

#include "runtime/files/system_error.h"
#include "runtime/files/temporaries.h"

namespace linenc::runtime {
namespace {

constexpr std::string_view kWriting = "cannot write";
constexpr std::size_t kBuffer = 1 << 16;
constexpr std::size_t kBaseInTemporary = 200;  // leaves room for the rest within the 255 bytes of a name

// A descriptor above stderr's, whatever was closed when the process began; -1 on failure.
int above_standard(int descriptor) {
  if (descriptor < 0 || descriptor > 2) return descriptor;
  const int moved = fcntl(descriptor, F_DUPFD_CLOEXEC, 3);
  const int error = errno;
  close(descriptor);
  errno = error;
  return moved;
}

std::string temporary_name(const std::string& base) {
  std::uint64_t number = 0;
  if (getrandom(&number, sizeof number, 0) != sizeof number) {
    // Unique enough together with O_EXCL.
    number = static_cast<std::uint64_t>(getpid()) << 32 ^ reinterpret_cast<std::uintptr_t>(&number);
  }
  char digits[17];
  std::snprintf(digits, sizeof digits, "%016llx", static_cast<unsigned long long>(number));
  return "." + base.substr(0, kBaseInTemporary) + ".linenc-" + digits;
}

// Why a file of this mode must not be replaced; empty where it may be.
std::string_view why_not_replaced(mode_t mode) {
  if (S_ISREG(mode) || S_ISLNK(mode)) return {};
  return S_ISDIR(mode) ? "it is a folder" : "it is not a regular file";
}

}  // namespace

struct FileWriter::State {
  std::filesystem::path target;
  std::string base;
  std::string temporary;
  int folder = -1;
  int file = -1;
  int place = -1;                   // among the temporaries
  std::optional<mode_t> kept_mode;  // of the file that is replaced
  std::string buffer;
  std::uint64_t size = 0;         // buffer included
  std::optional<RunError> error;  // the first one
  bool created = false, finished = false;

  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    // Unlinked before it is closed: nobody may find half a file.
    if (created) unlinkat(folder, temporary.c_str(), 0);
    forget_temporary(place);
    if (file >= 0) close(file);
    if (folder >= 0) close(folder);
  }

  [[nodiscard]] RunError failure(int number, std::string_view call) const { return system_error(kWriting, target, number, call); }
  void fail(int number, std::string_view call) {
    if (!error) error = failure(number, call);
  }

  [[nodiscard]] std::optional<RunError> open_folder() {
    base = target.filename().native();
    if (base.empty() || base == "." || base == "..") return refusal(kWriting, target, "it names no file");
    const std::filesystem::path parent = target.has_parent_path() ? target.parent_path() : ".";
    folder = above_standard(::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder < 0) return failure(errno, "folder");
    return std::nullopt;
  }

  // The target may be absent, a regular file, or a link, which is replaced itself.
  [[nodiscard]] std::optional<RunError> look_at_target() {
    struct stat status = {};
    if (fstatat(folder, base.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
      if (errno == ENOENT) return std::nullopt;
      return failure(errno, "stat");
    }
    if (const std::string_view why = why_not_replaced(status.st_mode); !why.empty()) {
      return refusal(kWriting, target, why);
    }
    if (S_ISREG(status.st_mode)) kept_mode = status.st_mode & 07777;
    return std::nullopt;
  }

  [[nodiscard]] std::optional<RunError> create() {
    constexpr int kAttempts = 8;
    for (int attempt = 0; attempt < kAttempts && file < 0; ++attempt) {
      temporary = temporary_name(base);
      // Entered before it exists: a signal in between removes nothing, one just after must not miss it.
      place = remember_temporary(folder, temporary);
      if (place < 0) return refusal(kWriting, target, "too many files are being written");
      file = openat(folder, temporary.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW | O_CLOEXEC, 0666);
      created = file >= 0;
      if (created && (file = above_standard(file)) < 0) return failure(errno, "open");
      if (file < 0) {
        const int number = errno;
        forget_temporary(std::exchange(place, -1));
        if (number != EEXIST || attempt + 1 == kAttempts) return failure(number, "open");
      }
    }
    return std::nullopt;
  }

  // Everything, or an error.
  void put(const char* bytes, std::size_t count, std::optional<std::uint64_t> offset) {
    while (count > 0 && !error) {
      const ssize_t written = offset ? pwrite(file, bytes, count, static_cast<off_t>(*offset)) : ::write(file, bytes, count);
      if (written < 0 && errno == EINTR) continue;
      // Nothing written and no reason given would go on for ever.
      if (written <= 0) return fail(written < 0 ? errno : EIO, "write");
      bytes += written;
      count -= static_cast<std::size_t>(written);
      if (offset) *offset += static_cast<std::uint64_t>(written);
    }
  }

  void flush() {
    put(buffer.data(), buffer.size(), std::nullopt);
    buffer.clear();
  }

  void append(const char* bytes, std::size_t count) {
    if (file < 0) return fail(EBADF, "write");
    size += count;
    if (buffer.size() + count > kBuffer) flush();
    if (count >= kBuffer) return put(bytes, count, std::nullopt);
    buffer.append(bytes, count);
  }

  // Each of these is tried once: what a second fsync or close says is worth nothing.
  void make_durable() {
    if (file < 0) return;
    flush();
    if (!error && kept_mode && fchmod(file, *kept_mode) != 0) fail(errno, "chmod");
    if (!error && fsync(file) != 0) fail(errno, "fsync");
    if (close(std::exchange(file, -1)) != 0) fail(errno, "close");
  }

  [[nodiscard]] Result<Done> replace() {
    // Something else may have appeared since it was opened.
    kept_mode.reset();
    if (auto refused = look_at_target()) return *refused;
    if (renameat(folder, temporary.c_str(), folder, base.c_str()) != 0) return failure(errno, "rename");
    created = false;
    if (fsync(folder) != 0 && errno != EINVAL && errno != ENOTSUP) {
      return system_error("written, but not known to be on the disk:", target, errno, "fsync");
    }
    return Done{};
  }
};

FileWriter::FileWriter(std::unique_ptr<State> state) : state_(std::move(state)) {}
FileWriter::FileWriter(FileWriter&& other) noexcept = default;
FileWriter& FileWriter::operator=(FileWriter&& other) noexcept = default;
FileWriter::~FileWriter() = default;

Result<FileWriter> FileWriter::open(const std::filesystem::path& target) {
  auto state = std::make_unique<State>();
  state->target = target;
  if (auto error = state->open_folder()) return *error;
  if (auto error = state->look_at_target()) return *error;
  if (auto error = state->create()) return *error;
  return FileWriter(std::move(state));
}

void FileWriter::write(std::span<const std::byte> bytes) { state_->append(reinterpret_cast<const char*>(bytes.data()), bytes.size()); }

void FileWriter::write(std::string_view text) { state_->append(text.data(), text.size()); }

void FileWriter::write_at(std::uint64_t offset, std::span<const std::byte> bytes) {
  if (offset > state_->size || bytes.size() > state_->size - offset) return state_->fail(EINVAL, "write");
  state_->flush();
  state_->put(reinterpret_cast<const char*>(bytes.data()), bytes.size(), offset);
}

std::uint64_t FileWriter::size() const { return state_->size; }

Result<Done> FileWriter::make_durable() {
  state_->make_durable();
  if (state_->error) return *state_->error;
  return Done{};
}

Result<Done> FileWriter::commit() {
  if (std::exchange(state_->finished, true)) return refusal(kWriting, state_->target, "it was committed before");
  state_->make_durable();
  Result<Done> result = Done{};
  if (state_->error) {
    result = *state_->error;
  } else {
    result = state_->replace();
  }
  // Whatever is left of the temporary goes now, not when the writer does.
  if (std::exchange(state_->created, false)) unlinkat(state_->folder, state_->temporary.c_str(), 0);
  forget_temporary(std::exchange(state_->place, -1));
  return result;
}

}  // namespace linenc::runtime
