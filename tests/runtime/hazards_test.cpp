// SPDX-License-Identifier: Apache-2.0
// What goes wrong in runtimes of this kind, where no other test is about it: signals on small stacks, leaks
// over many lives, memory that is not given back, ends that cannot unwind. (Exceptions and errno:
// exceptions_test. Fork, exit, static destruction, migration: process_test. Control bits:
// context_switch_test.)
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

#include "runtime/src/goroutine_table.h"
#include "runtime/src/stack_arena.h"
#include "snag/snag.h"

namespace snag {
namespace {

std::size_t resident_bytes() {
  std::ifstream file("/proc/self/statm");
  std::size_t whole = 0, resident = 0;
  file >> whole >> resident;
  return resident * static_cast<std::size_t>(getpagesize());
}
std::size_t mappings() {
  std::ifstream file("/proc/self/maps");
  std::size_t count = 0;
  for (std::string line; std::getline(file, line);) ++count;
  return count;
}
std::size_t threads() {
  using std::filesystem::directory_iterator;
  return static_cast<std::size_t>(std::distance(directory_iterator("/proc/self/task"), directory_iterator()));
}

// --- Signals.

std::atomic<const void*> handler_frame{nullptr};

const void* frame_of_handler(int flags) {
  struct sigaction action{};
  action.sa_handler = [](int) { handler_frame = __builtin_frame_address(0); };
  action.sa_flags = flags;
  sigaction(SIGUSR1, &action, nullptr);
  handler_frame = nullptr;
  raise(SIGUSR1);
  signal(SIGUSR1, SIG_DFL);
  return handler_frame;
}

TEST(signal_handler, with_its_own_stack_leaves_the_goroutines_alone) {
  wait_group all;
  all.go([] {
    const void* frame = frame_of_handler(SA_ONSTACK);
    ASSERT_NE(frame, nullptr);
    EXPECT_FALSE(detail::stack_arena::instance().find(frame));
  });
  all.wait();
}

TEST(signal_handler, without_one_runs_on_the_goroutines_which_has_room) {
  wait_group all;
  all.go([] {
    const void* frame = frame_of_handler(0);
    EXPECT_EQ(detail::stack_arena::instance().find(frame).low,
              detail::stack_arena::instance().find(__builtin_frame_address(0)).low);
  });
  all.wait();
}

TEST(signal_handler, may_interrupt_goroutines_on_every_worker) {
  static std::atomic<int> seen;
  seen = 0;
  const int before = max_procs(4);
  struct sigaction action{};
  action.sa_handler = [](int) { seen.fetch_add(1); };
  action.sa_flags = SA_ONSTACK;
  sigaction(SIGUSR1, &action, nullptr);
  wait_group all;
  for (int i = 0; i < 8; ++i)
    all.go([] {
      for (int k = 0; k < 200; ++k) {
        kill(getpid(), SIGUSR1);
        yield();
      }
    });
  all.wait();
  while (seen.load() == 0) yield();  // the kernel may have given it to a thread that has not run since
  signal(SIGUSR1, SIG_IGN);
  max_procs(before);
}

// --- Many lives.

TEST(lives, ten_thousand_changes_of_the_number_of_workers_leave_nothing) {
  const int before = max_procs(8);
  const auto work = [](int n) {
    wait_group all;
    for (int i = 0; i < n; ++i) all.go([] { yield(); });
    all.wait();
  };
  work(64);
  const std::size_t mapped = mappings();
  for (int i = 0; i < 10'000; ++i) {
    max_procs(1 + i % 8);
    work(2);
  }
  max_procs(before);
  constexpr std::size_t own = 3;  // main, the monitor, and one a sanitizer may have
  // Of workers that looked stuck, on a busy machine; they stay for the next time.
  constexpr std::size_t spares = 8;
  EXPECT_LE(threads(), 8 + spares + own);
  // Workers that had not started yet bring a stack and an alternate one, each with a guard; no more than
  // that.
  EXPECT_LE(mappings(), mapped + (8 + spares) * 8);
}

TEST(lives, ten_thousand_simulations_leave_nothing) {
  const auto cycle = [](std::uint64_t seed) {
    simulate(schedule::random(seed), [] {
      const chan<int> c(0);
      go([c] { c << 1; });
      c.recv();
    });
  };
  for (std::uint64_t i = 0; i < 1'000; ++i) cycle(i);
  const std::size_t mapped = mappings(), resident = resident_bytes(), running = threads();
  for (std::uint64_t i = 0; i < 10'000; ++i) cycle(i);
  EXPECT_LE(mappings(), mapped + (detail::sanitized ? 64 : 4));
  EXPECT_LE(threads(), running);
  constexpr std::size_t slack = detail::sanitized ? 64 << 20 : 2 << 20;  // a sanitizer quarantines
  EXPECT_LE(resident_bytes(), resident + slack);
}

TEST(memory, comes_back_after_a_burst) {
  const std::size_t before = resident_bytes();
  constexpr std::size_t burst = 100'000, touched = 3 * 4096;
  std::size_t at_peak = 0;
  {
    wait_group all;
    const chan<void> begun(0), release(0);
    for (std::size_t i = 0; i < burst; ++i)
      all.go([&] {
        volatile char used[touched] = {};
        used[0] = 1;
        begun.send();
        release.recv();
      });
    for (std::size_t i = 0; i < burst; ++i) begun.recv();
    at_peak = resident_bytes();
    release.close();
    all.wait();
  }
  // What the monitor does once a second: the first call only notes that they were in use until now.
  detail::stack_arena::instance().trim();
  detail::stack_arena::instance().trim();
  ASSERT_GT(at_peak, before + burst / 2 * touched / 2) << "the burst did not show";
  // What stays: the control blocks, and the stacks that workers keep for themselves.
  constexpr std::size_t blocks = burst * (sizeof(detail::goroutine) + 64);
  // (The monitor may be about to give back what it has taken out of the pool: this ends when it has.)
  while (resident_bytes() >= before + 2 * blocks) std::this_thread::yield();
}

// --- Ends.

TEST(goexit_death, through_noexcept_is_said_to_be_impossible) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        wait_group all;
        all.go([] { []() noexcept { goexit(); }(); });
        all.wait();
      },
      ::testing::ExitedWithCode(2), "^panic: goexit\\(\\) cannot leave a noexcept function");
}

}  // namespace
}  // namespace snag
