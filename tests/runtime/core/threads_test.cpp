#include "runtime/core/threads.h"

#include <doctest/doctest.h>
#include <sched.h>

#include <atomic>
#include <chrono>
#include <ctime>
#include <thread>
#include <vector>

using linenc::runtime::Threads;

TEST_SUITE("runtime/core/threads") {
  TEST_CASE("every index is visited once, whatever the size, grain and number of threads") {
    for (const int count : {1, 2, 3, 8}) {
      Threads threads(count);
      CHECK(threads.count() == count);
      for (const std::int64_t size : {0, 1, 2, 7, 63, 64, 65, 1000, 4097}) {
        for (const std::int64_t grain : {0, 1, 3, 64, 5000}) {
          CAPTURE(count);
          CAPTURE(size);
          CAPTURE(grain);
          std::vector<std::atomic<int>> visits(static_cast<std::size_t>(size));
          std::atomic<int> short_ranges{0};
          threads.parallel_for(size, grain, [&](std::int64_t begin, std::int64_t end) {
            if (end - begin < grain && end != size) ++short_ranges;
            for (std::int64_t i = begin; i < end; ++i) ++visits[static_cast<std::size_t>(i)];
          });
          bool once = true;
          for (const auto& visit : visits) once = once && visit == 1;
          CHECK(once);
          CHECK(short_ranges == 0);
        }
      }
    }
  }

  TEST_CASE("many short runs in a row lose no work") {
    Threads threads(4);
    std::int64_t expected = 0;
    std::atomic<std::int64_t> sum{0};
    for (int run = 0; run < 20000; ++run) {
      const std::int64_t size = run % 13 + 1;
      expected += size;
      threads.parallel_for(size, 1, [&](std::int64_t begin, std::int64_t end) { sum += end - begin; });
    }
    CHECK(sum == expected);
  }

  TEST_CASE("a size within one grain runs in the caller") {
    Threads threads(4);
    std::thread::id where;
    int calls = 0;
    threads.parallel_for(100, 100, [&](std::int64_t, std::int64_t) {
      where = std::this_thread::get_id();
      ++calls;
    });
    CHECK(where == std::this_thread::get_id());
    CHECK(calls == 1);
  }

  TEST_CASE("idle workers take no processor time") {
    Threads threads(4);
    threads.parallel_for(1000, 1, [](std::int64_t, std::int64_t) {});
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    const std::clock_t before = std::clock();
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    CHECK(static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC < 0.02);
  }

  TEST_CASE("0 takes the cores this process may use") {
    cpu_set_t before;
    REQUIRE(sched_getaffinity(0, sizeof before, &before) == 0);
    CHECK(Threads().count() == CPU_COUNT(&before));
    cpu_set_t one;
    CPU_ZERO(&one);
    for (int cpu = 0; cpu < CPU_SETSIZE && CPU_COUNT(&one) == 0; ++cpu) {
      if (CPU_ISSET(cpu, &before)) CPU_SET(cpu, &one);
    }
    REQUIRE(sched_setaffinity(0, sizeof one, &one) == 0);
    CHECK(Threads().count() == 1);
    REQUIRE(sched_setaffinity(0, sizeof before, &before) == 0);
  }

}  // TEST_SUITE
