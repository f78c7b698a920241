// SPDX-License-Identifier: Apache-2.0
// Locked goroutines beyond the rules of GO-013, which are in tests/conformance/goroutine_test.cpp.
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <chrono>

#include "tests/runtime/every_schedule.h"

namespace snag::test {
namespace {

using namespace std::chrono_literals;

TEST(lock_os_thread, works_for_main_with_everything_else_going_on) {
  lock_os_thread();
  const pid_t mine = gettid();
  on_real_threads(10, [&] {
    wait_group wg;
    mutex m;
    int sum = 0;
    for (int i = 0; i < 50; ++i)
      wg.go([&] {
        const std::lock_guard lock(m);
        ++sum;
      });
    wg.wait();
    EXPECT_EQ(sum, 50);
    EXPECT_EQ(gettid(), mine);
    auto [ctx, cancel] = with_timeout(context::background(), 1ms);
    ctx.done().recv();
    EXPECT_EQ(gettid(), mine);
  });
  unlock_os_thread();
  yield();
}

using lock_os_thread_death_test = testing::Test;

TEST(lock_os_thread_death_test, a_deadlock_is_noticed_and_the_dump_says_so) {
  EXPECT_EXIT(
      {
        go({.name = "stuck"}, [] {
          lock_os_thread();
          chan<int>().recv();
        });
        lock_os_thread();
        chan<int>().recv();
      },
      testing::ExitedWithCode(2),
      "all goroutines are asleep - deadlock!\n\ngoroutine 1 \\[chan receive, locked to thread\\]:\n(.+\n)+\n"
      "goroutine [0-9]+ \\[chan receive, name \"stuck\", locked to thread\\]:\n.*lock_os_thread");
}

TEST(lock_os_thread_death_test, goexit_and_return_work_while_locked) {
  EXPECT_EXIT(
      {
        wait_group wg;
        wg.go([] {
          lock_os_thread();
          goexit();
        });
        wg.wait();
        lock_os_thread();
        std::exit(7);
      },
      testing::ExitedWithCode(7), "");
}

}  // namespace
}  // namespace snag::test
