// How much memory may be taken, asked of Linux. What cannot be read does not limit.
#include "runtime/executor/memory_limit.h"

#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstring>
#include <limits>

namespace linenc::runtime {
namespace {

constexpr std::uint64_t kUnlimited = std::numeric_limits<std::uint64_t>::max();

struct File {
  explicit File(const char* path) : file(std::fopen(path, "re")) {}
  ~File() {
    if (file != nullptr) std::fclose(file);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  std::FILE* file;
};

// The number that follows `key` at the start of a line; of the first line where the key is empty. "max" and nothing give no limit.
std::uint64_t number_in(const char* path, const char* key) {
  const File opened(path);
  if (opened.file == nullptr) return kUnlimited;
  char line[256];
  const std::size_t length = std::strlen(key);
  while (std::fgets(line, sizeof line, opened.file) != nullptr) {
    if (std::strncmp(line, key, length) != 0) continue;
    unsigned long long value = 0;
    return std::sscanf(line + length, "%llu", &value) == 1 ? value : kUnlimited;
  }
  return kUnlimited;
}

// Of control groups, versions 2 and 1, as a container sees its own.
std::uint64_t group_room() {
  struct Files {
    const char* limit;
    const char* used;
  };
  std::uint64_t room = kUnlimited;
  for (const Files& files : {Files{"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current"},
                             Files{"/sys/fs/cgroup/memory/memory.limit_in_bytes", "/sys/fs/cgroup/memory/memory.usage_in_bytes"}}) {
    const std::uint64_t limit = number_in(files.limit, "");
    if (limit == kUnlimited) continue;
    const std::uint64_t used = number_in(files.used, "");
    room = std::min(room, used == kUnlimited || used > limit ? limit : limit - used);
  }
  return room;
}

std::atomic<std::uint64_t> given_limit = 0;

}  // namespace

void limit_memory(std::uint64_t bytes) { given_limit = bytes; }

std::uint64_t available_memory() {
  if (const std::uint64_t given = given_limit) return given;
  std::uint64_t bytes = group_room();
  if (const std::uint64_t kilobytes = number_in("/proc/meminfo", "MemAvailable:"); kilobytes < kUnlimited / 1024) {
    bytes = std::min(bytes, kilobytes * 1024);
  }
  rlimit limit{};
  if (getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY) bytes = std::min<std::uint64_t>(bytes, limit.rlim_cur);
  return bytes == kUnlimited ? bytes : bytes / 5 * 4;
}

}  // namespace linenc::runtime
