// SPDX-License-Identifier: Apache-2.0
#include "detector/src/liveness/watch.h"

#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdlib>

#include "detector/src/internal_memory.h"
#include "detector/src/liveness/blocked.h"
#include "detector/src/liveness/check.h"
#include "detector/src/liveness/party.h"
#include "detector/src/raw_signals.h"
#include "detector/src/thread_state.h"
#include "detector/src/world.h"
#include "runtime/observer_thread.h"
#include "runtime/options.h"

namespace snag::detector {
namespace {

constexpr std::int64_t millisecond = 1'000'000;
constexpr std::int64_t shortest_default = 100 * millisecond;
constexpr std::int64_t share = 100;                     // of the time, looking takes one part at most
constexpr std::int64_t longest = 60'000 * millisecond;  // while nobody waits anew

std::int64_t shortest = shortest_default;

void pause_for(std::int64_t nanoseconds) {
  const timespec time{nanoseconds / 1'000'000'000, nanoseconds % 1'000'000'000};
  syscall(SYS_nanosleep, &time, nullptr);
}

// Somebody who has not been told of has waited for so long that another look may be worth its cost. Who has
// been told of is one as well where a look may end the program: when he was told of, another may have been in
// the middle of something that was his last.
bool somebody_waits_long() noexcept {
  thread_state& t = this_thread();
  const core_scope inside(t);
  if (!inside || !world.stop(t)) return false;
  const std::int64_t before = monotonic_now() - shortest / 5;
  const bool may_end = has_threads_alone();
  bool any = false;
  party::for_each([&](const party& a) {
    const bool is_told_of = a.waits != nullptr && a.waits->reported;
    any = any || (a.waits != nullptr && (!is_told_of || may_end) && !a.left_over && a.waits->since < before);
  });
  world.resume();
  return any;
}

// Whoever has come to wait since the last look is a reason for another. Without such, somebody may still
// have died: the last one who could have helped has lost his handle, or ended. That is looked for more and
// more seldom.
[[noreturn]] void watch() {
  std::uint64_t seen = 0;
  std::int64_t pause = shortest, quiet = shortest;
  while (true) {
    pause_for(pause);
    const std::uint64_t events = count_wait_events(0);
    quiet = events != seen ? shortest : std::min(2 * quiet, longest);
    seen = events;
    const std::int64_t begun = monotonic_now();
    if (somebody_waits_long()) look_for_deadlocks(occasion::now_and_then);
    pause = std::max(quiet, share * (monotonic_now() - begun));
  }
}

void* run(void*) {
  prctl(PR_SET_NAME, "snag-watch");
  events::this_is_an_observers_thread();
  watch();
}

void start() {
  if (const char* const wish = snag::detail::option("watch"); wish != nullptr) {
    shortest = std::strtol(wish, nullptr, 10) * millisecond;
    if (shortest <= 0) return;
  }
  // libc's own pthread_create: to the runtime, and to the program, it is no thread.
  const auto create = reinterpret_cast<decltype(&pthread_create)>(dlsym(RTLD_NEXT, "pthread_create"));
  if (create == nullptr) return;
  const internal_scope ours;
  // (Not those that libc sends to each thread, and waits for: a cancellation's, and setuid's.)
  const signal_bits before = exchange_signal_mask(all_signals & ~(bit_of(32) | bit_of(33)));
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, std::size_t{1} << 20);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_t thread;
  create(&thread, &attributes, run, nullptr);  // without it, the other moments are left
  pthread_attr_destroy(&attributes);
  exchange_signal_mask(before);
}

bool is_seeded() noexcept {
  static const bool yes =
      snag::detail::option("seed") != nullptr || snag::detail::option("schedule") != nullptr;
  return yes;
}

}  // namespace

void watch_for_deadlocks(bool is_thread) noexcept {
  static constinit std::atomic<bool> started{false};
  if (!is_thread && is_seeded()) return;
  if (started.load(std::memory_order_relaxed) || started.exchange(true)) return;
  const int saved = errno;
  start();
  errno = saved;
}

}  // namespace snag::detector
