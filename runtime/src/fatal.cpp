// SPDX-License-Identifier: Apache-2.0
#include "runtime/src/fatal.h"

#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>

#include "runtime/census.h"
#include "runtime/src/check.h"
#include "runtime/src/dump.h"
#include "runtime/src/futex.h"
#include "runtime/src/scheduler_core.h"
#include "runtime/src/traceback.h"

namespace snag::detail {
namespace {
constinit std::atomic<pid_t> dying_thread{0};
constinit std::atomic<bool> will_die{false};
constinit std::atomic<std::uint32_t> never{0};

// What was printed so far should be seen, but a lock that a stopped thread holds must not stop the end.
void flush_standard_output() noexcept {
  if (ftrylockfile(stdout) != 0) return;
  fflush_unlocked(stdout);
  funlockfile(stdout);
}
}  // namespace

void begin_dying() noexcept {
  pid_t nobody = 0;
  if (!dying_thread.compare_exchange_strong(nobody, gettid())) {
    if (nobody == gettid()) _exit(2);  // died of dying
    wait_if_dying();
  }
  // The dying process may hold a lock that its own report needs (it may have died inside malloc): it ends
  // anyway.
  signal(SIGALRM, [](int) { _exit(2); });
  alarm(20);
  flush_standard_output();
}

void note_that_it_will_die() noexcept { will_die.store(true, std::memory_order_relaxed); }

void wait_if_dying() noexcept {
  const pid_t thread = dying_thread.load();
  if (thread == 0 || thread == gettid()) return;
  if (tgkill(getpid(), thread, 0) != 0) return;  // it is dying in the process that forked this one
  for (;;) futex_wait(never, 0, nanoseconds::max());
}

void finish_dying(int status) noexcept {
  save_record();
  if (wanted_traceback() == traceback_level::crash) {
    if (events::observer* o = events::listening()) o->on_exit(status);
    signal(SIGABRT, SIG_DFL);
    abort();
  }
  if (events::observer* o = events::listening()) status = o->on_exit(status);
  _exit(status);
}

void fatal(const char* message, bool shows_all) noexcept {
  begin_dying();
  {
    dump_writer out;
    out.format("fatal error: %s\n", message);
    out.flush();
    dump_running(out, current(), __builtin_frame_address(0));
    if (shows_all)
      dump_all(out, current().home, &current());
    else
      dump_others(out, current());
  }
  finish_dying(2);
}

void out_of_memory(const char* what) noexcept {
  begin_dying();
  {
    dump_writer out;
    out.format("fatal error: out of memory: %s\n", what);
  }
  finish_dying(2);
}

void die_of_deadlock(const scheduler* home) noexcept {
  begin_dying();
  {
    dump_writer out;
    if (home != nullptr && home->alive() == 0 && home->main_left)
      out.text("fatal error: no goroutines (main called runtime.Goexit) - deadlock!\n");
    else
      out.text("fatal error: all goroutines are asleep - deadlock!\n");
    dump_all(out, home, nullptr, /*all_wait=*/true);
  }
  if (events::observer* o = events::listening()) o->on_lull(events::lull::deadlock);
  finish_dying(2);
}

void check_failed(const char* condition, const char* what, const char* file, int line) noexcept {
  begin_dying();
  {
    dump_writer out;
    out.format("fatal error: snag runtime: %s (%s, %s:%d)\n", what, condition, file, line);
  }
  finish_dying(2);
}

}  // namespace snag::detail

namespace snag::events {

bool is_dying() noexcept {
  return snag::detail::will_die.load(std::memory_order_relaxed) ||
         snag::detail::dying_thread.load(std::memory_order_relaxed) != 0;
}

void end_all_asleep() noexcept { snag::detail::die_of_deadlock(snag::detail::peek_default_scheduler()); }

}  // namespace snag::events
