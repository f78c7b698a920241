// SPDX-License-Identifier: Apache-2.0
// Ends that nobody can recover: deadlock, overflow, fatal errors.
#include "runtime/src/fatal.h"

#include <gtest/gtest.h>
#include <signal.h>

#include <string>
#include <thread>

#include "runtime/src/stack_arena.h"
#include "snag/go.h"
#include "snag/runtime.h"
#include "tests/runtime/gate.h"

// Not namespace snag: the runtime's own frames are left out of dumps.
namespace snag_test {
namespace {

using namespace snag;

using snag::test::gate;
using namespace std::chrono_literals;

class fatal_death : public ::testing::Test {
 protected:
  void SetUp() override { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
};
const auto status_2 = ::testing::ExitedWithCode(2);

TEST_F(fatal_death, is_not_catchable) {
  EXPECT_EXIT(
      try { detail::fatal("sync: unlock of unlocked mutex"); } catch (...){}, status_2,
      "^fatal error: sync: unlock of unlocked mutex\n\ngoroutine 1 \\[running\\]:\n");
}

TEST_F(fatal_death, all_asleep_with_main_alone) {
  EXPECT_EXIT(
      gate().take(), status_2,
      "^fatal error: all goroutines are asleep - deadlock!\n\ngoroutine 1 \\[semacquire\\]:\n.*fatal_death");
}

TEST_F(fatal_death, all_asleep_shows_every_goroutine_with_its_reason_name_and_creator) {
  EXPECT_EXIT(
      {
        gate never;
        go({.name = "other"}, [&] {
          detail::spin_mutex m;
          m.lock();
          detail::park(m, events::wait_reason::chan_receive);
        });
        never.take();
      },
      status_2,
      "^fatal error: all goroutines are asleep - deadlock!\n\ngoroutine 1 \\[semacquire\\]:\n(.+\n)+\n"
      "goroutine [0-9]+ \\[chan receive, name \"other\"\\]:\n(.+\n)*created by .* in goroutine 1\n\t");
}

TEST_F(fatal_death, all_asleep_is_noticed_when_the_last_timer_has_fired) {
  EXPECT_EXIT(
      {
        go([] {
          test::sleep_for(20ms);
          gate().take();
        });
        gate().take();
      },
      status_2, "^fatal error: all goroutines are asleep - deadlock!\n");
}

TEST_F(fatal_death, all_asleep_after_many_workers_ran) {
  EXPECT_EXIT(
      {
        max_procs(8);
        gate done;
        gate never;
        for (int i = 0; i < 200; ++i)
          go([&] {
            for (int k = 0; k < 50; ++k) yield();
            done.add();
            never.take();
          });
        done.take(200);
        never.take();
      },
      status_2, "^fatal error: all goroutines are asleep - deadlock!\n");
}

TEST_F(fatal_death, a_foreign_thread_that_ends_without_waking_anybody_leaves_a_deadlock) {
  EXPECT_EXIT(
      {
        std::thread([] {
          detail::current();
          std::this_thread::sleep_for(50ms);
        }).detach();
        gate().take();
      },
      status_2, "^fatal error: all goroutines are asleep - deadlock!\n");
}

TEST_F(fatal_death, a_foreign_thread_that_parks_leaves_a_deadlock_and_is_shown) {
  EXPECT_EXIT(
      {
        std::thread([] { gate().take(); }).detach();
        gate().take();
      },
      status_2,
      "^fatal error: all goroutines are asleep - deadlock!\n(.*\n)*goroutine [0-9]+ \\[semacquire, foreign "
      "thread\\]:");
}

TEST(fatal, a_foreign_thread_that_will_wake_somebody_is_waited_for) {
  gate g;
  std::thread t([&] {
    std::this_thread::sleep_for(50ms);
    g.add();
  });
  g.take();
  t.join();
}

// Not inlined, not turned into a loop: a frame a call.
__attribute__((noinline)) int recurse(int n) {
  if (n < 0) return 0;
  volatile char frame[2000];  // 32,000 calls: ThreadSanitizer has room for 65,536 in its own stack
  frame[n % 2000] = static_cast<char>(n);
  return recurse(n + 1) + frame[0];
}

TEST_F(fatal_death, a_goroutine_that_overflows_its_stack_is_named) {
  EXPECT_EXIT(
      {
        go({.name = "deep"}, [] { recurse(0); });
        gate().take();
      },
      status_2,
      "^runtime: goroutine stack exceeds 67092480-byte limit\nruntime: sp=.*\nfatal error: stack overflow\n\n"
      "goroutine [0-9]+ \\[running, name \"deep\"\\]:\n.*recurse(.*\n)*\\.\\.\\.[0-9]+ frames "
      "elided\\.\\.\\.\n");
}

TEST_F(fatal_death, so_is_main) {
  EXPECT_EXIT(recurse(0), status_2,
              "^runtime: goroutine stack exceeds [0-9]+-byte limit\n(.*\n)*fatal error: stack overflow\n\n"
              "goroutine 1 \\[running\\]:\n");
}

TEST_F(fatal_death, a_stack_of_the_size_asked_for_is_the_limit) {
  EXPECT_EXIT(
      {
        go({.stack_size = 4 << 20}, [] { recurse(0); });
        gate().take();
      },
      status_2, "^runtime: goroutine stack exceeds 83[0-9]{5}-byte limit\n");
}

TEST_F(fatal_death, other_faults_keep_their_default_action) {
  EXPECT_EXIT(*const_cast<volatile int*>(reinterpret_cast<int*>(16)) = 1, ::testing::KilledBySignal(SIGSEGV),
              "^$");
  EXPECT_EXIT(raise(SIGSEGV), ::testing::KilledBySignal(SIGSEGV), "^$");
  EXPECT_EXIT(
      {
        go([] { *const_cast<volatile int*>(reinterpret_cast<int*>(16)) = 1; });
        gate().take();
      },
      ::testing::KilledBySignal(SIGSEGV), "^$");
}

TEST_F(fatal_death, a_handler_installed_before_ours_or_after_it_is_called) {
  EXPECT_EXIT(
      {
        signal(SIGSEGV, [](int) { _exit(7); });
        *const_cast<volatile int*>(reinterpret_cast<int*>(16)) = 1;
      },
      ::testing::ExitedWithCode(7), "");
}

TEST_F(fatal_death, sigquit_prints_every_goroutine) {
  EXPECT_EXIT(
      {
        gate started;
        go({.name = "waiting"}, [&] {
          started.add();
          gate().take();
        });
        started.take();
        for (int i = 0; i < 100; ++i) yield();
        raise(SIGQUIT);
      },
      status_2,
      "^SIGQUIT: quit\nPC=0x[0-9a-f]+ m=[0-9]+ sigcode=-?[0-9]+\n\ngoroutine 1 "
      "\\[running\\]:\n(.*\n)*goroutine [0-9]+ \\[semacquire, name "
      "\"waiting\"\\]:");
}

}  // namespace
}  // namespace snag_test
