// A pool of threads for loops over an index range.
//
// Every participant owns one contiguous part of the range, so that the same rows stay in the same core's cache from step
// to step, and takes chunks of it; who is done early takes chunks of the others. The caller opens a gate, works, closes
// the gate and waits for those who went through: a worker that wakes too late finds it closed, and nobody waits for it.
//
// Tested by tests/runtime/core/threads_test.cpp.
#include "runtime/core/threads.h"

#include <sched.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <system_error>
#include <thread>
#include <vector>

namespace linenc::runtime {
namespace {

using Body = std::function<void(std::int64_t, std::int64_t)>;

// The part of the range that one participant owns, in chunks; alone on its cache line.
struct alignas(64) Part {
  std::atomic<std::int64_t> next{0};
  std::int64_t end = 0;
};

constexpr std::uint32_t kOpen = 1u << 31;
constexpr int kMostThreads = 256;
constexpr std::int64_t kChunksPerThread = 4;
// How long a thread looks before it sleeps: about as long as waking it takes, short enough to cost an idle process nothing.
constexpr std::chrono::microseconds kPatience{20};

int usable_cores() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof set, &set) == 0) return std::max(1, CPU_COUNT(&set));
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

void relax() {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#endif
}

// Waits until the word differs from `old`; sleeps after a moment when `patient` allows looking at all.
std::uint32_t wait_for_change(const std::atomic<std::uint32_t>& word, std::uint32_t old, bool patient) {
  if (patient) {
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    do {
      for (int i = 0; i < 64; ++i) {
        const std::uint32_t now = word.load(std::memory_order_acquire);
        if (now != old) return now;
        relax();
      }
    } while (std::chrono::steady_clock::now() < deadline);
  }
  word.wait(old, std::memory_order_acquire);
  return word.load(std::memory_order_acquire);
}

}  // namespace

struct Threads::State {
  // Written by the caller while the gate is closed and empty.
  const Body* body = nullptr;
  std::int64_t size = 0;
  std::int64_t chunk = 1;
  std::vector<Part> parts;

  std::atomic<std::uint32_t> gate{0};   // kOpen, and the number of workers inside
  std::atomic<std::uint32_t> epoch{0};  // grows with every run; workers sleep on it
  std::atomic<bool> stop{false};
  bool patient = true;
  std::vector<std::thread> workers;

  explicit State(std::size_t count) : parts(count) {}

  void take_chunks(Part& part) {
    while (true) {
      const std::int64_t index = part.next.fetch_add(1, std::memory_order_relaxed);
      if (index >= part.end) return;
      const std::int64_t begin = index * chunk;
      (*body)(begin, std::min(size, begin + chunk));
    }
  }

  void work(std::size_t self) {
    for (std::size_t i = 0; i < parts.size(); ++i) take_chunks(parts[(self + i) % parts.size()]);
  }

  bool enter() {
    std::uint32_t now = gate.load(std::memory_order_acquire);
    while ((now & kOpen) != 0) {
      if (gate.compare_exchange_weak(now, now + 1, std::memory_order_acquire)) return true;
    }
    return false;
  }

  void leave() {
    // The last one out of a closed gate wakes the caller.
    if (gate.fetch_sub(1, std::memory_order_release) == 1) gate.notify_all();
  }

  void serve(std::size_t self) {
    std::uint32_t seen = 0;
    while (true) {
      seen = wait_for_change(epoch, seen, patient);
      if (stop.load(std::memory_order_acquire)) return;
      if (!enter()) continue;
      work(self);
      leave();
    }
  }

  void run() {
    gate.store(kOpen, std::memory_order_release);
    epoch.fetch_add(1, std::memory_order_release);
    epoch.notify_all();
    work(0);
    std::uint32_t now = gate.fetch_and(~kOpen, std::memory_order_acq_rel) & ~kOpen;
    while (now != 0) now = wait_for_change(gate, now, patient);
    std::atomic_thread_fence(std::memory_order_acquire);
  }
};

Threads::Threads(int count) {
  const int cores = usable_cores();
  const int wanted = std::clamp(count <= 0 ? cores : count, 1, kMostThreads);
  state_ = std::make_unique<State>(static_cast<std::size_t>(wanted));
  state_->patient = wanted <= cores;
  state_->workers.reserve(static_cast<std::size_t>(wanted - 1));
  for (int i = 1; i < wanted; ++i) {
    // Fewer threads than asked for are no failure: the results are the same.
    try {
      state_->workers.emplace_back([state = state_.get(), i] { state->serve(static_cast<std::size_t>(i)); });
    } catch (const std::system_error&) {
      break;
    }
  }
}

Threads::~Threads() {
  state_->stop.store(true, std::memory_order_release);
  state_->epoch.fetch_add(1, std::memory_order_release);
  state_->epoch.notify_all();
  for (std::thread& worker : state_->workers) worker.join();
}

int Threads::count() const { return static_cast<int>(state_->workers.size()) + 1; }

void Threads::parallel_for(std::int64_t size, std::int64_t grain, const Body& body) {
  if (size <= 0) return;
  grain = std::max<std::int64_t>(grain, 1);
  if (size <= grain || state_->workers.empty()) return body(0, size);

  // Chunks are whole grains, so that a kernel may rely on where ranges begin.
  const std::int64_t grains = (size - 1) / grain + 1;
  const std::int64_t per_chunk = std::max<std::int64_t>(1, grains / (count() * kChunksPerThread));
  const std::int64_t chunks = (grains - 1) / per_chunk + 1;
  state_->body = &body;
  state_->size = size;
  state_->chunk = per_chunk * grain;
  const auto parts = static_cast<std::int64_t>(state_->parts.size());
  for (std::int64_t i = 0; i < parts; ++i) {
    Part& part = state_->parts[static_cast<std::size_t>(i)];
    part.next.store(chunks * i / parts, std::memory_order_relaxed);
    part.end = chunks * (i + 1) / parts;
  }
  state_->run();
}

}  // namespace linenc::runtime
