// Chooses the code for this processor, once.
#include <array>
#include <atomic>
#if defined(__x86_64__)
#include <cpuid.h>
#endif

#include "runtime/kernels/vector/vector_table.h"

namespace linenc::runtime {

namespace isa_baseline {
extern const VectorTable kTable;
}
#if defined(__x86_64__)
namespace isa_avx2 {
extern const VectorTable kTable;
}
namespace isa_avx512 {
extern const VectorTable kTable;
}
#endif

namespace {

struct Usable {
  std::array<const VectorTable*, 3> tables{};
  std::size_t count = 0;
};

#if defined(__x86_64__)
// A word that not every compiler's __builtin_cpu_supports knows.
bool has_f16c() {
  unsigned a = 0, b = 0, c = 0, d = 0;
  return __get_cpuid(1, &a, &b, &c, &d) != 0 && (c & bit_F16C) != 0;
}
#endif

Usable find_usable() {
  Usable usable;
  usable.tables[usable.count++] = &isa_baseline::kTable;
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma") || !has_f16c()) return usable;
  usable.tables[usable.count++] = &isa_avx2::kTable;
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512vl")) {
    usable.tables[usable.count++] = &isa_avx512::kTable;
  }
#endif
  return usable;
}

const Usable& usable() {
  static const Usable found = find_usable();
  return found;
}

std::atomic<const VectorTable*> chosen{nullptr};

}  // namespace

VectorTables usable_vector_tables() { return {usable().tables.data(), usable().count}; }

const VectorTable& vectors() {
  const VectorTable* table = chosen.load(std::memory_order_relaxed);
  if (table == nullptr) {
    table = usable().tables[usable().count - 1];
    chosen.store(table, std::memory_order_relaxed);
  }
  return *table;
}

void use_vectors(const VectorTable& table) { chosen.store(&table, std::memory_order_relaxed); }

}  // namespace linenc::runtime
