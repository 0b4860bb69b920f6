// What has to be in order before anything else happens in the process: descriptors 0 to 2 and signals.
//
// Tested by tests/runtime/files/process_test.cpp.
#include <fcntl.h>
#include <signal.h>
#include <sys/time.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>

#include "runtime/files/temporaries.h"
#include "runtime/files/write_file.h"

namespace linenc::runtime {
namespace {

struct Temporary {
  enum State : int { Free, Taken, Live };
  std::atomic<int> state{Free};
  int folder = -1;
  char name[256] = {};
};

constexpr int kTemporaries = 64;
Temporary temporaries[kTemporaries];
std::atomic<int> mappings{0};

static_assert(std::atomic<int>::is_always_lock_free, "a signal handler reads them");

// Async-signal-safe, as is everything below that handlers call.
void remove_temporaries() {
  for (Temporary& temporary : temporaries) {
    if (temporary.state.load(std::memory_order_acquire) == Temporary::Live) {
      unlinkat(temporary.folder, temporary.name, 0);
    }
  }
}

void restore_default(int signal_number) {
  struct sigaction action = {};
  action.sa_handler = SIG_DFL;
  sigaction(signal_number, &action, nullptr);
}

// Ends by the signal itself, so that a shell sees what happened. It is blocked in here and comes again on return.
void end_by_signal(int signal_number) {
  remove_temporaries();
  restore_default(signal_number);
  raise(signal_number);
}

void end_by_time(int) {
  remove_temporaries();
  constexpr char kText[] = "linenc: the time given by --timeout is over\n";
  [[maybe_unused]] const ssize_t written = write(2, kText, sizeof kText - 1);
  _exit(124);
}

void end_by_lost_page(int signal_number, siginfo_t* info, void*) {
  if (info->si_code == BUS_ADRERR && mappings.load(std::memory_order_relaxed) > 0) {
    remove_temporaries();
    constexpr char kText[] = "linenc: a file became shorter while it was read\n";
    [[maybe_unused]] const ssize_t written = write(2, kText, sizeof kText - 1);
    _exit(2);
  }
  // A fault of our own: the default action comes when the instruction runs again.
  restore_default(signal_number);
}

void handle(int signal_number) {
  struct sigaction old = {};
  sigaction(signal_number, nullptr, &old);
  // nohup and shells ignore signals for their children; that stays.
  if (old.sa_handler == SIG_IGN) return;
  struct sigaction action = {};
  action.sa_handler = end_by_signal;
  for (const int other : {SIGINT, SIGTERM, SIGHUP, SIGPIPE}) sigaddset(&action.sa_mask, other);
  sigaction(signal_number, &action, nullptr);
}

}  // namespace

int remember_temporary(int folder, const std::string& name) {
  for (int place = 0; place < kTemporaries; ++place) {
    Temporary& temporary = temporaries[place];
    int expected = Temporary::Free;
    if (name.size() >= sizeof temporary.name) return -1;
    if (!temporary.state.compare_exchange_strong(expected, Temporary::Taken)) continue;
    temporary.folder = folder;
    std::memcpy(temporary.name, name.c_str(), name.size() + 1);
    temporary.state.store(Temporary::Live, std::memory_order_release);
    return place;
  }
  return -1;
}

void forget_temporary(int place) {
  if (place >= 0) temporaries[place].state.store(Temporary::Free, std::memory_order_release);
}

void count_mapping(int change) { mappings.fetch_add(change, std::memory_order_relaxed); }

void limit_time(std::int64_t seconds) {
  struct sigaction action = {};
  action.sa_handler = end_by_time;
  sigaction(SIGALRM, &action, nullptr);
  itimerval timer = {};
  timer.it_value.tv_sec = static_cast<time_t>(seconds);
  setitimer(ITIMER_REAL, &timer, nullptr);
}

void prepare_process() {
  for (int descriptor = 0; descriptor <= 2; ++descriptor) {
    // The lowest free number is the one that is missing. Read only: what is written to a closed stdout is an error.
    if (fcntl(descriptor, F_GETFD) == -1 && errno == EBADF) {
      [[maybe_unused]] const int opened = open("/dev/null", O_RDONLY);
    }
  }
  for (const int signal_number : {SIGINT, SIGTERM, SIGHUP, SIGPIPE}) handle(signal_number);
  signal(SIGXFSZ, SIG_IGN);
  struct sigaction action = {};
  action.sa_sigaction = end_by_lost_page;
  action.sa_flags = SA_SIGINFO;
  sigaction(SIGBUS, &action, nullptr);
}

}  // namespace linenc::runtime
