// Plan files in which bytes were changed and whose checksum was made to fit again: each is refused, or runs inside of its
// memory (seen by the address sanitizer) and ends.

#include <doctest/doctest.h>

#include <cstdlib>
#include <random>

#include "runtime/executor/executor.h"
#include "tests/runtime/plan/plan_fixture.h"
#include "tests/runtime/plan/plan_gallery.h"

namespace linenc::test {
namespace {

constexpr std::uint64_t kMostBytes = 1 << 22;  // of what is run here

std::vector<Array> arrays_of(const Program& program, const std::vector<Port>& ports) {
  std::vector<Array> arrays;
  for (const Port& port : ports) {
    const PlanValue& value = program.values[port.value];
    Array& array = arrays.emplace_back(value.dtype, value.shape);
    // Bools stay bools; indices come from everywhere.
    for (std::size_t i = 0; i < array.bytes(); ++i) array.data()[i] = std::byte(value.dtype == DType::Bool ? i % 2 : i * 37 % 251);
  }
  return arrays;
}

std::uint64_t bytes_of_ports(const Program& program) {
  std::uint64_t bytes = program.arena_bytes;
  for (const auto* ports : {&program.inputs, &program.outputs}) {
    for (const Port& port : *ports) {
      const PlanValue& value = program.values[port.value];
      bytes += static_cast<std::uint64_t>(element_count(value.shape)) * byte_size(value.dtype);
      if (bytes > kMostBytes) return bytes;
    }
  }
  return bytes;
}

// False where there is not enough memory for the test.
bool run(const PlanFile& file, runtime::Threads& threads) {
  const Program& entry = file.executable.entry();
  if (bytes_of_ports(entry) > kMostBytes) return false;
  const std::vector<Array> inputs = arrays_of(entry, entry.inputs);
  std::vector<Array> outputs = arrays_of(entry, entry.outputs);
  std::vector<const Array*> given;
  for (const Array& array : inputs) given.push_back(&array);
  const auto executor = runtime::Executor::make(file.executable.plan, threads);
  return executor && (*executor)->run(given, outputs);
}

class Mutator {
 public:
  explicit Mutator(unsigned seed) : random_(seed) {}
  std::string mutate(const std::string& bytes, std::size_t head_bytes) {
    std::string changed = bytes;
    const int changes = 1 + pick(3);
    for (int i = 0; i < changes; ++i) {
      const std::size_t at = plan_file::kHeaderBytes + static_cast<std::size_t>(pick(static_cast<int>(head_bytes)));
      put(changed, at, plan_file::kHeaderBytes + head_bytes);
    }
    return repaired(std::move(changed));
  }

 private:
  std::mt19937 random_;
  int pick(int size) { return static_cast<int>(random_() % static_cast<unsigned>(size)); }

  void put(std::string& bytes, std::size_t at, std::size_t end) {
    static constexpr std::int64_t kNumbers[] = {0,
                                                1,
                                                2,
                                                3,
                                                5,
                                                8,
                                                63,
                                                64,
                                                128,
                                                -1,
                                                -2,
                                                1 << 20,
                                                std::int64_t{1} << 32,
                                                std::int64_t{1} << 40,
                                                std::int64_t{1} << 62,
                                                std::numeric_limits<std::int64_t>::max(),
                                                std::numeric_limits<std::int64_t>::min()};
    const std::int64_t number = kNumbers[pick(std::size(kNumbers))];
    switch (pick(5)) {
      case 0: bytes[at] = static_cast<char>(bytes[at] ^ (1 << pick(8))); break;
      case 1: bytes[at] = static_cast<char>(bytes[at] + (pick(2) == 0 ? 1 : -1)); break;
      case 2: bytes[at] = static_cast<char>(random_()); break;
      case 3: std::memcpy(bytes.data() + at, &number, std::min<std::size_t>(4, end - at)); break;
      default: std::memcpy(bytes.data() + at, &number, std::min<std::size_t>(8, end - at)); break;
    }
  }
};

struct Counts {
  int refused = 0, ran = 0, too_large = 0;
};

Counts mutate_and_run(const PlanFile& file, int count, unsigned seed) {
  const std::string bytes = bytes_of(file);
  std::uint64_t head_bytes = 0;
  std::memcpy(&head_bytes, bytes.data() + 32, 8);
  Mutator mutator(seed);
  runtime::Threads threads(2);
  Counts counts;
  for (int i = 0; i < count; ++i) {
    const std::string changed = mutator.mutate(bytes, head_bytes);
    const auto read = read_back(changed);
    if (!read) {
      ++counts.refused;
      continue;
    }
    CHECK(bytes_of(*read) == changed);
    ++(run(*read, threads) ? counts.ran : counts.too_large);
  }
  return counts;
}

// LINENC_MUTATIONS asks for more.
int wanted(int usual) {
  const char* more = std::getenv("LINENC_MUTATIONS");
  return more == nullptr ? usual : std::atoi(more);
}

TEST_SUITE("runtime/executor/plan_mutation") {
  TEST_CASE("a plan file whose bytes were changed is refused, or runs inside of its memory") {
    const Counts all = mutate_and_run(file_of(plan_with_every_op()), wanted(4000), 1);
    MESSAGE("every op: " << all.refused << " refused, " << all.ran << " ran, " << all.too_large << " were too large");
    CHECK(all.ran > 0);
    CHECK(all.refused > all.ran);
    const Counts small = mutate_and_run(file_of(small_plan()), wanted(4000), 2);
    MESSAGE("calls: " << small.refused << " refused, " << small.ran << " ran, " << small.too_large << " were too large");
    CHECK(small.ran > 0);
  }

  TEST_CASE("the attributes of one op at a time") {
    const std::vector<void (*)(Gallery&)> parts{add_movements, add_arithmetic, add_draws};
    for (std::size_t part = 0; part < parts.size(); ++part) {
      Gallery gallery;
      parts[part](gallery);
      const Counts counts = mutate_and_run(file_of(gallery.take()), wanted(2000), 10 + static_cast<unsigned>(part));
      CHECK(counts.ran > 0);
    }
  }

}  // TEST_SUITE

}  // namespace
}  // namespace linenc::test
