// SPDX-License-Identifier: Apache-2.0
// Go's rules for runtime.LockOSThread (GO-013).
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <chrono>

#include "tests/runtime/every_schedule.h"

namespace snag::test {
namespace {

using namespace std::chrono_literals;

bool thread_exists(pid_t tid) {
  return access(("/proc/self/task/" + std::to_string(tid)).c_str(), F_OK) == 0;
}

TEST(lock_os_thread, keeps_the_goroutine_on_its_thread_and_everybody_else_off) {
  on_real_threads(20, [] {
    std::atomic<pid_t> locked{0};
    std::atomic<int> intruders{0};
    const chan<int> ping, pong;
    wait_group wg;
    wg.go([&] {
      lock_os_thread();
      locked = gettid();
      for (int i = 0; i < 200; ++i) {
        EXPECT_EQ(ping.recv(), i);
        EXPECT_EQ(gettid(), locked);
        pong << i;
        if (i % 50 == 0) sleep_for(100us);
        EXPECT_EQ(gettid(), locked);
      }
      locked = 0;
      unlock_os_thread();
    });
    for (int g = 0; g < 8; ++g) {
      wg.go([&] {
        for (int i = 0; i < 200; ++i) {
          if (gettid() == locked) ++intruders;
          yield();
        }
      });
    }
    for (int i = 0; i < 200; ++i) {
      ping << i;
      EXPECT_EQ(pong.recv(), i);
    }
    wg.wait();
    EXPECT_EQ(intruders, 0);
  });
}

TEST(lock_os_thread, nests_and_an_unlock_too_many_does_nothing) {
  on_every_schedule([] {
    wait_group wg;
    wg.go([] {
      unlock_os_thread();
      lock_os_thread();
      lock_os_thread();
      const pid_t mine = gettid();
      unlock_os_thread();
      for (int i = 0; i < 20; ++i) yield();
      let_others_block();
      EXPECT_EQ(gettid(), mine);
      unlock_os_thread();
      unlock_os_thread();
      yield();
    });
    for (int i = 0; i < 4; ++i) wg.go([] { yield(); });
    wg.wait();
  });
}

TEST(lock_os_thread, a_goroutine_that_ends_locked_ends_its_thread) {
  for (int round = 0; round < 50; ++round) {
    const chan<pid_t> c;
    std::atomic<bool> own{true};
    go([&, c] {
      lock_os_thread();
      own = gettid() != getpid();  // the main thread only stops
      c << gettid();
    });
    const pid_t tid = c.recv();
    if (!own) continue;
    // Bounded by the test's time limit only: the thread ends soon, or never.
    while (thread_exists(tid)) sleep_for(100us);
  }
}

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
