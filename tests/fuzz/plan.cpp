// Plan files. The checksum of the head is repaired most of the time, and numbers of a plan that was accepted are changed and
// written again with checksums that fit, so that verify() is what stands before the kernels. What it accepts runs in bounds.
#define DOCTEST_CONFIG_DISABLE  // the fixtures are wanted, no tests
#include <random>
#include <vector>

#include "runtime/executor/executor.h"
#include "runtime/plan/checksum.h"
#include "runtime/plan/file_layout.h"
#include "runtime/plan/read.h"
#include "runtime/plan/write.h"
#include "tests/fuzz/arrays.h"
#include "tests/runtime/plan/plan_fixture.h"
#include "tests/runtime/plan/plan_gallery.h"

using namespace linenc;
using namespace linenc::fuzz;

namespace {

runtime::Threads& one_thread() {
  static runtime::Threads threads(1);
  return threads;
}

std::string written(const PlanFile& file) {
  std::string bytes;
  const auto done = write_plan(file, one_thread(),
                               [&](std::span<const std::byte> piece) { bytes.append(reinterpret_cast<const char*>(piece.data()), piece.size()); });
  return done ? bytes : std::string();
}

// Files that were made just now: those in seeds/ would be old as soon as an op is new. Inputs of one byte stand for them.
const std::string& made(std::uint64_t which) {
  static const std::vector<std::string> files = {written(test::file_of(test::plan_with_every_op())), written(test::file_of(test::small_plan()))};
  return files[which % files.size()];
}

// --- mutation ---

void repair_head(std::uint8_t* data, std::size_t size) {
  using plan_file::Header;
  if (size < plan_file::kHeaderBytes) return;
  Header header;
  std::memcpy(&header, data + plan_file::kMagic.size(), sizeof header);
  header.version = plan_file::kVersion;
  header.flags = 0;
  header.vocabulary = plan_file::vocabulary();
  header.zero = 0;
  header.file_bytes = size;
  if (header.head_bytes > size - plan_file::kHeaderBytes || size <= plan_file::kPage) header.head_bytes = size - plan_file::kHeaderBytes;
  const std::size_t head_end = plan_file::kHeaderBytes + header.head_bytes;
  const std::size_t page_end = (head_end + plan_file::kPage - 1) / plan_file::kPage * plan_file::kPage;
  const std::size_t checked_end = head_end == size ? head_end : std::min(page_end, size);
  std::memcpy(data, plan_file::kMagic.data(), plan_file::kMagic.size());
  std::memcpy(data + plan_file::kMagic.size(), &header, sizeof header);
  const auto bytes = bytes_of_input(data, size);
  header.head_checksum =
      checksum(bytes.subspan(plan_file::kHeaderBytes, checked_end - plan_file::kHeaderBytes), checksum(bytes.first(plan_file::kCheckedHeaderBytes)));
  std::memcpy(data + plan_file::kMagic.size(), &header, sizeof header);
}

class PlanMutator {
 public:
  explicit PlanMutator(unsigned seed) : random_(seed) {}
  void change(PlanFile& file) {
    Plan& plan = file.executable.prepare && pick(4) == 0 ? *file.executable.prepare : file.executable.plan;
    for (std::size_t times = 1 + pick(3); times > 0; --times) change(plan);
  }

 private:
  std::uint64_t pick(std::uint64_t count) { return count == 0 ? 0 : random_() % count; }
  std::uint64_t number(std::uint64_t old) {
    constexpr std::uint64_t kOdd[] = {
        0, 1, 2, 63, 64, 65, 128, 4096, 0x7FFFFFFF, 0xFFFFFFFF, 0x100000000, 0x7FFFFFFFFFFFFFFF, 0xFFFFFFFFFFFFFFC0, 0xFFFFFFFFFFFFFFFF};
    switch (pick(4)) {
      case 0: return old + 1;
      case 1: return old - 1;
      case 2: return pick(12);
      default: return kOdd[pick(std::size(kOdd))];
    }
  }
  template <class List>
  void drop_or_double(List& list) {
    if (list.empty()) return;
    const std::size_t at = pick(list.size());
    if (pick(2) == 0)
      list.erase(list.begin() + static_cast<std::ptrdiff_t>(at));
    else
      list.insert(list.begin() + static_cast<std::ptrdiff_t>(at), list[at]);
  }
  void change(Plan& plan) {
    if (plan.programs.empty()) return;
    Program& program = plan.programs[pick(plan.programs.size())];
    switch (pick(8)) {
      case 0: plan.entry = static_cast<std::uint32_t>(number(plan.entry)); return;
      case 1: program.arena_bytes = number(program.arena_bytes); return;
      case 2:
        if (!program.callee_frames.empty()) {
          auto& frame = program.callee_frames[pick(program.callee_frames.size())];
          frame = number(frame);
        }
        return;
      case 3: change_ports(pick(2) == 0 ? program.inputs : program.outputs); return;
      case 4:
      case 5:
        if (!program.values.empty()) change(program.values[pick(program.values.size())]);
        return;
      case 6:
        if (!program.steps.empty()) change(program.steps[pick(program.steps.size())]);
        return;
      default: pick(2) == 0 ? drop_or_double(program.values) : drop_or_double(program.steps); return;
    }
  }
  void change_ports(std::vector<Port>& ports) {
    if (ports.empty()) return;
    if (pick(3) == 0) return drop_or_double(ports);
    Port& port = ports[pick(ports.size())];
    port.value = static_cast<std::uint32_t>(number(port.value));
  }
  void change(PlanValue& value) {
    switch (pick(7)) {
      case 0: value.dtype = static_cast<DType>(pick(15)); return;
      case 1: value.space = static_cast<Space>(pick(4)); return;
      case 2: value.offset = number(value.offset); return;
      case 3: (pick(2) == 0 ? value.first_step : value.last_step) = static_cast<std::uint32_t>(number(value.first_step)); return;
      case 4: value.view_of = static_cast<std::uint32_t>(number(value.view_of)); return;
      case 5:
        if (!value.shape.empty()) {
          auto& size = value.shape[pick(value.shape.size())];
          size = static_cast<std::int64_t>(number(static_cast<std::uint64_t>(size)));
        }
        return;
      default: pick(2) == 0 ? value.shape.push_back(static_cast<std::int64_t>(pick(4))) : drop_or_double(value.shape); return;
    }
  }
  void change(Step& step) {
    std::vector<std::uint32_t>& list = pick(2) == 0 ? step.inputs : step.outputs;
    switch (pick(4)) {
      case 0: step.op = static_cast<OpKind>(pick(40)); return;
      case 1: drop_or_double(list); return;
      case 2: step.origin = static_cast<std::uint32_t>(number(step.origin)); return;
      default:
        if (!list.empty()) {
          auto& value = list[pick(list.size())];
          value = static_cast<std::uint32_t>(number(value));
        }
        return;
    }
  }
  std::mt19937_64 random_;
};

// --- running what was accepted ---

constexpr double kMostWork = 2e6;

double elements(const PlanValue& value) { return static_cast<double>(element_count(value.shape)); }

// An upper bound for the work of a program, with what it calls; `depth` ends what verify() should have refused.
double work(const Plan& plan, std::size_t index, int depth = 0) {
  require(depth < 100, "programs do not call themselves");
  const Program& program = plan.programs[index];
  double sum = 0;
  for (const PlanValue& value : program.values) sum += elements(value);
  for (const Step& step : program.steps) {
    double product = 1;
    for (const std::uint32_t input : step.inputs) product *= 1 + elements(program.values[input]);
    for (const std::uint32_t output : step.outputs) product += elements(program.values[output]);
    const bool multiplies =
        step.op == OpKind::DotGeneral || step.op == OpKind::Convolution || step.op == OpKind::ReduceWindow || step.op == OpKind::Orthogonalize;
    sum += multiplies ? product : 1;
    if (const std::uint32_t* called = called_program(step.attributes)) {
      const auto* loop = std::get_if<LoopAttributes<std::int64_t>>(&step.attributes);
      sum += (1 + work(plan, *called, depth + 1)) * (loop == nullptr ? 1.0 : static_cast<double>(loop->length));
    }
    if (sum > kMostWork) return sum;
  }
  return sum;
}

Array filled(const PlanValue& value) {
  Array array(value.dtype, value.shape);
  std::uint32_t state = 1;
  for (std::size_t i = 0; i < array.bytes(); ++i) {
    state = state * 1103515245u + 12345u;
    array.data()[i] = static_cast<std::byte>(value.dtype == DType::Bool ? state >> 16 & 1 : state >> 16);
  }
  return array;
}

void run(const Plan& plan) {
  const Program& program = plan.programs[plan.entry];
  if (program.arena_bytes > 1u << 22 || work(plan, plan.entry) > kMostWork) return;
  std::vector<Array> inputs, outputs;
  for (const Port& port : program.inputs) inputs.push_back(filled(program.values[port.value]));
  for (const Port& port : program.outputs) outputs.emplace_back(program.values[port.value].dtype, program.values[port.value].shape);
  std::vector<const Array*> arguments;
  for (const Array& input : inputs) arguments.push_back(&input);
  auto executor = runtime::Executor::make(plan, one_thread());
  if (executor) (void)(*executor)->run(arguments, outputs);
}

}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size, unsigned seed) {
  if (size <= 1 && made(seed).size() <= max_size) {
    std::memcpy(data, made(seed).data(), made(seed).size());
    return made(seed).size();
  }
  if (seed % 3 == 0) {
    const Mapped file = mapped(data, size);
    if (auto plan = read_plan(file.bytes, file.owner, one_thread())) {
      PlanMutator(seed).change(*plan);
      const std::string bytes = written(*plan);
      if (!bytes.empty() && bytes.size() <= max_size) {
        std::memcpy(data, bytes.data(), bytes.size());
        return bytes.size();
      }
    }
  }
  size = LLVMFuzzerMutate(data, size, max_size);
  if (seed % 8 != 0) repair_head(data, size);
  return size;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 1) {
    const std::string& bytes = made(data[0]);
    require(static_cast<bool>(read_plan(bytes_of_text(bytes), nullptr, one_thread())), "a plan that was just made is read");
    return LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
  }
  const Mapped file = mapped(data, size);
  const auto plan = read_plan(file.bytes, file.owner, one_thread());
  if (!plan) return 0;
  require(written(*plan) == text_of_input(data, size), "what was read is written as the same bytes");
  run(plan->executable.plan);
  if (plan->executable.prepare) run(*plan->executable.prepare);
  return 0;
}
