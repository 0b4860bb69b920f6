// Memory straight from the system, in large pages where that helps.
#include "runtime/executor/arena.h"

#include <sys/mman.h>

namespace linenc::runtime {

Arena::Arena(std::size_t bytes) : bytes_(bytes == 0 ? 1 : bytes) {
  constexpr std::size_t kLarge = std::size_t{4} << 20;
  void* memory = mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return;
#if defined(MADV_HUGEPAGE)
  if (bytes_ >= kLarge) madvise(memory, bytes_, MADV_HUGEPAGE);
#endif
  data_ = static_cast<std::byte*>(memory);
}

Arena::~Arena() {
  if (data_ != nullptr) munmap(data_, bytes_);
}

}  // namespace linenc::runtime
