// Reads files with a limit on the bytes really read: the size that a device or a pipe tells is not the size it has.
#include "compiler/source/source_set.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace linenc::source {
namespace {

class Descriptor {
 public:
  explicit Descriptor(const char* path) {
    do {
      number_ = ::open(path, O_RDONLY | O_CLOEXEC);
    } while (number_ < 0 && errno == EINTR);
  }
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int number() const { return number_; }

 private:
  int number_ = -1;
};

std::string reason_of(int error) {
  switch (error) {
    case ENOENT: return "no such file";
    case EISDIR: return "it is a folder";
    case EACCES: return "permission denied";
    case ELOOP: return "too many symbolic links";
    case ENAMETOOLONG: return "the name is too long";
    default: {
      const std::size_t size = 256;
      char text[size] = {};
      const char* found = ::strerror_r(error, text, size);
      return found == nullptr ? "unknown error" : found;
    }
  }
}

// The path in a message: what could move the cursor or begin a line of its own is escaped.
std::string printable(std::string_view path) {
  std::string out;
  for (const char c : path.substr(0, 300)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte != 0x7F) {
      out += c;
    } else {
      constexpr char digits[] = "0123456789ABCDEF";
      out += {'\\', 'x', digits[byte >> 4], digits[byte & 15]};
    }
  }
  return path.size() > 300 ? out + "..." : out;
}

ReadFailure failure(std::string_view shown, const std::string& reason) { return {"cannot read `" + printable(shown) + "`: " + reason}; }

}  // namespace

std::variant<FileId, ReadFailure> SourceSet::read(const std::filesystem::path& path, std::string shown) {
  if (path.native().find('\0') != std::string::npos) return failure(shown, "the name holds a NUL byte");
  const Descriptor file(path.c_str());
  if (file.number() < 0) return failure(shown, reason_of(errno));
  struct stat facts {};
  if (::fstat(file.number(), &facts) != 0) return failure(shown, reason_of(errno));
  if (S_ISDIR(facts.st_mode)) return failure(shown, reason_of(EISDIR));

  std::string text;
  std::string buffer(64u << 10, '\0');
  while (true) {
    const ssize_t got = ::read(file.number(), buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failure(shown, reason_of(errno));
    if (got == 0) break;
    text.append(buffer, 0, static_cast<std::size_t>(got));
    if (text.size() > byte_limit_) {
      ReadFailure large = failure(shown, "it is larger than the limit of " + std::to_string(byte_limit_) + " bytes (see `--limit yaml-bytes=N`)");
      large.is_too_large = true;
      return large;
    }
  }
  return add(std::move(shown), std::move(text));
}

FileId SourceSet::add(std::string shown, std::string text) {
  files_.emplace_back(std::move(shown), std::move(text));
  return static_cast<FileId>(files_.size() - 1);
}

}  // namespace linenc::source
