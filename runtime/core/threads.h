#pragma once

#include <cstdint>
#include <functional>
#include <memory>

namespace linenc::runtime {

// A fixed set of threads that split an index range. The split never changes results: work is cut by rows, panels or
// elements, never along a sum. Workers sleep between runs.
class Threads {
 public:
  // `count` threads in all, the caller included; 0 takes every core this process may use.
  explicit Threads(int count = 0);
  ~Threads();
  Threads(const Threads&) = delete;
  Threads& operator=(const Threads&) = delete;

  [[nodiscard]] int count() const;

  // Calls body(begin, end) on disjoint ranges that cover [0, size), each at least `grain` long but for the last;
  // returns when all are done. Runs in the caller alone where size <= grain. Not to be called from inside a body.
  void parallel_for(std::int64_t size, std::int64_t grain, const std::function<void(std::int64_t, std::int64_t)>& body);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace linenc::runtime
